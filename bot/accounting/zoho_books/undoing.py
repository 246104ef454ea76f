"""Taking a record back: void where Zoho Books can, deleted where it cannot.

https://www.zoho.com/books/api/v3/bills/#void-a-bill , …/expenses/#delete-an-expense
"""

from __future__ import annotations

import contextlib

from bot.accounting.zoho_books.client import ZohoApi
from bot.accounting.zoho_books.places import PAYMENTS, PLACES
from bot.domain.items import PublishAs
from bot.domain.kinds import NEVER_VOID
from bot.errors import NotFound, Refused

GONE = "1002"
"""The code of a record that does not exist: somebody was quicker, and it is as we want it."""


async def undo(api: ZohoApi, kind: PublishAs, record_id: str, payment_id: str = "") -> None:
    """The payment of a bill goes first: a paid bill cannot be void. Safe to ask again: what is void or gone
    already stays so."""
    if payment_id:
        await _ask(api, "DELETE", f"{PAYMENTS.path}/{payment_id}")
    path = f"{PLACES[kind].path}/{record_id}"
    if kind in NEVER_VOID:
        await _ask(api, "DELETE", path)
    else:
        await _ask(api, "POST", f"{path}/status/void")


async def _ask(api: ZohoApi, method: str, path: str) -> None:
    with contextlib.suppress(NotFound):
        try:
            await api.mark(method, path)
        except Refused as fault:
            if fault.code != GONE:
                raise
