"""Tax numbers of companies: when two ways of writing one are the same number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from stdnum.util import get_cc_module

_SEPARATORS = re.compile(r"[^A-Z0-9]")
_WITH_COUNTRY = re.compile(r"([A-Z]{2})([A-Z0-9]*\d[A-Z0-9]*)")
_ONE_COUNTRY = {"XI": "GB", "EL": "GR"}
"""Northern Ireland's numbers are the United Kingdom's; Greece writes EL."""
_ANYBODYS = {"XAXX010101000", "XEXX010101000"}
"""Mexico's numbers for the public and for anybody abroad: they name nobody."""
FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """A number without its separators; `country` where it is written with one; `is_valid` where its check
    digits agree with that country."""

    country: str
    core: str
    is_valid: bool


def key(text: str) -> str:
    """What a number is looked up by, with its country or without; nothing for what names nobody."""
    found = parsed(text)
    return found.core if found else ""


def same(one: str, other: str) -> bool:
    """Whether two texts are one number. Written once with its country and once without, they are one only
    where the check digits agree: nine digits alone may be anybody's."""
    first, second = parsed(one), parsed(other)
    if first is None or second is None or first.core != second.core:
        return False
    if first.country and second.country:
        return first.country == second.country
    return not (first.country or second.country) or first.is_valid or second.is_valid


def contradict(one: str, other: str) -> bool:
    """Whether two numbers of one country differ: two companies, or one of them is mistyped."""
    first, second = parsed(one), parsed(other)
    return bool(first and second and first.country == second.country and first.core != second.core)


@lru_cache(maxsize=4096)
def parsed(text: str) -> TaxNumber | None:
    compact = _SEPARATORS.sub("", text.upper())
    if compact in _ANYBODYS:
        return None
    country, core, is_valid = "", compact, False
    match = _WITH_COUNTRY.fullmatch(compact)
    module = get_cc_module(_ONE_COUNTRY.get(match[1], match[1]).lower(), "vat") if match else None
    if match and module:
        country = _ONE_COUNTRY.get(match[1], match[1])
        core, is_valid = module.compact(match[2]), module.is_valid(match[2])
    core = core.lstrip("0")
    digits = [character for character in core if character.isdigit()]
    if len(digits) < FEWEST_DIGITS or len(set(digits)) == 1:
        return None
    return TaxNumber(country, core, is_valid)
