"""What happened between the bot and the workspace, for tests and the page: calls, deliveries, refusals."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.slack.models import Json

NOT_A_FAULT = frozenset({"ratelimited", "hash_conflict", "injected"})
"""Refusals that a well-behaved bot gets now and then: throttling, a lost race, a failure made on demand."""


@dataclass
class Call:
    """One call of the Web API: arguments without the token; `error` is Slack's word or None."""

    at: float
    method: str
    arguments: Json
    error: str | None = None
    detail: str = ""


@dataclass
class Delivery:
    """One request to the bot. `outcome`: `ok`, `dispatch_failed`, `operation_timeout` or `refused`."""

    at: float
    kind: str
    summary: str
    seconds: float
    status: int | None
    outcome: str
    detail: str = ""


@dataclass
class Refusal:
    """The bot broke a rule of Slack: `where` is the API's method or the delivery's kind."""

    where: str
    error: str
    detail: str = ""


@dataclass
class Journal:
    """Everything in order; `refusals` is empty when the bot kept every rule."""

    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    throttled: list[Call] = field(default_factory=list)

    def called(self, call: Call) -> None:
        """Write down a call of the Web API, and its refusal if it was one."""
        self.calls.append(call)
        if call.error == "ratelimited":
            self.throttled.append(call)
        elif call.error and call.error not in NOT_A_FAULT:
            self.refuse(call.method, call.error, call.detail)

    def refuse(self, where: str, error: str, detail: str = "") -> None:
        """Write down that the bot broke a rule."""
        self.refusals.append(Refusal(where, error, detail))

    def forgive(self, *errors: str) -> None:
        """Take refusals with these words out: a test that provokes them has looked at them."""
        self.refusals = [refusal for refusal in self.refusals if refusal.error not in errors]

    def methods(self) -> list[str]:
        """The names of the API methods called, in order."""
        return [call.method for call in self.calls]

    def as_json(self) -> dict[str, Any]:
        """All of it as plain JSON."""
        return asdict(self)
