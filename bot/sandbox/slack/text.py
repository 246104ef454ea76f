"""Slack's markup as a person reads it: mentions, links, dates and marks resolved.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re

from bot.sandbox.slack.models import Json
from bot.sandbox.slack.workspace import Workspace

_ANGLE = re.compile(r"<([^<>]+)>")
_MARKS = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^*~`\n]+?)(?<=\S)\1(?![\w])")
_FENCE = re.compile(r"```\n?|^> ?|^&gt; ?", re.MULTILINE)


def readable(workspace: Workspace, text: str) -> str:
    """mrkdwn as it is seen: `<@U1>` is @ada, `*bold*` is bold, `&amp;` is &."""
    shown = _ANGLE.sub(lambda match: _special(workspace, match[1]), _FENCE.sub("", text))
    while (lighter := _MARKS.sub(r"\2", shown)) != shown:
        shown = lighter
    return unescaped(shown)


def unescaped(text: str) -> str:
    """Slack's three entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def links(text: str) -> dict[str, str]:
    """The links in mrkdwn: what is read -> address."""
    found: dict[str, str] = {}
    for inside in _ANGLE.findall(text):
        if inside[0] not in "@#!":
            address, _, label = inside.partition("|")
            found[unescaped(label or address)] = unescaped(address)
    return found


def squeezed(text: str) -> str:
    """One space between words, as the eye takes it."""
    return " ".join(text.split())


def text_of(workspace: Workspace, value: Json | None) -> str:
    """A text object as it is seen; `plain_text` has no marks."""
    if not value:
        return ""
    text = str(value.get("text", ""))
    return readable(workspace, text) if value.get("type") == "mrkdwn" else unescaped(text)


def _special(workspace: Workspace, inside: str) -> str:
    what, _, label = inside.partition("|")
    if what.startswith("@"):
        member = workspace.members.get(what[1:])
        return f"@{member.name}" if member else label or what
    if what.startswith("#"):
        channel = workspace.channels.get(what[1:])
        return f"#{channel.name}" if channel else label or what
    if what.startswith("!"):
        return label or f"@{what[1:].partition('^')[0]}"
    return label or what
