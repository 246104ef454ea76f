"""What the item API answered under an Idempotency-Key, so that the same request again changes nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import cast

from bot.domain.answers import Answer, Begun
from storage import values
from storage.base import Base

KEPT = dt.timedelta(days=7)


@dataclass(frozen=True)
class RedisAnswers(Base):
    def _key(self, api_key: str, idempotency_key: str) -> str:
        return self.keys("api-answer", api_key, hashlib.sha256(idempotency_key.encode()).hexdigest())

    async def begin(self, api_key: str, idempotency_key: str, body: str, lease_seconds: float) -> Begun:
        """Claims a request; `body` is its digest. A claim is free again after the lease: its process died."""
        mine = secrets.token_hex(8)
        verdict, stored = await self.run(
            "begin_answer",
            [self._key(api_key, idempotency_key)],
            body,
            mine,
            int(lease_seconds * 1000),
            int(KEPT.total_seconds() * 1000),
        )
        answer = values.load(Answer, stored) if stored else None
        return Begun(verdict.decode(), mine, answer)

    async def finish(self, api_key: str, idempotency_key: str, answer: Answer) -> None:
        """Kept for 7 days from now."""
        key = self._key(api_key, idempotency_key)
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, "answer", cast(str, values.dump(Answer, answer)))
            pipe.expire(key, KEPT)
            await pipe.execute()

    async def give_up(self, api_key: str, idempotency_key: str, mine: str) -> None:
        """Nothing came of it: the key may be used again, with another body too."""
        await self.run("give_up_answer", [self._key(api_key, idempotency_key)], mine)
