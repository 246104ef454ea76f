"""**Log**: who did what, when, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.audit import Line
from bot.slack.blocks.parts import Block, Message, View, actions, button, context, message, modal, section
from bot.slack.limits import cut
from bot.slack.text import brief, escape, mention, moment

OLDER = "log.older"
NEWEST = "log.newest"
EXPORT = "log.export"
PAGE = "log.page"
TITLE = "Log"
LONGEST = 500
LONGEST_WORD = 100
CHECKING = "checking the chain …"
_CHANNELS = ("Channel", "Digest channel")
_CHANNEL = re.compile(r"&lt;#([CDG][A-Z0-9]+)&gt;")
_PERSON = re.compile(r"\b(U[A-Z0-9]{3,})\b")


def page(lines: Sequence[Line], older: str, word: str, chain: str, meta: Mapping[str, Any]) -> View:
    """`chain` says how many entries there are and whether they are what was written."""
    word = cut(word, LONGEST_WORD)
    filtered = f" · only what has “{brief(word, 60)}”" if word else ""
    mark = "🔴 " if "BROKEN" in chain else ""
    blocks: list[Block] = [context(f"{mark}{escape(chain)}{filtered}")]
    blocks += [section(_line(line)) for line in lines]
    if not lines:
        blocks.append(section(f"Nothing has “{brief(word, 60)}” in it." if word else "Nothing yet."))
    buttons = []
    if meta.get("before"):
        buttons.append(button("Newest", NEWEST, "newest"))
    if older:
        buttons.append(button("Older", OLDER, older))
    blocks.append(actions(*buttons, button("Export CSV", EXPORT, "export")))
    return modal(TITLE, blocks, callback=PAGE, meta={**meta, "word": word, "chain": chain})


def _line(line: Line) -> str:
    who = mention(line.entry.who) if line.entry.who else "Dext"
    says = brief(line.says, LONGEST)
    if line.entry.what == "roles.changed":
        says = _PERSON.sub(r"<@\1>", says)
    if line.entry.what == "settings.changed" and line.entry.about in _CHANNELS:
        says = _CHANNEL.sub(r"<#\1>", says)
    return f"{moment(line.entry.at)}   {who} {says}"


def export_asked() -> Message:
    return message("The export comes as a private message in a moment.")


def exported(number: int, word: str, chain: str) -> str:
    """What stands beside the file."""
    entries = "1 entry" if number == 1 else f"{number:,} entries"
    only = f" with “{brief(word, 60)}”" if word else ""
    return f"The log: {entries}{only}. Whole log: {escape(chain)}."
