"""What the card of an expense claim, or of a receipt that belongs to one, has beside any other card."""

from __future__ import annotations

from bot.domain import money
from bot.domain.claim_coding import Faulty
from bot.domain.claims import has_own_lines, is_asked_about, label, may_join
from bot.domain.coding import Coding
from bot.domain.items import Field, Item, ItemStage
from bot.slack.blocks.parts import Block, button, confirm, context, section
from bot.slack.text import brief, count, escape

RECEIPTS = "claim.receipts"
DISSOLVE = "claim.dissolve"
TAKE_OUT = "claim.take_out"
ADD = "claim.add"
ALONE = "claim.alone"
EDIT_RECEIPT = "claim.edit_receipt"
PUT_IN = "put_in"
"""Among the acts of a card's `⋯`."""
LINES_SHOWN = 8
_ALONE = confirm(
    "Publish it alone?",
    "It was claimed in Dext, so its expense claim pays it too. Published alone and with the claim, it is "
    "booked twice.",
    "Publish it alone",
)


def state(claim: Item | None, coding: Coding) -> list[Block]:
    """The first line of a receipt in a claim."""
    of = f" *{brief(label(claim))}*" if claim else ""
    blocks = [section(f"🧾 *In an expense claim*:{of}" if of else "🧾 *In an expense claim*")]
    if coding.problems:
        lacks = escape(", ".join(problem.says for problem in coding.problems))
        blocks.append(context(f"🟡 The claim waits for it: {lacks}"))
    return blocks


def lines(item: Item, coding: Coding) -> list[Block]:
    """The receipts of a claim, a line each."""
    if not (item.document.is_claim and coding.lines):
        return []
    rows = [
        " · ".join(
            (
                brief(line.description, 120) or "without description",
                escape(money.shown(line.amount, coding.currency)),
                brief(line.category.text, 60) or "no category",
                brief(line.tax.text, 40) or "no tax",
            )
        )
        for line in coding.lines[:LINES_SHOWN]
    ]
    if len(coding.lines) > LINES_SHOWN:
        rows.append(f"… and {count(len(coding.lines) - LINES_SHOWN, 'more line', 'more lines')}")
    return [context("\n".join(rows))]


def acts(item: Item) -> list[tuple[str, str]]:
    """For the `⋯` of a card."""
    return [("Add to a claim", PUT_IN)] if may_join(item) else []


def first(item: Item, coding: Coding, faulty: Faulty | None) -> list[Block]:
    """What somebody has to do first where a claim, or a receipt that was claimed, needs attention; nothing
    where **Edit** is."""
    if item.document.is_claim and faulty:
        return [button(f"Edit {faulty.title}"[:75], EDIT_RECEIPT, faulty.item, style="primary")]
    lacks = not item.receipts or any(problem.field is Field.TOTAL for problem in coding.problems)
    if item.document.is_claim and not has_own_lines(item) and lacks:
        return [button("Choose receipts", RECEIPTS, item.id, style="primary")]
    if is_asked_about(item):
        return [
            button("Add to a claim", ADD, item.id, style="primary"),
            button("Publish alone", ALONE, item.id, confirm=_ALONE),
        ]
    return []


def choosing(item: Item, first: list[Block] | None = None) -> list[Block]:
    """Of a claim, unless it is the first thing to do anyway."""
    is_offered = any(one["action_id"] == RECEIPTS for one in first or ())
    if not item.document.is_claim or has_own_lines(item) or is_offered:
        return []
    return [button("Choose receipts", RECEIPTS, item.id)]


def leaving(item: Item) -> list[Block]:
    """In place of **Reject** where a claim has receipts."""
    if not item.receipts:
        return []
    asks = confirm(
        "Dissolve the claim?", "Its receipts go back to the inbox, as they were before.", "Dissolve it"
    )
    return [button("Dissolve", DISSOLVE, item.id, confirm=asks)]


def of_receipt(item: Item, claim: Item | None) -> list[Block]:
    """While the claim may still change, so may its receipts."""
    if item.stage is not ItemStage.IN_CLAIM or claim is None:
        return []
    if claim.stage not in (ItemStage.INBOX, ItemStage.FAILED):
        return []
    return [
        button("Take out", TAKE_OUT, item.id),
        button("Receipts of the claim", RECEIPTS, claim.id),
    ]


def joined(number: int) -> Block:
    """Of several that came in, how many are receipts of a claim that came with them."""
    are = "is a receipt" if number == 1 else "are receipts"
    return context(f"🧾 {number} of them {are} of an expense claim: booked with it.")
