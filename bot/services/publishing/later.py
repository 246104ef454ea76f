"""When a publication is to be run again, and when it was tried often enough."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.publication import Publication, Step
from bot.errors import AccountingError, BotError, RateLimited, Refused
from bot.ports import Store

MOST_ATTEMPTS = 6
LOOK_THERE = "It may have been booked: it is looked up there before anything is sent again."


class RetryLater(Exception):
    """The publication stands where it stood; run it again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


async def later(store: Store, publication: Publication, fault: AccountingError) -> BotError | RetryLater:
    """Counts an attempt; what to raise: a later run, or after too many the fault itself."""
    attempts = publication.attempts + (0 if isinstance(fault, RateLimited) else 1)
    await store.publications.save(replace(publication, attempts=attempts))
    if attempts >= MOST_ATTEMPTS:
        where = f" {LOOK_THERE}" if publication.step in (Step.SENDING, Step.PAYING) else ""
        return Refused(f"{fault.says} We tried {attempts} times.{where}", cause="unavailable")
    if isinstance(fault, RateLimited):
        return RetryLater(fault.retry_after_seconds)
    return RetryLater(2.0**attempts)
