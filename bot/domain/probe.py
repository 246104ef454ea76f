"""What a look at the accounting software found: one cheap call for each kind of right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """A right that is missing, or something that would stop every publish. `area` is what it is about:
    `bills`, `contacts`; empty for the connection as a whole."""

    area: str
    cause: str
    says: str
    advice: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.says} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class Probe:
    """One look. `asked` are the areas it asked for; it may have had to stop before the last."""

    at: datetime
    asked: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    unfinished: str = ""
    """Why it stopped early, in words."""
    is_heard: bool = False
    """Whether the connection as a whole answered: signed in, and the organisation there."""
    checked_at: datetime | None = None
    """When sign-in and organisation were looked at last, alone or with all the rest."""


def compare(before: Probe | None, after: Probe) -> tuple[Probe, Sequence[Finding], Sequence[Finding]]:
    """What is known now, what is new, and what is gone. What was known of an area that was not asked for
    this time stays; what was said of the connection as a whole goes when that is heard again."""
    old = before.findings if before else ()
    seen = {(one.area, one.cause) for one in after.findings}
    unheard = [
        one
        for one in old
        if (one.area, one.cause) not in seen
        and (one.area not in after.asked if one.area else not after.is_heard)
    ]
    known = {(one.area, one.cause) for one in old}
    new = [one for one in after.findings if (one.area, one.cause) not in known]
    gone = [one for one in old if (one.area, one.cause) not in seen and one not in unheard]
    return replace(after, findings=(*after.findings, *unheard)), new, gone
