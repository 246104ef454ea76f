"""The Connections page: in a window and on App Home."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.audit import LogEntry, words
from bot.domain.checklist import Check
from bot.domain.connection import Connection
from bot.domain.identity import BOT
from bot.domain.lists import ListKind, ListsState
from bot.slack import text as say
from bot.slack.blocks.checklist import checklist
from bot.slack.blocks.connection import CONNECT, DISCONNECT_ASK, RECONNECT, TITLE
from bot.slack.blocks.parts import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    modal,
    section,
)
from bot.slack.text import brief, escape, mention, mentions, moment

MANAGE = "connection.manage"
PAGE = "connection.page"


def page_blocks(  # noqa: PLR0913 - all that the page shows
    connection: Connection | None,
    lists: ListsState,
    next_refresh_at: dt.datetime | None,
    held: int,
    calls: tuple[int, int] | None,
    checks: Sequence[Check],
    *,
    is_admin: bool,
    admins: Sequence[str],
    managing: bool = False,
    checked_at: dt.datetime | None = None,
    changes: Sequence[LogEntry] = (),
) -> list[Block]:
    """Where am I, what is the state, what can I do next; a member sees the same without buttons."""
    if connection is None:
        blocks = [section("*Accounting software*\nNo accounting software connected.")]
        if is_admin:
            blocks.append(actions(button("Connect", CONNECT, "zoho-books", style="primary")))
        return blocks if is_admin else [*blocks, _changed_by(admins)]
    state, manage = _state(connection, held), button("Manage", MANAGE, "manage")
    shows_manage = is_admin and connection.works and not managing
    blocks = [
        section("*Accounting software*"),
        section(state, manage if shows_manage else None),
        context(*_facts(connection, lists, next_refresh_at, calls, checked_at)),
        *checklist(checks, has_buttons=shows_manage),
    ]
    if held and connection.works:
        blocks.append(context(f"⏸ {say.held(held)}."))
    if not is_admin:
        return [*blocks, _changed_by(admins)]
    if managing or not connection.works:
        style = "" if connection.works else "primary"
        blocks += [
            divider(),
            actions(
                button("Reconnect", RECONNECT, connection.software, style=style),
                button("Refresh integration data", "refresh.ask", "refresh"),
                button("Settings", "settings.open", "settings"),
                button("Disconnect", DISCONNECT_ASK, "disconnect", style="danger"),
            ),
        ]
    if managing and changes:
        blocks.append(context("\n".join(_change(entry) for entry in changes)))
    return blocks


def page(blocks: Sequence[Block], meta: Mapping[str, Any]) -> View:
    return modal(TITLE, blocks, callback=PAGE, meta=meta)


def _state(connection: Connection, held: int) -> str:
    name = escape(connection.organisation.name)
    if connection.works:
        return f"🟢 *Zoho Books: {name}*"
    waiting = f" {say.held(held)}; nothing is lost." if held else " Nothing is lost."
    return f"🔴 *Zoho Books: {name}* · Reconnect needed\nZoho Books no longer accepts our sign-in.{waiting}"


def _facts(
    connection: Connection,
    lists: ListsState,
    next_refresh_at: dt.datetime | None,
    calls: tuple[int, int] | None,
    checked_at: dt.datetime | None,
) -> list[str]:
    organisation = connection.organisation
    about = " · ".join(
        escape(part) for part in (organisation.currency, organisation.country, organisation.id) if part
    )
    facts = [f"{about} · connected {moment(connection.connected_at)} by {mention(connection.connected_by)}"]
    if checked_at and connection.works:
        facts.append(f"Sign-in checked {moment(checked_at)}; it has no end by time")
    refreshed = (
        f"Lists refreshed {moment(lists.refreshed_at)}" if lists.refreshed_at else "Lists not refreshed yet"
    )
    if lists.counts:
        shown = (ListKind.CATEGORIES, ListKind.TAXES, ListKind.SUPPLIERS, ListKind.CUSTOMERS)
        refreshed += " · " + ", ".join(kind.counted(lists.counts.get(kind, 0)) for kind in shown)
    if next_refresh_at:
        refreshed += f" · next {moment(next_refresh_at)}"
    if calls:
        refreshed += f" · {calls[0]:,} of {calls[1]:,} calls used today"
    return [*facts, refreshed]


def _change(entry: LogEntry) -> str:
    """`3 Nov 14:02 · @ada changed Default tax for costs: none → Standard Rate 20%`."""
    who = "Dext" if entry.who in ("", BOT) else mention(entry.who)
    return f"{moment(entry.at)} · {who} {brief(words(entry), 200)}"


def _changed_by(admins: Sequence[str]) -> Block:
    return context(f"{mentions(admins)} can change this." if admins else "An Admin can change this.")
