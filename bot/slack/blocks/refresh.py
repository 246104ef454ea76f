"""Refreshing the lists: the question, the one status message, its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.lists import ListChange, ListKind, Refresh, RefreshState
from bot.slack.blocks.parts import Block, Message, View, actions, button, context, message, modal, section
from bot.slack.text import brief, count, escape, mention, moment, needing

ASK = "refresh.ask"
CONFIRM = "refresh.confirm"
BAR = 10


def question(meta: Mapping[str, Any]) -> View:
    text = (
        "Accounts, taxes, suppliers, customers and the other lists are read again from Zoho Books. "
        "Items, rules and settings stay: no data is lost. It usually takes a couple of minutes."
    )
    return modal(
        "Refresh lists", [section(text)], callback=CONFIRM, submit="Refresh", close="Cancel", meta=meta
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
    reading = f" · reading {refresh.reading.words}" if refresh.reading else ""
    return message(
        f"Refresh in progress: {name}",
        section(f"🟢 *Refresh in progress: {name}*"),
        context(f"{'▰' * full}{'▱' * (BAR - full)} {done} of {lists} lists{reading}"),
        context(f"asked by {mention(refresh.asked_by)}, {moment(refresh.started_at, '{time}')}"),
    )


def _complete(refresh: Refresh, name: str) -> Message:
    seconds = count(max(1, round(refresh.seconds)), "second")
    blocks: list[Block] = [section(f"✅ *Refresh complete: {name}* · {seconds}")]
    blocks.append(context(" · ".join(_words(change) for change in refresh.changes if change.available)))
    for change in refresh.changes:
        for gone in change.vanished:
            blocks.append(context(f"🟡 *{brief(gone)}* ({change.kind.words}) is gone from Zoho Books."))
    if refresh.items_touched:
        blocks.append(
            section(
                f"🟡 {needing(refresh.items_touched)} because of it.",
                button("Review", "items.list", "needs_attention"),
            )
        )
    off = [change.kind.words for change in refresh.changes if not change.available]
    if off:
        blocks.append(context(f"Not switched on in Zoho Books: {', '.join(off)}"))
    return message(f"Refresh complete: {name}", *blocks)


def _words(change: ListChange) -> str:
    news = [f"{change.added:,} new"] if change.added else []
    news += [f"{change.renamed_count:,} renamed"] if change.renamed_count else []
    news += [f"{change.vanished_count:,} gone"] if change.vanished_count else []
    return _number(change.total, change.kind) + (f" ({', '.join(news)})" if news else "")


def _number(total: int, kind: ListKind) -> str:
    """`1 product`, `16 categories`."""
    words = kind.words
    if total == 1:
        words = words.removesuffix("ies") + "y" if words.endswith("ies") else words.removesuffix("s")
        words = {"taxe": "tax"}.get(words, words)
    return f"{total:,} {words}"


def _failed(refresh: Refresh, name: str) -> Message:
    again = f" We try again at {moment(refresh.retry_at, '{time}')}." if refresh.retry_at else ""
    return message(
        f"Refresh failed: {name}",
        section(f"🔴 *Refresh failed: {name}*\n{escape(refresh.fault)}"),
        context(f"The lists from before stay in use, whole.{again}"),
        actions(button("Try now", ASK, "refresh")),
    )


def already_running(refresh: Refresh) -> Message:
    at = moment(refresh.started_at, "{time}")
    return message(f"Refresh in progress already, asked by {mention(refresh.asked_by)} at {at}.")
