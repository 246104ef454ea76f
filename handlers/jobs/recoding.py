"""What a changed rule or remembered name did to items that wait."""

from __future__ import annotations

from bot.domain.identity import Business
from handlers.job_kit import Context


async def recoded(context: Context, business: str) -> None:
    """Each item says so in its history; the threads, with the cards above them, follow at Slack's pace."""
    await context.services.recoding.tell(Business.parse(business))
