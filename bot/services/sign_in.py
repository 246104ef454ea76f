"""Signing in at accounting software: the link, the browser's way out and back, what it gave until Finish."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.audit import LogEntry
from bot.domain.connection import Credentials, SignIn, SignInStage
from bot.domain.identity import Business, ChannelId, PersonId, Workspace
from bot.domain.roles import Person, Role
from bot.errors import AlreadyDone, BotError, SignInFailed
from bot.ports import AccountingSoftware, Clock, Jobs, People, Storage, Store
from bot.services.connection import START_AGAIN, ConnectionService
from bot.services.roles import RoleService

SECRET_BYTES = 32
EXPIRED = "That link has been used or is older than ten minutes."


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
class SignInService:
    storage: Storage
    connection: ConnectionService
    jobs: Jobs
    people: People
    roles: RoleService
    clock: Clock

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
        software = self.connection.software(slug)
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
        return f"{self.connection.public_url}/connect/{software.slug}?link={sign_in.id}"

    async def remember_view(self, business: Business, person: PersonId, view_id: str) -> None:
        """The modal that turns into **Select organisation** by itself; empty when it was closed."""
        store = self.storage.of(business)
        sign_in = await store.sign_ins.of(person)
        if sign_in is not None and sign_in.view_id != view_id:
            await store.sign_ins.save(replace(sign_in, view_id=view_id))

    async def start_at(self, business: Business, person: PersonId, place: str) -> None:
        """Where the person's sign-in under way starts; the link stays the same."""
        store = self.storage.of(business)
        sign_in = await store.sign_ins.of(person)
        if sign_in is not None:
            known = {slug for slug, _ in self.connection.software(sign_in.software).places}
            await store.sign_ins.save(replace(sign_in, place=place if place in known else ""))

    async def open_link(self, link: str, browser: str | None) -> Opened:
        """The page behind the link. The first browser to open it owns it. Raises SignInFailed."""
        business = _owner(link)
        browser = browser or secrets.token_urlsafe(SECRET_BYTES)
        sign_in = await self.storage.of(business).sign_ins.bind(link, _hashed(browser))
        if sign_in is None or sign_in.is_expired(self.clock()):
            raise SignInFailed(EXPIRED, advice=START_AGAIN)
        software = self.connection.software(sign_in.software)
        return Opened(
            workspace_name=(await self.people.workspace(business.workspace)).name,
            person=await self.people.person(business.workspace, sign_in.person),
            software=software,
            authorize_url=software.sign_in_url(
                sign_in.state, self.return_address(software.slug), sign_in.place
            ),
            browser=browser,
        )

    def return_address(self, slug: str) -> str:
        return f"{self.connection.public_url}/oauth/{slug}/callback"

    # --- the way back

    async def came_back(self, slug: str, query: Mapping[str, str], browser: str | None) -> Returned:
        """The sign-in's return. The state is used up before anything else; then browser, time and role are
        checked, and only then the code is exchanged. Raises SignInFailed, NotAllowed, AccountingError."""
        software = self.connection.software(slug)
        state = query.get("state", "")
        business = _owner(state)
        store = self.storage.of(business)
        sign_in = await store.sign_ins.take(state)
        if sign_in is None:
            raise SignInFailed(EXPIRED, advice=START_AGAIN)
        try:
            self._check_return(sign_in, slug, browser)
            await self.roles.require(business, sign_in.person, Role.ADMIN, "connect accounting software")
            credentials = await software.exchange(query, self.return_address(slug), sign_in.place)
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

    async def cancel(self, business: Business, person: PersonId) -> None:
        """Leaves a sign-in: what it gave is withdrawn, nothing is connected."""
        store = self.storage.of(business)
        credentials = await store.sign_ins.tokens(person).read()
        sign_in = await store.sign_ins.forget(person)
        # After a **Finish** that was cut short they are the connection's.
        if sign_in and credentials and credentials != await store.connection.tokens.read():
            await self.connection.withdraw(self.connection.software(sign_in.software), credentials)
