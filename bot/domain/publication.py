"""A publication: the steps from a click on **Publish** to one record in the accounting software."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.coding import Coding
from bot.domain.identity import EntryId, ItemId, PersonId
from bot.domain.items import PublishAs


class Step(StrEnum):
    """How far a publication has come; written down before the next step begins."""

    CLAIMED = "claimed"
    PREPARED = "prepared"
    SENDING = "sending"
    """The record may be at the accounting software already: look before sending again."""
    SENT = "sent"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Record:
    """A record ready to be sent. `body` is the accounting software's own form, frozen; `reference` is
    ours, by which it is found again."""

    kind: PublishAs
    reference: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Booked:
    """A record as the accounting software has it."""

    kind: PublishAs
    record_id: str
    number: str
    link: str
    read_back: Mapping[str, str] = field(default_factory=dict)
    """What the answer says of `supplier_id, date, due_date, number, total, currency, currency_id,
    category_id, tax_id, reference`, as text; a name is left out where the answer is silent."""


@dataclass(frozen=True, slots=True)
class Publication:
    id: str
    item: ItemId
    asked_by: PersonId
    asked_at: datetime
    step: Step = Step.CLAIMED
    supplier: EntryId | None = None
    """Where the person chose an existing supplier or one was created for it."""
    may_create_supplier: bool = False
    organisation: str = ""
    """Whose ids the record holds; another one connected meanwhile cannot take it."""
    record: Record | None = None
    coding: Coding | None = None
    """Every value as it was when the record was made: what is shown of a published item from then on."""
    booked: Booked | None = None
    attempts: int = 0
    automatic: str = ""
    """By what it was asked for where no person pressed a button: `rule for Acme Paper`."""
    many: str = ""
    """The id of the many it was begun with, when somebody asked for many at once."""


def differences(record: Record, booked: Booked) -> tuple[str, ...]:
    """Where the record read back is not what was sent, in words."""
    line = (record.body.get("line_items") or [{}])[0]
    sent = {
        "supplier": (record.body.get("vendor_id"), booked.read_back.get("supplier_id")),
        "number": (record.body.get("bill_number"), booked.read_back.get("number")),
        "date": (record.body.get("date"), booked.read_back.get("date")),
        "due date": (record.body.get("due_date"), booked.read_back.get("due_date")),
        "category": (
            line.get("account_id") or record.body.get("account_id"), booked.read_back.get("category_id")
        ),
        # Sending none is a statement too: a supplier's own tax must not slip in unseen.
        "tax": (line.get("tax_id") or record.body.get("tax_id") or "none", booked.read_back.get("tax_id")),
        "currency": (record.body.get("currency_id"), booked.read_back.get("currency_id")),
    }  # fmt: skip
    found = [
        f"{what} is {there}, we sent {ours}"
        for what, (ours, there) in sent.items()
        if ours and there and ours != there
    ]
    total, there = line.get("rate") or record.body.get("amount"), booked.read_back.get("total")
    if total and there and Decimal(total) != Decimal(there):
        found.append(f"total is {there}, we sent {total}")
    return tuple(found)
