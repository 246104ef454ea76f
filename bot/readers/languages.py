"""How likely a word is in a language: by its letters and by which follow which.

The models are made of what the Unicode locale data (CLDR, in babel) calls countries, languages, currencies
and scripts in each language: some thousands of words of each, with every letter that it writes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

_LETTERS = re.compile(r"[^\s\d!-/:-@\[-`{-~()（），、・]+")
_PAIR, _ALONE, _USUAL, _UNSEEN = 0.7, 0.2, 0.09, 0.01
_MOST_LETTERS = 2000
_EDGE = " "
SIGNS = "£€$¥§°©®™’‘“”„–—…•·«»½¼¾²³ºª\u00a0×"
_SIGN, _MONEY = math.log(1e-3), math.log(0.05)
_MISPLACED = -7.0
"""A sign within a word, a capital after a small letter, two scripts in one word: no language writes that."""
_BEFORE_LETTERS = "’‘“„«•·\u00a0-"
_MONEY_SIGNS = "£€$¥"
_SCRIPTS = (
    (0x370, "greek"), (0x400, "cyrillic"), (0x530, "other"), (0x590, "hebrew"), (0x600, "arabic"),
    (0x700, "other"), (0xE00, "thai"), (0xE80, "other"), (0x1100, "hangul"), (0x1200, "other"),
    (0x1E00, "latin"), (0x1F00, "greek"), (0x2000, "other"), (0x3040, "kana"), (0x3400, "han"),
    (0xA000, "other"), (0xAC00, "hangul"), (0xD7B0, "other"), (0xF900, "han"), (0xFB00, "other"),
    (0xFF66, "half"), (0xFFA0, "other"),
)  # fmt: skip
"""Where blocks of Unicode begin."""
_TOGETHER = ({"kana", "han"},)
_COMMON = {
    "ja": ("euc_jp", range(16, 48)), "zh": ("gb2312", range(16, 56)), "ko": ("euc_kr", range(16, 41)),
    "zh_Hant": ("big5", range(4, 39)),
}  # fmt: skip
"""Where the usual signs stand, by the rows of the national standards: lists of countries have few of them."""


@dataclass(frozen=True)
class Model:
    """One language's letters, alone and by what stands before them."""

    alone: dict[str, float]
    after: dict[tuple[str, str], float]
    usual: frozenset[str] = frozenset()

    def likelihood(self, word: str) -> float:
        """The logarithm of how likely the word is."""
        return sum(
            self._letter(before, letter) + (_MISPLACED if _misplaced(word, place) else 0.0)
            for place, (before, letter) in enumerate(zip(_EDGE + word, word, strict=False))
        )

    def _letter(self, before: str, letter: str) -> float:
        if letter in SIGNS or (letter.isascii() and not letter.isalpha()):
            return _MONEY if letter in _MONEY_SIGNS else _SIGN
        before, letter = _folded(before), _folded(letter)
        chance = _UNSEEN / (50 * _MOST_LETTERS if self.usual else _MOST_LETTERS)
        chance += _PAIR * self.after.get((before, letter), 0.0) + _ALONE * self.alone.get(letter, 0.0)
        return math.log(chance + (_USUAL / len(self.usual) if letter in self.usual else 0.0))


@cache
def model(language: str) -> Model:
    """Made when it is first asked for: some hundredths of a second."""
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for word in _words(language):
        folded = "".join(map(_folded, word))
        singles.update(folded)
        pairs.update(zip(_EDGE + folded, folded, strict=False))
    whole = sum(singles.values())
    befores: Counter[str] = Counter()
    for (before, _), number in pairs.items():
        befores[before] += number
    return Model(
        {letter: number / whole for letter, number in singles.items()},
        {pair: number / (befores[pair[0]] + 2) for pair, number in pairs.items()},
        _usual(language),
    )


def _usual(language: str) -> frozenset[str]:
    if language not in _COMMON:
        return frozenset()
    encoding, rows = _COMMON[language]
    cells = (*range(0x40, 0x7F), *range(0xA1, 0xFF)) if encoding == "big5" else range(0xA1, 0xFF)
    signs = (bytes((0xA0 + row, cell)).decode(encoding, errors="ignore") for row in rows for cell in cells)
    return frozenset(sign for sign in signs if len(sign) == 1)


def _words(language: str) -> Iterator[str]:
    locale = Locale.parse(language)
    for names in (locale.territories, locale.languages, locale.currencies, locale.scripts):
        for name in set(map(str, names.values())):
            yield from _LETTERS.findall(unicodedata.normalize("NFC", name))


def _folded(letter: str) -> str:
    """Small, and one sign: `İ` has two when it is made small."""
    small = letter.lower()
    return small if len(small) == 1 else letter.casefold()[:1]


def _misplaced(word: str, place: int) -> bool:
    sign = word[place]
    before = word[place - 1] if place else _EDGE
    after = word[place + 1] if place + 1 < len(word) else _EDGE
    if sign in SIGNS or not sign.isalpha():
        return not sign.isascii() and after.isalpha() and sign not in _BEFORE_LETTERS and not _is_mark(sign)
    if not before.isalpha():
        return False
    if not _fit(_script(before), _script(sign)):
        return True
    is_foreign = not (sign.isascii() and before.isascii() and after.isascii())
    return is_foreign and sign.isupper() and (before.islower() or after.islower())


def _is_mark(sign: str) -> bool:
    """One that is written over or under a letter."""
    return unicodedata.category(sign).startswith("M")


def _fit(one: str, other: str) -> bool:
    return one == other or {one, other} in _TOGETHER


def _script(letter: str) -> str:
    found = "latin"
    for start, script in _SCRIPTS:
        if ord(letter) < start:
            break
        found = script
    return found
