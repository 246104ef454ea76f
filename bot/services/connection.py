"""The connection's life: link, sign-in, choosing the organisation, finishing, disconnecting."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.audit import LogEntry
from bot.domain.connection import Connection, Credentials, Organisation, SignIn, SignInStage
from bot.domain.identity import Business, ChannelId, PersonId, Workspace
from bot.domain.items import ItemStage, Side
from bot.domain.lists import Entry, ListKind, ListsState, Refresh, fold
from bot.domain.resolving import default_tax
from bot.domain.roles import Person, Role
from bot.domain.settings import BusinessSettings
from bot.errors import AccountingError, AlreadyDone, BotError, FieldErrors, NotFound, SignInFailed
from bot.ports import AccountingSoftware, Clock, Jobs, People, Storage, Store
from bot.services.mapping import prepare
from bot.services.refresh import FINISH_LOCK, FINISH_LOCK_SECONDS, RefreshService, mark_broken
from bot.services.roles import RoleService

SECRET_BYTES = 32
EXPIRED = "That link has been used or is older than ten minutes."
RETIRED = PersonId("retired")
"""Under this name the credentials that newer ones replaced lie until they are withdrawn."""
START_AGAIN = "Start again with `/dext connect`."


@dataclass(frozen=True)
class Overview:
    """All that the Connections page shows."""

    connection: Connection | None
    settings: BusinessSettings
    lists: ListsState
    refresh: Refresh | None
    held: int
    calls: tuple[int, int] | None
    default_taxes: Mapping[Side, Entry | None]
    software: AccountingSoftware | None
    next_refresh_at: datetime | None = None


@dataclass(frozen=True)
class Opened:
    """What the page behind **Connect software** shows, and the cookie of the browser that opened it."""

    workspace_name: str
    person: Person
    software: AccountingSoftware
    authorize_url: str
    browser: str


@dataclass(frozen=True)
class Returned:
    business: Business
    person: PersonId
    workspace: Workspace
    software: AccountingSoftware


@dataclass(frozen=True)
class Choice:
    organisation: Organisation
    current: Organisation | None

    @property
    def is_other(self) -> bool:
        """Another organisation than the one connected before: rules and codings would no longer fit."""
        return self.current is not None and self.current.id != self.organisation.id


@dataclass(frozen=True)
class Finished:
    connection: Connection
    refresh: Refresh | None
    already: bool


def _hashed(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()


def _owner(token: str) -> Business:
    """Links and states begin with the business they belong to. Raises SignInFailed for anything else."""
    try:
        workspace, business, _ = token.split(".")
        return Business.parse(f"{workspace}:{business}")
    except ValueError:
        raise SignInFailed(EXPIRED, advice=START_AGAIN) from None


@dataclass(frozen=True)
class ConnectionService:
    storage: Storage
    by_slug: Mapping[str, AccountingSoftware]
    jobs: Jobs
    people: People
    roles: RoleService
    refreshes: RefreshService
    clock: Clock
    public_url: str

    @property
    def softwares(self) -> Sequence[AccountingSoftware]:
        return tuple(self.by_slug.values())

    def software(self, slug: str) -> AccountingSoftware:
        """Raises NotFound."""
        if slug not in self.by_slug:
            raise NotFound("This accounting software is not available.")
        return self.by_slug[slug]

    async def current(self, business: Business) -> Connection | None:
        return await self.storage.of(business).connection.read()

    async def overview(self, business: Business) -> Overview:
        store = self.storage.of(business)
        connection = await store.connection.read()
        settings = await store.settings.read()
        chosen = {side: default_tax(settings, side) for side in Side}
        lists = await store.lists.slice((ListKind.TAXES, tax) for tax in chosen.values() if tax)
        counts = await store.items.counts()
        calls = await store.budget(connection.organisation.id).used_today() if connection else None
        return Overview(
            connection=connection,
            settings=settings,
            lists=await store.lists.state(),
            refresh=await store.refreshes.read(),
            held=counts.get(ItemStage.WAITING, 0),
            calls=calls,
            default_taxes={
                side: lists.by_id(ListKind.TAXES, tax) if tax else None for side, tax in chosen.items()
            },
            software=self.by_slug.get(connection.software) if connection else None,
            next_refresh_at=await store.refreshes.due_at(),
        )

    # --- the way out to the sign-in

    async def begin(
        self,
        business: Business,
        person: PersonId,
        channel: ChannelId,
        slug: str,
        *,
        reconnecting: bool = False,
    ) -> str:
        """Makes the link behind **Connect software**. Raises AlreadyDone when something is connected and
        this is not a reconnect."""
        software = self.software(slug)
        store = self.storage.of(business)
        connection = await store.connection.read()
        if connection is not None and not reconnecting:
            raise AlreadyDone(
                f"{connection.organisation.name} is connected already.",
                advice="Use `/dext reconnect` to sign in again.",
            )

        def secret() -> str:
            return f"{business.workspace}.{business.id}.{secrets.token_urlsafe(SECRET_BYTES)}"

        sign_in = SignIn(
            id=secret(),
            state=secret(),
            software=software.slug,
            person=person,
            channel=channel,
            started_at=self.clock(),
            reconnecting=reconnecting,
        )
        await store.sign_ins.save(sign_in)
        await store.log.append(LogEntry(self.clock(), person, "connection.link_made", software.slug))
        return f"{self.public_url}/connect/{software.slug}?link={sign_in.id}"

    async def remember_view(self, business: Business, person: PersonId, view_id: str) -> None:
        """The modal that turns into **Select organisation** by itself; empty when it was closed."""
        store = self.storage.of(business)
        sign_in = await store.sign_ins.of(person)
        if sign_in is not None and sign_in.view_id != view_id:
            await store.sign_ins.save(replace(sign_in, view_id=view_id))

    async def open_link(self, link: str, browser: str | None) -> Opened:
        """The page behind the link. The first browser to open it owns it. Raises SignInFailed."""
        business = _owner(link)
        browser = browser or secrets.token_urlsafe(SECRET_BYTES)
        sign_in = await self.storage.of(business).sign_ins.bind(link, _hashed(browser))
        if sign_in is None or sign_in.is_expired(self.clock()):
            raise SignInFailed(EXPIRED, advice=START_AGAIN)
        software = self.software(sign_in.software)
        return Opened(
            workspace_name=(await self.people.workspace(business.workspace)).name,
            person=await self.people.person(business.workspace, sign_in.person),
            software=software,
            authorize_url=software.sign_in_url(sign_in.state, self.return_address(software.slug)),
            browser=browser,
        )

    def return_address(self, slug: str) -> str:
        return f"{self.public_url}/oauth/{slug}/callback"

    # --- the way back

    async def came_back(self, slug: str, query: Mapping[str, str], browser: str | None) -> Returned:
        """The sign-in's return. The state is used up before anything else; then browser, time and role are
        checked, and only then the code is exchanged. Raises SignInFailed, NotAllowed, AccountingError."""
        software = self.software(slug)
        state = query.get("state", "")
        business = _owner(state)
        store = self.storage.of(business)
        sign_in = await store.sign_ins.take(state)
        if sign_in is None:
            raise SignInFailed(EXPIRED, advice=START_AGAIN)
        try:
            self._check_return(sign_in, slug, browser)
            await self.roles.require(business, sign_in.person, Role.ADMIN, "connect accounting software")
            credentials = await software.exchange(query, self.return_address(slug))
            signed_in = await self._with_organisations(store, software, sign_in, credentials)
        except BotError as fault:
            await store.log.append(
                LogEntry(self.clock(), sign_in.person, "connection.sign_in_failed", slug, after=fault.says)
            )
            await self._enqueue("sign_in_failed", business, sign_in.person, fault.sentence)
            raise
        await store.sign_ins.save(signed_in)
        await store.log.append(LogEntry(self.clock(), sign_in.person, "connection.signed_in", slug))
        await self._enqueue("signed_in", business, sign_in.person)
        return Returned(business, sign_in.person, await self.people.workspace(business.workspace), software)

    async def _enqueue(self, name: str, business: Business, *ids: str) -> None:
        """Each time anew: nothing that is asked for again is dropped."""
        await self.jobs.enqueue(name, str(business), *ids, key=f"{name}:{business}:{secrets.token_hex(4)}")

    def _check_return(self, sign_in: SignIn, slug: str, browser: str | None) -> None:
        """Raises SignInFailed."""
        if sign_in.is_expired(self.clock()) or sign_in.software != slug:
            raise SignInFailed(EXPIRED, advice=START_AGAIN)
        if not (browser and sign_in.browser and hmac.compare_digest(_hashed(browser), sign_in.browser)):
            raise SignInFailed(
                "The sign-in came back in another browser than it left from.", advice=START_AGAIN
            )

    async def _with_organisations(
        self, store: Store, software: AccountingSoftware, sign_in: SignIn, credentials: Credentials
    ) -> SignIn:
        tokens = store.sign_ins.tokens(sign_in.person)
        await tokens.write(credentials)
        ledger = software.ledger(tokens, store.budget(f"sign-in-{sign_in.person}"))
        organisations = tuple(await ledger.organisations())
        if not organisations:
            raise SignInFailed(
                f"This {software.name} user has no organisation.",
                advice=f"Make one in {software.name}, or sign in as somebody who has one.",
            )
        # Read again: the modal may have been closed or opened while the browser was away.
        latest = await store.sign_ins.of(sign_in.person)
        view_id = latest.view_id if latest and latest.id == sign_in.id else ""
        return replace(sign_in, stage=SignInStage.SIGNED_IN, organisations=organisations, view_id=view_id)

    async def pending(self, business: Business, person: PersonId) -> SignIn | None:
        """The person's sign-in under way."""
        return await self.storage.of(business).sign_ins.of(person)

    async def choose(self, business: Business, person: PersonId, organisation_id: str) -> Choice:
        """The organisation picked from the list of this sign-in. Raises FieldErrors, SignInFailed."""
        store = self.storage.of(business)
        sign_in = await store.sign_ins.of(person)
        if sign_in is None or sign_in.stage is not SignInStage.SIGNED_IN:
            raise SignInFailed("This sign-in is over.", advice=START_AGAIN)
        for organisation in sign_in.organisations:
            if organisation.id == organisation_id:
                connection = await store.connection.read()
                return Choice(organisation, connection.organisation if connection else None)
        raise FieldErrors({"organisation": "Choose one of the organisations on the list."})

    async def finish(
        self, business: Business, person: PersonId, organisation_id: str, *, typed_name: str = ""
    ) -> Finished:
        """Makes the connection. Only now is anything connected; a second **Finish** changes nothing.

        The old sign-in stays in use until the new one is stored and is then withdrawn.
        Raises FieldErrors, SignInFailed.
        """
        store = self.storage.of(business)
        async with store.lock(FINISH_LOCK, FINISH_LOCK_SECONDS):
            try:
                choice = await self.choose(business, person, organisation_id)
            except SignInFailed:
                stands = await store.connection.read()
                ours = stands and stands.organisation.id == organisation_id and stands.connected_by == person
                if stands and ours and stands.works:
                    return Finished(stands, await store.refreshes.read(), already=True)
                raise
            return await self._finish(store, person, choice, typed_name)

    async def _finish(self, store: Store, person: PersonId, choice: Choice, typed_name: str) -> Finished:
        name = choice.current.name if choice.current else ""
        if choice.is_other and fold(typed_name) != fold(name):
            raise FieldErrors({"organisation_name": f"Type {name} to go on."})
        credentials = await store.sign_ins.tokens(person).read()
        old = await store.connection.tokens.read()
        sign_in = await store.sign_ins.of(person)
        if credentials is None or sign_in is None:
            raise SignInFailed("This sign-in is over.", advice=START_AGAIN)
        if choice.is_other and choice.current:
            await prepare(store, choice.current, choice.organisation, person)
            await store.lists.clear()
        connection = Connection(sign_in.software, choice.organisation, person, self.clock())
        retired = store.sign_ins.tokens(RETIRED)
        if old is not None and old.refresh_token != credentials.refresh_token:
            # Before the new one is stored: after a crash between the two, nobody would know it any more.
            await retired.write(old)
        await store.connection.save(connection, credentials)
        budget = store.budget(choice.organisation.id)
        await budget.allow_at_once(choice.organisation.calls_at_once)
        await self._settle(store, sign_in, choice)
        if await retired.read() is not None:
            # The call to withdraw it is a job's: nothing here may wait for Zoho.
            await self._enqueue("withdraw_retired", store.business)
        begun = await self.refreshes.begin(store.business, person)
        await self._enqueue("release_held", store.business)
        # Last: **Finish** pressed again after a crash does what was left undone.
        await store.sign_ins.forget(person)
        return Finished(connection, begun.refresh, already=False)

    async def _settle(self, store: Store, sign_in: SignIn, choice: Choice) -> None:
        """The business's channel is at first the one where connecting was said."""
        await store.settings.change(
            lambda settings: settings if settings.channel else replace(settings, channel=sign_in.channel)
        )
        await store.log.append(
            LogEntry(
                self.clock(),
                sign_in.person,
                "connection.reconnected" if choice.current else "connection.finished",
                about=sign_in.software,
                before=choice.current.label if choice.current else "",
                after=choice.organisation.label,
            )
        )

    async def cancel(self, business: Business, person: PersonId) -> None:
        """Leaves a sign-in: what it gave is withdrawn, nothing is connected."""
        store = self.storage.of(business)
        credentials = await store.sign_ins.tokens(person).read()
        sign_in = await store.sign_ins.forget(person)
        # After a **Finish** that was cut short they are the connection's.
        if sign_in and credentials and credentials != await store.connection.tokens.read():
            await self._withdraw(self.software(sign_in.software), credentials)

    async def disconnect(self, business: Business, person: PersonId) -> Connection | None:
        """Withdraws the sign-in and forgets it; items, rules, lists and settings stay."""
        store = self.storage.of(business)
        connection = await store.connection.read()
        credentials = await store.connection.tokens.read()
        if connection is None:
            return None
        await store.connection.forget()
        await store.refreshes.schedule(None)
        withdrawn = credentials is None or await self._withdraw(
            self.software(connection.software), credentials
        )
        await store.log.append(
            LogEntry(
                self.clock(),
                person,
                "connection.disconnected",
                about=connection.software,
                before=connection.organisation.label,
                after="" if withdrawn else "the sign-in could not be withdrawn",
            )
        )
        return connection

    async def withdraw_retired(self, business: Business) -> None:
        """Withdraws the sign-in that a newer one replaced; never the one in use."""
        store = self.storage.of(business)
        retired, used = await store.sign_ins.tokens(RETIRED).read(), await store.connection.tokens.read()
        connection = await store.connection.read()
        if retired and connection and not (used and used.refresh_token == retired.refresh_token):
            await self._withdraw(self.software(connection.software), retired)

    async def _withdraw(self, software: AccountingSoftware, credentials: Credentials) -> bool:
        try:
            await software.revoke(credentials)
        except (AccountingError, SignInFailed) as fault:
            structlog.get_logger().warning("sign-in not withdrawn", software=software.slug, fault=fault.says)
            return False
        return True

    async def mark_broken(self, business: Business, reason: str) -> bool:
        """True for the one who found it broken first."""
        return await mark_broken(self.storage.of(business), reason)
