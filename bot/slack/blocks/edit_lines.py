"""**Edit lines**: the lines of an item a page at a time, and the form of one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain import line_edits, money
from bot.domain.coding import CodedLine, Coding, Value
from bot.domain.items import Field, Item
from bot.domain.line_edits import LISTED, Given, LineChange
from bot.slack.blocks.edit_item import PICK, fingerprint
from bot.slack.blocks.items import Shown
from bot.slack.blocks.items.values import valued
from bot.slack.blocks.parts import (
    Block,
    Option,
    View,
    actions,
    button,
    checkboxes,
    confirm,
    context,
    field,
    lookup,
    modal,
    option,
    section,
    text_input,
)
from bot.slack.text import brief, count, escape

CHANGE = "lines.change"
ADD = "lines.add"
TAKE_BACK = "lines.take_back"
TURN = "lines.turn"
SAVE = "lines.save"
REMOVE = "remove"
ON_A_PAGE = 10


def lines(shown: Shown, offset: int, meta: Mapping[str, Any]) -> View:
    """All lines with where each value came from, and whether they come to the total."""
    coding, item = shown.coding, shown.item
    coded = {line.id: line for line in coding.lines}
    whole = list(enumerate(line_edits.given(item), start=1))
    rows = whole[offset : offset + ON_A_PAGE]
    blocks: list[Block] = [context(_check(coding))]
    for number, one in rows:
        line = coded.get(one.id)
        said = _row(number, line, coding) if line else _without_amount(number, one)
        blocks.append(section(said, button("Change", CHANGE, _value(item, one.id))))
    if not whole:
        blocks.append(section("There are no lines: the total is booked as one."))
    turns = [button("Previous", f"{TURN}.back", str(max(0, offset - ON_A_PAGE)))] if offset else []
    if offset + len(rows) < len(whole):
        turns.append(button("Show more", f"{TURN}.on", str(offset + ON_A_PAGE)))
    acts = [button("Add a line", ADD, item.id), *turns]
    if item.line_edits is not None:
        sure = confirm(
            "As the document has them",
            "All that was set of the lines by hand is taken back.",
            "Take it back",
        )
        acts.append(button("As the document has them", TAKE_BACK, item.id, confirm=sure))
    blocks.append(actions(*acts))
    return modal("Edit lines", blocks, close="Back", meta={**meta, "item": item.id, "offset_lines": offset})


def line_form(shown: Shown, line_id: str, meta: Mapping[str, Any]) -> View:
    """One line, filled with what counts now; a new one with the amount that is missing."""
    coding = shown.coding
    line = next((one for one in coding.lines if one.id == line_id), None)
    known = next((one for one in line_edits.given(shown.item) if one.id == line_id), None)
    held = form_values(line) | ({"description": known.line.description} if known else {})
    tax_words = "With tax, as the other lines" if coding.lines_include_tax else "Without tax"
    described = text_input(initial=held["description"], longest=2000)
    priced = text_input(initial=held["amount"] or _missing(coding))
    blocks = [
        field("Description", "description", described, optional=True),
        field("Amount", "amount", priced, hint=tax_words, optional=True),
        *(
            field(name.words, word, lookup(PICK + name.value, _chosen(line, name)), optional=True)
            for name, word in LISTED.items()
        ),
    ]
    if known is not None:
        ticks = checkboxes([option("Remove this line", REMOVE)])
        blocks.append(field("Line", REMOVE, ticks, optional=True))
    if line is not None and (reasons := _reasons(line)):
        blocks.append(context(reasons))
    blocks.append(context("An emptied field goes back to what the item, the rule or the document says."))
    side = shown.item.document.side.value
    shown_now = {name: fingerprint(text) for name, text in held.items()}
    whole = {**meta, "item": shown.item.id, "line": line_id, "side": side, "shown": shown_now}
    title = "Edit line" if known else "Add a line"
    return modal(title, blocks, callback=SAVE, submit="Save", close="Cancel", meta=whole)


def form_values(line: CodedLine | None) -> dict[str, str]:
    """What each field of the form holds before anybody touches it."""
    if line is None:
        return dict.fromkeys(("description", "amount", *LISTED.values()), "")
    entries = {word: _of(line, name) for name, word in LISTED.items()}
    held = {word: value.entry.id if value and value.entry else "" for word, value in entries.items()}
    return {"description": line.description, "amount": f"{line.amount:f}", **held}


def change_of(shown_then: Mapping[str, str], values: Mapping[str, str | None]) -> LineChange:
    """What a person changed: fields whose text is not what the form held."""
    changed: dict[str, str] = {}
    for name, was in shown_then.items():
        text = (values.get(name) or "").strip()
        if fingerprint(text) != was:
            changed[name] = text
    return LineChange(**changed)


def _row(number: int, line: CodedLine, coding: Coding) -> str:
    amount = money.shown(line.amount, coding.currency)
    if line.quantity != 1:
        amount = f"{line.quantity:f} × {money.shown(line.rate, coding.currency)} = {amount}"
    parts = [f"*{number}. {brief(line.description, 150) or 'without description'}* · {escape(amount)}"]
    for label, value in (("Category", line.category), ("Tax", line.tax), ("Project", line.project)):
        if value and value.text:
            parts.append(f"{label}  {valued(value)}")
        elif label == "Category":
            parts.append("Category  –")
    return "\n".join(parts)


def _without_amount(number: int, one: Given) -> str:
    return f"*{number}. {brief(one.line.description, 150) or 'without description'}* · no amount"


def _check(coding: Coding) -> str:
    """Whether lines, tax and total agree, in words."""
    number = count(len(coding.lines), "line")
    if coding.problems:
        return f"{number} · 🟡 {escape('; '.join(problem.says for problem in coding.problems))}"
    if not coding.lines:
        return f"The total is {escape(coding.text(Field.TOTAL))}"
    how = "with tax" if coding.lines_include_tax else "and their tax"
    rounding = (
        f", with {money.shown(coding.rounding, coding.currency)} of rounding" if coding.rounding else ""
    )
    return f"✅ {number} {how} come to the total, {escape(coding.text(Field.TOTAL))}{escape(rounding)}"


def _missing(coding: Coding) -> str:
    """What the lines leave of the total before tax; of none at all, the whole."""
    if coding.total is None:
        return ""
    tax = coding.tax_amount if coding.tax_amount and not coding.lines_include_tax else 0
    left = coding.total - tax - sum(line.amount for line in coding.lines)
    return f"{left:f}" if left > 0 else ""


def _reasons(line: CodedLine) -> str:
    values = ((name, _of(line, name)) for name in LISTED)
    return " · ".join(f"{name.words} {valued(value)}" for name, value in values if value and value.text)


def _of(line: CodedLine, name: Field) -> Value | None:
    return {Field.CATEGORY: line.category, Field.TAX: line.tax}.get(name, line.project)


def _chosen(line: CodedLine | None, name: Field) -> Option | None:
    value = _of(line, name) if line else None
    return option(value.entry.label, value.entry.id) if value and value.entry else None


def _value(item: Item, line: str) -> str:
    return json.dumps({"item": item.id, "line": line}, separators=(",", ":"))
