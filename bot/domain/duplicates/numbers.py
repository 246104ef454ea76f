"""Documents' numbers, however they are written.

Case, spaces, slashes, dashes and the leading zeros of each part make no difference: `2026/0042`, `2026-42`
and `20260042` are one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from anyascii import anyascii

_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_NO_SIGN = re.compile(r"[^a-z0-9]")
_PARTS = re.compile(r"[a-z]+|[0-9]+")


def folded_number(number: str) -> str:
    """Without case, spaces, slashes, dashes and the leading zeros of each part: what a number is searched
    by. A number without signs does not show its parts: compare with `same_number`."""
    bare = anyascii(number).lower()
    return _ZEROS.sub("", _NO_SIGN.sub("", _ZEROS.sub("", bare)))


def number_term(number: str) -> str:
    """What numbers that are the same share, and few others; empty where nothing is said."""
    bare = "".join(_written(number))
    return bare.replace("0", "") or bare[:1]


def same_number(one: str, other: str) -> bool:
    """Part by part; where one of the two has fewer signs, as if the other had none."""
    mine, theirs = _written(one), _written(other)
    if not mine or not theirs:
        return False
    if len(mine) == len(theirs):
        return _bare(mine) == _bare(theirs)
    return _reads_as(_bare(mine), "".join(theirs)) or _reads_as(_bare(theirs), "".join(mine))


def _written(number: str) -> list[str]:
    return _PARTS.findall(anyascii(number).lower())


def _bare(parts: Sequence[str]) -> list[str]:
    return [part.lstrip("0") or "0" for part in parts]


def _reads_as(parts: Sequence[str], whole: str) -> bool:
    """Whether a number without signs is these parts in a row, zeros before any of them."""
    ends = {0}
    for part in parts:
        ends = {begin + len(part) for begin in _begins(ends, whole) if whole.startswith(part, begin)}
    return len(whole) in ends


def _begins(ends: set[int], whole: str) -> set[int]:
    """Where the next part may begin: where the last one ended, or after any of the zeros that follow."""
    begins = set()
    for end in ends:
        zeros = len(whole) - end - len(whole[end:].lstrip("0"))
        begins |= set(range(end, end + zeros + 1))
    return begins
