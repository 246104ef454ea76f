"""A list of suppliers with what their items are to get: free headings, found by what they may be called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain import money
from bot.domain.reading import Reading, RefusedRow, SupplierLine
from bot.domain.suppliers import key
from bot.errors import WrongInput
from bot.readers import table
from bot.readers.text import decoded

MOST_ROWS = 20_000
LONGEST = 200
_NAME, _CATEGORY, _CURRENCY, _CODE = "supplier name", "category", "currency code", "supplier code"
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
}  # fmt: skip
_OF_DOCUMENTS = {
    "receipt id", "item id", "type", "date", "total", "total amount", "tax", "invoice number", "due date",
}  # fmt: skip
"""A table with one of these is a list of documents, not of suppliers."""


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
            folded = key(line.name)
            lines[folded] = _merged(lines[folded], line) if folded in lines else _alone(line, codes)
        except WrongInput as fault:
            refused.append(RefusedRow(number, fault.says))
    return Reading(refused=tuple(refused), suppliers=tuple(lines.values()))


def _places(headings: Sequence[str]) -> dict[str, int] | None:
    """Where name, category, currency and code stand; nothing where there is no name or nothing else."""
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
    cells = {meaning: row[place].strip() if place < len(row) else "" for meaning, place in places.items()}
    for meaning, cell in cells.items():
        if len(cell) > LONGEST:
            raise WrongInput(f"the {meaning} is longer than {LONGEST} characters")
    name, currency = cells[_NAME], cells.get(_CURRENCY, "").upper()
    if not key(name):
        raise WrongInput("the supplier name is missing" if not name else f"“{name[:40]}” is not a name")
    if currency and not money.is_currency(currency):
        raise WrongInput(f"currency “{currency[:10]}” is not known")
    return SupplierLine(number, name, cells.get(_CATEGORY, ""), currency, cells.get(_CODE, ""))


def _alone(line: SupplierLine, codes: dict[str, SupplierLine]) -> SupplierLine:
    """Two suppliers of one code cannot be told apart."""
    other = codes.setdefault(line.code, line) if line.code else line
    if other is not line:
        raise WrongInput(f"code {line.code} stands in row {other.row} already, for {other.name}")
    return line


def _merged(known: SupplierLine, line: SupplierLine) -> SupplierLine:
    """What only one of the two rows says holds for both; what they say differently is for a person."""
    for said, again in ((known.category, line.category), (known.currency, line.currency)):
        if said and again and table.fold(said) != table.fold(again):
            raise WrongInput(f"{line.name} has “{said}” in row {known.row} already, not “{again}”")
    return replace(
        known,
        category=known.category or line.category,
        currency=known.currency or line.currency,
        code=known.code or line.code,
    )
