"""Expense claims: which receipt is in which claim. Pure: each step gives every item that it changes.

A claim names its receipts and each receipt names its claim; both are written in one step, so that a receipt
is in one claim at most, whoever clicks at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain import line_edits
from bot.domain.attachments import added
from bot.domain.duplicates.facts import date_of, number_of
from bot.domain.identity import ItemId, PersonId
from bot.domain.items import Document, DocumentType, Item, ItemStage, Side
from bot.domain.layers import supplier_name
from bot.errors import AlreadyDone, NotFound, WrongInput

MOST_RECEIPTS = 100
"""Of one claim: what a pick list of Slack shows; Zoho Books names no limit of lines."""
LOOKED_UP = (
    "Publish it: it is looked up first. Or look there yourself, and say on its card if it is not there."
)
IDLE = (ItemStage.INBOX, ItemStage.FAILED)
PREFIX = "claim-"
"""Begins the external id of a claim that was made here."""


def owner_key(name: str) -> str:
    """Two spellings of one person's name are one."""
    return " ".join(name.casefold().split())


def owner_of(item: Item) -> str:
    """Who spent the money: of a claim its supplier, of a receipt who handed it in."""
    return supplier_name(item) if item.document.is_claim else item.document.submitted_by


def has_own_lines(item: Item) -> bool:
    """Whether it has lines by itself: stated, or given by hand."""
    return bool(item.document.lines or line_edits.given(item))


def is_open(item: Item) -> bool:
    """A claim whose receipts may still change; one that has lines by itself takes none."""
    return item.document.is_claim and not has_own_lines(item) and item.stage in IDLE


def may_join(item: Item) -> bool:
    """A cost that could be a line of a claim."""
    return item.document.side is Side.COST and not item.document.is_claim and item.stage in IDLE


def is_likely(item: Item) -> bool:
    """Whether it most likely was paid by a person: a receipt, or what its sender has in a claim."""
    is_receipt = item.document.type is DocumentType.RECEIPT
    return item.stage is ItemStage.INBOX and (is_receipt or item.document.claimed)


def is_asked_about(item: Item) -> bool:
    """Its sender has it in a claim, and nobody said yet that it is published alone."""
    return item.document.claimed and item.alone is None and item.stage is not ItemStage.IN_CLAIM


def label(claim: Item) -> str:
    """How people call a claim: `EC-20261005 of Ada Okafor`."""
    return f"{number_of(claim) or 'expense claim'} of {supplier_name(claim) or 'nobody yet'}"


def title(receipt: Item) -> str:
    """How people call a receipt: `Kestrel Taxis, 3 Oct 2026`."""
    date = date_of(receipt)
    name = supplier_name(receipt) or number_of(receipt) or "A receipt"
    return f"{name}, {date.day} {date:%b %Y}" if date else name


def in_order(receipts: Iterable[Item]) -> list[Item]:
    """The order of the lines: by date, those without one last; of one day as they stood in their file, whose
    first row counts as the newest."""
    newest_first = sorted(receipts, key=lambda one: (one.received_at, one.id), reverse=True)
    return sorted(newest_first, key=lambda one: date_of(one) or dt.date.max)


def with_receipts(claim: Item, wanted: Sequence[ItemId], there: Mapping[ItemId, Item]) -> list[Item]:
    """The claim with exactly these receipts: all items that change, the claim among them.

    `there` holds the claim's receipts and the wanted ones. Raises AlreadyDone, NotFound, WrongInput.
    """
    if not is_open(claim):
        raise _closed(claim)
    if claim.doubtful:
        raise AlreadyDone(f"The claim {label(claim)} may be booked already.", advice=LOOKED_UP)
    ids = list(dict.fromkeys(wanted))
    if len(ids) > MOST_RECEIPTS:
        raise WrongInput(
            f"A claim holds up to {MOST_RECEIPTS} receipts.", advice="Make a second one for the rest."
        )
    if set(claim.receipts) - there.keys():
        raise AlreadyDone("Somebody else has just changed this claim.", advice="Look at it again.")
    joined = in_order(_joined(claim, there.get(item)) for item in ids)
    own = (file for file in claim.attachments if not file.kept_with)
    files = ((one.id, file) for one in joined for file in one.attachments)
    whole = replace(
        claim,
        receipts=tuple(one.id for one in joined),
        attachments=added(own, files),
        stage=ItemStage.INBOX,
    )
    left = [_left(there[item], claim) for item in claim.receipts if item not in ids]
    before = {**there, claim.id: claim}
    return [item for item in (whole, *joined, *left) if item != before[item.id]]


