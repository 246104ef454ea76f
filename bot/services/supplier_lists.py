"""A supplier list into rules: what it would change, and changing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.audit import LogEntry
from bot.domain.identity import PersonId
from bot.domain.reading import SupplierLine
from bot.domain.recoding import Recoding
from bot.domain.rule_rows import Plan, planned, wanted
from bot.domain.rules import words
from bot.domain.settings import SupplierRule
from bot.ports import Store

CHUNK = 500


async def plan(store: Store, lines: Sequence[SupplierLine], by: PersonId, now: datetime) -> Plan:
    """Looks the entries up and compares with the rules that stand; changes nothing."""
    found = Plan()
    rules = {rule.supplier: rule for rule in await store.rules.all()} if lines else {}
    for start in range(0, len(lines), CHUNK):
        chunk = lines[start : start + CHUNK]
        lists = await store.lists.slice({pair for line in chunk for pair in wanted(line)})
        found += planned(chunk, rules, lists, by, now)
    return found


async def adopt(store: Store, lines: Sequence[SupplierLine], by: PersonId, now: datetime) -> Plan:
    """Sets the rules. Doing it again changes nothing."""
    found = await plan(store, lines, by, now)
    for start in range(0, len(found.changes), CHUNK):
        chunk = found.changes[start : start + CHUNK]
        former = [
            Recoding(by, now, before or SupplierRule(after.supplier, name=after.name, side=after.side))
            for before, after in chunk
        ]
        await store.rules.save(*(after for _, after in chunk), before=former)
        await store.log.append(
            *(
                LogEntry(
                    now, by, "rule.changed", after.name, words(before, found.names), words(after, found.names)
                )
                for before, after in chunk
            )
        )
    return found
