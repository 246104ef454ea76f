"""Items resolved against the usual lists."""

from __future__ import annotations

from typing import Any

from bot.domain.coding import Coding
from bot.domain.finding import ListSlice
from bot.domain.identity import EntryId
from bot.domain.items import Item
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings, SupplierRule
from tests.builders import GBP_ORGANISATION, usual_lists

RULE = SupplierRule(supplier="northwind paper", category=EntryId("c493"), tax=EntryId("t5"))
DEFAULTS = BusinessSettings(default_tax_costs=EntryId("t20"), default_tax_sales=EntryId("t0"))


def coded(
    item: Item,
    *,
    rule: SupplierRule | None = None,
    settings: BusinessSettings = DEFAULTS,
    lists: ListSlice | None = None,
    **more: Any,
) -> Coding:
    """Resolved against the usual lists, of a business that is connected to an organisation in GBP."""
    return resolve(item, rule, settings, lists or usual_lists(), GBP_ORGANISATION, **more)


def problems(coding: Coding) -> list[str]:
    return [problem.says for problem in coding.problems]
