"""A list of suppliers and customers with what their items are to get: free headings, found by what they may
be called. The rules' own table is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from bot.domain import money
from bot.domain.cells import plain
from bot.domain.items import Side
from bot.domain.kinds import OFFERED
from bot.domain.reading import Reading, RefusedRow, SupplierLine
from bot.domain.rule_table import NO, YES, YES_UNSEEN
from bot.domain.rules import LONGEST_DESCRIPTION, MOST_DUE_DAYS, rule_key
from bot.domain.settings import DuplicateMode
from bot.errors import WrongInput
from bot.readers import table
from bot.readers.text import decoded

MOST_ROWS = 20_000
LONGEST = 200
_NAME, _CATEGORY, _CURRENCY, _CODE = "supplier name", "category", "currency code", "supplier code"
_SIDE, _TAX, _DAYS, _ACCOUNT, _DESCRIPTION = "side", "tax name", "due days", "payment account", "description"
_KIND, _DUPLICATES, _AUTO, _CAP = "publish as", "possible duplicates", "auto-publish", "auto-publish limit"
_HEADINGS: Mapping[str, frozenset[str]] = {
    _NAME: frozenset(
        {"supplier name", "supplier", "vendor name", "vendor", "name", "contact name", "company name",
         "company"}
    ),
    _CATEGORY: frozenset(
        {"category", "category name", "default category", "account", "account name", "account code",
         "nominal code", "expense account"}
    ),
    _CURRENCY: frozenset({"currency code", "currency", "default currency"}),
    _CODE: frozenset({"supplier code", "code", "vendor code", "supplier id", "vendor id", "supplier number"}),
    _SIDE: frozenset({"side", "contact type", "supplier or customer"}),
    _TAX: frozenset({"tax name", "default tax", "tax rate", "vat rate"}),
    _DAYS: frozenset({"due days", "payment terms", "payment terms (days)", "due after days", "terms"}),
    _ACCOUNT: frozenset({"payment account", "paid from", "bank account"}),
    _DESCRIPTION: frozenset({"description", "default description"}),
    _KIND: frozenset({"publish as", "published as"}),
    _DUPLICATES: frozenset({"possible duplicates", "duplicates"}),
    _AUTO: frozenset({"auto-publish", "auto publish", "autopublish"}),
    _CAP: frozenset({"auto-publish limit", "auto publish limit", "limit"}),
}  # fmt: skip
_OF_DOCUMENTS = {
    "receipt id", "item id", "type", "date", "total", "total amount", "tax", "invoice number", "due date",
}  # fmt: skip
"""A table with one of these is a list of documents, not of suppliers."""
_SIDES = {
    **dict.fromkeys(("", "cost", "costs", "supplier", "suppliers", "vendor"), Side.COST),
    **dict.fromkeys(("sale", "sales", "customer", "customers", "client"), Side.SALE),
}
_AUTOS = {
    "": None,
    **dict.fromkeys(("on", YES.casefold(), YES_UNSEEN.casefold()), True),
    **dict.fromkeys(("off", NO.casefold()), False),
}


def read(filename: str, content: bytes) -> Reading | None:
    """The suppliers of a list; nothing when the headings are of something else. Names that are one supplier
    are one line. Raises WrongInput when there are more rows than a person would want to import at once."""
    text = decoded(content)
    numbered = enumerate(table.rows(text), start=1) if text else iter(())
    headings = next((row for _, row in numbered if any(row)), [])
    places = _places(headings)
    if places is None:
        return None
    lines: dict[str, SupplierLine] = {}
    codes: dict[str, SupplierLine] = {}
    refused: list[RefusedRow] = []
    for number, row in numbered:
        if number > MOST_ROWS:
            raise WrongInput(f"{filename} has more than {MOST_ROWS:,} rows.", advice="Split it.")
        if not any(cell.strip() for cell in row):
            continue
        try:
            line = _line(places, number, row)
            folded = rule_key(line.side, line.name)
            lines[folded] = _merged(lines[folded], line) if folded in lines else _alone(line, codes)
        except WrongInput as fault:
            refused.append(RefusedRow(number, fault.says))
    return Reading(refused=tuple(refused), suppliers=tuple(lines.values()))


def _places(headings: Sequence[str]) -> dict[str, int] | None:
    """Where each column stands; nothing where there is no name or nothing else."""
    folded = [table.fold(heading) for heading in headings]
    if _OF_DOCUMENTS & set(folded):
        return None
    places: dict[str, int] = {}
    for meaning, names in _HEADINGS.items():
        for place, heading in enumerate(folded):
            if heading in names:
                places.setdefault(meaning, place)
    return places if _NAME in places and len(places) > 1 else None


def _line(places: Mapping[str, int], number: int, row: Sequence[str]) -> SupplierLine:
    cells = dict.fromkeys(_HEADINGS, "")
    cells |= {meaning: plain(row[place].strip()) for meaning, place in places.items() if place < len(row)}
    for meaning, cell in cells.items():
        longest = LONGEST_DESCRIPTION if meaning == _DESCRIPTION else LONGEST
        if len(cell) > longest:
            raise WrongInput(f"the {meaning} is longer than {longest} characters")
    name, currency, side = cells[_NAME], cells[_CURRENCY].upper(), _one_of(_SIDE, cells[_SIDE], _SIDES)
    if not rule_key(side, name):
        raise WrongInput("the supplier name is missing" if not name else f"“{name[:40]}” is not a name")
    if currency and not money.is_currency(currency):
        raise WrongInput(f"currency “{currency[:10]}” is not known")
    kinds = {kind.noun: kind for kind in OFFERED[side]}
    return SupplierLine(
        number,
        name,
        cells[_CATEGORY],
        currency,
        cells[_CODE],
        side,
        cells[_TAX],
        cells[_ACCOUNT],
        _days(cells[_DAYS]),
        cells[_DESCRIPTION],
        _one_of(_KIND, cells[_KIND], {"": None, **kinds}),
        _one_of(_DUPLICATES, cells[_DUPLICATES], _MODES),
        _one_of(_AUTO, cells[_AUTO], _AUTOS),
        table.fold(cells[_AUTO]) == YES_UNSEEN.casefold(),
        _cap(cells[_CAP]),
    )


def _one_of(what: str, cell: str, known: Mapping[str, Any]) -> Any:
    """What a word stands for. Raises WrongInput with the words there are."""
    folded = table.fold(cell.replace("_", " "))
    if folded not in known:
        words = ", ".join(word for word in known if word)
        raise WrongInput(f"{what} “{cell[:40]}” is none of {words}")
    return known[folded]


_MODES: Mapping[str, DuplicateMode | None] = {
    "": None,
    **{name: mode for mode in DuplicateMode for name in (mode.words.casefold(), mode.value)},
}


def _days(cell: str) -> int | None:
    if not cell:
        return None
    if not (cell.isdecimal() and cell.isascii()) or int(cell) > MOST_DUE_DAYS:
        raise WrongInput(f"due days “{cell[:40]}” is not a number from 0 to {MOST_DUE_DAYS}")
    return int(cell)


def _cap(cell: str) -> Decimal | None:
    if not cell:
        return None
    try:
        amount = money.parse(cell)
    except WrongInput:
        amount = Decimal(0)
    if amount <= 0:
        raise WrongInput(f"auto-publish limit “{cell[:40]}” is not an amount above zero")
    return amount


def _alone(line: SupplierLine, codes: dict[str, SupplierLine]) -> SupplierLine:
    """Two suppliers of one code cannot be told apart."""
    other = codes.setdefault(line.code, line) if line.code else line
    if other is not line:
        raise WrongInput(f"code {line.code} stands in row {other.row} already, for {other.name}")
    return line


_ONCE = ("row", "name", "code", "side")


def _merged(known: SupplierLine, line: SupplierLine) -> SupplierLine:
    """What only one of the two rows says holds for both; what they say differently is for a person."""
    merged: dict[str, Any] = {}
    for one in fields(SupplierLine):
        said, again = getattr(known, one.name), getattr(line, one.name)
        if one.name in _ONCE:
            continue
        if one.name == "auto_unseen":
            merged[one.name] = said or again
        elif not _is_silent(said) and not _is_silent(again) and _folded(said) != _folded(again):
            raise WrongInput(f"{line.name} has “{said}” in row {known.row} already, not “{again}”")
        else:
            merged[one.name] = again if _is_silent(said) else said
    return replace(known, code=known.code or line.code, **merged)


def _is_silent(said: Any) -> bool:
    return said is None or said == ""


def _folded(said: Any) -> Any:
    return table.fold(said) if isinstance(said, str) else said
