"""App Home: the Connections page, one click away, with how it stands and what waits for this person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from bot.domain.checklist import Check
from bot.domain.identity import Business, PersonId
from bot.domain.status import Status
from bot.services import Services
from bot.slack.blocks import status as blocks
from bot.slack.blocks.parts import Block
from bot.slack.client import Slack
from handlers.kit import Call
from handlers.showing import connection_blocks


async def opened(call: Call, services: Services) -> None:
    """https://docs.slack.dev/reference/events/app_home_opened"""
    page = await _page(
        services, call.business, call.person, *await _common(call.slack, services, call.business)
    )
    await call.slack.home(call.person, page)
    await services.status.home_opened(call.business, call.person, _seen(page))


async def refreshed(slack: Slack, services: Services, business: Business) -> None:
    """Everybody who opened their Home lately sees it as it is now; a page that is the same is left alone."""
    head = await services.status.log_head(business)
    status, checks = await _common(slack, services, business)
    for person, seen in (await services.status.openers(business)).items():
        page = await _page(services, business, person, status, checks)
        if _seen(page) != seen:
            await slack.home(person, page)
            await services.status.home_shown(business, person, _seen(page))
    await services.status.homes_know(business, head)


async def _common(slack: Slack, services: Services, business: Business) -> tuple[Status, Sequence[Check]]:
    """What is the same for everybody, read once."""
    status = await services.status.read(business)
    channel = status.settings.channel
    is_in = await slack.is_in(channel) if channel and status.connection else None
    return status, services.status.checklist(status, bot_in_channel=is_in)


async def _page(
    services: Services, business: Business, person: PersonId, status: Status, checks: Sequence[Check]
) -> list[Block]:
    role = await services.roles.role(business, person)
    return blocks.home(status, await connection_blocks(services, business, person), checks, role)


def _seen(page: list[Block]) -> str:
    """One state of the page from another, in few letters."""
    return hashlib.sha256(json.dumps(page, sort_keys=True).encode()).hexdigest()[:16]