def dissolved(claim: Item, there: Mapping[ItemId, Item], by: PersonId) -> list[Item]:
    """Its receipts are in the inbox again. A claim that says nothing by itself, made here, is rejected; one
    that came from outside stays, to be given other receipts. Raises AlreadyDone."""
    changed = with_receipts(claim, (), there)
    if not _is_made_of_receipts(claim.document):
        return changed
    whole = next((item for item in changed if item.id == claim.id), claim)
    rest = [item for item in changed if item.id != claim.id]
    return [replace(whole, stage=ItemStage.REJECTED, rejected_by=by, hold=None), *rest]


def put_alone(item: Item, by: PersonId) -> Item:
    """A person says that a receipt which its sender has in a claim is published alone. Raises AlreadyDone."""
    if item.stage is ItemStage.IN_CLAIM:
        raise AlreadyDone("This receipt is in an expense claim by now.", advice="Take it out first.")
    if not is_asked_about(item):
        raise AlreadyDone("That was answered already.")
    return replace(item, alone=by)


def with_files_of(claim: Item, receipt: Item) -> Item:
    """A claim whose receipt got further files: they go with the claim."""
    if receipt.id not in claim.receipts:
        return claim
    files = added(claim.attachments, ((receipt.id, file) for file in receipt.attachments))
    return replace(claim, attachments=files) if len(files) > len(claim.attachments) else claim


def _is_made_of_receipts(document: Document) -> bool:
    return document.total is None and not document.lines


def _joined(claim: Item, receipt: Item | None) -> Item:
    if receipt is None:
        raise NotFound("One of these receipts is no longer there.")
    if receipt.stage is ItemStage.IN_CLAIM:
        if receipt.claim == claim.id:
            return receipt
        raise AlreadyDone(
            f"{title(receipt)} is in another expense claim already.", advice="Take it out there first."
        )
    if not may_join(receipt):
        raise AlreadyDone(
            f"{title(receipt)} is no receipt that waits: it is {_state(receipt)}.",
            advice="Only costs in the inbox go into a claim.",
        )
    if receipt.doubtful:
        raise AlreadyDone(f"{title(receipt)} may be booked already.", advice=LOOKED_UP)
    return replace(receipt, stage=ItemStage.IN_CLAIM, claim=claim.id, auto=None, hold=None, alone=None)


def _left(receipt: Item, claim: Item) -> Item:
    if receipt.claim != claim.id:
        return receipt
    return replace(receipt, stage=ItemStage.INBOX, claim=None)


def _closed(claim: Item) -> AlreadyDone:
    if not claim.document.is_claim:
        return AlreadyDone("This is no expense claim.")
    if claim.document.lines:
        return AlreadyDone("This claim states its lines itself.", advice="Make another one of the receipts.")
    if has_own_lines(claim) and claim.stage in IDLE:
        return AlreadyDone(
            f"The claim {label(claim)} has lines by hand.",
            advice="Remove them at Edit lines first, or make another claim of the receipts.",
        )
    advice = {
        ItemStage.PUBLISHED: "Undo its bill first; its receipts may be changed then.",
        ItemStage.REJECTED: "Put it back first.",
    }.get(claim.stage, "Wait for what becomes of it.")
    return AlreadyDone(f"The claim {label(claim)} is {_state(claim)}.", advice=advice)


def refuse_if_booked(claim: Item) -> None:
    """Before a receipt of it is changed. Raises AlreadyDone."""
    if claim.stage not in (*IDLE, ItemStage.REJECTED):
        raise _closed(claim)


def _state(item: Item) -> str:
    if item.stage in IDLE:
        return "a sale" if item.document.side is Side.SALE else "a claim itself"
    return {ItemStage.PUBLISHING: "being published", ItemStage.WAITING: "held, to be published"}.get(
        item.stage, item.stage.value
    )
