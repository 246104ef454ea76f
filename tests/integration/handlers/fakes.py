"""The services as commands and buttons know them, in memory; each writes down what it was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.audit import LogEntry
from bot.domain.checklist import Check, Standing, checks
from bot.domain.connection import Connection, Organisation
from bot.domain.history import Event
from bot.domain.identity import EntryId, ItemId, MessageRef, PersonId
from bot.domain.items import Field, Item, ItemStatus, Side
from bot.domain.lists import Entry, ListKind, ListsState
from bot.domain.many import Many, Wanted
from bot.domain.needs import Needs
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings, Concerned, Waiting
from bot.domain.status import OpenPage, Status
from bot.domain.transitions import status
from bot.services.connection import Choice, Finished, Overview
from bot.services.history import HistoryPage
from bot.services.inbox import Page
from bot.services.items import ItemView
from bot.services.settings import AutoForm, Choices
from handlers.commands import FEATURES
from tests.builders import ADA, GBP_ORGANISATION, NOON, STANDARD_RATE, an_entry, an_item, usual_lists
from tests.integration.handlers.slackside import Bot, services
from tests.unit.slack import views

HOME = views.CHANNEL
READ = ListsState(NOON, dict.fromkeys(ListKind, 1400))


class Software:
    slug, name, summary, rights = "zoho-books", "Zoho Books", "Bills, expenses and lists", "read your lists"
    lists = tuple(ListKind)
    places = (("eu", "Europe"), ("in", "India"))


@dataclass
class Connections:
    """`ConnectionService` and `SignInService`."""

    connection: Connection | None = None
    sign_in: Any = None
    asked: list[Any] = field(default_factory=list)
    finished: Finished | None = None
    settings: BusinessSettings = field(default_factory=lambda: BusinessSettings(channel=HOME))
    lists: ListsState = READ
    needed: Needs | None = None
    softwares = (Software,)

    def software(self, _: str) -> type[Software]:
        return Software

    async def current(self, _: object) -> Connection | None:
        return self.connection

    async def begin(self, _: object, person: str, channel: str, slug: str, *, reconnecting: bool) -> str:
        self.asked.append(("begin", person, channel, slug, reconnecting))
        return "https://bot.example/connect/zoho-books?link=abc"

    async def remember_view(self, _: object, __: object, view_id: str) -> None:
        self.asked.append(("view", view_id))

    async def pending(self, _: object, __: object) -> Any:
        return self.sign_in

    async def start_at(self, _: object, __: object, place: str) -> None:
        self.asked.append(("place", place))

    async def choose(self, _: object, __: object, organisation: str) -> Choice:
        self.asked.append(("choose", organisation))
        return Choice(GBP_ORGANISATION, self.connection.organisation if self.connection else None)

    async def finish(self, _: object, __: object, organisation: str, *, typed_name: str) -> Finished:
        self.asked.append(("finish", organisation, typed_name))
        assert self.finished is not None
        self.connection = self.finished.connection
        return self.finished

    async def disconnect(self, _: object, __: object) -> Connection | None:
        gone, self.connection = self.connection, None
        return gone

    async def overview(self, _: object) -> Overview:
        return Overview(
            self.connection, self.settings, self.lists, None, 0, None,
            {Side.COST: None, Side.SALE: None}, None,
        )  # fmt: skip

    async def last_changes(self, _: object) -> Sequence[LogEntry]:
        return [LogEntry(NOON, ADA, "settings.changed", "Refresh schedule", "Off", "Every 6 hours")]

    async def last_organisation(self, _: object) -> Organisation | None:
        return self.connection.organisation if self.connection else None

    async def needs(self, _: object) -> Needs | None:
        return self.needed

    def checklist(self, overview: Overview, *, bot_in_channel: bool | None) -> tuple[Check, ...]:
        at = Standing(overview.connection, overview.settings, overview.lists, overview.default_taxes)
        return checks(NOON, at, bot_in_channel=bot_in_channel)


@dataclass
class Settings:
    """`SettingsService`."""

    settings: BusinessSettings = field(default_factory=lambda: BusinessSettings(channel=HOME))
    saved: list[BusinessSettings] = field(default_factory=list)

    async def read(self, _: object) -> BusinessSettings:
        return self.settings

    async def choices(self, _: object) -> Choices:
        return Choices([STANDARD_RATE], [])

    async def concerned(self, _: object) -> Concerned:
        return Concerned()

    async def waiting(self, _: object) -> Waiting:
        return Waiting(costs=6, sales=1, new_suppliers=0)

    async def save(
        self, _: object, __: object, new: BusinessSettings, auto: AutoForm | None = None
    ) -> tuple[str, ...]:
        del auto
        self.saved.append(new)
        return ("Default tax for costs: Standard Rate 20% (was none)",)


@dataclass
class Items:
    """`ItemService` over one item."""

    item: Item = field(default_factory=lambda: an_item(card=MessageRef(HOME, "7.0")))
    edited: list[Mapping[Field, str | None]] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    async def view(self, _: object, __: object) -> ItemView:
        coding = resolve(self.item, None, BusinessSettings(), usual_lists(), GBP_ORGANISATION)
        return ItemView(
            self.item, coding, status(self.item, coding), views.a_connection(), BusinessSettings()
        )

    async def page(
        self, _: object, wanted: ItemStatus | None, offset: int = 0, limit: int = 10, cause: str = ""
    ) -> Page:
        self.asked.append((wanted, offset) if not cause else (wanted, offset, cause))
        return Page([await self.view(None, None)] if limit else [], 20, offset, {ItemStatus.READY: 20})

    async def number_to_do(self, _: object) -> int:
        return 20

    async def find(self, _: object, typed: str, offset: int = 0, limit: int = 10) -> Page:
        self.asked.append(("find", typed, offset))
        fits = typed.lower() in "northwind paper ltd nw-1001"
        views = [await self.view(None, None)] if limit and fits else []
        return Page(views, 20 if fits else 0, offset)

    async def edit(self, _: object, __: object, ___: object, changes: Mapping[Field, str | None]) -> None:
        self.edited.append(changes)

    async def mend(self, _: object) -> Sequence[ItemId]:
        return []

    async def reject(self, _: object, item_id: ItemId, person: str) -> None:
        self.asked.append(("reject", item_id, person))

    async def not_booked(self, _: object, item_id: ItemId, person: str) -> None:
        self.asked.append(("not booked", item_id, person))

    async def options(
        self, _: object, kind: ListKind, typed: str, *, side: object = None, limit: int = 100
    ) -> Sequence[Entry]:
        self.asked.append((kind, typed, side))
        return [an_entry("Acme Paper Ltd", id=EntryId("s9"))]


@dataclass
class Publishing:
    """`PublishService`."""

    outcome: Any
    asked: list[Any] = field(default_factory=list)

    async def begin(self, _: object, item_id: ItemId, person: str) -> Any:
        self.asked.append((item_id, person))
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    async def begin_with_supplier(
        self,
        _: object,
        item_id: ItemId,
        person: str,
        *,
        supplier: str | None,
        create: bool,
        remember: bool = False,
    ) -> Any:
        self.asked.append((item_id, supplier, create, *(["remember"] if remember else [])))
        return self.outcome


@dataclass
class ManyAtOnce:
    """`ManyService`."""

    ready_now: Any = None
    many: Many = field(default_factory=lambda: Many("m1", Wanted.READY, "", ADA, NOON))
    asked: list[Any] = field(default_factory=list)

    async def ready(self, _: object) -> Any:
        return self.ready_now

    async def ask(
        self, _: object, __: str, wanted: Wanted, name: str = "", of: str = "", title: str = ""
    ) -> Many:
        self.asked.append((wanted, name, of))
        return replace(self.many, wanted=wanted, name=name, of=of, title=title)

    async def stop(self, _: object, many: str, person: str) -> Many:
        self.asked.append(("stop", many, person))
        return self.many

    async def go_on(self, _: object, many: str, person: str) -> Many:
        self.asked.append(("go on", many, person))
        return self.many


@dataclass
class HowItStands:
    """`StatusService`."""

    status: Status = field(default_factory=lambda: views.every_status()[0])
    homes: list[Any] = field(default_factory=list)
    seen: dict[PersonId, str] = field(default_factory=dict)
    open_pages: dict[str, OpenPage] = field(default_factory=dict)

    async def read(self, _: object) -> Status:
        return self.status

    async def home_opened(self, _: object, person: PersonId, seen: str) -> None:
        self.seen[person] = seen

    async def openers(self, _: object) -> dict[PersonId, str]:
        return dict(self.seen)

    async def page_opened(self, _: object, page: OpenPage) -> None:
        self.open_pages[page.view] = page

    async def pages(self, _: object) -> Sequence[OpenPage]:
        return list(self.open_pages.values())

    async def page_shown(self, _: object, before: OpenPage, after: OpenPage | None) -> None:
        del self.open_pages[before.view]
        if after is not None:
            self.open_pages[after.view] = after

    async def log_head(self, _: object) -> str:
        return "h1"

    async def homes_know(self, _: object, head: str) -> None:
        self.homes.append(head)

    async def home_shown(self, _: object, person: PersonId, seen: str) -> None:
        self.seen[person] = seen


def a_bot(**fakes: Any) -> Bot:
    usual = {
        "connection": Connections(), "settings": Settings(), "items": Items(), "status": HowItStands(),
    }  # fmt: skip
    every = usual | fakes
    return Bot(FEATURES, services(**({"sign_in": every["connection"]} | every)))


def state(**values: Any) -> dict[str, Any]:
    return {"values": {name: {"value": value} for name, value in values.items()}}


def chosen(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value}}


@dataclass
class History:
    """`HistoryService`: 45 things happened."""

    asked: list[Any] = field(default_factory=list)

    async def page(self, _: object, item_id: ItemId, offset: int, limit: int) -> HistoryPage:
        self.asked.append((item_id, offset))
        happened = [Event(NOON, ADA, f"changed total: £{number}.00 → £9.00") for number in range(45)]
        return HistoryPage(happened[offset : offset + limit], len(happened), offset)
