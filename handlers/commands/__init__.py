"""The subcommands, one line each."""

from __future__ import annotations

from handlers.commands import (
    add,
    api_key,
    books,
    claim,
    connect,
    connections,
    digest,
    help,
    imports,
    items,
    log,
    mapping,
    publish,
    refresh,
    report,
    roles,
    rules,
    settings,
    status,
)  # fmt: skip
from handlers.kit import Feature

FEATURES: tuple[Feature, ...] = (
    help.FEATURE,
    connect.CONNECT,
    connections.CONNECTIONS,
    connect.RECONNECT,
    connections.DISCONNECT,
    refresh.FEATURE,
    mapping.FEATURE,
    settings.FEATURE,
    rules.FEATURE,
    items.FEATURE,
    add.FEATURE,
    claim.FEATURE,
    imports.FEATURE,
    publish.FEATURE,
    report.FEATURE,
    books.FEATURE,
    digest.FEATURE,
    status.FEATURE,
    roles.FEATURE,
    log.FEATURE,
    api_key.FEATURE,
)
