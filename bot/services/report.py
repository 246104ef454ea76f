"""What a month came to: its items as a table, and what was spent."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain import report
from bot.domain.identity import Business, PersonId
from bot.domain.items import ItemStatus
from bot.domain.report import Line, Month, Spend
from bot.errors import NotConnected
from bot.ports import Clock, Jobs, Storage
from bot.services.items import Viewer


@dataclass(frozen=True)
class Report:
    month: Month
    organisation: str
    currency: str
    table: bytes
    """CSV, with the mark by which spreadsheets know its encoding."""
    counts: Mapping[ItemStatus, int]
    spend: Spend


@dataclass(frozen=True)
class ReportService:
    storage: Storage
    jobs: Jobs
    clock: Clock

    async def ask(self, business: Business, person: PersonId, said: str) -> Month:
        """Puts the report on the queue. Raises WrongInput for what is no month, NotConnected: amounts are
        summed in the organisation's currency."""
        month = report.month_of(said, self.clock().date())
        if await self.storage.of(business).connection.read() is None:
            raise NotConnected()
        key = f"report:{business}:{person}:{secrets.token_hex(4)}"
        await self.jobs.enqueue("report", str(business), person, month.code, key=key)
        return month

    async def make(self, business: Business, month: Month) -> Report:
        """Only the month's own items are held at once, however many there are. Raises NotConnected."""
        viewer = await Viewer.of(self.storage.of(business))
        if viewer.connection is None:
            raise NotConnected()
        lines: list[Line] = []
        async for items in viewer.store.items.all():
            held = [item for item in items if month.holds(report.day_of(item))]
            views = zip(held, await viewer.views(held), strict=True)
            lines += [Line(item, view.coding, view.status) for item, view in views]
        lines.sort(key=lambda line: (report.day_of(line.item), line.item.received_at, line.item.id))
        organisation = viewer.connection.organisation
        return Report(
            month,
            organisation.name,
            organisation.currency,
            report.table(lines, organisation.currency).encode("utf-8-sig"),
            Counter(line.status for line in lines),
            report.spend(lines, organisation.currency),
        )
