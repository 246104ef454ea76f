"""Reading the log of a business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business
from bot.ports import Storage


@dataclass(frozen=True)
class LogService:
    storage: Storage

    async def latest(self, business: Business, limit: int) -> Sequence[LogEntry]:
        return await self.storage.of(business).log.latest(limit)
