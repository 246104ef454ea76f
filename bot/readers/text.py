"""Bytes into text, in whichever encoding a spreadsheet wrote them."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OF_ONE_BYTE = ("cp1252", "mac_roman", "cp1250", "cp1251", "cp1253", "cp1254")
"""Of two that make equal sense the first is taken: Windows in the West, an old Mac, Windows in the East …"""
LOOKED_AT = 20_000
_MONEY = "£€¥"


def decoded(content: bytes) -> str | None:
    """The text of a file, without byte order marks; nothing when it is no text."""
    text = _decoded(content)
    return None if text is None else text.lstrip("\ufeff")


def _decoded(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content:
        return _without_mark(content)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _of_one_byte(content)


def _without_mark(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of plain letters is zero."""
    start = content[:2000]
    for odd, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[odd::2].count(0) * 2 > len(start[odd::2]) and not start[1 - odd :: 2].count(0):
            return content.decode(encoding, errors="replace")
    return None


def _of_one_byte(content: bytes) -> str | None:
    """Decoded as makes most sense. None of these encodings says which one it is: letters must look like
    words. Where none does, charset-normalizer guesses, which also knows those of many bytes."""
    start = b"\n".join(line for line in content.splitlines() if not line.isascii())[:LOOKED_AT]
    ranked: list[tuple[int, str]] = []
    for encoding in _OF_ONE_BYTE:
        try:
            content.decode(encoding)
            ranked.append((_sense(start.decode(encoding)), encoding))
        except UnicodeDecodeError:
            continue
    best = max(ranked, key=lambda one: one[0], default=(-1, ""))
    if best[0] >= 0:
        return content.decode(best[1])
    guess = from_bytes(content).best()
    if guess is not None:
        return str(guess)
    return content.decode(best[1]) if best[1] else None


def _sense(text: str) -> int:
    """How much the letters beyond ASCII look like those of words; below zero: not at all."""
    return sum(_fits(text, place, sign) for place, sign in enumerate(text) if not sign.isascii())


def _fits(text: str, place: int, sign: str) -> int:
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if sign in _MONEY:
        return 1
    if sign.isspace():
        return 0
    if not sign.isalpha():
        return -2 if before.isalpha() and after.isalpha() and sign not in "’‘–—­" else 0
    if _other_script(sign, before, after):
        return -2
    if not before.isalpha():
        return -1 if sign.isupper() and not after.isalpha() else 0
    return -2 if sign.isupper() and before.islower() else 1


def _other_script(sign: str, *neighbours: str) -> bool:
    """Whether a Greek or Cyrillic letter touches a Latin one."""
    return _script(sign) != "latin" and any(
        one.isalpha() and _script(one) != _script(sign) for one in neighbours
    )


def _script(letter: str) -> str:
    code = ord(letter)
    if 0x370 <= code < 0x400:  # noqa: PLR2004 - the blocks of Unicode
        return "greek"
    return "cyrillic" if 0x400 <= code < 0x530 else "latin"  # noqa: PLR2004
