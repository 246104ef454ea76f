"""A business on its way to a connection, for the tests of connecting and reconnecting."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.domain.connection import Organisation
from bot.domain.identity import Business, BusinessId, ChannelId, WorkspaceId
from bot.services.connection import ConnectionService, Finished
from bot.services.refresh import RefreshService
from bot.services.roles import RoleService
from bot.services.sign_in import SignInService
from bot.services.switching import SwitchService
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.redis_fixtures import Clock

OF = Business(WorkspaceId("T1"), BusinessId("b1"))
FINANCE = ChannelId("C1")
ZOHO = "zoho-books"
HELD_OUT, OTHER = Organisation("60001", "Held Out Ltd", "GBP"), Organisation("60002", "Held Out GmbH", "EUR")


@dataclass
class World:
    storage: RedisStorage
    books: FakeBooks
    jobs: FakeJobs
    people: FakePeople
    clock: Clock

    @property
    def store(self) -> RedisStore:
        return self.storage.of(OF)

    @property
    def service(self) -> ConnectionService:
        softwares = {ZOHO: self.books}
        return ConnectionService(
            self.storage,
            softwares,
            self.jobs,
            RefreshService(self.storage, softwares, self.jobs, self.clock),
            self.clock,
            "https://bot.example",
        )

    @property
    def sign_in(self) -> SignInService:
        roles = RoleService(self.people, self.storage, self.clock)
        return SignInService(self.storage, self.service, self.jobs, self.people, roles, self.clock)

    @property
    def switching(self) -> SwitchService:
        roles = RoleService(self.people, self.storage, self.clock)
        return SwitchService(self.storage, self.service, self.sign_in, roles, self.jobs, self.clock)

    async def link(self, *, reconnecting: bool = False) -> str:
        url = await self.sign_in.begin(OF, ADA, FINANCE, ZOHO, reconnecting=reconnecting)
        return parse_qs(urlsplit(url).query)["link"][0]

    async def leaves(self, link: str, browser: str | None = None) -> tuple[str, str]:
        """Opens the link; gives the state that goes to the sign-in, and the browser's cookie."""
        opened = await self.sign_in.open_link(link, browser)
        return parse_qs(urlsplit(opened.authorize_url).query)["state"][0], opened.browser

    async def signs_in(self, code: str = "one", *, reconnecting: bool = False) -> None:
        state, browser = await self.leaves(await self.link(reconnecting=reconnecting))
        await self.sign_in.came_back(ZOHO, {"state": state, "code": code}, browser)

    async def connects(self, code: str = "one", organisation: Organisation = HELD_OUT) -> Finished:
        await self.signs_in(code)
        return await self.finishes(organisation.id)

    async def finishes(self, organisation_id: str, typed_name: str = "") -> Finished:
        """**Finish**, where no second Admin is asked."""
        finished = await self.service.finish(OF, ADA, organisation_id, typed_name=typed_name)
        assert isinstance(finished, Finished)
        return finished

    async def said(self) -> list[str]:
        """What the log holds, oldest first."""
        return [entry.what for entry in reversed(await self.store.log.latest(100))]

    async def refresh_token(self) -> str:
        credentials = await self.store.connection.tokens.read()
        return credentials.refresh_token if credentials else ""
