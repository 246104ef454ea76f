"""What an item is and how it is coded, each value with where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.coding import Coding, Layer, Value
from bot.domain.items import Field, ItemStatus
from bot.domain.kinds import PAID_FROM, WITH_MODE
from bot.domain.matching import BY_TAX_NUMBER, REMEMBERED
from bot.slack.blocks.items.shown import Shown
from bot.slack.text import brief, count, day, escape, mention, unstarred


def heading(shown: Shown) -> str:
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


def values(shown: Shown) -> str:
    """Of a receipt in a claim only what its line has."""
    coding = shown.coding
    lines = [
        _of_lines("Category", Field.CATEGORY, coding, [line.category for line in coding.lines]),
        _of_lines("Tax", Field.TAX, coding, [line.tax for line in coding.lines]),
    ]
    if shown.status is ItemStatus.IN_CLAIM:
        return "\n".join(lines)
    lines.append(_publish_as(coding))
    lines += [_value(name.words, value) for name, value in _ruled(coding)]
    if coding.publish_as in PAID_FROM:
        lines.append(_value("Paid from", coding.values.get(Field.PAYMENT_ACCOUNT)))
    if coding.publish_as in WITH_MODE and coding.text(Field.PAYMENT_MODE):
        lines.append(_value("Payment mode", coding.values.get(Field.PAYMENT_MODE)))
    if coding.corrects:
        lines.append(f"Corrects  *{brief(coding.corrects)}*")
    for name in (Field.CUSTOMER, Field.PROJECT):
        if coding.text(name) and name is not coding.party_field:
            lines.append(_value(name.words, coding.values.get(name)))
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


def _ruled(coding: Coding) -> list[tuple[Field, Value]]:
    """What stands elsewhere on the card, where a rule set it."""
    shown = {Field.CURRENCY: coding.currency, Field.DUE_DATE: day(coding.due_date) if coding.due_date else ""}
    found = ((name, text, coding.values.get(name)) for name, text in shown.items())
    return [
        (name, replace(value, text=text))
        for name, text, value in found
        if value and value.layer is Layer.RULE
    ]


def _publish_as(coding: Coding) -> str:
    value = coding.values.get(Field.PUBLISH_AS)
    is_set = value and value.layer in (Layer.MANUAL, Layer.RULE)
    why = f" · _{because(value)}_" if value and is_set else ""
    return f"Publish as  {coding.publish_as.words}{why}"


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
    return f"{label}  {valued(value, extra)}"


def valued(value: Value, extra: str = "") -> str:
    """A value and, in small letters, where it came from."""
    amount = f" ({escape(extra)})" if extra else ""
    return f"*{unstarred(value.text)}*{amount} · _{because(value)}_"


def because(value: Value) -> str:
    """Where a value came from, in small letters."""
    if value.layer is Layer.MANUAL and value.by:
        return f"changed by {mention(value.by)}"
    if value.layer is Layer.REMEMBERED and value.by and value.on:
        return f"{unstarred(value.why)}, chosen by {mention(value.by)} on {day(value.on)}"
    return brief(value.why)
