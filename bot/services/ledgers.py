"""The one way to a connected organisation's books."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.connection import Connection
from bot.ports import AccountingSoftware, Ledger, Store


def ledger_of(softwares: Mapping[str, AccountingSoftware], store: Store, connection: Connection) -> Ledger:
    """Signed in as the connection is, within its organisation's budget of calls."""
    organisation = connection.organisation.id
    software = softwares[connection.software]
    return software.ledger(store.connection.tokens, store.budget(organisation), organisation)
