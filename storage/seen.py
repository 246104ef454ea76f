"""Which deliveries of Slack were seen already: it repeats what it thinks was lost."""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from bot.domain.identity import WorkspaceId
from storage.keys import SharedKeys

SEEN_SECONDS = 3600
"""Slack repeats an event three times, the last after five minutes; an hour is on the safe side
(https://docs.slack.dev/apis/events-api/#retries)."""


@dataclass(frozen=True)
class Seen:
    redis: Redis
    keys: SharedKeys

    async def first_time(
        self, workspace: WorkspaceId, delivery_id: str, seconds: float = SEEN_SECONDS
    ) -> bool:
        """Whether a delivery is new; of two who ask at once, one hears yes."""
        key = self.keys.seen(workspace, delivery_id)
        return bool(await self.redis.set(key, b"1", nx=True, px=max(1, int(seconds * 1000))))
