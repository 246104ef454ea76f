"""The allowed steps of an item, each a pure function; one that is not allowed raises and changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain import holds, money
from bot.domain.coding import Coding
from bot.domain.identity import EntryId, MessageRef, PersonId
from bot.domain.items import (
    AutoHold,
    Field,
    Hold,
    Item,
    ItemStage,
    ItemStatus,
    ManualValue,
    PublishAs,
    Published,
)
from bot.domain.layers import NEW, party_field
from bot.errors import AlreadyDone, WrongInput

_LONGEST = {
    Field.DOCUMENT_NUMBER: 100, Field.DESCRIPTION: 2000, Field.SUPPLIER: 204, Field.CUSTOMER: 204,
    Field.PAYMENT_MODE: 100,
}  # fmt: skip


def status(item: Item, coding: Coding) -> ItemStatus:
    """What people see; ready or not is decided by the coding."""
    if item.stage is ItemStage.INBOX:
        return ItemStatus.READY if coding.is_ready else ItemStatus.NEEDS_ATTENTION
    if item.stage is ItemStage.FAILED and not coding.is_ready:
        return ItemStatus.NEEDS_ATTENTION
    return ItemStatus(item.stage.value)


def claim(item: Item, publication: str, by: PersonId, at: dt.datetime) -> Item:
    """The one who may publish. Raises AlreadyDone, saying who was first.

    What waits is claimed already: its publication may have sent the record before it was held, and a second
    one, under a reference of its own, would not find it.
    """
    if item.stage is ItemStage.WAITING:
        raise _claimed(item, advice=item.hold.advice if item.hold else "")
    _refuse_unless_idle(item)
    return replace(
        item,
        stage=ItemStage.PUBLISHING,
        publication=publication,
        asked_by=by,
        asked_at=at,
        hold=None,
        rejected_by=None,
        auto=None,
    )


def hold_for_auto(item: Item, auto: AutoHold) -> Item:
    """Goes by itself when the hold is over; only what is in the inbox."""
    return replace(item, auto=auto) if item.stage is ItemStage.INBOX else item


def keep_back(item: Item) -> Item:
    """**Undo** within the hold: a person publishes it. Raises AlreadyDone when it is under way."""
    if item.stage in (ItemStage.PUBLISHING, ItemStage.PUBLISHED):
        _refuse_unless_idle(item)
    return replace(item, auto=None)


def not_by_itself(item: Item, hold: Hold) -> Item:
    """What was to go by itself and cannot: said on the item."""
    return replace(item, auto=None, hold=hold) if item.auto else item


def taken_back(item: Item, record_id: str) -> Item:
    """The record is void in the accounting software: the item is in the inbox as before it was published."""
    published = item.published
    if item.stage is not ItemStage.PUBLISHED or published is None or published.record_id != record_id:
        raise AlreadyDone("This item is not published any more.")
    return replace(
        item, stage=ItemStage.INBOX, publication="", asked_by=None, asked_at=None, published=None, hold=None
    )


def _refuse_unless_idle(item: Item) -> None:
    if item.stage is ItemStage.PUBLISHING:
        raise _claimed(item)
    if item.stage is ItemStage.PUBLISHED and item.published:
        raise AlreadyDone(
            f"{_who(item.published.by)} published this item already, as {item.published.kind.noun} "
            f"{item.published.number}{_when(item.published.at)}.",
            link=item.published.link,
        )
    if item.stage is ItemStage.REJECTED:
        raise AlreadyDone(f"{_who(item.rejected_by)} rejected this item.", advice="Put it back first.")
    if item.stage is ItemStage.IN_CLAIM:
        raise AlreadyDone("This receipt is booked with its expense claim.", advice="Take it out first.")


def _claimed(item: Item, advice: str = "") -> AlreadyDone:
    says = f"{_who(item.asked_by)} is publishing this item already{_when(item.asked_at)}."
    return AlreadyDone(says, advice=advice)


def _who(person: PersonId | None) -> str:
    return f"<@{person}>" if person else "Somebody"


def _when(at: dt.datetime | None) -> str:
    return f" ({at.astimezone(dt.UTC):%d %b %Y, %H:%M} UTC)" if at else ""


def wait(item: Item, hold: Hold) -> Item:
    """Claimed, but something must mend or a person must answer before it goes on."""
    if item.stage is not ItemStage.PUBLISHING:
        return item
    return replace(item, stage=ItemStage.WAITING, hold=hold)


def go_on(item: Item, publication: str) -> Item:
    """From waiting back to publishing; only the publication that waited."""
    if item.stage is not ItemStage.WAITING or item.publication != publication:
        raise AlreadyDone("This item no longer waits.")
    return replace(item, stage=ItemStage.PUBLISHING, hold=None)


def fail(item: Item, publication: str, hold: Hold, *, in_doubt: bool = False) -> Item:
    """Publishing failed for good; it may be tried again. What was published stays so; what may have been
    booked is remembered as `in_doubt`."""
    if item.publication != publication or item.stage is ItemStage.PUBLISHED:
        return item
    doubtful = (*item.doubtful, publication) if in_doubt else item.doubtful
    return replace(item, stage=ItemStage.FAILED, hold=hold, publication="", doubtful=doubtful)


def looked_up(item: Item, publication: str) -> Item:
    """What became of an earlier publication is known: it is no longer in doubt."""
    return replace(item, doubtful=tuple(one for one in item.doubtful if one != publication))


def not_booked(item: Item) -> Item:
    """A person looked where we cannot: nothing of the item stands there. Raises AlreadyDone."""
    if item.stage in (ItemStage.PUBLISHING, ItemStage.WAITING):
        raise _claimed(item)
    if not item.doubtful:
        raise AlreadyDone("Nothing is in doubt about this item any more.")
    return replace(mended(item), doubtful=())


def mended(item: Item) -> Item:
    """What was said of a failure no longer stands: back in the inbox, as if it was never tried."""
    if item.stage not in (ItemStage.FAILED, ItemStage.INBOX) or item.hold is None:
        return item
    return replace(item, stage=ItemStage.INBOX, hold=None)


def freed(item: Item, link: str) -> Item:
    """The record that had the item's number is void."""
    return mended(item) if holds.speaks_of(item.hold, link) else item


