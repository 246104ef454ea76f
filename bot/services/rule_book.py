"""Rules as they stand: looked at, handed out as a table, searched for conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import conflicts
from bot.domain.audit import LogEntry
from bot.domain.conflicts import Conflict
from bot.domain.identity import Business, EntryId, PersonId
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.matching import Alias
from bot.domain.rule_table import table
from bot.domain.rules import entries_of, words
from bot.domain.settings import SupplierRule
from bot.domain.uses import of_rule
from bot.ports import Clock, Jobs, Storage, Store
from bot.ports.views import Desk

CHUNK = 500
COMPARED_UNASKED = 2000


@dataclass(frozen=True)
class RuleView:
    """A rule with its entries by field; nothing where an entry is no longer known."""

    rule: SupplierRule
    entries: Mapping[str, Entry | None]

    @property
    def category(self) -> Entry | None:
        return self.entries.get("category")

    @property
    def tax(self) -> Entry | None:
        return self.entries.get("tax")

    @property
    def names(self) -> Mapping[str, str]:
        """How its entries are called, by their ids."""
        return {str(entry.id): entry.label for entry in self.entries.values() if entry}

    @property
    def words(self) -> str:
        return words(self.rule, self.names)

    @property
    def gone(self) -> tuple[str, ...]:
        """The fields whose entry vanished from the accounting software, or is inactive there."""
        named = [name for name, *_ in of_rule(self.rule)] + ["currency"] * bool(self.rule.currency)
        return tuple(name for name in named if not ((entry := self.entries.get(name)) and entry.active))


@dataclass(frozen=True)
class Book:
    """All rules that set something, by name."""

    is_connected: bool
    views: Sequence[RuleView]
    aliases: Sequence[Alias]
    """Every remembered name, by name."""
    conflicts: Sequence[Conflict] | None
    """Nothing where there are so many rules that one looks for them only when asked."""


@dataclass(frozen=True)
class RuleBook:
    storage: Storage
    jobs: Jobs
    clock: Clock

    async def read(self, business: Business) -> Book:
        """In two round trips."""
        desk, rules, lists = await self._read(business)
        base = desk.connection.organisation.currency if desk.connection else ""
        return Book(
            desk.connection is not None,
            [RuleView(rule, entries_of(rule, lists)) for rule in rules],
            sorted(desk.aliases.values(), key=lambda alias: alias.written.casefold()),
            conflicts.conflicts(rules, lists, desk.aliases, base) if len(rules) <= COMPARED_UNASKED else None,
        )

    async def conflicts(self, business: Business) -> Sequence[Conflict]:
        """What is wrong with the rules."""
        desk, rules, lists = await self._read(business)
        base = desk.connection.organisation.currency if desk.connection else ""
        return conflicts.conflicts(rules, lists, desk.aliases, base)

    async def _read(self, business: Business) -> tuple[Desk, list[SupplierRule], Lists]:
        store = self.storage.of(business)
        desk, kept = await store.views.rules()
        rules = _sorted(kept)
        parts = [rules[at : at + CHUNK] for at in range(0, len(rules), CHUNK)]
        return desk, rules, await store.lists.slices(conflicts.wanted(part, desk.aliases) for part in parts)

    async def of(self, business: Business, key: str) -> RuleView | None:
        store = self.storage.of(business)
        rule = await store.rules.of(key)
        return (await rule_views(store, [rule]))[0] if rule else None

    # --- as a table

    async def ask_table(self, business: Business, person: PersonId, once: str) -> None:
        """Puts the table on the queue."""
        await self.jobs.enqueue(
            "export_rules", str(business), person, key=f"rules:{business}:{person}:{once}"
        )

    async def table(self, business: Business, person: PersonId) -> tuple[bytes, int]:
        """All rules as CSV with the mark by which spreadsheets know its encoding, and how many; logged."""
        store = self.storage.of(business)
        rules = _sorted(await store.rules.all())
        named = {(kind, str(entry_id)) for rule in rules for _, kind, entry_id in of_rule(rule)}
        lists = await store.lists.slice(named)
        known = {(kind, entry.label) for kind, text in named if (entry := lists.by_id(kind, EntryId(text)))}
        lists = await store.lists.slice({*named, *known})
        content = table(rules, lists).encode("utf-8-sig")
        await store.log.append(LogEntry(self.clock(), person, "rules.exported", after=f"{len(rules)} rules"))
        return content, len(rules)


def _sorted(rules: Iterable[SupplierRule]) -> list[SupplierRule]:
    """Those that set something, by name."""
    return sorted(
        (rule for rule in rules if rule.sets_something),
        key=lambda rule: (rule.name.casefold(), rule.supplier),
    )


async def rule_views(store: Store, rules: Sequence[SupplierRule]) -> list[RuleView]:
    wanted = [
        *((kind, str(chosen)) for rule in rules for _, kind, chosen in of_rule(rule)),
        *((ListKind.CURRENCIES, rule.currency) for rule in rules if rule.currency),
    ]
    lists = await store.lists.slice(dict.fromkeys(wanted))
    return [RuleView(rule, entries_of(rule, lists)) for rule in rules]
