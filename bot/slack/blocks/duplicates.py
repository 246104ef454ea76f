"""**Duplicate?**: two items side by side, and what may be said of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.duplicates import Answer, Strength, Suspect, Verdict
from bot.domain.identity import BOT, ItemId, is_in_books
from bot.domain.items import Field, Item, ItemStage, ItemStatus
from bot.slack.blocks.items import Shown
from bot.slack.blocks.parts import Block, View, actions, button, context, modal, mrkdwn, section
from bot.slack.blocks.standing import state_words
from bot.slack.text import brief, count, day, escape, link, mention, moment

SAME = "duplicate.same"
DIFFERENT = "duplicate.different"
REPLACE = "duplicate.replace"
ASK_AGAIN = "duplicate.ask_again"
CALLBACK = "duplicate.question"
TITLE = "Duplicate?"
LONGEST_FIELD = 2000
FIELDS_OF_A_SECTION = 10


def question(this: Shown, other: Shown, suspect: Suspect, asking: int, meta: Mapping[str, Any]) -> View:
    """Both items field by field, and the answers that their states allow."""
    blocks = [section(_opening(suspect)), *_side_by_side(this, other)]
    value = json.dumps({"item": this.item.id, "other": other.item.id})
    if suspect.verdict:
        blocks += [section(_said(suspect.verdict)), actions(button("Ask again", ASK_AGAIN, value))]
    elif this.status not in (ItemStatus.PUBLISHED, ItemStatus.PUBLISHING, ItemStatus.REJECTED):
        blocks.append(actions(*_answers(other, value)))
        blocks.append(
            context(f"The answer is remembered for these two, and can be taken back.{_more(asking)}")
        )
    else:
        blocks.append(context("There is nothing to answer here any more."))
    return modal(TITLE, blocks, callback=CALLBACK, meta={**meta, "item": this.item.id})


def settled(this: Shown, suspect: Suspect, verdict: Verdict | None, meta: Mapping[str, Any]) -> View:
    """What became of the two; the answer can be taken back at once."""
    words = {
        Answer.SAME: "Rejected: it is the same as {}. It can be put back.",
        Answer.DIFFERENT: "Both are kept: it is not the same as {}.",
        Answer.REPLACED: "This one is kept, {} is rejected. It can be put back.",
    }
    other = _title(suspect)
    if verdict is None:
        text = f"The answer about {other} is taken back."
        return modal(TITLE, [section(text)], callback=CALLBACK, meta=meta)
    value = json.dumps({"item": this.item.id, "other": suspect.other.id})
    blocks = [
        section("✅ " + words[verdict.answer].format(other)),
        actions(button("Ask again", ASK_AGAIN, value)),
    ]
    return modal(TITLE, blocks, callback=CALLBACK, meta=meta)


def nothing(meta: Mapping[str, Any]) -> View:
    """It was edited away, or the other one is gone."""
    return modal(TITLE, [section("Nothing is like this item any more.")], callback=CALLBACK, meta=meta)


def pair(value: str) -> tuple[ItemId, ItemId]:
    """The two items that a button is about."""
    found = json.loads(value)
    return ItemId(str(found["item"])), ItemId(str(found["other"]))


def _opening(suspect: Suspect) -> str:
    how = "*The same document*" if suspect.finding.strength is Strength.CERTAIN else "*Perhaps the same*"
    return f"{how}, by what they say: {escape(suspect.finding.reason)}."


def _title(suspect: Suspect) -> str:
    return brief(f"{suspect.facts.name} {suspect.facts.number}".strip()) or "the other item"


def _said(verdict: Verdict) -> str:
    words = {
        Answer.SAME: "they are the same",
        Answer.DIFFERENT: "they are different",
        Answer.REPLACED: "one stands for the other",
    }
    return f"{mention(verdict.by)} said {moment(verdict.at)}: {words[verdict.answer]}."


def _more(asking: int) -> str:
    return f" {count(asking - 1, 'more item')} to compare afterwards." if asking > 1 else ""


def _answers(other: Shown, value: str) -> list[Block]:
    """“Replace” only where the other has not gone to the accounting software."""
    answers = [
        button("Same: reject this one", SAME, value, style="primary"),
        button("Different: keep both", DIFFERENT, value),
    ]
    if other.item.stage in (ItemStage.INBOX, ItemStage.FAILED):
        answers.append(button("Replace the other", REPLACE, value))
    return answers


def _side_by_side(this: Shown, other: Shown) -> list[Block]:
    rows: list[tuple[str, ...]] = [("*This item*", "*The other one*")]
    rows += [
        tuple(_cell(label, text, mine != theirs and label not in NEVER_ALIKE) for text in (mine, theirs))
        for label, mine, theirs in zip(LABELS, _values(this), _values(other), strict=True)
        if mine or theirs
    ]
    cells = [mrkdwn(text, LONGEST_FIELD) for row in rows for text in row]
    return [
        {"type": "section", "fields": cells[start : start + FIELDS_OF_A_SECTION]}
        for start in range(0, len(cells), FIELDS_OF_A_SECTION)
    ]


LABELS = (
    "Supplier", "Customer", "Document number", "Type", "Date", "Total", "Tax amount", "Owner", "Category",
    "Description", "Received", "State",
)  # fmt: skip

NEVER_ALIKE = ("Received", "State")
"""Differences here say nothing: no mark."""


def _cell(label: str, text: str, differs: bool) -> str:
    return f"*{label}*{' ≠' if differs else ''}\n{text or '–'}"


def _values(shown: Shown) -> Sequence[str]:
    """In the order of `LABELS`."""
    item, coding, document = shown.item, shown.coding, shown.item.document
    return (
        brief(coding.text(Field.SUPPLIER)),
        brief(coding.text(Field.CUSTOMER)),
        brief(coding.text(Field.DOCUMENT_NUMBER)),
        escape(document.type.value.replace("_", " ").capitalize()),
        day(coding.date) if coding.date else "",
        escape(coding.text(Field.TOTAL)),
        escape(coding.text(Field.TAX_AMOUNT)),
        brief(document.submitted_by),
        brief(coding.text(Field.CATEGORY)),
        brief(coding.text(Field.DESCRIPTION), 300),
        _received(item),
        _state(item),
    )


def _received(item: Item) -> str:
    if is_in_books(item.id):
        return ""
    by = f" by {mention(item.received_by)}" if item.received_by and item.received_by != BOT else ""
    source = f" from {brief(item.received_from)}" if item.received_from else ""
    return f"{moment(item.received_at)}{by}{source}"


def _state(item: Item) -> str:
    """Who, when, where: what became of an item."""
    published = item.published
    if published and is_in_books(item.id):
        record = f"{published.kind.noun} {brief(published.number)}".rstrip()
        seen = link(published.link, "View in Zoho Books", " · ")
        state = state_words(published)
        return (
            f"Entered in Zoho Books as {record}, {moment(published.at)}{f' · {state}' if state else ''}{seen}"
        )
    if item.stage is ItemStage.PUBLISHED and published:
        record = f"{published.kind.value} {brief(published.number)}"
        seen = link(published.link, "View in Zoho Books", " · ")
        return f"Published as {record} by {mention(published.by)}, {moment(published.at)}{seen}"
    words = {
        ItemStage.INBOX: "In the inbox",
        ItemStage.FAILED: "In the inbox, publishing failed",
        ItemStage.PUBLISHING: f"Being published, asked by {mention(item.asked_by or '')}",
        ItemStage.WAITING: "Held",
        ItemStage.IN_CLAIM: "In an expense claim",
        ItemStage.REJECTED: f"Rejected by {mention(item.rejected_by or '')}",
    }
    return words.get(item.stage, "Published")
