"""When two names are one supplier, and which suppliers come closest to a new name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Alike:
    """A supplier that comes close: `score` 0 to 100 and the reason in words."""

    id: EntryId
    name: str
    score: int
    reason: str


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
    """The names most like `name`, best first, each with the reason."""
    wanted = key(name)
    if not wanted:
        return []
    # A first look at the names as they stand, then a close one at the best: folding 100,000 takes a second.
    entries = list(known)
    near = process.extract(
        name.casefold(), [entry[1].casefold() for entry in entries], scorer=fuzz.WRatio, limit=limit * 10
    )
    entries = [entries[place] for _, _, place in near]
    ranked = process.extract(
        wanted,
        [key(entry_name) for _, entry_name in entries],
        scorer=fuzz.WRatio,
        limit=limit,
        score_cutoff=CLOSE_ENOUGH,
    )
    return [
        Alike(entries[place][0], entries[place][1], round(score), _reason(wanted, found))
        for found, score, place in ranked
    ]


def _reason(wanted: str, found: str) -> str:
    if wanted == found:
        return "same but for the legal form"
    if sorted(wanted.split()) == sorted(found.split()):
        return "same words, other order"
    if wanted.replace(" ", "") == found.replace(" ", ""):
        return "same but for spaces"
    distance = DamerauLevenshtein.distance(wanted, found)
    if distance in _DISTANCES:
        return _DISTANCES[distance]
    shared = set(wanted.split()) & set(found.split())
    if shared:
        return f"shares “{' '.join(word for word in wanted.split() if word in shared)}”"
    return "similar spelling"
