"""The subcommands, one line each."""

from __future__ import annotations

from handlers.commands import connect, connections, help, imports, items, refresh, rules, settings
from handlers.kit import Feature

FEATURES: tuple[Feature, ...] = (
    help.FEATURE,
    connect.CONNECT,
    connections.CONNECTIONS,
    connect.RECONNECT,
    connections.DISCONNECT,
    refresh.FEATURE,
    settings.FEATURE,
    rules.FEATURE,
    items.FEATURE,
    imports.FEATURE,
)