def give_back(item: Item, publication: str, hold: Hold | None = None) -> Item:
    """The claim is taken back, nothing was sent."""
    if item.publication != publication or item.stage is ItemStage.PUBLISHED:
        return item
    return replace(item, stage=ItemStage.INBOX, publication="", asked_by=None, asked_at=None, hold=hold)


def publish_done(item: Item, published: Published) -> Item:
    """The record stands in the accounting software; what was said of a failure goes."""
    return replace(item, stage=ItemStage.PUBLISHED, hold=None, published=published)


def pay_again(item: Item, by: PersonId, at: dt.datetime) -> Item:
    """The bill stands, its payment was refused: only the payment goes on, by the same publication."""
    if item.stage is not ItemStage.PUBLISHED or not (item.published and item.published.unpaid):
        raise AlreadyDone("There is no payment to book for this item.")
    return replace(item, stage=ItemStage.PUBLISHING, asked_by=by, asked_at=at)


def reject(item: Item, by: PersonId) -> Item:
    """Out of the inbox; can be put back. A claim gives its receipts back first. Refused while a record of it
    may stand over there."""
    if item.receipts:
        raise AlreadyDone(
            "This claim has receipts.", advice="Dissolve it: its receipts go back to the inbox then."
        )
    if item.doubtful:
        raise AlreadyDone(
            "This item may stand in the accounting software already.",
            advice="Press Retry: it is looked up first. Or look there yourself, and say if it is not there.",
        )
    if item.stage is ItemStage.WAITING and item.hold:
        return replace(item, stage=ItemStage.REJECTED, rejected_by=by, publication="", hold=None)
    _refuse_unless_idle(item)
    return replace(item, stage=ItemStage.REJECTED, rejected_by=by, hold=None, auto=None)


def restore(item: Item) -> Item:
    """A rejected item back into the inbox."""
    if item.stage in (ItemStage.PUBLISHING, ItemStage.PUBLISHED, ItemStage.IN_CLAIM):
        _refuse_unless_idle(item)
    if item.stage is not ItemStage.REJECTED:
        raise AlreadyDone("This item is in the inbox already.")
    return replace(item, stage=ItemStage.INBOX, rejected_by=None)


def edit(item: Item, changes: Mapping[Field, str | None], by: PersonId, at: dt.datetime) -> Item:
    """Set or, with None or "", take back what a person said of fields. Refused while it is being published.

    After a failure the item is in the inbox again; what was said of the failure stays until it is published.
    """
    item = to_be_edited(item)
    manual = dict(item.manual)
    for name, value in changes.items():
        if not value:
            manual.pop(name, None)
        else:
            manual[name] = ManualValue(value, by, at)
    chosen = None if party_field(item.document.side) in changes else item.supplier_entry
    return replace(item, manual=manual, supplier_entry=chosen)


def to_be_edited(item: Item) -> Item:
    """In the inbox, where a person may change it. Raises AlreadyDone."""
    if item.stage in (ItemStage.PUBLISHING, ItemStage.PUBLISHED, ItemStage.REJECTED):
        _refuse_unless_idle(item)
    if item.stage is ItemStage.WAITING:
        raise AlreadyDone("This item waits to be published.", advice="Edit it when it is back in the inbox.")
    return replace(item, stage=ItemStage.INBOX) if item.stage is ItemStage.FAILED else item


def choose_supplier(item: Item, supplier: EntryId) -> Item:
    """The entry that an unknown supplier's name stands for."""
    return replace(item, supplier_entry=supplier)


def with_card(item: Item, card: MessageRef) -> Item:
    return replace(item, card=card)


def checked(name: Field, text: str) -> str:
    """A form's text for a field as it is stored. Raises WrongInput with the sentence for that field."""
    text = text.strip()
    if not text:
        return ""
    if name in (Field.DATE, Field.DUE_DATE):
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            raise WrongInput(f"“{text[:40]}” is not a date.", advice="Write it like 2026-10-05.") from None
    if name in (Field.TOTAL, Field.TAX_AMOUNT):
        amount = money.parse(text)
        if amount < 0:
            raise WrongInput("An amount cannot be below zero.")
        return str(amount)
    if name is Field.PUBLISH_AS and text not in set(PublishAs):
        raise WrongInput(f"“{text[:40]}” is nothing an item can be published as.")
    if name in (Field.SUPPLIER, Field.CUSTOMER) and not text.removeprefix(NEW).strip():
        raise WrongInput(f"A new {name.value} needs a name.")
    longest = _LONGEST.get(name, 2000)
    if len(text) > longest:
        raise WrongInput(f"{name.words} is longer than {longest} characters.")
    return text


Step = Callable[[Item], Item]
