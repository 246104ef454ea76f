"""The import modal, and the look at what a file would bring in before it does."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain import money
from bot.domain.coding import Coding
from bot.domain.items import Field
from bot.domain.reading import SUFFIXES, ReadAs, RefusedRow
from bot.slack.blocks.items import refusals
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    field,
    message,
    modal,
    option,
    section,
    select,
)
from bot.slack.text import brief, count, day, escape

TAKE = "import.take"
CONFIRM = "import.confirm"
CANCEL = "import.cancel"
READ_AS = "import.read_as"
MOST_FILES = 5
ROWS_SHOWN = 5
CURRENCIES_SHOWN = 8


def form(meta: Mapping[str, Any]) -> View:
    element = {
        "type": "file_input",
        "action_id": "value",
        "filetypes": sorted(SUFFIXES),
        "max_files": MOST_FILES,
    }
    hint = "A CSV export from Dext, a supplier list as CSV, or e-invoices (XML, or PDF with one inside)"
    blocks = [
        field("File", "files", element, hint=hint),
        context(
            "Columns are found by their headings. What is here already is not brought in twice. "
            "Of a file with several items you see first what would come in."
        ),
    ]
    return modal("Import items", blocks, callback=TAKE, submit="Import", close="Cancel", meta=meta)


@dataclass(frozen=True)
class Look:
    """What a file would bring in."""

    filename: str
    new: Sequence[Coding]
    ready: int
    known: int
    refused: Sequence[RefusedRow]
    totals: Mapping[str, Decimal]
    notes: Sequence[str] = ()
    rules_added: int = 0
    rules_changed: int = 0
    rules_same: int = 0
    bare: int = 0
    in_claims: int = 0
    is_supplier_list: bool = False
    read_as: Sequence[ReadAs] = ()
    """Encodings to choose among, where the file may be in another than was taken."""


def preview(look: Look, file: str, encoding: str = "") -> Message:
    """Privately: what would come in, and **Import**. `file` is the file's id, `encoding` the one that the
    person chose for it."""
    title = _what(look)
    blocks = [section(f"📄 *{title}* from {brief(look.filename)}\n{_counts(look)}")]
    if look.new:
        blocks.append(section(_rows(look)))
    if look.refused:
        blocks.append(refusals(look.refused))
    if look.notes:
        blocks.append(context(*(f"🟡 {brief(note, 500)}" for note in look.notes[:5])))
    confirm = button("Import", CONFIRM, _value(file, encoding), style="primary")
    blocks.append(actions(confirm, button("Cancel", CANCEL, look.filename), *_read_as(look.read_as, file)))
    return message(f"{title} from {brief(look.filename)}", *blocks)


def _value(file: str, encoding: str) -> str:
    """Of a file in an encoding that was chosen: JSON; else the file's id."""
    return json.dumps({"file": file, "as": encoding}, separators=(",", ":")) if encoding else file


def chosen(value: str) -> tuple[str, str]:
    """The file's id and the encoding of such a value."""
    if not value.startswith("{"):
        return value, ""
    found = json.loads(value)
    return str(found["file"]), str(found["as"])


def _read_as(encodings: Sequence[ReadAs], file: str) -> list[Block]:
    """**Read as**: each encoding with what it makes of the first words."""
    if not encodings:
        return []
    offered = [option(f"{one.words}: {one.sample}", _value(file, one.encoding)) for one in encodings]
    return [select(offered, chosen=offered[0]["value"], action=READ_AS, placeholder="Read as …")]


def read_again() -> Message:
    return message("🟢 Reading the file again. What it holds is shown in a moment.")


def _what(look: Look) -> str:
    if look.is_supplier_list:
        return f"{count(look.rules_added + look.rules_changed, 'supplier rule')} would change"
    return f"{count(len(look.new), 'item')} would come in"


def _counts(look: Look) -> str:
    refused = [f"{len(look.refused)} refused"] if look.refused else []
    if look.is_supplier_list:
        parts = [f"{look.rules_added} new", f"{look.rules_changed} changed", f"{look.rules_same} the same"]
        parts += [f"{look.bare} with neither category nor currency"] if look.bare else []
        return " · ".join(parts + refused)
    parts = [
        f"{look.ready} ready",
        f"{len(look.new) - look.ready - look.in_claims} need attention",
        f"{look.known} already here",
    ]
    parts += [f"{look.in_claims} in expense claims"] if look.in_claims else []
    return " · ".join(parts + refused) + f"\nTogether {_totals(look.totals)}"


def _totals(totals: Mapping[str, Decimal]) -> str:
    shown = [escape(money.shown(total, currency)) for currency, total in sorted(totals.items())]
    more = f" and {len(shown) - CURRENCIES_SHOWN} more currencies" if len(shown) > CURRENCIES_SHOWN else ""
    return ", ".join(shown[:CURRENCIES_SHOWN]) + more


def _rows(look: Look) -> str:
    """The first items, a line each."""
    lines = [_row(coding) for coding in look.new[:ROWS_SHOWN]]
    if len(look.new) > ROWS_SHOWN:
        lines.append(f"… and {len(look.new) - ROWS_SHOWN} more")
    return "\n".join(lines)


def _row(coding: Coding) -> str:
    when = day(coding.date) if coding.date else "no date"
    name = brief(coding.text(Field.SUPPLIER), 60) or "No supplier"
    number = brief(coding.text(Field.DOCUMENT_NUMBER), 40)
    total = escape(coding.text(Field.TOTAL)) or "no total"
    lacks = f" · 🟡 {brief(', '.join(one.says for one in coding.problems), 120)}" if coding.problems else ""
    return " · ".join(filter(None, (when, f"*{name}*", number, total))) + lacks


def taking() -> Message:
    return message("🟢 Importing. What came in is shown in a moment.")


def cancelled(filename: str) -> Message:
    return message(f"Not imported: nothing of {brief(filename)} came in.")


def came_in(filename: str, number: int, channel: str) -> Message:
    """To who handed a file over elsewhere than in the business's channel."""
    return message(f"✅ {count(number, 'item')} from {brief(filename)}: see <#{channel}>.")


def nothing_new(filename: str, known: int, refused: Sequence[RefusedRow]) -> str:
    if refused and not known:
        return f"Nothing of {brief(filename)} can be taken in."
    return f"Nothing new in {brief(filename)}: {known} already here."


def rules_imported(filename: str, added: int, changed: int, same: int) -> str:
    """What became of a supplier list."""
    if not (added or changed):
        return f"Nothing new in {brief(filename)}: {count(same, 'supplier rule')} already so."
    return f"✅ {count(added, 'supplier rule')} new and {changed} changed by {brief(filename)}."


def said(text: str, refused: Sequence[RefusedRow], notes: Sequence[str] = ()) -> Message:
    """A sentence with the refusals and notes below it."""
    parts: list[Block] = [section(text)]
    parts += [refusals(refused)] if refused else []
    parts += [context(*(f"🟡 {brief(note, 500)}" for note in notes[:5]))] if notes else []
    return message(text, *parts)
