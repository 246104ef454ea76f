"""A stage for jobs: a Slack that writes down, and the services jobs ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from bot.domain.connection import Connection, Organisation
from bot.domain.identity import (
    Business,
    BusinessId,
    ChannelId,
    ItemId,
    MessageRef,
    PersonId,
    WorkspaceId,
)
from bot.domain.items import Item
from bot.domain.lists import ListKind
from bot.domain.resolving import resolve
from bot.domain.settings import BooksChanges, BusinessSettings
from bot.domain.transitions import status
from bot.domain.watch import Found
from bot.services.items import ItemView
from bot.slack.client import Slack
from handlers.job_kit import Context
from handlers.jobs import JOBS
from tests.builders import GBP_ORGANISATION, usual_lists
from tests.integration.handlers.slackside import FakeSlack, services
from tests.unit.slack import views

BUSINESS = Business(WorkspaceId("T123"), BusinessId("b1"))
HOME = ChannelId("C0FINANCE")


@dataclass
class FakeSettings:
    channel: ChannelId | None = HOME

    async def read(self, _: Business) -> BusinessSettings:
        return BusinessSettings(channel=self.channel)


@dataclass
class FakeItems:
    """`ItemService` over items in memory."""

    items: dict[str, Item] = field(default_factory=dict)

    async def view(self, _: Business, item_id: ItemId) -> ItemView:
        item = self.items[item_id]
        coding = resolve(item, None, BusinessSettings(), usual_lists(), GBP_ORGANISATION)
        return ItemView(item, coding, status(item, coding), views.a_connection(), BusinessSettings())

    async def views(self, business: Business, ids: Sequence[ItemId]) -> Sequence[ItemView]:
        return [await self.view(business, item_id) for item_id in ids]

    async def mend(self, _: Business) -> Sequence[ItemId]:
        return []

    async def remember_card(self, _: Business, item_id: ItemId, card: MessageRef) -> None:
        self.items[item_id] = replace(self.items[item_id], card=card)


@dataclass
class FakeAuto:
    """`AutoPublishService`: suggests where so many were alike."""

    times: int = 0
    told: list[str] = field(default_factory=list)

    async def counted(self, _: Business, __: ItemView) -> int:
        return self.times

    async def suggested(self, _: Business, view: ItemView) -> None:
        self.told.append(view.item.id)


@dataclass
class FakeWatch:
    """`WatchService` that found what it is given."""

    found: Found = field(default_factory=lambda: Found([], 0, 0, BooksChanges.EVERYTHING, None))
    behind: list[ItemId] = field(default_factory=list)
    fault: Exception | None = None
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def ask(self, _: Business) -> None:
        self.asked.append(())

    async def ask_for(self, _: Business, person: str, view_id: str) -> None:
        self.asked.append((person, view_id))

    async def run(self, _: Business) -> None:
        if self.fault is not None:
            raise self.fault

    async def page(self, _: Business, offset: int, limit: int) -> Found:
        part = self.found.items[offset : offset + limit]
        return replace(self.found, items=part, offset=offset, total=len(self.found.items))

    async def cards(self, _: Business) -> Sequence[ItemId]:
        return list(self.behind)

    async def card_shown(self, _: Business, item_id: ItemId) -> None:
        self.behind.remove(item_id)


@dataclass
class FakeConnections:
    connection: Connection | None = field(default_factory=views.a_connection)
    sign_in: Any = None
    held: int = 0

    async def current(self, _: Business) -> Connection | None:
        return self.connection

    async def last_organisation(self, _: Business) -> Organisation | None:
        return self.connection.organisation if self.connection else None

    async def pending(self, _: Business, __: PersonId) -> Any:
        return self.sign_in

    async def overview(self, _: Business) -> Any:
        return self

    def software(self, _: str) -> Any:
        return type("Software", (), {"name": "Zoho Books", "lists": tuple(ListKind)})


@dataclass
class Scene:
    slack: FakeSlack
    context: Context

    async def runs(self, job: str, *ids: str) -> None:
        await JOBS[job](self.context, str(BUSINESS), *ids)


def a_scene(channel: ChannelId | None = HOME, **fakes: Any) -> Scene:
    slack = FakeSlack()
    usual = {
        "settings": FakeSettings(channel), "connection": FakeConnections(), "auto": FakeAuto(),
        "items": FakeItems(), "watch": FakeWatch(),
    }  # fmt: skip
    every = usual | fakes
    joined = services(**({"sign_in": every["connection"]} | every))
    return Scene(slack, Context(joined, lambda _: cast(Slack, slack)))
