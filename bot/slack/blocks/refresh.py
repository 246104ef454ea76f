"""Refreshing the lists: the question, the one status message, its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.lists import ListChange, ListKind, Refresh, RefreshState
from bot.slack.blocks import changes
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    field,
    message,
    modal,
    option,
    section,
    select,
)
from bot.slack.text import brief, count, escape, mention, moment, needing

ASK = "refresh.ask"
CONFIRM = "refresh.confirm"
LISTS = "lists"
ALL = "all"
BAR = 10
_ALWAYS = (ListKind.CATEGORIES, ListKind.TAXES, ListKind.SUPPLIERS, ListKind.CUSTOMERS)
"""Also worth a word when they are empty."""


def question(kinds: Sequence[ListKind], chosen: ListKind | None, meta: Mapping[str, Any]) -> View:
    """Asks first. All lists, unless one is picked."""
    text = (
        "Accounts, taxes, suppliers, customers and the other lists are read again from Zoho Books. "
        "Items, rules and settings stay: no data is lost. It usually takes a couple of minutes."
    )
    offered = [
        option("All lists", ALL),
        *(option(kind.words.capitalize(), kind.value) for kind in sorted(kinds)),
    ]
    pick = field("Lists", LISTS, select(offered, chosen=chosen.value if chosen else ALL))
    return modal(
        "Refresh lists", [section(text), pick], callback=CONFIRM, submit="Refresh", close="Cancel", meta=meta
    )


def status(refresh: Refresh, organisation: str, lists: int) -> Message:
    """The one message of a refresh, edited in place. `lists`: how many there are to read."""
    name = brief(organisation)
    if refresh.state is RefreshState.COMPLETE:
        return _complete(refresh, name)
    if refresh.state is RefreshState.FAILED:
        return _failed(refresh, name)
    done = len(refresh.changes)
    full = round(BAR * done / lists) if lists else 0
    blocks = [
        section(f"🟢 *Refresh in progress: {name}*"),
        context(f"{'▰' * full}{'▱' * (BAR - full)} {done} of {lists} lists{_reading(refresh)}"),
    ]
    if refresh.waits_for:
        until = f" It goes on at {moment(refresh.waits_until, '{time_secs}')}." if refresh.waits_until else ""
        blocks.append(context(f"⏸ {escape(refresh.waits_for)}{until}"))
    blocks.append(context(f"asked by {mention(refresh.asked_by)}, {moment(refresh.started_at, '{time}')}"))
    return message(f"Refresh in progress: {name}", *blocks)


def _reading(refresh: Refresh) -> str:
    """`suppliers 1,400 read`."""
    if refresh.reading is None:
        return ""
    words = refresh.reading.words
    return f" · {words} {refresh.read_count:,} read" if refresh.read_count else f" · reading {words}"


def _complete(refresh: Refresh, name: str) -> Message:
    seconds = count(max(1, round(refresh.seconds)), "second")
    blocks: list[Block] = [section(f"✅ *Refresh complete: {name}* · {seconds}")]
    if read := " · ".join(_words(change) for change in refresh.changes if _is_worth_a_word(change)):
        blocks.append(context(read))
    blocks += changes.in_short(refresh)
    if refresh.items_touched:
        blocks.append(
            section(
                f"🟡 {needing(refresh.items_touched)} because of it.",
                button("Review", "items.list", "needs_attention"),
            )
        )
    blocks += [context(line) for line in _unread(refresh.changes)]
    if refresh.report_lines:
        blocks.append(actions(button("Show all changes", changes.OPEN, refresh.id)))
    return message(f"Refresh complete: {name}", *blocks)


def _is_worth_a_word(change: ListChange) -> bool:
    return change.available and (change.total > 0 or change.is_any or change.kind in _ALWAYS)


def _unread(changes: Sequence[ListChange]) -> list[str]:
    """What could not be read does not fail the rest, and is said."""
    off = [change.kind.words for change in changes if not change.available and change.why != "rights"]
    barred = [change.kind.words for change in changes if not change.available and change.why == "rights"]
    lines = [f"Not switched on in Zoho Books: {', '.join(off)}"] if off else []
    if barred:
        lines.append(
            f"🟡 Our sign-in may not read {', '.join(barred)}; what was known of them stays. "
            "`/dext reconnect` as somebody who may gives us the right."
        )
    return lines


def _words(change: ListChange) -> str:
    news = [f"{change.added:,} new"] if change.added else []
    news += [f"{change.renamed_count:,} renamed"] if change.renamed_count else []
    news += [f"{change.vanished_count:,} gone"] if change.vanished_count else []
    news += [f"{change.active_again_count:,} active again"] if change.active_again_count else []
    news += [f"{change.regrouped_count:,} made of others"] if change.regrouped_count else []
    return change.kind.counted(change.total) + (f" ({', '.join(news)})" if news else "")


def _failed(refresh: Refresh, name: str) -> Message:
    again = f" We try again at {moment(refresh.retry_at, '{time}')}." if refresh.retry_at else ""
    return message(
        f"Refresh failed: {name}",
        section(f"🔴 *Refresh failed: {name}*\n{escape(refresh.fault)}"),
        context(f"The lists from before stay in use, whole.{again}"),
        actions(button("Try now", ASK, refresh.only.value if refresh.only else "refresh")),
    )


def already_running(refresh: Refresh) -> Message:
    at = moment(refresh.started_at, "{time}")
    return message(f"Refresh in progress already, asked by {mention(refresh.asked_by)} at {at}.")
