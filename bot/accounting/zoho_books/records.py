"""Records as Zoho Books takes them, frozen with all that is known of them. Pure.

Amounts stand as text in a record and become JSON numbers of exactly those digits when sent. The bodies
themselves are in `bodies`, answers are read in `answers`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from bot.accounting.zoho_books import bodies
from bot.accounting.zoho_books.answers import booked, expected, expected_of_payment
from bot.domain.coding import Coding
from bot.domain.connection import Organisation
from bot.domain.identity import EntryId
from bot.domain.items import PublishAs
from bot.domain.kinds import BILLS
from bot.domain.lists import Entry
from bot.domain.publication import Record
from bot.errors import Refused

__all__ = ["booked", "record", "sent", "to_json"]

AMOUNTS = {"rate", "amount", "exchange_rate", "quantity", "adjustment", "amount_applied", "tax_amount"}
TEXTS = dict.fromkeys(BILLS, frozenset({"tax_amount"}))
"""Amounts that the description has as text, by kind of record."""


def record(
    coding: Coding,
    party: Entry,
    organisation: Organisation,
    currencies: Mapping[str, EntryId],
    reference: str,
) -> Record:
    """The record as it will be sent. The item must be ready: total, date and category are there. `party` is
    the supplier, or the customer of a sale.

    Raises Refused when the item's currency is not among `currencies`.
    """
    named = _currency(coding, party, organisation, currencies)
    # A sales receipt is booked in its customer's currency and has no place to say another.
    said = {} if coding.publish_as is PublishAs.SALES_RECEIPT else named
    body = _filled(bodies.body(coding, party, reference) | said)
    payment = bodies.payment(coding, party, reference)
    if payment and "exchange_rate" in named:
        payment["exchange_rate"] = named["exchange_rate"]
    return Record(
        coding.publish_as,
        reference,
        body,
        query=bodies.query(coding),
        expects=expected(coding.publish_as, body, coding.total),
        names=_names(coding, party),
        payment=_filled(payment),
        expects_of_payment=expected_of_payment(payment),
    )


def _filled(body: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty; `False` says something."""
    return {name: value for name, value in body.items() if value or value is False}


def _names(coding: Coding, party: Entry) -> dict[str, str]:
    of_lines = ((line.category, line.tax, line.customer, line.project) for line in coding.lines)
    values = [*coding.values.values(), *(part for parts in of_lines for part in parts)]
    known = {
        value.entry.id: f"{value.text} = {value.entry.made_of}" if value.entry.made_of else value.text
        for value in values
        if value and value.entry
    }
    known |= {party.id: party.name, EntryId(coding.corrected): coding.corrects}
    return {str(name): text for name, text in known.items() if name}


def _currency(
    coding: Coding, party: Entry, organisation: Organisation, currencies: Mapping[str, EntryId]
) -> dict[str, Any]:
    """Silent only where nothing but the organisation's currency can be meant: a record without one takes
    the supplier's, and would be booked in the wrong currency."""
    base = organisation.currency
    if coding.currency == base and party.currency in ("", base):
        return {}
    if coding.currency not in currencies:
        raise Refused(
            f"The currency {coding.currency} is not in Zoho Books.",
            cause="currency",
            is_prevented=True,
            advice="Refresh the lists with `/dext refresh`, or change the currency with **Edit**.",
        )
    rate = str(coding.exchange_rate) if coding.exchange_rate and coding.currency != base else ""
    return _filled({"currency_id": currencies[coding.currency], "exchange_rate": rate})


def sent(record: Record) -> bytes:
    """The record's body as JSON."""
    return to_json(record.body, TEXTS.get(record.kind, frozenset()))


def to_json(body: Mapping[str, Any], texts: Collection[str] = ()) -> bytes:
    """As JSON; amounts, but for those of `texts`, as numbers of exactly their digits, never through a
    float."""
    amounts = AMOUNTS.difference(texts)

    def written(value: Any, name: str = "") -> str:
        if isinstance(value, Mapping):
            pairs = (f"{json.dumps(key)}: {written(inner, key)}" for key, inner in value.items())
            return f"{{{', '.join(pairs)}}}"
        if isinstance(value, list | tuple):
            return f"[{', '.join(written(inner) for inner in value)}]"
        return f"{Decimal(value):f}" if name in amounts else json.dumps(value, ensure_ascii=False)

    # Half an emoji (a lone surrogate) has no UTF-8 form.
    return written(body).encode(errors="replace")
