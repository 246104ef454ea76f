"""What somebody meant who mistyped a word."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

NEAR = 60


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like it; empty when none is near."""
    found = process.extractOne(word.lower(), list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[0] if found else ""
