"""A connection that stopped working: noticed once, whoever comes upon it, logged, and told to the Admins."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.audit import LogEntry
from bot.domain.connection import Connection, ConnectionState
from bot.domain.identity import BOT
from bot.errors import ReconnectNeeded
from bot.ports import Clock, Jobs, Store


async def broke(store: Store, jobs: Jobs, clock: Clock, fault: ReconnectNeeded) -> bool:
    """True for the one who found it broken first: only that one logs it and has it told."""
    first = False

    def broken(connection: Connection) -> Connection:
        nonlocal first
        first = connection.works
        return replace(connection, state=ConnectionState.RECONNECT_NEEDED, reason=fault.says)

    connection = await store.connection.mark(broken)
    if connection is None or not first:
        return False
    await store.log.append(
        LogEntry(clock(), BOT, "connection.broken", connection.organisation.name, after=fault.says)
    )
    # One sign-in breaks once: under its time a second copy of the job is impossible.
    key = f"broken:{store.business}:{connection.connected_at.timestamp()}"
    await jobs.enqueue("connection_broken", str(store.business), key=key)
    return True
