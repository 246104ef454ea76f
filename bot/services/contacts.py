"""Suppliers and customers in the accounting software: found or made, never made twice."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.lists import Entry, ListKind
from bot.errors import AnswerLost, Refused, Unavailable
from bot.ports import Ledger


@dataclass(frozen=True)
class Contacts:
    """Suppliers or customers: the same acts on either."""

    ledger: Ledger
    kind: ListKind

    async def find(self, name: str) -> Entry | None:
        if self.kind is ListKind.CUSTOMERS:
            return await self.ledger.find_customer(name)
        return await self.ledger.find_supplier(name)

    async def make(self, name: str, currency: str) -> tuple[Entry, bool]:
        """The contact of that name and whether it is new: made with one call, and looked up only where one is
        there by now or the answer was lost. Raises Unavailable when that cannot be told, Refused where the
        name is somebody else's."""
        is_customer = self.kind is ListKind.CUSTOMERS
        make = self.ledger.create_customer if is_customer else self.ledger.create_supplier
        try:
            return await make(name, currency), True
        except Refused as fault:
            found = await self.find(name) if fault.cause == "name_used" else None
            if found is None:
                raise
            return found, False
        except AnswerLost:
            found = await self.find(name)
            if found is None:
                what = "customer" if is_customer else "supplier"
                raise Unavailable(f"Zoho Books did not say whether it made the {what}.") from None
            return found, False
