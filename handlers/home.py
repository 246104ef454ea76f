"""App Home: the Connections page, one click away, with how it stands and what waits for this person."""

from __future__ import annotations

from bot.domain.identity import Business, PersonId
from bot.domain.status import Status
from bot.services import Services
from bot.slack.blocks import status as blocks
from bot.slack.blocks.parts import Block
from bot.slack.client import Slack
from handlers.kit import Call
from handlers.pages import seen
from handlers.showing import connection_blocks


async def opened(call: Call, services: Services) -> None:
    """https://docs.slack.dev/reference/events/app_home_opened"""
    status, is_in = await _common(call.slack, services, call.business)
    page = await _page(services, call.business, call.person, status, is_in)
    await call.slack.home(call.person, page)
    await services.status.home_opened(call.business, call.person, seen(page))


async def refreshed(slack: Slack, services: Services, business: Business) -> None:
    """Everybody who opened their Home lately sees it as it is now; a page that is the same is left alone."""
    status, is_in = await _common(slack, services, business)
    for person, saw in (await services.status.openers(business)).items():
        page = await _page(services, business, person, status, is_in)
        if seen(page) != saw:
            await slack.home(person, page)
            await services.status.home_shown(business, person, seen(page))


async def _common(slack: Slack, services: Services, business: Business) -> tuple[Status, bool | None]:
    """What is the same for everybody, read once: how it stands, and whether the bot is in its channel."""
    status = await services.status.read(business)
    channel = status.settings.channel
    return status, await slack.is_in(channel) if channel and status.connection else None


async def _page(
    services: Services, business: Business, person: PersonId, status: Status, is_in: bool | None
) -> list[Block]:
    role = await services.roles.role(business, person)
    page = await connection_blocks(services, business, person, bot_in_channel=is_in)
    return blocks.home(status, page, role)
