"""What happened to an item: lines in the thread under its card, and the **History** window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.history import Event
from bot.domain.identity import BOT
from bot.slack.blocks.parts import Block, Message, View, actions, button, context, message, modal, section
from bot.slack.text import brief, count, mention, moment

TURN = "history.turn"
PAGE = "history.page"
ON_A_PAGE = 20
IN_THREAD = 20
LONGEST = 500


def thread(events: Sequence[Event]) -> Message:
    """One message for all there is to say now; of very much, the newest."""
    lines = [_line(event) for event in events[-IN_THREAD:]]
    if len(events) > IN_THREAD:
        lines.insert(0, f"{len(events) - IN_THREAD} more before this are under *History*.")
    return message("\n".join(lines), *(context(line) for line in lines))


def page(
    title: str, events: Sequence[Event], total: int, offset: int, item: str, meta: Mapping[str, Any]
) -> View:
    """Newest first, a page at a time. `title` says which item it is."""
    blocks: list[Block] = [context(f"{brief(title)} · {count(total, 'entry', 'entries')}")]
    blocks += [section(f"{moment(event.at)}   {_line(event)}") for event in events]
    if not events:
        blocks.append(section("Nothing has happened to it yet."))
    turns = []
    if offset:
        turns.append(button("Newer", TURN + ".back", str(max(0, offset - ON_A_PAGE))))
    if offset + len(events) < total:
        turns.append(button("Older", TURN + ".on", str(offset + ON_A_PAGE)))
    if turns:
        blocks.append(actions(*turns))
    return modal("History", blocks, callback=PAGE, meta={**meta, "item": item})


def _line(event: Event) -> str:
    who = mention(event.who) if event.who and event.who != BOT else "Dext"
    return f"{who} {brief(event.says, LONGEST)}"
