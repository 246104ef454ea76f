"""How a record stands in Zoho Books now, on cards and in lists; what was entered there without us."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.coding import Coding
from bot.domain.duplicates import Suspect
from bot.domain.identity import ItemId, is_in_books
from bot.domain.items import Item, Published
from bot.domain.kinds import CREDITS
from bot.domain.settings import BooksChanges
from bot.domain.standing import RecordStanding, State, amount
from bot.domain.watch import Found
from bot.slack.blocks.parts import Block, View, actions, button, context, modal, section
from bot.slack.text import brief, count, day, link, moment

OPEN = "books.open"
TURN = "books.turn"
LOOK = "books.look"
PUT_BACK = "item.undo_open"
PAGE = "books.page"
TITLE = "Changes in Zoho Books"
ON_A_PAGE = 10
LONGEST_EDITS = 600
LOOKING = "Looking at Zoho Books …"
_WORDS: Mapping[State, str] = {
    State.DRAFT: "A draft",
    State.WAITING: "Waits for approval",
    State.APPROVED: "Approved",
    State.REJECTED: "Rejected",
    State.PARTLY_PAID: "Partly paid",
    State.PAID: "Paid",
    State.VOID: "Void",
    State.DELETED: "Deleted",
}
_OF_CREDITS: Mapping[State, str] = {State.PARTLY_PAID: "Partly used", State.PAID: "Used up"}


# --- on the card


def on_card(published: Published) -> list[Block]:
    """What became of a record of ours since it was published."""
    standing = published.standing
    if standing is None:
        return []
    words = state_words(published)
    blocks: list[Block] = []
    if standing.state.is_gone:
        blocks.append(section(f"🔴 *{words}*{_since(standing)}. *Put back* lets it be published again."))
    elif words:
        blocks.append(context(f"{_mark(standing.state)} {words}{_since(standing)}"))
    if standing.edits and not standing.state.is_gone:
        blocks.append(context(f"🟡 Changed in Zoho Books: {_edits(standing)}"))
    return blocks


def buttons(item: Item) -> list[Block]:
    """A record that is void or deleted there leaves its item to be published anew, deliberately."""
    standing = item.published.standing if item.published else None
    return [button("Put back", PUT_BACK, item.id)] if standing and standing.state.is_gone else []


def is_draft(published: Published) -> bool:
    """As last heard."""
    standing = published.standing
    if standing is None or standing.state is State.UNKNOWN:
        return published.is_draft
    return standing.state is State.DRAFT


def owes_payment(published: Published) -> bool:
    """Somebody may have paid there what we could not."""
    standing = published.standing
    return bool(published.unpaid) and not (standing and standing.state is State.PAID)


def is_gone(published: Published) -> bool:
    return published.standing is not None and published.standing.state.is_gone


def state_words(published: Published) -> str:
    """`Partly paid in Zoho Books, £44.00 left`; nothing of what is simply open."""
    standing = published.standing
    if standing is None or standing.state not in _WORDS:
        return ""
    is_credit = published.kind in CREDITS
    words = (_OF_CREDITS if is_credit else {}).get(standing.state) or _WORDS[standing.state]
    is_part = standing.state is State.PARTLY_PAID and standing.balance
    rest = f", {_money(standing.balance, standing)} left" if is_part else ""
    return f"{words} in Zoho Books{rest}"


def _money(text: str, standing: RecordStanding) -> str:
    return brief(amount(text, standing.currency), 60)


def _edits(standing: RecordStanding) -> str:
    return brief("; ".join(standing.edits), LONGEST_EDITS)


def _mark(state: State) -> str:
    return {State.PAID: "✅", State.APPROVED: "✅", State.REJECTED: "🔴"}.get(state, "🟡")


def _since(standing: RecordStanding) -> str:
    return f" · changed there {day(standing.changed_at.date())}" if standing.changed_at else ""


def beside(suspects: Sequence[Suspect]) -> list[Block]:
    """Records that we did not make and that somebody must say whether they are this item, with their
    pages."""
    records = [one.other.published for one in suspects if one.asks and one.facts.in_books]
    said = [
        link(
            record.link,
            f"View {record.kind.noun} {brief(record.number, 60)} in Zoho Books".replace("  ", " "),
        )
        for record in records
        if record
    ]
    return [context(" · ".join(said))] if any(said) else []


# --- the list


def page(
    found: Found,
    codings: Mapping[ItemId, Coding],
    meta: Mapping[str, Any],
    *,
    may_look: bool,
    looking: bool = False,
) -> View:
    """What the looks found, the latest first: ours that are not as we left them, others' that were entered.
    `codings` are the values ours were published with."""
    blocks: list[Block] = [context(LOOKING if looking else _looked(found))]
    blocks += [section(_line(item, codings.get(item.id))) for item in found.items]
    if not found.items:
        blocks.append(section("Nothing was changed or entered there without us."))
    buttons = []
    if found.offset:
        buttons.append(button("Newer", TURN + ".back", str(max(0, found.offset - ON_A_PAGE))))
    if found.offset + len(found.items) < found.total:
        buttons.append(button("Older", TURN + ".on", str(found.offset + ON_A_PAGE)))
    if may_look and not looking and found.mode is not BooksChanges.OFF:
        buttons.append(button("Look now", LOOK, "look"))
    if buttons:
        blocks.append(actions(*buttons))
    return modal(TITLE, blocks, callback=PAGE, meta=meta)


def _looked(found: Found) -> str:
    look = found.look
    if found.mode is BooksChanges.OFF:
        return "Off: an Admin can switch it on with `/dext settings`."
    said = []
    if look is None:
        said.append("Not looked yet")
    elif look.finished_at:
        said.append(f"Last looked {moment(look.finished_at)}")
    else:
        said.append(f"The last look stopped: {brief(look.unfinished or 'it goes on by itself', 300)}")
    said += [f"🟡 Not read: {brief(one, 300)}" for one in (look.left_out if look else ())]
    if found.next_at:
        said.append(f"next {moment(found.next_at)}")
    return " · ".join(said)


def _line(item: Item, coding: Coding | None) -> str:
    published = item.published
    if published is None:
        name = item.document.supplier or item.document.customer or "An item"
        return f"*{brief(name)}* {brief(item.document.document_number)}\nOurs · not published any more"
    standing = published.standing
    name = coding.party if coding else (standing.party_name if standing else "")
    total = standing.total if standing else ""
    shown = _money(total, standing) if standing and total else ""
    head = f"*{brief(name) or published.kind.words}*   {shown}".rstrip()
    record = f"{published.kind.words} {brief(published.number)}".rstrip()
    if standing and standing.date:
        record += f" of {day(dt.date.fromisoformat(standing.date))}"
    whose = f"Entered there {moment(published.at)}" if is_in_books(item.id) else "Ours"
    said = [record, whose, state_words(published)]
    if standing and standing.edits:
        said.append(f"changed: {_edits(standing)}")
    is_deleted = standing is not None and standing.state is State.DELETED
    said.append("" if is_deleted else link(published.link, "View in Zoho Books"))
    return f"{head}\n{' · '.join(one for one in said if one)}"


# --- in the digest


def in_digest(changed: int, entered: int) -> list[Block]:
    """A line, and the way to the list."""
    words = digest_words(changed, entered)
    return [section(words, button("Show changes", OPEN, "digest"))] if words else []


def digest_words(changed: int, entered: int) -> str:
    parts = []
    if changed:
        parts.append(f"{count(changed, 'record')} of ours changed in Zoho Books")
    if entered:
        parts.append(f"{count(entered, 'record')} entered or approved there without us")
    return f"🟡 {', '.join(parts)}" if parts else ""


def put_back_question(record: str, gone: State) -> str:
    """Instead of what is asked where a record still stands."""
    was = "deleted" if gone is State.DELETED else "void"
    return (
        f"The {record} is {was} in Zoho Books already. "
        "The item is in the inbox again; publishing it once more makes a new record."
    )
