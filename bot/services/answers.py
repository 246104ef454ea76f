"""The same request again, under the same Idempotency-Key, is answered the same and does nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.answers import Answer
from bot.errors import AlreadyDone, WrongInput
from bot.ports import Storage
from bot.services.api_keys import Holder

LEASE_SECONDS = 60.0
"""A request takes no longer; the claim of a killed process is free after so long."""
PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.1
FIRST_FAULT = 400


class OtherBody(WrongInput):
    """The key was used for something else."""


class StillAtWork(AlreadyDone):
    """The first request under this key has no answer yet."""


@dataclass(frozen=True)
class AnswerService:
    storage: Storage
    patience_seconds: float = PATIENCE_SECONDS

    async def once(
        self, holder: Holder, idempotency_key: str, digest: str, work: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """The answer of `work`, which is done once in 7 days; who comes while it is being done waits for it.
        What was refused is not kept: it may be sent again, corrected. Raises OtherBody, StillAtWork."""
        answers = self.storage.of(holder.business).answers
        patience = self.patience_seconds
        while True:
            begun = await answers.begin(holder.key.id, idempotency_key, digest, LEASE_SECONDS)
            if begun.answer is not None:
                return begun.answer
            if begun.verdict == "other":
                raise OtherBody(
                    "This Idempotency-Key was used for another body.",
                    advice="Send a new key with a new body.",
                )
            if begun.verdict == "mine":
                break
            if patience <= 0:
                raise StillAtWork("The first request under this Idempotency-Key is still at work.")
            await asyncio.sleep(LOOK_SECONDS)
            patience -= LOOK_SECONDS
        try:
            answer = await work()
        except BaseException:
            await answers.give_up(holder.key.id, idempotency_key, begun.claim)
            raise
        if answer.status >= FIRST_FAULT:
            await answers.give_up(holder.key.id, idempotency_key, begun.claim)
        else:
            await answers.finish(holder.key.id, idempotency_key, answer)
        return answer
