"""Payment methods as documents write them (`Visa *4242`), and what people said that they stand for."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from bot.domain.identity import EntryId, PersonId

_WORDS = re.compile(r"[a-z]+|[0-9]+")
LONGEST = 200
"""More is a text, no payment method."""
_LEADS_TO_DIGITS = frozenset(
    {"card", "digits", "ending", "ends", "four", "in", "last", "no", "nr", "number", "with"}
)
"""Words around the last digits of a card that make no other card of it."""


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A person said: what is paid with this is paid from that account."""

    written: str
    account: EntryId
    name: str
    """The account's, as it was called then."""
    by: PersonId
    at: dt.datetime
    mode: str = ""
    """The payment mode in the accounting software's words; empty: by the kind of the account."""

    @property
    def words(self) -> str:
        """`Business card, Credit Card`."""
        return f"{self.name}, {self.mode}" if self.mode else self.name


@lru_cache(maxsize=4096)
def key(written: str) -> str:
    """What a method is known by, however its last digits are marked: `Visa *4242`, `VISA ending in 4242` and
    `visa •••• 4242` are one. Empty where nothing can be told from another."""
    if len(written) > LONGEST:
        return ""
    signs = (sign if unicodedata.category(sign)[0] in "LMN" else " " for sign in written)
    words = _WORDS.findall(anyascii("".join(signs)).lower())
    if any(word.isdigit() for word in words):
        words = [word for word in words if word not in _LEADS_TO_DIGITS]
    kept: list[str] = []
    for word in reversed(words):
        is_mask = not word.strip("x") and bool(kept) and kept[-1].isdigit()
        if not is_mask:
            kept.append(word)
    return " ".join(reversed(kept))
