"""What a document says beyond the fields of a record: what its notes say, and what has no place in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain import line_edits
from bot.domain.coding import Value
from bot.domain.items import Field, Item, PublishAs, Side

LONGEST_DESCRIPTION = {PublishAs.EXPENSE: 100}
"""Characters, of kinds of record that take no more."""
UNNOTED = frozenset({PublishAs.EXPENSE})
"""Have no notes: what they cannot say is told beforehand."""
DESCRIPTION = "the description"
WITHOUT_CUSTOMER = frozenset({PublishAs.VENDOR_CREDIT})
WITHOUT_PROJECT = frozenset({PublishAs.SALES_RECEIPT})


@dataclass(frozen=True, slots=True)
class Extras:
    notes: str
    """In lines, as the record's notes say it."""
    remarks: tuple[str, ...]
    """What is left out, and why, each a clause."""


def extras(item: Item, publish_as: PublishAs, values: Mapping[Field, Value]) -> Extras:
    """A sale's notes are read by its customer: what is only for the house stays here."""
    document = item.document
    noted, left_out = [], []
    for what, said, is_internal in _said(item, values):
        if publish_as in UNNOTED and what == DESCRIPTION:
            continue  # it has a field of its own there
        if publish_as in UNNOTED:
            left_out.append(f"{what} is not sent: an {publish_as.noun} has no place for it")
        elif is_internal and document.side is Side.SALE:
            left_out.append(f"{what} is not sent: the customer would read it")
        else:
            noted.append(said)
    return Extras("\n".join(noted), (*left_out, *_without_place(publish_as, values)))


def _said(item: Item, values: Mapping[Field, Value]) -> Iterator[tuple[str, str, bool]]:
    """What it is, what the notes say, and whether it is only for the house."""
    document, description = item.document, values[Field.DESCRIPTION].text
    if description and line_edits.given(item):
        yield DESCRIPTION, description, False
    if document.note:
        yield "the note", document.note, True
    if document.order_reference:
        yield "the order number", f"Order {document.order_reference}", False
    if document.project_2:
        yield "the second project", f"Project 2: {document.project_2}", True
    if document.corrects:
        yield "the number of the corrected invoice", f"Corrects {document.corrects}", False


def _without_place(publish_as: PublishAs, values: Mapping[Field, Value]) -> Iterator[str]:
    longest = LONGEST_DESCRIPTION.get(publish_as)
    if longest and len(values[Field.DESCRIPTION].text) > longest:
        yield f"the description is cut to {longest} characters: an {publish_as.noun} takes no more"
    for name, without in ((Field.CUSTOMER, WITHOUT_CUSTOMER), (Field.PROJECT, WITHOUT_PROJECT)):
        value = values.get(name)
        if publish_as in without and value and value.entry:
            yield f"{name.value} {value.text} is not sent: a {publish_as.noun} has no place for it"
