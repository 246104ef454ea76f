"""`dext-bot import`: files on this machine into documents, shown or put into an inbox."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.items import Document, Line
from bot.domain.reading import Reading, RefusedRow, SupplierLine
from bot.errors import WrongInput

if TYPE_CHECKING:
    from bot.config import Settings


LARGEST_FILE = 50_000_000
"""Bytes; a Dext export of 100,000 rows has about half of it."""


@dataclass(frozen=True)
class Outcome:
    """What the files hold, and what became of it (`new` and `known` are nothing on a dry run)."""

    documents: tuple[Document, ...]
    refused: tuple[RefusedRow, ...]
    suppliers: tuple[SupplierLine, ...] = ()
    notes: tuple[str, ...] = ()
    new: int | None = None
    known: int | None = None
    rules: int = 0

    def as_json(self) -> str:
        """`{"items": [...], "refused": [{"row", "reason"}]}`, items in the item API's form; with `suppliers`
        where there are some, and `notes` on what was decided for a whole file."""
        form: dict[str, Any] = {
            "items": [api_form(document) for document in self.documents],
            "refused": [{"row": refused.row, "reason": refused.reason} for refused in self.refused],
        }
        if self.suppliers:
            form["suppliers"] = [_supplier_form(line) for line in self.suppliers]
        if self.notes:
            form["notes"] = list(self.notes)
        if self.new is not None:
            form |= {"new": self.new, "known": self.known}
            form |= {"rules": self.rules} if self.suppliers else {}
        return json.dumps(form, indent=2, ensure_ascii=False)

    def as_text(self) -> str:
        """A line for each document and each refused row, and the counts at the end."""
        lines = [_words(document) for document in self.documents]
        lines += [_supplier(line) for line in self.suppliers]
        lines += [_refusal(refused) for refused in self.refused]
        lines += self.notes
        if self.new is None:
            suppliers = f", {_count(len(self.suppliers), 'supplier')}" if self.suppliers else ""
            lines.append(f"{len(self.documents)} would come in{suppliers}, {len(self.refused)} refused.")
        else:
            rules = f", {_count(self.rules, 'supplier rule')} changed" if self.suppliers else ""
            lines.append(f"{self.new} new, {self.known} there already{rules}, {len(self.refused)} refused.")
        return "\n".join(lines)


def contents(files: Iterable[Path]) -> dict[Path, bytes]:
    """The bytes of every file. Raises `WrongInput` for one that is too large or cannot be opened."""
    found = {}
    for path in files:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise WrongInput(f"{path} is larger than {LARGEST_FILE // 1_000_000} MB.")
            found[path] = path.read_bytes()
        except OSError as error:
            raise WrongInput(f"{path} cannot be read: {error.strerror}.") from None
    return found


def preview(files: Mapping[Path, bytes], read: Callable[[str, bytes], Reading] | None = None) -> Outcome:
    """What would come in; touches nothing. Reasons name the file when there are several.
    `read` is `bot.readers.read` unless another is given.

    Raises `WrongInput` for a file that no reader takes.
    """
    if read is None:
        from bot import readers  # noqa: PLC0415 - some readers are heavy

        read = readers.read
    readings: dict[Path, Reading] = {}
    for path, content in files.items():
        with _naming(path):
            readings[path] = read(path.name, content)
    return Outcome(
        documents=tuple(one for reading in readings.values() for one in reading.documents),
        refused=_refused({path: reading.refused for path, reading in readings.items()}),
        suppliers=tuple(one for reading in readings.values() for one in reading.suppliers),
        notes=tuple(note for reading in readings.values() for note in reading.notes),
    )


def _refused(of_files: Mapping[Path, Sequence[RefusedRow]]) -> tuple[RefusedRow, ...]:
    """Reasons name the file when there are several."""
    return tuple(
        replace(row, reason=f"{path.name}: {row.reason}") if len(of_files) > 1 else row
        for path, rows in of_files.items()
        for row in rows
    )


async def bring_in(settings: Settings, files: Mapping[Path, bytes], workspace: str, business: str) -> Outcome:
    """Put the items of the files into the business's inbox (the only one when both ids are empty).

    Every file is read first, so that a file nobody can read stops the import before anything came in.
    """
    from bot import bootstrap  # noqa: PLC0415

    seen = preview(files)
    new = known = rules = 0
    refused: dict[Path, Sequence[RefusedRow]] = {}
    async with bootstrap.build(settings) as running:
        for path, content in files.items():
            with _naming(path):
                imported = await running.import_file(
                    path.name, content, workspace=workspace, business=business
                )
            new += len(imported.new)
            known += imported.known
            rules += len(imported.rules.changes)
            refused[path] = imported.refused
    return replace(seen, new=new, known=known, rules=rules, refused=_refused(refused))


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except WrongInput as error:
        raise WrongInput(f"{path}: {error.says}", advice=error.advice) from None


def api_form(document: Document) -> dict[str, Any]:
    """A document in the form of `POST /api/v1/items`: texts that are there, amounts as decimal strings."""
    form: dict[str, Any] = {
        "external_id": document.external_id,
        "side": document.side.value,
        "type": document.type.value,
        "supplier": document.supplier,
        "customer": document.customer,
        "document_number": document.document_number,
        "date": document.date.isoformat() if document.date else None,
        "due_date": document.due_date.isoformat() if document.due_date else None,
        "currency": document.currency,
        "total": _decimal(document.total),
        "tax_amount": _decimal(document.tax_amount),
        "category": document.category,
        "tax": document.tax,
        "project": document.project,
        "payment_account": document.payment_account,
        "paid": document.paid,
        "description": document.description,
        "note": document.note,
        "line_items": [_line_form(line) for line in document.lines],
        "submitted_by": document.submitted_by,
        "claimed": document.claimed or None,
    }
    return _filled(form)


def _line_form(line: Line) -> dict[str, Any]:
    return _filled(
        {
            "description": line.description,
            "quantity": _decimal(line.quantity),
            "unit_price": _decimal(line.unit_price),
            "amount": _decimal(line.amount),
            "category": line.category,
            "tax": line.tax,
        }
    )


def _filled(form: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if value not in (None, "", [])}


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _words(document: Document) -> str:
    parts: Sequence[str] = (
        document.date.isoformat() if document.date else "no date",
        document.supplier or document.customer or "no name",
        document.document_number or "no number",
        " ".join(filter(None, (document.currency, _decimal(document.total) or "no total"))),
    )
    return f"{document.side.value} {document.type.value.replace('_', ' ')}: {', '.join(parts)}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _supplier_form(line: SupplierLine) -> dict[str, Any]:
    return _filled(
        {"name": line.name, "category": line.category, "currency": line.currency, "code": line.code}
    )


def _supplier(line: SupplierLine) -> str:
    return f"supplier: {line.name}, {line.category or 'no category'}, {line.currency or 'no currency'}"


def _refusal(refused: RefusedRow) -> str:
    return f"refused row {refused.row}: {refused.reason}" if refused.row else f"refused: {refused.reason}"
