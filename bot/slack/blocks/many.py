"""Many at once: what is ready, one message of how far it is, and at its end what failed, by cause."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.domain import money
from bot.domain.holds import cause_words
from bot.domain.items import DUPLICATE, NEW_SUPPLIER, ItemStatus
from bot.domain.many import ALREADY, NOT_READY, Many, ManyState, Outcome
from bot.slack.blocks.parts import Block, Message, actions, button, context, message, section
from bot.slack.text import brief, count, mention

READY = "many.ready"
STOP = "many.stop"
GO_ON = "many.go_on"
RETRY = "many.retry"
RETRY_CAUSE = "many.retry_cause"
LIST = "items.list"
BAR = 10
MOST_CAUSES = 15
_COUNTED = {
    Outcome.PUBLISHED: "✅ {} published",
    Outcome.FAILED: "🔴 {} failed",
    Outcome.HELD: "⏸ {} held",
    Outcome.BACK: "🟡 {} given back",
}
_NO_ANSWER = {NOT_READY, ALREADY, "NotConnected"}
_ASKS = {
    NEW_SUPPLIER: "of a supplier that is not in Zoho Books yet",
    DUPLICATE: "that may be a duplicate of another",
}
_ASKED_OF = {DUPLICATE: ItemStatus.NEEDS_ATTENTION}
"""Where those lie that wait for an answer; else they are ready."""
_LEFT = {NOT_READY: "needs attention", ALREADY: "done already", NEW_SUPPLIER: "new supplier"}


def offer(number: int, totals: Mapping[str, Decimal], new_suppliers: int) -> Message:
    """`/dext publish`: how much is ready, and the two ways on."""
    if not number:
        text = "Nothing is ready to be published."
        return message(text, section(text), actions(button("Review", LIST, "review")))
    sums = ", ".join(money.shown(total, currency) for currency, total in sorted(totals.items()))
    text = f"{count(number, 'item')} {'is' if number == 1 else 'are'} ready: {sums}."
    blocks = [section(f"✅ *{text}*")]
    if new_suppliers:
        blocks.append(
            context(
                f"🟡 {new_suppliers} of a supplier that is not in Zoho Books yet: you are asked for each."
            )
        )
    blocks.append(
        actions(
            button("Publish all", READY, "ready", style="primary"),
            button("Review", LIST, ItemStatus.READY.value),
        )
    )
    return message(text, *blocks)


def progress(many: Many) -> Message:
    """The one message, edited until each has its result."""
    if many.state is ManyState.OVER:
        return _over(many)
    settled = many.settled
    stopped = many.state is ManyState.STOPPED
    by = f", stopped by {mention(many.stopped_by)}" if stopped and many.stopped_by else ""
    first = "⏸ *Stopped*" if stopped else "🟢 *Publishing*"
    full = round(BAR * settled / many.total) if many.total else 0
    bar = f"{'▰' * full}{'▱' * (BAR - full)} {settled} of {many.total}"
    counts = _counts(many)
    blocks = [
        section(f"{first}: {brief(many.what)}, asked by {mention(many.asked_by)}{by}"),
        context(" · ".join([bar, *counts, *_left(many)])),
        actions(
            button("Go on", GO_ON, many.id, style="primary") if stopped else button("Stop", STOP, many.id)
        ),
    ]
    return message(f"{'Stopped' if stopped else 'Publishing'}: {settled} of {many.total}", *blocks)


def _counts(many: Many) -> list[str]:
    return [words.format(many.count(outcome)) for outcome, words in _COUNTED.items() if many.count(outcome)]


def _left(many: Many) -> list[str]:
    left = many.of_cause(Outcome.LEFT)
    return [
        f"🟡 {len(items)} {_LEFT.get(cause) or brief(cause_words(cause), 60)}"
        for cause, items in left.items()
    ]


def _over(many: Many) -> Message:
    counts = [*_counts(many), *_left(many)]
    text = " · ".join(counts) or "Nothing to publish."
    blocks: list[Block] = [
        section(f"*{text}*"),
        context(f"{brief(many.what)}, asked by {mention(many.asked_by)}"),
    ]
    for cause, items in list(many.of_cause(Outcome.FAILED).items())[:MOST_CAUSES]:
        value = json.dumps({"many": many.id, "cause": cause}, separators=(",", ":"))
        blocks += [
            section(f"🔴 {brief(cause_words(cause))} ({len(items)})"),
            actions(button("Retry these", RETRY, value), button("Show", LIST, f"failed:{cause}")),
        ]
    if (more := len(many.of_cause(Outcome.FAILED)) - MOST_CAUSES) > 0:
        blocks.append(section(f"🔴 … and {count(more, 'more cause')}", button("Show", LIST, "failed")))
    left = many.of_cause(Outcome.LEFT)
    for cause in [one for one in left if one not in _NO_ANSWER][:MOST_CAUSES]:
        why = _ASKS.get(cause) or f"to answer first: {brief(cause_words(cause), 60)}"
        said = f"🟡 {count(len(left[cause]), 'item')} {why}."
        where = _ASKED_OF.get(cause, ItemStatus.READY)
        blocks.append(section(said, button("Answer", LIST, f"{where}:{cause}")))
    if NOT_READY in left or many.count(Outcome.BACK):
        needing = len(left.get(NOT_READY, ())) + many.count(Outcome.BACK)
        value = ItemStatus.NEEDS_ATTENTION.value if NOT_READY in left else "review"
        said = f"🟡 {count(needing, 'item')} to look at first."
        blocks.append(section(said, button("Show", LIST, value)))
    return message(text, *blocks)


def asked(what: str) -> Message:
    return message(f"🟢 Publishing {brief(what)}. How it goes is shown in the channel.")


def causes(groups: Sequence[tuple[str, int, str]]) -> list[Block]:
    """What failed, by cause: how many, what was said, and the button for all of them."""
    blocks: list[Block] = []
    for cause, number, says in groups[:MOST_CAUSES]:
        blocks += [
            section(f"🔴 *{brief(cause_words(cause))}* ({number}): {brief(says, 300)}"),
            actions(
                button("Retry all of this cause", RETRY_CAUSE, cause),
                button("Show", LIST, f"failed:{cause}"),
            ),
        ]
    if (more := len(groups) - MOST_CAUSES) > 0:
        blocks.append(section(f"🔴 … and {count(more, 'more cause')}", button("Show", LIST, "failed")))
    return blocks
