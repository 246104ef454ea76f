"""Text on its way to Slack: everything from outside passes `escape`, once.

https://docs.slack.dev/messaging/formatting-message-text#escaping
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.domain.identity import BOT, PersonId
from bot.slack.limits import cut

_INVISIBLE = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"))


def escape(text: str) -> str:
    """Outside text for mrkdwn: it notifies nobody and links nowhere."""
    return text.translate(_INVISIBLE).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def brief(text: str, longest: int = 200) -> str:
    """Outside text that may be long, escaped and cut, so that what follows it still shows."""
    return escape(cut(" ".join(text.split()), longest))


def unstarred(written: str, longest: int = 200) -> str:
    """As `brief`, where it stands among bold letters: Slack takes a star of its own (`Visa *4242`) for their
    beginning or end and knows no way to escape it, so another sign of the same looks is in its place."""
    return brief(written.replace("*", "∗"), longest)


def mention(person: PersonId | str) -> str:
    """`@ada`; the bot itself in words."""
    return "the clock" if not person or person == BOT else f"<@{person}>"


def mentions(people: Sequence[str]) -> str:
    """`@ada and @tom`."""
    names = [mention(person) for person in people]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"  # noqa: PLR2004


def moment(at: dt.datetime, form: str = "{date_short_pretty} {time}") -> str:
    """A time in the reader's own zone (https://docs.slack.dev/messaging/formatting-message-text#date-formatting)."""
    return f"<!date^{int(at.timestamp())}^{form}|{at:%d %b %Y %H:%M} UTC>"


LONGEST_ADDRESS = 1500
"""Of a link: with its words it must stay within one of Slack's texts."""


def link(address: str, words: str, before: str = "") -> str:
    """A link with our own words; nothing where the address is none of the web."""
    if not address.startswith(("https://", "http://")) or set(address) & set("<>| \n"):
        return ""
    whole = address.replace("&", "&amp;")
    return f"{before}<{whole}|{words}>" if len(whole) <= LONGEST_ADDRESS else ""


def day(date: dt.date) -> str:
    """`5 Oct 2026`."""
    return f"{date.day} {date:%b %Y}"


def needing(number: int) -> str:
    """`1 item needs attention`, `3 items need attention`."""
    return f"{count(number, 'item')} {'needs' if number == 1 else 'need'} attention"


def held(number: int) -> str:
    """`1 item is held`, `3 items are held`."""
    return f"{count(number, 'item')} {'is' if number == 1 else 'are'} held"


def count(number: int, thing: str, things: str = "") -> str:
    """`1 item`, `3 items`, `2 entries`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {things or thing + 's'}"
