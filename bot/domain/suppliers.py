"""When two names are one supplier, and which suppliers come closest to a new name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from bot.domain.identity import EntryId

_WORDS = re.compile(r"[a-z0-9]+")
_IDEOGRAPHS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Characters of which many share one spelling in letters."""
_FORMS = {
    "ltd": "ltd, limited, co ltd, company limited, pvt ltd, private limited, pty ltd, pte ltd, pty, pte",
    "plc": "plc", "llp": "llp", "llc": "llc", "inc": "inc, incorporated", "corp": "corp, corporation",
    "co": "co, company", "gmbh": "gmbh, mbh", "gmbh & co kg": "gmbh and co kg", "ag": "ag", "kg": "kg",
    "ug": "ug", "ohg": "ohg", "gbr": "gbr", "ev": "ev", "sarl": "sarl", "sas": "sas, sasu", "sa": "sa",
    "eurl": "eurl", "srl": "srl", "spa": "spa", "sl": "sl, slu, s l", "bv": "bv", "nv": "nv", "oy": "oy, oyj",
    "ab": "ab", "as": "as, a s, asa", "aps": "aps", "pt": "tbk", "bhd": "sdn bhd, bhd", "kk": "kk",
    "sro": "sro, s r o, spol s ro", "doo": "doo", "kft": "kft", "sp z oo": "sp z oo", "lda": "lda, ltda",
    "sa de cv": "sa de cv",
}  # fmt: skip
"""Legal forms that end a name, by the form they stand for. A short own table: general ones also hold `uk`,
`op` or `private`, and make one supplier of “The Co-op” and “The”."""
_ENDINGS = {
    tuple(written.split()): form for form, ways in _FORMS.items() for written in ways.split(", ")
}  # fmt: skip
_LONGEST_ENDING = max(map(len, _ENDINGS))
_BEGINNINGS = {"pt": "pt", "ooo": "ooo", "oao": "oao", "zao": "zao"}
"""Legal forms that begin a name."""
_DISTANCES = {1: "one letter differs", 2: "two letters differ"}
CLOSE_ENOUGH = 60.0
"""Below this score a name is not worth offering."""


SHORTEST_TYPO, SHORTEST_PLURAL = 6, 4
"""In shorter names a letter, in shorter words an s, makes another name."""


class Level(StrEnum):
    """How alike two names are that are not one; never enough to take one for the other unasked."""

    STRICT = "strict"
    """Sainsbury, Sainsburys"""
    CLOSE = "close"
    """Fine Food Ltd, Fine Foods Limited"""
    SIMILAR = "similar"
    """Twins 6, Twins 5"""
    ROUGH = "rough"
    """Smart Agency, City Agency"""

    @property
    def is_close(self) -> bool:
        """Probably meant; what is less alike is offered as no more than the nearest there is."""
        return self in (Level.STRICT, Level.CLOSE)


@dataclass(frozen=True, slots=True)
class Alike:
    """A supplier that comes close: `score` 0 to 100 and the reason in words."""

    id: EntryId
    name: str
    score: int
    reason: str
    level: Level = Level.ROUGH


def plain(name: str) -> str:
    """Lower case, no accents, no punctuation, single spaces."""
    return " ".join(_WORDS.findall(anyascii(name).lower().replace("&", " and ").replace(".", "")))


def key(name: str) -> str:
    """What is left of a name when case, accents, punctuation and legal form are taken away.

    Two names with one key are one supplier (“Northwind Paper Ltd”, “NORTHWIND PAPER LIMITED”) unless
    their legal forms contradict each other: see `agree`.
    """
    return _parted(name)[0]


def agree(name: str, other: str) -> bool:
    """Whether two names of one key may be one supplier: “Acme Ltd” is “Acme” and “ACME Limited”, but not
    “Acme GmbH”, which is another company, and “张伟” is not “章伟”, which only sounds like it."""
    if _IDEOGRAPHS.findall(name) != _IDEOGRAPHS.findall(other):
        return False
    forms, others = _parted(name)[1], _parted(other)[1]
    return not forms or not others or bool(forms & others)


def identity(name: str) -> str:
    """What a name is remembered by: its key, its legal forms and its ideographs, so that what is said of
    “Acme Ltd” counts for “ACME Limited” and not for “Acme GmbH”."""
    folded, forms = _parted(name)
    return "|".join((folded, *sorted(forms), "".join(_IDEOGRAPHS.findall(name)))) if folded else ""


