"""How a business stands: `/dext status`, and what App Home shows under the Connections page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.holds import cause_words
from bot.domain.items import ItemStatus
from bot.domain.lists import ListKind, RefreshState
from bot.domain.probe import Finding
from bot.domain.roles import Role
from bot.domain.status import Status
from bot.slack import text as say
from bot.slack.blocks import many
from bot.slack.blocks.connection import RECONNECT
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    header,
    message,
    modal,
    section,
)
from bot.slack.text import brief, escape, mention, moment

PAGE = "status.page"
TITLE = "Status"
REFRESH_ASK = "refresh.ask"
LIST = "items.list"
CHECKING = "Checking what we may do in Zoho Books …"
_QUEUE = (
    (ItemStatus.PUBLISHING, "🟢 {} publishing"),
    (ItemStatus.WAITING, "⏸ {} held"),
    (ItemStatus.FAILED, "🔴 {} failed"),
    (ItemStatus.NEEDS_ATTENTION, "🟡 {} need attention"),
    (ItemStatus.READY, "✅ {} ready"),
)


def headline(status: Status) -> str:
    """One line of mrkdwn: `Connected to Held Out Ltd. 3 items need attention.`"""
    connection = status.connection
    if connection is None:
        return "Nothing is connected yet."
    name = brief(connection.organisation.name)
    if not connection.works:
        held = sum(status.held.values())
        return f"🔴 Reconnect needed: {name}." + (f" {say.held(held)}; nothing is lost." if held else "")
    attention = status.count(ItemStatus.NEEDS_ATTENTION)
    failed = status.count(ItemStatus.FAILED)
    said = f"Connected to {name}. {say.needing(attention) if attention else 'Nothing needs attention'}."
    return said + (f" {say.count(failed, 'item')} failed." if failed else "")


def page(
    status: Status, role: Role, meta: Mapping[str, Any], *, checking: bool = False, checked: str = ""
) -> View:
    """`checking`: a look at the accounting software is under way; `checked`: what came of it, where there is
    no finding."""
    blocks = [section(f"*{headline(status)}*")]
    if status.connection is not None:
        blocks += [context(*_connected(status)), context(lists_line(status))]
    blocks += [section(queue_line(status)), *problems(status, role)]
    if checking:
        blocks.append(context(CHECKING))
    elif checked:
        blocks.append(context(escape(checked)))
    return modal(TITLE, blocks, callback=PAGE, meta=meta)


def _connected(status: Status) -> list[str]:
    connection = status.connection
    if connection is None:
        return []
    since = f"Connected {moment(connection.connected_at)} by {mention(connection.connected_by)}"
    facts = [f"{brief(connection.organisation.label)} · {since}"]
    next_at = status.next_refresh_at
    facts.append(f"Next refresh {moment(next_at)}" if next_at else "No refresh is scheduled")
    if status.calls:
        used, allowed = status.calls
        facts.append(f"{used:,} of {allowed:,} calls used today, {_calls_left(status)}")
    if status.probe is not None:
        facts.append(f"Rights checked {moment(status.probe.at)}")
    return facts


def _calls_left(status: Status) -> str:
    used, allowed = status.calls or (0, 0)
    return f"{max(0, allowed - used):,} left"


def lists_line(status: Status) -> str:
    """Every list with how many entries are active, and when they were read."""
    if status.lists.refreshed_at is None:
        return "Lists not refreshed yet"
    return f"Lists refreshed {moment(status.lists.refreshed_at)}: {_list_counts(status)}"


def _list_counts(status: Status) -> str:
    known = [kind for kind in ListKind if kind in status.lists.counts]
    return ", ".join(kind.counted(status.lists.counts[kind]) for kind in known)


def queue_line(status: Status) -> str:
    shown = [words.format(status.count(state)) for state, words in _QUEUE if status.count(state)]
    held = ", ".join(f"{cause_words(cause)} ({number})" for cause, number in status.held.items())
    return (" · ".join(shown) or "Nothing waits.") + (f"\nHeld: {brief(held)}" if held else "")


def problems(status: Status, role: Role) -> list[Block]:
    """What is wrong now, each with the button that mends it, for who may press it."""
    is_admin, blocks = role >= Role.ADMIN, list[Block]()
    connection, refresh = status.connection, status.refresh
    if connection is not None and not connection.works:
        reconnect = button("Reconnect", RECONNECT, connection.software, style="primary")
        says = brief(connection.reason or "Zoho Books no longer accepts our sign-in.", 300)
        blocks.append(section(f"🔴 {says}", reconnect if is_admin else None))
    if refresh is not None and refresh.state is RefreshState.FAILED:
        again = f" We try again {moment(refresh.retry_at)}." if refresh.retry_at else ""
        ask = button("Refresh", REFRESH_ASK, "refresh")
        said = f"🔴 Refresh failed: {brief(refresh.fault, 300)}{again}"
        blocks.append(section(said, ask if is_admin else None))
    for finding in status.probe.findings if status.probe else ():
        says = f"🔴 {brief(finding.sentence, 500)}"
        slug = connection.software if connection else ""
        blocks.append(section(says, button("Reconnect", RECONNECT, slug) if is_admin and slug else None))
    if role >= Role.APPROVER:
        blocks += many.causes([(one.cause, one.number, one.says) for one in status.failed])
    elif status.failed:
        causes = ", ".join(f"{cause_words(one.cause)} ({one.number})" for one in status.failed)
        blocks.append(section(f"🔴 Failed: {brief(causes)}", button("Show", LIST, ItemStatus.FAILED.value)))
    return blocks


# --- App Home


def home(status: Status, connections: Sequence[Block], role: Role) -> list[Block]:
    """App Home: where it stands, the Connections page, what is wrong, what waits for you."""
    blocks: list[Block] = [section(f"*{headline(status)}*"), *connections]
    if status.lists.counts:
        left = f" · {_calls_left(status)} of today's calls" if status.calls else ""
        blocks.append(context(f"All lists: {_list_counts(status)}{left}"))
    blocks += [header("Queue"), section(queue_line(status)), *problems(status, role)]
    return [*blocks, *_waits_for_you(status, role)]


def _waits_for_you(status: Status, role: Role) -> list[Block]:
    attention, ready = status.count(ItemStatus.NEEDS_ATTENTION), status.count(ItemStatus.READY)
    blocks: list[Block] = []
    if attention:
        review = button("Show", LIST, ItemStatus.NEEDS_ATTENTION.value)
        blocks.append(section(f"🟡 {say.needing(attention)}", review))
    if ready and role >= Role.APPROVER:
        blocks += [
            section(f"✅ {say.count(ready, 'item')} to publish"),
            actions(
                button("Publish all", many.READY, "ready", style="primary"),
                button("Review", LIST, ItemStatus.READY.value),
            ),
        ]
    return [header("Waits for you"), *(blocks or [section("Nothing.")])]


# --- the daily look


def told(new: Sequence[Finding], software: str) -> Message:
    """To the Admins, once for each problem."""
    text = " ".join(brief(one.sentence, 500) for one in new)
    return message(
        text,
        section(f"🔴 {text}"),
        context("This was found before a publish could fail for it. `/dext status` looks again."),
        actions(button("Reconnect", RECONNECT, software)),
    )
