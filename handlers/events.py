"""What happens in Slack without a command: files shared with the bot."""

from __future__ import annotations

from bot.services import Services
from handlers.kit import Call


async def file_dropped(call: Call, services: Services) -> None:
    """A file was shared in a conversation that the bot is in; `call.value` is its id. On the queue before
    the acknowledgement goes out (https://docs.slack.dev/reference/events/file_shared)."""
    await services.importing.dropped(call.business, call.value, call.person, call.channel)
