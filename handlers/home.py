"""App Home: the Connections page, one click away."""

from __future__ import annotations

from bot.services import Services
from handlers.kit import Call
from handlers.showing import page_blocks


async def opened(call: Call, services: Services) -> None:
    """https://docs.slack.dev/reference/events/app_home_opened"""
    blocks = await page_blocks(call, services)
    await call.slack.web.views_publish(user_id=call.person, view={"type": "home", "blocks": blocks})
