"""Bytes into text, in whichever encoding a spreadsheet wrote them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.readers import languages

_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WEST = ("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is")
_CENTRE = ("pl", "cs", "sk", "hu", "ro", "hr", "sl", "de")


@dataclass(frozen=True)
class Encoding:
    """One that says nowhere in a file which it is."""

    name: str
    words: str
    languages: tuple[str, ...]
    rarity: float = 0.0
    """How much likelier another one is before anything was read, as a logarithm."""


ENCODINGS = (
    Encoding("cp1252", "Western European (Windows)", _WEST),
    Encoding("cp1250", "Central European (Windows)", _CENTRE, 2.0),
    Encoding("cp1251", "Cyrillic (Windows)", ("ru", "uk", "bg", "sr"), 3.0),
    Encoding("cp1253", "Greek (Windows)", ("el",), 3.0),
    Encoding("cp1254", "Turkish (Windows)", ("tr", "de"), 2.0),
    Encoding("cp1255", "Hebrew (Windows)", ("he",), 3.0),
    Encoding("cp1256", "Arabic (Windows)", ("ar", "fa"), 3.0),
    Encoding("cp1257", "Baltic (Windows)", ("lt", "lv", "et", "de"), 2.0),
    Encoding("cp874", "Thai (Windows)", ("th",), 3.0),
    Encoding("cp1258", "Vietnamese (Windows)", ("vi",), 3.0),
    Encoding("cp932", "Japanese (Shift-JIS)", ("ja",), 3.0),
    Encoding("gb18030", "Chinese, simplified (GBK)", ("zh",), 3.0),
    Encoding("cp950", "Chinese, traditional (Big5)", ("zh_Hant",), 3.0),
    Encoding("cp949", "Korean (Windows)", ("ko",), 3.0),
    Encoding("mac_roman", "Western European (Mac)", _WEST, 3.0),
    Encoding("mac_latin2", "Central European (Mac)", _CENTRE, 4.0),
    Encoding("iso8859_2", "Central European (ISO)", _CENTRE, 3.5),
    Encoding("euc_jp", "Japanese (EUC)", ("ja",), 5.0),
    Encoding("koi8_r", "Cyrillic (KOI8)", ("ru",), 5.0),
)
NAMED = {one.name: one for one in ENCODINGS}
MOST_WORDS = 400
_CERTAIN = 7.0
"""So much likelier must a reading be than every other one."""
_BORROWED = -3.0
"""A word of another language among those of one."""
_WORD = re.compile(rb"[0-9A-Za-z\x40-\xff]*[\x80-\xff][0-9A-Za-z\x40-\xff]*")
"""With a byte beyond ASCII; a sign of two bytes may end in one that is a letter or a sign of ASCII."""
SAMPLES = 4


@dataclass(frozen=True)
class Letters:
    """A file's text, and in which encoding it was read."""

    text: str
    encoding: str = ""
    """Empty where the file itself says it."""
    others: tuple[str, ...] = ()
    """Other encodings that give another text, the likelier first."""
    is_certain: bool = True


def sample(content: bytes, encoding: str) -> str:
    """A few of the words with letters beyond ASCII, as an encoding reads them."""
    return " ".join(word.decode(encoding, errors="replace") for word in _words(content)[:SAMPLES])


def decoded(content: bytes) -> str | None:
    """The text of a file, without byte order marks; nothing when it is no text."""
    found = letters(content)
    return None if found is None else found.text


def letters(content: bytes, encoding: str = "") -> Letters | None:
    """As `decoded`, with the encoding that it was read in: the one that is given, or the likeliest."""
    if encoding:
        return _chosen(content, encoding)
    text = _said(content)
    if text is not None:
        return Letters(text.lstrip("\ufeff"))
    return None if b"\0" in content else _likeliest(content)


def _chosen(content: bytes, encoding: str) -> Letters:
    found = _likeliest(content)
    possible = (found.encoding, *found.others) if found else ()
    others = tuple(other for other in possible if other != encoding)
    return Letters(content.decode(encoding, errors="replace"), encoding, others)


def _said(content: bytes) -> str | None:
    """The text where the file says its encoding, by a mark or by being UTF."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content:
        return _without_mark(content)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _without_mark(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain letters is zero."""
    start = content[:2000]
    for odd, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[odd::2].count(0) * 2 > len(start[odd::2]) and not start[1 - odd :: 2].count(0):
            return content.decode(encoding, errors="replace")
    return None


def _likeliest(content: bytes) -> Letters | None:
    """Decoded as makes most sense: none of these encodings says which one it is, so the words must look like
    those of a language that is written in it."""
    words = _words(content)
    ranked = sorted(
        (
            (_likelihood(read, one), one.name, read)
            for one in ENCODINGS
            if (read := _read(content, words, one.name)) is not None
        ),
        key=lambda found: -found[0],
    )
    if not ranked:
        return None
    best, name, read = ranked[0]
    others = list(_unlike(ranked[1:], read))
    nearest = max((likelihood for likelihood, _ in others), default=-float("inf"))
    return Letters(
        content.decode(name), name, tuple(other for _, other in others), best - nearest >= _CERTAIN
    )


def _unlike(ranked: Sequence[tuple[float, str, list[str]]], read: list[str]) -> Iterable[tuple[float, str]]:
    seen = [read]
    for likelihood, name, words in ranked:
        if words not in seen:
            seen.append(words)
            yield likelihood, name


def _words(content: bytes) -> list[bytes]:
    """Different ones with a byte beyond ASCII, in order."""
    return list(dict.fromkeys(_WORD.findall(content)))[:MOST_WORDS]


def _read(content: bytes, words: Iterable[bytes], encoding: str) -> list[str] | None:
    try:
        content.decode(encoding)
        return [word.decode(encoding) for word in words]
    except UnicodeDecodeError:
        return None


def _likelihood(words: Sequence[str], encoding: Encoding) -> float:
    by_language = [
        [languages.model(language).likelihood(word) for word in words] for language in encoding.languages
    ]
    best = [max(scores) for scores in zip(*by_language, strict=True)]
    wholes: list[float] = [
        sum(max(own, one + _BORROWED) for own, one in zip(scores, best, strict=True))
        for scores in by_language
    ]
    return max(wholes) - encoding.rarity
