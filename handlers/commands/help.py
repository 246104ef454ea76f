"""`/dext`, `/dext help`, and words nobody knows."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from bot.domain.items import ItemStatus
from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import help as blocks
from bot.slack.text import escape, needing
from handlers.kit import Call, Entry, Feature

NEAR = 60


async def show(call: Call, services: Services) -> None:
    """Help for this person, here, now; before it, the nearest command to a word nobody knows."""
    role = await services.roles.role(call.workspace, call.person)
    offered = {
        feature.name: feature.summary
        for feature in call.features.values()
        if feature.command is not None and feature.command.role <= role
    }
    word = call.text.split()[0] if call.text.split() else ""
    unknown = ""
    if word and word not in call.features:
        nearest = process.extractOne(word.lower(), list(offered), scorer=fuzz.ratio, score_cutoff=NEAR)
        unknown = blocks.unknown_word(word, nearest[0] if nearest else "")
    state, wanted = await _state(call, services)
    await call.whisper(
        blocks.page(state, list(offered.items()), [name for name in wanted if name in offered], unknown)
    )


async def _state(call: Call, services: Services) -> tuple[str, list[str]]:
    connection = await services.connection.current(call.business)
    if connection is None:
        return "Nothing is connected yet.", ["connect", "import", "items", "help"]
    name = escape(connection.organisation.name)
    if not connection.works:
        return f"🔴 Reconnect needed: {name}.", ["reconnect", "items", "connections", "help"]
    counts = (await services.items.page(call.business, None, limit=0)).counts
    attention = counts.get(ItemStatus.NEEDS_ATTENTION, 0)
    ready = counts.get(ItemStatus.READY, 0)
    return (
        f"Connected to {name}. {needing(attention)}, {ready} ready.",
        ["items", "import", "refresh", "settings"],
    )


FEATURE = Feature(
    "help", "What the bot can do, for you, now", command=Entry(Role.MEMBER, "ask for help", show=show)
)
