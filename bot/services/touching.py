"""What a refresh's changes touch: items, rules and settings that use an entry which changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import uses
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import ItemStage
from bot.domain.lists import EntryChange, ListKind, Touch
from bot.domain.rules import PARTIES
from bot.ports import Store
from bot.services.items import ItemView, Viewer

REMEMBERED = 50
"""So many items of a change are remembered by name; more are counted."""
OPEN = (ItemStage.INBOX, ItemStage.FAILED, ItemStage.WAITING, ItemStage.IN_CLAIM)


@dataclass
class _Touched:
    change: EntryChange
    items: list[ItemId] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    is_broken: bool = False


async def touches(store: Store, refresh_id: str) -> tuple[Sequence[Touch], int]:
    """The heaviest first, and how many items need attention because of the changes."""
    found: dict[int, _Touched] = {}
    await _settings_and_rules(store, refresh_id, found)
    broken: set[ItemId] = set()
    async for views in _open_items(store):
        await _items(store, refresh_id, views, found, broken)
    made = [
        Touch(
            line,
            one.change,
            tuple(one.items[:REMEMBERED]),
            len(one.items),
            tuple(one.rules),
            tuple(one.settings),
            tuple(one.methods),
            one.is_broken or one.change.what.ends,
        )
        for line, one in found.items()
    ]
    return sorted(made, key=lambda touch: (-touch.is_broken, -touch.weight, touch.line)), len(broken)


async def _open_items(store: Store) -> AsyncIterator[Sequence[ItemView]]:
    viewer = await Viewer.of(store)
    async for items in store.items.walk(OPEN):
        yield await viewer.views(items)


async def _settings_and_rules(store: Store, refresh_id: str, found: dict[int, _Touched]) -> None:
    settings, rules = await store.settings.read(), await store.rules.all()
    wanted: dict[tuple[ListKind, str], list[tuple[str, str]]] = {}
    for name, kind, entry_id in uses.of_settings(settings):
        method = uses.method_key(name)
        user = ("method", method) if method else ("setting", uses.setting_words(name))
        wanted.setdefault((kind, entry_id), []).append(user)
    for rule in rules:
        of_rule = list(uses.of_rule(rule))
        for _, kind, entry_id in of_rule:
            wanted.setdefault((kind, entry_id), []).append(("rule", rule.supplier))
        if of_rule and rule.name:
            party = PARTIES[rule.side]
            wanted.setdefault((party, EntryId(rule.name)), []).append(("rule", rule.supplier))
    for pair, (line, change) in (await store.reports.find(refresh_id, list(wanted))).items():
        touched = found.setdefault(line, _Touched(change))
        for what, name in wanted[pair]:
            users = {"setting": touched.settings, "rule": touched.rules, "method": touched.methods}[what]
            if name not in users:
                users.append(name)


async def _items(
    store: Store,
    refresh_id: str,
    views: Sequence[ItemView],
    found: dict[int, _Touched],
    broken: set[ItemId],
) -> None:
    wanted: dict[tuple[ListKind, str], dict[ItemId, bool]] = {}
    for view in views:
        for kind, text, is_wrong in uses.of_coding(view.coding):
            users = wanted.setdefault((kind, text), {})
            users[view.item.id] = is_wrong
    needing: Mapping[ItemId, bool] = {view.item.id: not view.coding.is_ready for view in views}
    for pair, (line, change) in (await store.reports.find(refresh_id, list(wanted))).items():
        touched = found.setdefault(line, _Touched(change))
        for item_id, is_wrong in wanted[pair].items():
            if item_id not in touched.items:
                touched.items.append(item_id)
            if is_wrong:
                touched.is_broken = True
                if needing[item_id]:
                    broken.add(item_id)
