"""The log of a business: who did what, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.identity import PersonId


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log. `what` is a word pair such as `connection.finished`, `item.published`,
    `refused.connect`; `about` an item or setting; before and after are short texts without secrets."""

    at: datetime
    who: PersonId
    what: str
    about: str = ""
    before: str = ""
    after: str = ""
