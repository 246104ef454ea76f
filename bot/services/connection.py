"""The connection's life: choosing the organisation, finishing, the overview, disconnecting."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from bot.domain.audit import LogEntry, latest_managed
from bot.domain.checklist import Check, Standing, checks
from bot.domain.connection import Connection, Credentials, Organisation, SignIn, SignInStage, as_known
from bot.domain.default_taxes import default_tax
from bot.domain.identity import Business, PersonId
from bot.domain.items import ItemStage, Side
from bot.domain.lists import Entry, EntryUse, ListKind, ListsState, Refresh, RefreshState, fold
from bot.domain.needs import Needs
from bot.domain.probe import Probe
from bot.domain.settings import BusinessSettings
from bot.errors import AccountingError, FieldErrors, NotFound, SignInFailed
from bot.ports import AccountingSoftware, Clock, Jobs, Storage, Store
from bot.services.mapping import prepare
from bot.services.refresh import FINISH_LOCK, FINISH_LOCK_SECONDS, RefreshService

RETIRED = PersonId("retired")
"""Under this name the credentials that newer ones replaced lie until they are withdrawn."""
LOOKED_AT = 500
"""Among so many newest entries of the log the last changes are looked for."""
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
    has_rule: bool = False
    has_approver: bool = False
    probe: Probe | None = None
    tax_exceptions: Mapping[str, Entry | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    organisation: Organisation
    current: Organisation | None

    @property
    def is_other(self) -> bool:
        """Another organisation than the one connected before: rules and codings would no longer fit."""
        return self.current is not None and self.current.id != self.organisation.id

    @property
    def labels(self) -> tuple[str, str]:
        """Before and after, for the log."""
        return self.current.label if self.current else "", self.organisation.label


@dataclass(frozen=True)
class SecondAdminAsked:
    """Nothing is connected yet: a second Admin has to agree to another organisation."""

    choice: Choice


@dataclass(frozen=True)
class Finished:
    connection: Connection
    refresh: Refresh | None
    already: bool


@dataclass(frozen=True)
class ConnectionService:
    storage: Storage
    by_slug: Mapping[str, AccountingSoftware]
    jobs: Jobs
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

    async def last_organisation(self, business: Business) -> Organisation | None:
        """The one connected now or last."""
        return await self.storage.of(business).connection.organisation()

    async def overview(self, business: Business) -> Overview:
        store = self.storage.of(business)
        connection = await store.connection.read()
        settings = await store.settings.read()
        chosen = {side: default_tax(settings, side) for side in Side}
        taxes = [tax for tax in (*chosen.values(), *settings.tax_exceptions.values()) if tax]
        lists = await store.lists.slice((ListKind.TAXES, tax) for tax in taxes)
        counts = await store.items.counts()
        roles = await store.roles.read()
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
            has_rule=any(rule.sets_something for rule in await store.rules.all()),
            has_approver=bool(roles and roles.approvers),
            probe=await store.probes.read() if connection else None,
            tax_exceptions={
                one: lists.by_id(ListKind.TAXES, tax) for one, tax in settings.tax_exceptions.items()
            },
        )

    def checklist(self, overview: Overview, *, bot_in_channel: bool | None) -> tuple[Check, ...]:
        """What is still needed. `bot_in_channel` is nothing where Slack does not say."""
        refresh = overview.refresh
        at = Standing(
            overview.connection,
            overview.settings,
            overview.lists,
            overview.default_taxes,
            overview.tax_exceptions,
            has_rule=overview.has_rule,
            has_approver=overview.has_approver,
            is_reading=refresh is not None and refresh.state is RefreshState.IN_PROGRESS,
            findings=len(overview.probe.findings) if overview.probe else 0,
        )
        return checks(self.clock(), at, bot_in_channel=bot_in_channel)

    async def last_changes(self, business: Business) -> Sequence[LogEntry]:
        """What was managed last: settings, lists, the connection."""
        return latest_managed(await self.storage.of(business).log.latest(LOOKED_AT))

    async def needs(self, business: Business) -> Needs | None:
        """What an item needs there; nothing before anything is connected and its lists are read."""
        store = self.storage.of(business)
        connection, lists = await store.connection.read(), store.lists
        if connection is None or (await lists.state()).refreshed_at is None:
            return None
        categories = await lists.active(ListKind.CATEGORIES)
        accounts, taxes, currencies = [
            tuple(entry.label for entry in await lists.active(kind))
            for kind in (ListKind.BANK_ACCOUNTS, ListKind.TAXES, ListKind.CURRENCIES)
        ]
        return Needs(
            self.software(connection.software).name,
            connection.organisation.name,
            sum(entry.use in (EntryUse.COST, EntryUse.BOTH) for entry in categories),
            sum(entry.use in (EntryUse.SALE, EntryUse.BOTH) for entry in categories),
            accounts,
            taxes,
            currencies,
        )

    async def choose(self, business: Business, person: PersonId, organisation_id: str) -> Choice:
        """The organisation picked from the list of this sign-in. Raises FieldErrors, SignInFailed."""
        store = self.storage.of(business)
        sign_in = await store.sign_ins.of(person)
        if sign_in is None or sign_in.stage is not SignInStage.SIGNED_IN:
            raise SignInFailed("This sign-in is over.", advice=START_AGAIN)
        for organisation in sign_in.organisations:
            if organisation.id == organisation_id:
                return Choice(organisation, await store.connection.organisation())
        raise FieldErrors({"organisation": "Choose one of the organisations on the list."})

    async def finish(
        self,
        business: Business,
        person: PersonId,
        organisation_id: str,
        *,
        typed_name: str = "",
        agreed_by: PersonId | None = None,
    ) -> Finished | SecondAdminAsked:
        """Makes the connection. Only now is anything connected; a second **Finish** changes nothing.

        The old sign-in stays in use until the new one is stored and is then withdrawn. Another organisation
        than before is named by who asks and, where the settings say so, agreed to by a second Admin.
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
            if choice.is_other and choice.current and agreed_by is None:
                if fold(typed_name) != fold(choice.current.name):
                    raise FieldErrors({"organisation_name": f"Type {choice.current.name} to go on."})
                if (await store.settings.read()).second_admin:
                    return await self._ask_second_admin(store, person, choice)
            return await self._finish(store, person, choice, agreed_by)

    async def _ask_second_admin(self, store: Store, person: PersonId, choice: Choice) -> SecondAdminAsked:
        sign_in = await store.sign_ins.of(person)
        if sign_in is None:
            raise SignInFailed("This sign-in is over.", advice=START_AGAIN)
        await store.sign_ins.save(replace(sign_in, asked_for=choice.organisation.id))
        await store.log.append(
            LogEntry(self.clock(), person, "connection.switch_asked", sign_in.software, *choice.labels)
        )
        await self._enqueue("switch_asked", store.business, person)
        return SecondAdminAsked(choice)

    async def _finish(
        self, store: Store, person: PersonId, choice: Choice, agreed_by: PersonId | None
    ) -> Finished:
        credentials = await store.sign_ins.tokens(person).read()
        old = await store.connection.tokens.read()
        before = await store.connection.read()
        sign_in = await store.sign_ins.of(person)
        if credentials is None or sign_in is None:
            raise SignInFailed("This sign-in is over.", advice=START_AGAIN)
        if choice.is_other and choice.current:
            await prepare(store, choice.current, choice.organisation, person)
            await store.lists.clear()
        organisation = as_known(choice.organisation, choice.current)
        connection = Connection(sign_in.software, organisation, person, self.clock())
        retired = store.sign_ins.tokens(RETIRED)
        if old is not None and old.refresh_token != credentials.refresh_token:
            # Before the new one is stored: after a crash between the two, nobody would know it any more.
            await retired.write(old)
        await store.connection.save(connection, credentials)
        budget = store.budget(choice.organisation.id)
        await budget.allow_at_once(choice.organisation.calls_at_once)
        await self._settle(store, sign_in, choice, agreed_by, was_connected=old is not None)
        await self._mended(store, before, person)
        if await retired.read() is not None:
            # The call to withdraw it is a job's: nothing here may wait for Zoho.
            await self._enqueue("withdraw_retired", store.business)
        begun = await self.refreshes.begin(store.business, person)
        await self._enqueue("release_held", store.business)
        # A right that was not given is said now, not by the publish that needs it.
        await self._enqueue("probe", store.business)
        # Last: **Finish** pressed again after a crash does what was left undone.
        await store.sign_ins.forget(person)
        return Finished(connection, begun.refresh, already=False)

    async def _enqueue(self, name: str, business: Business, *ids: str) -> None:
        """Each time anew: nothing that is asked for again is dropped."""
        await self.jobs.enqueue(name, str(business), *ids, key=f"{name}:{business}:{secrets.token_hex(4)}")

    async def _settle(
        self,
        store: Store,
        sign_in: SignIn,
        choice: Choice,
        agreed_by: PersonId | None,
        *,
        was_connected: bool,
    ) -> None:
        """The business's channel is at first the one where connecting was said."""
        await store.settings.change(
            lambda settings: settings if settings.channel else replace(settings, channel=sign_in.channel)
        )
        before, after = choice.labels
        if agreed_by is not None:
            agreed = LogEntry(
                self.clock(), agreed_by, "connection.switch_agreed", sign_in.person, before, after
            )
            await store.log.append(agreed)
        what = "connection.reconnected" if was_connected else "connection.finished"
        await store.log.append(LogEntry(self.clock(), sign_in.person, what, sign_in.software, before, after))

    async def _mended(self, store: Store, before: Connection | None, person: PersonId) -> None:
        if before is not None and not before.works:
            name, why = before.organisation.name, before.reason
            await store.log.append(LogEntry(self.clock(), person, "connection.mended", name, before=why))

    async def disconnect(self, business: Business, person: PersonId) -> Connection | None:
        """Withdraws the sign-in and forgets it; items, rules, lists and settings stay."""
        store = self.storage.of(business)
        connection = await store.connection.read()
        credentials = await store.connection.tokens.read()
        if connection is None:
            return None
        await store.connection.forget()
        await store.refreshes.schedule(None)
        withdrawn = credentials is None or await self.withdraw(
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
            await self.withdraw(self.software(connection.software), retired)

    async def withdraw(self, software: AccountingSoftware, credentials: Credentials) -> bool:
        try:
            await software.revoke(credentials)
        except (AccountingError, SignInFailed) as fault:
            structlog.get_logger().warning("sign-in not withdrawn", software=software.slug, fault=fault.says)
            return False
        return True
