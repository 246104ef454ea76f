"""`/dext`, `/dext help`, and words nobody knows."""

from __future__ import annotations

from bot.domain.items import ItemStatus
from bot.domain.lists import RefreshState
from bot.domain.roles import Role
from bot.domain.status import Status
from bot.services import Services
from bot.slack.blocks import help as blocks
from bot.slack.blocks import topics
from bot.slack.blocks.status import headline
from handlers.kit import Call, Entry, Feature
from handlers.nearest import meant


async def show(call: Call, services: Services) -> None:
    """Help for this person, here, now, or about a topic; before it, the nearest command to a word nobody
    knows."""
    if topic := topics.named(call.text):
        needs = await services.connection.needs(call.business) if topic == blocks.NEEDS else None
        await call.whisper(blocks.needs(needs) if needs else topics.page(topic))
        return
    role = await services.roles.role(call.business, call.person)
    offered = {
        feature.name: feature.summary
        for feature in call.features.values()
        if feature.command is not None and feature.command.role <= role
    }
    words = call.text.lower().split()
    word = words[0] if words else ""
    known = {name: f"help {name}" for name in topics.TOPICS} | {name: name for name in offered}
    unknown = ""
    if word and word not in call.features:
        unknown = blocks.unknown_word(word, known.get(meant(words, known), ""))
    status = await services.status.read(call.business)
    likely = [name for name in wanted(status, role) if name in offered]
    await call.whisper(blocks.page(headline(status), list(offered.items()), likely, unknown))


def wanted(status: Status, role: Role) -> list[str]:
    """The commands most likely wanted now, the likeliest first."""
    if status.connection is None:
        return ["connect", "import", "items", "status"]
    found: list[str] = []
    if not status.connection.works:
        found += ["reconnect", "status"]
    if status.lists.refreshed_at is None or (
        status.refresh is not None and status.refresh.state is RefreshState.FAILED
    ):
        found.append("refresh")
    if status.count(ItemStatus.FAILED):
        found.append("status")
    if status.count(ItemStatus.READY) and role >= Role.APPROVER:
        found.append("publish")
    if status.count(ItemStatus.NEEDS_ATTENTION):
        found.append("items")
    usual = ["items", "import", "publish", "status", "refresh", "settings", "connections"]
    return list(dict.fromkeys([*found, *usual]))


FEATURE = Feature(
    "help", "What the bot can do, for you, now", command=Entry(Role.MEMBER, "ask for help", show=show)
)