@lru_cache(maxsize=8192)
def _parted(name: str) -> tuple[str, frozenset[str]]:
    """A name's key and its legal forms."""
    words = plain(name).split()
    forms: set[str] = set()
    while form := _take_ending(words):
        forms.add(form)
    while len(words) > 1 and words[0] in _BEGINNINGS:
        forms.add(_BEGINNINGS[words.pop(0)])
    return " ".join(words), frozenset(forms)


def _take_ending(words: list[str]) -> str:
    for length in range(min(_LONGEST_ENDING, len(words) - 1), 0, -1):
        form = _ENDINGS.get(tuple(words[-length:]), "")
        is_name = words[-length] in ("co", "company") and words[-length - 1] == "and"  # “Smith & Co”
        if form and not is_name:
            del words[-length:]
            return form
    return ""


def closest(name: str, known: Iterable[tuple[EntryId, str]], limit: int = 5) -> list[Alike]:
    """The names most like `name`, best first, each with the reason. For some thousands of names at most:
    storage narrows down more."""
    wanted = key(name)
    if not wanted:
        return []
    entries = list(known)
    keys = [key(entry_name) for _, entry_name in entries]
    # Each scorer brings what the others miss; their best are then compared in all ways at once.
    best = {
        place
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio, fuzz.WRatio)
        for _, _, place in process.extract(wanted, keys, scorer=scorer, limit=limit * 6)
    }
    ranked = sorted((-_score(wanted, keys[place]), place) for place in best)
    return [
        Alike(
            entries[place][0],
            entries[place][1],
            round(-score),
            "same name" if plain(name) == plain(entries[place][1]) else _reason(wanted, keys[place]),
            level(name, entries[place][1]) or Level.ROUGH,
        )
        for score, place in ranked[:limit]
        if -score >= CLOSE_ENOUGH
    ]


def _score(one: str, other: str) -> float:
    """0 to 100. Mostly the whole spelling, in whatever order of words or without spaces; a shared word
    alone, which rapidfuzz's weighted ratio makes much of, is a smaller part."""
    spelled = max(
        fuzz.ratio(one, other),
        fuzz.token_sort_ratio(one, other),
        fuzz.ratio(one.replace(" ", ""), other.replace(" ", "")),
    )
    return 0.7 * spelled + 0.3 * fuzz.WRatio(one, other)


def level(name: str, other: str) -> Level | None:
    """How alike two names are; nothing for names that have little in common."""
    one, two = key(name), key(other)
    if not one or not two:
        return None
    if _bare(plain(name)) == _bare(plain(other)):
        return Level.STRICT
    if _bare(one) == _bare(two) or sorted(_words(one)) == sorted(_words(two)):
        return Level.CLOSE
    distance = DamerauLevenshtein.distance(one, two)
    if distance == 1 and len(min(one, two, key=len)) >= SHORTEST_TYPO and _digits(one) == _digits(two):
        return Level.CLOSE
    if distance in _DISTANCES and len(min(one, two, key=len)) >= SHORTEST_TYPO:
        return Level.SIMILAR
    return Level.ROUGH if _score(one, two) >= CLOSE_ENOUGH else None


def spelled(name: str) -> str:
    """What two names share that differ by no more than case, signs, spaces, an s at a word's end or “and”."""
    return _bare(key(name))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) >= SHORTEST_PLURAL else word


def _words(folded: str) -> list[str]:
    """Without “and” and the s at the end of its words."""
    return [_singular(word) for word in _without_and(folded.split())]


def _without_and(words: list[str]) -> list[str]:
    return [word for word in words if word != "and"]


def _bare(folded: str) -> str:
    return "".join(_words(folded))


def _digits(folded: str) -> list[str]:
    return [character for character in folded if character.isdigit()]


def _reason(wanted: str, found: str) -> str:
    words, others = wanted.split(), found.split()
    same = {
        "same but for the legal form": words == others,
        "same words, other order": sorted(words) == sorted(others),
        "same but for spaces": "".join(words) == "".join(others),
        "same but for “and”": _without_and(words) == _without_and(others),
    }
    if reason := next((reason for reason, holds in same.items() if holds), ""):
        return reason
    distance = DamerauLevenshtein.distance(wanted, found)
    if distance in _DISTANCES:
        return _DISTANCES[distance]
    if shared := " ".join(word for word in words if word in others):
        return f"shares “{shared}”"
    return "similar spelling"
