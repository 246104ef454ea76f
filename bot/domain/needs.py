"""What the accounting software needs of an item, from the connected organisation's own lists."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """Names of active entries; numbers where there are too many to name."""

    software: str
    organisation: str
    cost_categories: int
    sale_categories: int
    payment_accounts: tuple[str, ...]
    taxes: tuple[str, ...]
    currencies: tuple[str, ...]
