"""What the item API answered, kept so that the same request again is answered the same."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    """JSON, as it was sent."""


@dataclass(frozen=True, slots=True)
class Begun:
    """`verdict`: `mine` (go on), `other` (another body), `runs` (the first is still at work), `done`."""

    verdict: str
    claim: str = ""
    answer: Answer | None = None
