"""**Expense claim**: making one, choosing its receipts, adding a receipt to one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain import money
from bot.domain.claims import label, owner_key, owner_of, title
from bot.domain.coding import Coding
from bot.domain.identity import ItemId
from bot.domain.items import Field, Item
from bot.slack import limits
from bot.slack.blocks.parts import (
    Block,
    Option,
    View,
    context,
    date_input,
    field,
    lookup,
    modal,
    multi_select,
    option,
    section,
    select,
    text_input,
)
from bot.slack.limits import cut
from bot.slack.text import brief, count, escape

MAKE = "claim.make"
CHOOSE = "claim.choose"
PUT_IN = "claim.put_in"
OWNER = "claim.owner"
TRIED = "claim.tried"
NEW = "new"
"""In place of a claim's id: make one."""
FAULTS_SHOWN = 6


@dataclass(frozen=True)
class Offered:
    """A receipt that may be ticked."""

    item: Item
    coding: Coding


@dataclass(frozen=True)
class Group:
    """Receipts under a heading."""

    heading: str
    receipts: Sequence[Offered]


@dataclass(frozen=True)
class Chosen:
    """What the ticked receipts come to; nothing where none is ticked."""

    coding: Coding | None
    number: int = 0
    left_out: int = 0
    """How many more receipts wait than are offered."""


def receipts_field(round_: int) -> str:
    """The name of the field; another one each time others are to be ticked: Slack keeps what a person chose
    in a field of the same name."""
    return f"receipts{round_}"


def new(
    owner: str,
    number: str,
    today: dt.date,
    groups: Sequence[Group],
    ticked: Sequence[ItemId],
    chosen: Chosen,
    meta: Mapping[str, Any],
) -> View:
    """**Expense claim**: who spent the money, the receipts, and what they come to."""
    person = lookup(OWNER, option(owner, owner) if owner else None)
    blocks = [
        field(
            "Person",
            "owner",
            person,
            hint="Who spent the money and is paid back: the bill's supplier",
            tells=True,
        ),
        _receipts(groups, ticked, chosen.left_out, int(meta.get("round", 0))),
        *_sum(chosen),
        field("Date", "date", date_input(today.isoformat())),
        field("Document number", "document_number", text_input(initial=number, longest=100)),
        field("Description", "description", text_input(multiline=True, longest=2000), optional=True),
        context("It is published as one open bill of that person, with a line for each receipt."),
    ]
    return modal("Expense claim", blocks, callback=MAKE, submit="Make claim", close="Cancel", meta=meta)


def receipts(
    claim: Item,
    groups: Sequence[Group],
    ticked: Sequence[ItemId],
    chosen: Chosen,
    meta: Mapping[str, Any],
) -> View:
    """**Receipts** of a claim that is there: what is unticked goes back to the inbox."""
    blocks = [
        section(f"*{brief(label(claim))}*{_stated(claim)}"),
        _receipts(groups, ticked, chosen.left_out, optional=True),
        *_sum(chosen),
        context("What is not ticked goes back to the inbox."),
    ]
    return modal("Receipts", blocks, callback=CHOOSE, submit="Save", close="Cancel", meta=meta)


def nowhere(claim: Item, meta: Mapping[str, Any]) -> View:
    """**Receipts** of a claim, where it has none and none waits."""
    blocks = [
        section(f"*{brief(label(claim))}*{_stated(claim)}"),
        section("No receipt waits that could belong to it. Import the receipts, then choose them here."),
        context("Without receipts it can be booked as one line: give it a category with *Edit*."),
    ]
    return modal("Receipts", blocks, meta=meta)


def put_in(receipt: Item, open_claims: Sequence[Item], meta: Mapping[str, Any]) -> View:
    """**Add to a claim**: one that is there, or a new one. The first claim is chosen where it is that
    person's."""
    first = next(iter(open_claims), None)
    is_theirs = first is not None and owner_key(owner_of(first)) == owner_key(owner_of(receipt))
    chosen = first.id if first is not None and is_theirs else ""
    options = [option(label(claim), claim.id) for claim in open_claims[: limits.OPTIONS - 1]]
    blocks = [
        section(f"*{brief(title(receipt))}*"),
        field("Expense claim", "claim", select([*options, option("➕ A new claim", NEW)], chosen=chosen)),
    ]
    return modal("Add to a claim", blocks, callback=PUT_IN, submit="Add", close="Cancel", meta=meta)


def _stated(claim: Item) -> str:
    total = claim.document.total
    if total is None:
        return ""
    currency = claim.document.currency
    return f" over {escape(money.shown(total, currency) if currency else str(total))}"


def _receipts(
    groups: Sequence[Group], ticked: Sequence[ItemId], more: int, round_: int = 0, *, optional: bool = False
) -> Block:
    """Each group shows as many as Slack takes in one."""
    offered = [
        (group.heading, [_option(one) for one in _ticked_first(group.receipts, ticked)])
        for group in groups
        if group.receipts
    ]
    left = more + sum(max(0, len(group.receipts) - limits.OPTIONS) for group in groups)
    every = [one for _, options in offered for one in options]
    chosen = [one for one in every if one["value"] in ticked]
    hint = f"{left} more are not shown: they come when these are in a claim." if left else ""
    element = multi_select(every, chosen, groups=offered, action=TRIED)
    return field("Receipts", receipts_field(round_), element, hint=hint, optional=optional, tells=True)


def _ticked_first(receipts: Sequence[Offered], ticked: Sequence[ItemId]) -> Sequence[Offered]:
    """As many as Slack takes; those that are ticked are among them."""
    if len(receipts) <= limits.OPTIONS:
        return receipts
    return sorted(receipts, key=lambda one: one.item.id not in ticked)[: limits.OPTIONS]


def _option(one: Offered) -> Option:
    """`Kestrel Taxis, 3 Oct 2026 · £18.40`, below it how it is coded or what it lacks."""
    total = one.coding.text(Field.TOTAL) or "no total"
    name = cut(title(one.item), limits.OPTION - len(total) - 3)
    category = one.coding.text(Field.CATEGORY)
    said = category or ("by line" if one.coding.lines else "🟡 no category")
    return option(f"{name} · {total}", one.item.id, said)


def _sum(chosen: Chosen) -> list[Block]:
    """What is ticked comes to, and what is wrong with it."""
    coding = chosen.coding
    if coding is None or not chosen.number:
        return [context("Nothing is ticked yet.")]
    whole = sum((line.amount for line in coding.lines), Decimal(0))
    total, tax = money.shown(whole, coding.currency), coding.text(Field.TAX_AMOUNT)
    blocks = [
        context(
            f"*{count(chosen.number, 'receipt')}* · together {escape(total)} · tax {escape(tax) or 'none'}"
        )
    ]
    said = [problem.says for problem in coding.problems]
    lines = [f"🟡 {brief(text, 300)}" for text in said[:FAULTS_SHOWN]]
    if len(said) > FAULTS_SHOWN:
        lines.append(f"… and {len(said) - FAULTS_SHOWN} more")
    lines += [brief(text, 300) for text in coding.warnings[:FAULTS_SHOWN]]
    return [*blocks, context("\n".join(lines))] if lines else blocks


def nothing_waits(meta: Mapping[str, Any]) -> View:
    text = "No receipt waits that could go into an expense claim."
    return modal(
        "Expense claim",
        [section(text), context("Add one with `/dext add`, or bring a file in with `/dext import`.")],
        meta=meta,
    )
