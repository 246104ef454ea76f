"""How many calls an organisation's plan allows: a minute, a day, at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.sandbox.zoho_books.books import Books, Organisation
from bot.sandbox.zoho_books.rules import Refusal

A_MINUTE, CALLS_A_MINUTE, AT_ONCE, AT_ONCE_FREE = 60, 100, 10, 5
DAY = 86_400


@dataclass
class Limits:
    books: Books
    limits_calls: bool = True
    _minute: dict[str, list[float]] = field(default_factory=dict)
    _day: dict[str, int] = field(default_factory=dict)
    _now: dict[str, int] = field(default_factory=dict)

    def used_today(self, organisation_id: str) -> int:
        """Calls counted against the organisation's quota of the day."""
        return self._day.get(organisation_id, 0)

    def counted(self, organisation: Organisation | None) -> dict[str, str]:
        if organisation is None:
            return {}
        now = self.books.clock()
        used = self._day[organisation.id] = self._day.get(organisation.id, 0) + 1
        headers = {
            "X-Rate-Limit-Limit": str(organisation.day_limit),
            "X-Rate-Limit-Remaining": str(max(0, organisation.day_limit - used)),
            "X-Rate-Limit-Reset": str(DAY - int(now) % DAY),
        }
        recent = [at for at in self._minute.get(organisation.id, []) if at > now - A_MINUTE]
        self._minute[organisation.id] = [*recent, now]
        if self.limits_calls and used > organisation.day_limit:
            raise refused(45, "The maximum call rate limit has been exceeded for the day.", headers)
        if self.limits_calls and len(recent) >= CALLS_A_MINUTE:
            says = "For security reasons you have been blocked for some time: too many requests per minute."
            raise refused(44, says, headers)
        return headers

    @contextmanager
    def at_once(self, organisation: Organisation | None) -> Iterator[None]:
        name = organisation.id if organisation else ""
        is_free = organisation is not None and organisation.plan.upper() == "FREE"
        if self._now.get(name, 0) >= (AT_ONCE_FREE if is_free else AT_ONCE):
            raise refused(1070, "The maximum number of concurrent requests has been exceeded.", {})
        self._now[name] = self._now.get(name, 0) + 1
        try:
            yield
        finally:
            self._now[name] -= 1


def refused(code: int, message: str, headers: dict[str, str]) -> Refusal:
    refusal = Refusal(code, message, 429)
    refusal.headers = headers  # type: ignore[attr-defined]
    return refusal
