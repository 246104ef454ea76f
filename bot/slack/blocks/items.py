"""Items: the card, the inbox as a list, the summary of an import, many at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.coding import Coding, Layer, Value
from bot.domain.duplicates import Answer, Suspect
from bot.domain.identity import BOT, ItemId
from bot.domain.items import BY_HAND, RECONNECT, AutoHold, Field, Item, ItemStatus, PublishAs
from bot.domain.kinds import NEVER_VOID, PAID_FROM
from bot.domain.matching import BY_TAX_NUMBER, REMEMBERED
from bot.domain.reading import RefusedRow
from bot.slack.blocks import files
from bot.slack.blocks.mending import mends, mends_problems
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    divider,
    message,
    modal,
    option,
    overflow,
    section,
)
from bot.slack.text import brief, count, day, escape, link, mention, moment

PUBLISH = "item.publish"
EDIT = "item.edit"
REJECT = "item.reject"
RESTORE = "item.restore"
RETRY = "item.retry"
KEEP_BACK = "item.keep_back"
PAY_AGAIN = "item.pay_again"
MORE = "item.more"
"""The `⋯` of a card; its options carry what to do and with which item."""
SHOW_RECORD, HISTORY = "record", "history"
UNDO = "undo"
UNDO_ASKED = "item.undo"
DUPLICATE = "duplicate.open"
LIST = "items.list"
TURN = "items.turn"
PUBLISH_ALL = "items.publish_all"
ON_A_PAGE = 8
REFUSED_SHOWN = 20


@dataclass(frozen=True)
class Shown:
    """An item ready to be shown."""

    item: Item
    coding: Coding
    status: ItemStatus
    connected: bool = True
    suspects: Sequence[Suspect] = ()
    """Other items that may be the same document; those that ask come first."""

    @property
    def asks(self) -> bool:
        """Whether somebody must say first whether it is a duplicate."""
        return any(one.asks for one in self.suspects)

    @property
    def only_asks(self) -> bool:
        """Whether that is all it waits for."""
        return self.asks and len(self.coding.problems) == 1


# --- the card


def card(shown: Shown) -> Message:
    """What an item looks like in the channel, whatever its state."""
    coding = shown.coding
    title = f"{coding.party or f'No {coding.party_field}'} {coding.text(Field.TOTAL)}"
    words = STATE_WORDS[shown.status]
    return message(f"{words}: {brief(title)}" if words else brief(title), *card_blocks(shown))


STATE_WORDS = {
    ItemStatus.NEEDS_ATTENTION: "Needs attention",
    ItemStatus.READY: "",
    ItemStatus.WAITING: "Held",
    ItemStatus.PUBLISHING: "Publishing",
    ItemStatus.PUBLISHED: "Published",
    ItemStatus.FAILED: "Publishing failed",
    ItemStatus.REJECTED: "Rejected",
}


def card_blocks(shown: Shown) -> list[Block]:
    item, coding = shown.item, shown.coding
    blocks = [*_state(shown), section(_heading(shown), _more(item)), section(_values(coding))]
    small = [_origin(item)]
    if coding.text(Field.DESCRIPTION):
        small.insert(0, brief(coding.text(Field.DESCRIPTION), 300))
    blocks.append(context(" · ".join(small)))
    blocks += files.blocks(item)
    if coding.warnings and shown.status is not ItemStatus.PUBLISHED:
        blocks.append(context("🟡 " + escape("; ".join(coding.warnings))))
    blocks += _answers(shown)
    buttons = _buttons(shown)
    if buttons:
        blocks.append(actions(*buttons))
    return blocks


def _more(item: Item) -> Block:
    acts = [("Show the record", SHOW_RECORD), ("History", HISTORY)]
    if item.published:
        acts.append(("Undo", UNDO))
    return overflow(MORE, [option(words, _act(act, item)) for words, act in acts])


def _act(act: str, item: Item) -> str:
    return json.dumps({"do": act, "item": item.id}, separators=(",", ":"))


def undo_question(shown: Shown, meta: Mapping[str, Any]) -> View:
    """Before a record is taken back."""
    published = shown.item.published
    record = f"{published.kind.noun} {brief(published.number)}" if published else "record"
    goes = "deleted" if published and published.kind in NEVER_VOID else "made void"
    text = (
        f"The {record} is {goes} in Zoho Books{', and so is its payment' if _has_payment(shown) else ''}. "
        "The item is in the inbox again; publishing it once more makes a new record."
    )
    return modal(
        "Undo publishing",
        [section(text), context("Both are written in the log.")],
        callback=UNDO_ASKED,
        submit="Undo",
        close="Cancel",
        meta={**meta, "item": shown.item.id},
    )


def _has_payment(shown: Shown) -> bool:
    published = shown.item.published
    return bool(published and published.kind is PublishAs.BILL_WITH_PAYMENT and not published.unpaid)


def undo_begun() -> Message:
    return message("🟢 Undoing. The card shows when it is done.")


def _answers(shown: Shown) -> list[Block]:
    """What people said of items that are like this one."""
    words = {
        Answer.SAME: "The same as {}, says {}",
        Answer.REPLACED: "Stands for {}, says {}",
        Answer.DIFFERENT: "Not a duplicate of {}, says {}",
    }
    lines = []
    for one in shown.suspects:
        if one.verdict:
            answer = one.verdict.answer
            if answer is not Answer.DIFFERENT:
                # Which of the two was rejected stands on its card; here only that they are one.
                answer = Answer.SAME if shown.status is ItemStatus.REJECTED else Answer.REPLACED
            title = brief(f"{one.facts.name} {one.facts.number}".strip()) or "another item"
            lines.append(words[answer].format(title, mention(one.verdict.by)))
    return [context(" · ".join(lines))] if lines else []


def _heading(shown: Shown) -> str:
    coding = shown.coding
    kind = shown.item.document.type.value.replace("_", " ").capitalize()
    number = coding.text(Field.DOCUMENT_NUMBER)
    kind += f" {brief(number)}" if number else " without a number"
    days = day(coding.date) if coding.date else "no date"
    if coding.due_date:
        days += f", due {day(coding.due_date)}"
    name = brief(coding.party) or f"No {coding.party_field}"
    total = escape(coding.text(Field.TOTAL)) or "no total"
    lines = f" · {count(len(coding.lines), 'line')}" if coding.lines else ""
    return f"*{name}*   {total}\n{kind} · {days}{lines}"


def _values(coding: Coding) -> str:
    lines = [
        _of_lines("Category", Field.CATEGORY, coding, [line.category for line in coding.lines]),
        _of_lines("Tax", Field.TAX, coding, [line.tax for line in coding.lines]),
        f"Publish as  {coding.publish_as.words}",
    ]
    if coding.publish_as in PAID_FROM:
        lines.append(_value("Paid from", coding.values.get(Field.PAYMENT_ACCOUNT)))
    if coding.exchange_rate and coding.rate_why:
        lines.append(f"Rate  *{coding.exchange_rate:f}* · _{brief(coding.rate_why)}_")
    if coding.new_supplier:
        several = "fits two in Zoho Books: you are asked which"
        asked = several if coding.ambiguous_supplier else "is not in Zoho Books yet"
        lines.append(f"{coding.party_field.words}  {asked}")
    party = coding.values.get(coding.party_field)
    if party and party.why in (REMEMBERED, BY_TAX_NUMBER):
        lines.insert(0, _value(coding.party_field.words, party))
    return "\n".join(lines)


def _of_lines(label: str, name: Field, coding: Coding, values: Sequence[Value]) -> str:
    """The one value of all lines; where they differ, how many there are."""
    extra = coding.text(Field.TAX_AMOUNT) if name is Field.TAX else ""
    texts = list(dict.fromkeys(value.text for value in values))
    if len(texts) > 1:
        amount = f" ({escape(extra)})" if extra else ""
        return f"{label}  *by line*{amount} · _{brief(', '.join(text or 'none' for text in texts))}_"
    return _value(label, values[0] if values else coding.values.get(name), extra=extra)


def _value(label: str, value: Value | None, extra: str = "") -> str:
    if value is None or not value.text:
        return f"{label}  –"
    amount = f" ({escape(extra)})" if extra else ""
    return f"{label}  *{brief(value.text)}*{amount} · _{_layer(value)}_"


def _layer(value: Value) -> str:
    """Where a value came from, in small letters."""
    if value.layer is Layer.MANUAL and value.by:
        return f"changed by {mention(value.by)}"
    return brief(value.why)


def _origin(item: Item) -> str:
    if item.received_from == BY_HAND and item.received_by:
        return f"Added by {mention(item.received_by)}"
    source = brief(item.received_from or "an import")
    by = f", by {mention(item.received_by)}" if item.received_by and item.received_by != BOT else ""
    owner = f", for {brief(item.document.submitted_by)}" if item.document.submitted_by else ""
    return f"From {source}{by}{owner}"


def _state(shown: Shown) -> list[Block]:
    """The first line: what state the item is in, and why."""
    item, hold = shown.item, shown.item.hold
    held = f"{escape(hold.says)} {escape(hold.advice)}" if hold else ""
    reasons = escape(", ".join(problem.says for problem in shown.coding.problems))
    lines = {
        ItemStatus.NEEDS_ATTENTION: f"🟡 *Needs attention*: {reasons}",
        ItemStatus.PUBLISHING: f"🟢 *Publishing*, asked by {mention(item.asked_by or '')}",
        ItemStatus.WAITING: f"⏸ *Held*: {held or 'it waits.'}",
        ItemStatus.REJECTED: f"*Rejected* by {mention(item.rejected_by or '')}",
        ItemStatus.FAILED: f"🔴 *Publishing failed*: {held}",
    }
    if shown.status is ItemStatus.PUBLISHED:
        return _published(item)
    if shown.status is ItemStatus.READY and item.auto:
        return [section(_goes_by_itself(item.auto))]
    if shown.status is ItemStatus.READY:
        return [context("✅ Ready"), *_hold_line(item)]
    line = [section(lines[shown.status])]
    return [*line, *_hold_line(item)] if shown.status is ItemStatus.NEEDS_ATTENTION else line


def _goes_by_itself(auto: AutoHold) -> str:
    when = moment(auto.at, "{time}")
    return f"⏸ *Published by itself* at {when} ({brief(auto.because)}, set by {mention(auto.by)})"


def _hold_line(item: Item) -> list[Block]:
    """What kept an item from being published the last time it was tried."""
    if item.hold is None or item.hold.cause == RECONNECT:
        return []
    return [context(f"🟡 Not published: {escape(item.hold.says)} {escape(item.hold.advice)}")]


def _published(item: Item) -> list[Block]:
    published = item.published
    if published is None:
        return [section("✅ *Published*")]
    by = f"by {mention(published.by)}"
    if published.automatic:
        by = f"by itself ({brief(published.automatic)}, set by {mention(published.by)})"
    by += f", {moment(published.at, '{time}')}"
    draft = "draft " if published.is_draft else ""
    record = f"{draft}{published.kind.noun} {brief(published.number)}"
    blocks = [section(f"✅ *Published* as {record} {by}{link(published.link, 'View in Zoho Books', ' · ')}")]
    if published.is_draft:
        blocks.append(context("Zoho Books counts it when it is marked as sent there."))
    if published.unpaid:
        blocks.append(section(f"🔴 *The payment is not booked*: {escape(published.unpaid)}"))
    if published.differences:
        blocks.append(context("🟡 Zoho Books has it otherwise: " + escape("; ".join(published.differences))))
    return blocks


def _buttons(shown: Shown) -> list[Block]:
    """One primary button; none that the state does not allow."""
    item_id = shown.item.id
    edit, reject = button("Edit", EDIT, item_id), button("Reject", REJECT, item_id)
    duplicate = button("Duplicate?", DUPLICATE, item_id)
    # Open, or answered: an answer can be taken back where it was given.
    also = [duplicate] if shown.asks or any(one.verdict for one in shown.suspects) else []
    if shown.status is ItemStatus.READY:
        publish = button("Publish", PUBLISH, item_id, style="primary")
        undo = [button("Undo", KEEP_BACK, item_id)] if shown.item.auto else []
        return [publish, *undo, edit, reject, *also]
    if shown.status is ItemStatus.NEEDS_ATTENTION:
        if shown.only_asks:
            return [{**duplicate, "style": "primary"}, edit, reject]
        return [{**edit, "style": "primary"}, *mends_problems(shown.coding), reject, *also]
    if shown.status is ItemStatus.FAILED:
        retry = button("Retry", RETRY, item_id, style="primary")
        return [retry, edit, *mends(shown.item.hold), reject, *also]
    if shown.status is ItemStatus.REJECTED:
        return [button("Put back", RESTORE, item_id), *also]
    published = shown.item.published if shown.status is ItemStatus.PUBLISHED else None
    owes = published and published.unpaid
    return [button("Retry payment", PAY_AGAIN, item_id, style="primary")] if owes else []


# --- many


def inbox(
    items: Sequence[Shown],
    total: int,
    offset: int,
    counts: Mapping[ItemStatus, int],
    status: ItemStatus | None,
    meta: Mapping[str, Any],
) -> View:
    """The inbox as a modal, a page at a time."""
    words = ", ".join(_how_many(state, number) for state, number in counts.items())
    name = status.value.replace("_", " ") if status else "to do"
    blocks: list[Block] = [
        context(f"{count(total, 'item')} {name}" + (f": {words}" if not status and words else ""))
    ]
    blocks += rows(items)
    if not items:
        blocks.append(section("Nothing here."))
    turns = []
    if offset:
        turns.append(button("Previous", TURN + ".back", str(max(0, offset - ON_A_PAGE))))
    if offset + len(items) < total:
        turns.append(button("Show more", TURN + ".on", str(offset + ON_A_PAGE)))
    if turns:
        blocks.append(actions(*turns))
    whole = {**meta, "status": status.value if status else "", "offset": offset}
    return modal("Items", blocks, callback=LIST, meta=whole)


def rows(items: Sequence[Shown]) -> list[Block]:
    """Items below each other, each with the buttons its state allows."""
    return [block for shown in items for block in (*_row(shown), divider())]


def _how_many(status: ItemStatus, number: int) -> str:
    if status is ItemStatus.NEEDS_ATTENTION:
        return f"{number} {'needs' if number == 1 else 'need'} attention"
    return f"{number} {status.value}"


def _row(shown: Shown) -> list[Block]:
    rows = [*_state(shown), section(f"{_heading(shown)}\n{_values(shown.coding)}", _more(shown.item))]
    buttons = _buttons(shown)
    return [*rows, actions(*buttons)] if buttons else rows


def summary(
    filename: str,
    by: str,
    new: Sequence[ItemId],
    known: int,
    ready: int,
    attention: int,
    refused: Sequence[RefusedRow],
    batch: str,
) -> Message:
    """Several at once come as one message, not as a flood."""
    who = f", by {mention(by)}" if by else ""
    text = f"{count(len(new), 'item')} from {brief(filename)}{who}"
    counts = f"{ready} ready · {attention} need attention · {known} already here"
    if refused:
        counts += f" · {len(refused)} refused"
    blocks = [section(f"📥 *{count(len(new), 'item')}* from {brief(filename)}{who}\n{counts}")]
    blocks += [refusals(refused)] if refused else []
    buttons = [button("Publish all", PUBLISH_ALL, batch, style="primary")] if ready else []
    if new:
        blocks.append(actions(*buttons, button("Review", LIST, "review")))
    return message(text, *blocks)


def going(number: int) -> Block:
    """Of several that came in, how many are published by themselves."""
    return context(f"⏸ {number} of them go by themselves in some minutes; *Review* has *Undo*.")


def refusals(refused: Sequence[RefusedRow]) -> Block:
    """Row by row, what was refused and why."""
    lines = [
        f"Row {row.row}: {brief(row.reason)}" if row.row else brief(row.reason)
        for row in refused[:REFUSED_SHOWN]
    ]
    if len(refused) > REFUSED_SHOWN:
        lines.append(f"… and {len(refused) - REFUSED_SHOWN} more")
    return section("🔴 Refused\n" + "\n".join(lines))
