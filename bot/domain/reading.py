"""What a reader makes of a file: documents, and rows it refuses with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.items import Document


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """`row` counts from 1 with the heading, as a spreadsheet shows it; 0 is the file itself."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    documents: tuple[Document, ...]
    refused: tuple[RefusedRow, ...] = ()
