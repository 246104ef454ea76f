"""Lock dates: which of them hold for which side."""

from __future__ import annotations

from bot.domain.items import Side

SCOPES = {Side.COST: ("all", "purchase", "purchases"), Side.SALE: ("all", "sales")}
"""The entries of `ListKind.TRANSACTION_LOCKS` that count for a side, by id or name."""
