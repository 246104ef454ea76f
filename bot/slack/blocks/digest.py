"""The daily digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.digest import Digest
from bot.domain.holds import cause_words
from bot.domain.items import ItemStatus
from bot.domain.money import shown
from bot.slack import text as say
from bot.slack.blocks import standing
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    button,
    context,
    field,
    message,
    modal,
    option,
    section,
    select,
)
from bot.slack.text import brief, count, escape

LIST = "items.list"
SAVE = "digest.save"
HOUR = "digest_hour"
OFF = "off"
MOST_NAMED = 10
CATEGORIES = 3
"""So many of the largest are named."""


def form(hour: int | None, time_zone: str, meta: Mapping[str, Any]) -> View:
    """**Daily digest**: a private one, by this person's clock."""
    hours = [option(f"At {one}:00", str(one)) for one in range(24)]
    chosen = OFF if hour is None else str(hour)
    blocks = [
        section("What waits and what happened since the last one, to you alone. It is silent when there is "
                "nothing to say; the channel's digest is set in `/dext settings`."),
        field("Your daily digest", HOUR, select([option("Off", OFF), *hours], chosen=chosen)),
        context(f"By your own clock: {escape(time_zone)}, as your Slack profile says." if time_zone
                else "Slack does not tell your time zone: the hour is UTC."),
    ]  # fmt: skip
    return modal("Daily digest", blocks, callback=SAVE, submit="Save", meta=meta)


def set_to(hour: int | None, time_zone: str) -> Message:
    if hour is None:
        return message("You get no digest of your own any more.")
    clock = escape(time_zone or "UTC")
    return message(f"Your digest comes every day at {hour}:00 ({clock}), as a direct message to you alone.")


def daily(digest: Digest, organisation: str) -> Message:
    """What waits first, then what happened; only what there is."""
    name = brief(organisation)
    waiting, happened = _waiting(digest), _happened(digest)
    blocks: list[Block] = [section(f"*Daily digest: {name}*")]
    blocks += [section(line, button("Show", LIST, shows) if shows else None) for line, shows in waiting]
    there = standing.digest_words(digest.changed_there, digest.entered_there)
    blocks += standing.in_digest(digest.changed_there, digest.entered_there)
    if happened:
        blocks.append(context(*happened))
    text = " · ".join([*(line for line, _ in waiting), *filter(None, [there]), *happened])
    return message(f"Daily digest: {name}. {text}", *blocks)


def _waiting(digest: Digest) -> list[tuple[str, str]]:
    """Each line with the status that its button shows."""
    lines = []
    if digest.needs_attention:
        may_be = f", of them {count(digest.duplicates, 'possible duplicate')}" if digest.duplicates else ""
        lines.append((f"🟡 {say.needing(digest.needs_attention)}{may_be}", ItemStatus.NEEDS_ATTENTION.value))
    if digest.ready:
        lines.append((f"✅ {count(digest.ready, 'item')} ready to publish", ItemStatus.READY.value))
    if digest.held:
        said = f"⏸ {count(sum(digest.held.values()), 'item')} held: {_causes(digest.held)}"
        lines.append((said, ItemStatus.WAITING.value))
    if digest.failed:
        said = f"🔴 {count(sum(digest.failed.values()), 'item')} failed: {_causes(digest.failed)}"
        lines.append((said, ItemStatus.FAILED.value))
    return lines


def _causes(causes: Mapping[str, int]) -> str:
    return brief(", ".join(f"{cause_words(cause)} ({number})" for cause, number in causes.items()))


def _spent(digest: Digest) -> str:
    """`Spent £144.00: Office Supplies £120.00, Travel £24.00`."""
    spend, code = digest.spend, digest.currency
    if spend is None or not (spend.by_category or spend.left_out):
        return ""
    largest = list(spend.by_category.items())[:CATEGORIES]
    named = ", ".join(f"{brief(name or 'no category', 60)} {shown(amount, code)}" for name, amount in largest)
    more = " and others" if len(spend.by_category) > CATEGORIES else ""
    left = f" · {count(spend.left_out, 'item')} in another currency not counted" if spend.left_out else ""
    return f"Spent {shown(spend.total, code)}" + (f": {named}{more}" if named else "") + left


def _happened(digest: Digest) -> list[str]:
    seen = digest.happened
    lines = []
    if seen.published:
        lines.append(f"{count(seen.published, 'item')} published")
    if said := _spent(digest):
        lines.append(said)
    if seen.imported:
        lines.append(f"{count(seen.imported, 'import')}")
    if seen.new_suppliers:
        names = ", ".join(brief(name, 60) for name in seen.new_suppliers[:MOST_NAMED])
        more = len(seen.new_suppliers) - MOST_NAMED
        lines.append(f"New suppliers created: {names}" + (f" and {more} more" if more > 0 else ""))
    if digest.list_changes:
        lines.append("Lists changed: " + brief("; ".join(digest.list_changes)))
    if seen.prevented or seen.returned:
        prevented = f"{count(seen.prevented, 'error')} found before sending"
        lines.append(f"{prevented}, {seen.returned} given back by Zoho Books")
    return lines
