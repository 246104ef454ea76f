"""Cells of the tables we hand out, and read back."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe before it
    (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{text}" if _is_formula(text) else text


def plain(cell: str) -> str:
    """What `safe` made a cell of; a name that begins with an apostrophe of its own keeps it."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(text: str) -> bool:
    """Also behind apostrophes, so that one of ours is told from one of the text's own."""
    return text.lstrip("'").startswith(_FORMULA)
