"""**Show the record**: what will be sent, in readable form, and why each value is as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.coding import Coding, Layer, Value
from bot.domain.items import Field
from bot.domain.publication import Readable
from bot.slack.blocks.items.values import because
from bot.slack.blocks.parts import Block, View, context, divider, header, modal, section
from bot.slack.text import brief, count, escape, unstarred

MOST_LINES = 60
"""Of a record with more, the first are shown: a modal holds a hundred blocks."""
_AT_ONCE = 10
"""Lines in one block, within Slack's 3,000 characters."""
_SHOWN_LINE = 250


def preview(coding: Coding, record: Readable | None, is_sent: bool, meta: Mapping[str, Any]) -> View:
    """The record field by field, its lines and totals, then **Why these values**. Without a record, what is
    missing."""
    if record is None:
        blocks = [section("🟡 " + escape("; ".join(problem.says for problem in coding.problems)))]
    else:
        when = "as it was sent" if is_sent else "as it will be sent"
        blocks = [
            context(f"The {record.title.lower()} {when} to Zoho Books"),
            section(_fields(record.fields)),
            *_lines(record.lines),
            section(f"Total  *{escape(coding.text(Field.TOTAL))}*"),
        ]
        if record.after:
            blocks += [divider(), section(f"*Then its payment*\n{_fields(record.after)}")]
    told = [context(escape("; ".join((*coding.warnings, *coding.remarks))))] if _tells(coding) else []
    return modal("The record", [*blocks, *told, header("Why these values"), *_reasons(coding)], meta=meta)


def _tells(coding: Coding) -> bool:
    return bool(coding.warnings or coding.remarks)


def _fields(fields: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{escape(label)}  *{unstarred(text, 300)}*" for label, text in fields if text) or "–"


def _lines(lines: Sequence[str]) -> list[Block]:
    shown = [f"{number}. {brief(line, _SHOWN_LINE)}" for number, line in enumerate(lines, start=1)]
    kept = shown[:MOST_LINES]
    blocks = [section("\n".join(kept[at : at + _AT_ONCE])) for at in range(0, len(kept), _AT_ONCE)]
    if len(shown) > len(kept):
        blocks.append(context(f"… and {count(len(shown) - len(kept), 'line')} more"))
    return blocks


def _reasons(coding: Coding) -> list[Block]:
    reasons = [_reason(name.words, value) for name, value in coding.values.items() if value.text]
    for number, line in enumerate(coding.lines[:MOST_LINES], start=1):
        reasons.append(_reason(f"Line {number} category", line.category))
        reasons.append(_reason(f"Line {number} tax", line.tax))
    if coding.exchange_rate:
        reasons.append(f"Exchange rate  *{coding.exchange_rate:f}* · _{brief(coding.rate_why)}_")
    reasons = [reason for reason in reasons if reason]
    return [section("\n".join(reasons[at : at + _AT_ONCE])) for at in range(0, len(reasons), _AT_ONCE)] or [
        context("Nothing is known yet.")
    ]


def _reason(label: str, value: Value) -> str:
    if not value.text:
        return ""
    why = "" if value.why == value.layer.value else f": {brief(value.why)}" if value.why else ""
    if value.layer is Layer.MANUAL and value.by:
        why = f": {because(value)}"
    if value.layer is Layer.REMEMBERED:
        return f"{label}  *{unstarred(value.text, 120)}* · _{because(value)}_"
    made_of = f" = {brief(value.entry.made_of, 120)}" if value.entry and value.entry.made_of else ""
    return f"{label}  *{unstarred(value.text, 120)}*{made_of} · _{value.layer.value}{why}_"
