"""Looking whether the connection still may do all it needs, before a publish finds out that it may not."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.identity import BOT, Business, PersonId
from bot.domain.probe import Finding, Probe, compare
from bot.domain.schedule import Daily
from bot.errors import BotError, NotFound, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.ports import AccountingSoftware, Clock, Jobs, Ledger, Storage, Store
from bot.services.breaking import broke

RECENT = timedelta(minutes=2)
"""Asked again so soon, the last answer holds: a missing right costs a renewal of the token each time."""
RETRY = timedelta(minutes=30)
EVERY = timedelta(hours=24)
CHECK_EVERY = timedelta(hours=1)
LOCK_SECONDS = 20.0
SPREAD_SECONDS = 3600
RECONNECT = "reconnect"
"""The cause of a finding that the sign-in is no longer accepted."""
ONLY_SIGN_IN = "Only the sign-in was looked at."
_AGAIN = "An Admin can sign in again with `/dext reconnect`, as somebody who has the right."


@dataclass(frozen=True)
class Probed:
    """What is known now, what was not known before, and what is gone."""

    probe: Probe
    new: Sequence[Finding] = ()
    gone: Sequence[Finding] = ()


@dataclass(frozen=True)
class ProbeService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    clock: Clock

    async def last(self, business: Business) -> Probe | None:
        return await self.storage.of(business).probes.read()

    async def ask(self, business: Business, person: PersonId, view_id: str) -> None:
        """Puts a look on the queue whose answer turns an open view."""
        key = f"probe:{business}:{view_id}"
        await self.jobs.enqueue("probe_for", str(business), person, view_id, key=key)

    async def run(self, business: Business, *, by: PersonId = BOT) -> Probed | None:
        """One look at everything: remembered, and what changed is logged. Nothing while nothing is
        connected."""
        return await self._run(business, by, lightly=False)

    async def check(self, business: Business) -> Probed | None:
        """Whether the sign-in still works and the organisation is still there: one call, which counts
        against no organisation's quota. What is known of single rights stays."""
        return await self._run(business, BOT, lightly=True)

    async def _run(self, business: Business, by: PersonId, *, lightly: bool) -> Probed | None:
        store = self.storage.of(business)
        # Of two who look at once the second finds what the first has found: nothing is logged or told twice.
        async with store.lock("probe", LOCK_SECONDS):
            connection = await store.connection.read()
            if connection is None or (lightly and not connection.works):
                return None
            before = await store.probes.read()
            if before is not None and self._is_recent(before, connection, lightly=lightly):
                return Probed(before)
            now, new, gone = compare(before, await self._look(store, connection, lightly=lightly))
            if before is not None:
                now = replace(now, checked_at=now.checked_at or before.checked_at)
            if lightly:
                whole = before or replace(now, unfinished=ONLY_SIGN_IN)
                now = replace(now, at=whole.at, asked=whole.asked, unfinished=whole.unfinished)
            await store.probes.save(now)
            await store.log.append(*_entries(self.clock(), by, connection.organisation.name, new, gone))
            return Probed(now, new, gone)

    def _is_recent(self, before: Probe, connection: Connection, *, lightly: bool) -> bool:
        """An answer from before somebody signed in anew says nothing of the new sign-in."""
        at = before.checked_at or before.at if lightly else before.at
        return self.clock() - at < RECENT and at >= connection.connected_at and not before.unfinished

    async def _look(self, store: Store, connection: Connection, *, lightly: bool) -> Probe:
        software = self.softwares[connection.software]
        organisation = connection.organisation
        tokens, budget = store.connection.tokens, store.budget(organisation.id)
        probe = Probe(self.clock())
        credentials = await tokens.read()
        missing = software.rights_missing(credentials) if credentials else ()
        probe = replace(probe, findings=tuple(_no_right(area, software.name) for area in missing))
        try:
            # The list of organisations is nobody's: asked for without one.
            if whole := await self._organisation(software.ledger(tokens, budget), software, connection):
                return replace(probe, findings=(*probe.findings, whole), checked_at=self.clock())
            probe = replace(probe, is_heard=True, checked_at=self.clock())
            ledger = software.ledger(tokens, budget, organisation.id)
            for area in () if lightly else software.areas:
                found = None if area in missing else await self._area(ledger, software, area)
                findings = (*probe.findings, found) if found else probe.findings
                probe = replace(probe, asked=(*probe.asked, area), findings=findings)
        except ReconnectNeeded as fault:
            await broke(store, self.jobs, self.clock, fault)
            broken = Finding("", RECONNECT, fault.says, fault.advice)
            return replace(probe, findings=(*probe.findings, broken))
        except (RateLimited, Unavailable) as fault:
            return replace(probe, unfinished=fault.says)
        except BotError as fault:
            refused = Finding("", "refused", fault.says, fault.advice)
            return replace(probe, findings=(*probe.findings, refused))
        return probe

    @staticmethod
    async def _organisation(
        ledger: Ledger, software: AccountingSoftware, connection: Connection
    ) -> Finding | None:
        """Only what this person may use, and what is active, is on the list of organisations."""
        name = connection.organisation.name
        if any(one.id == connection.organisation.id for one in await ledger.organisations()):
            return None
        return Finding(
            "",
            "organisation",
            f"{software.name} no longer offers {name} to our sign-in: its subscription is inactive, or the "
            "person who signed in was taken out of it.",
            f"Check the subscription in {software.name}, or sign in as somebody else with `/dext reconnect`.",
        )

    @staticmethod
    async def _area(ledger: Ledger, software: AccountingSoftware, area: str) -> Finding | None:
        try:
            await ledger.look(area)
        except NotFound:
            return None
        except Refused as fault:
            if fault.cause == "rights":
                return _no_right(area, software.name)
            return Finding(area, fault.cause or "refused", f"{area.capitalize()}: {fault.says}", fault.advice)
        return None

    # --- by the clock

    async def run_due(self) -> None:
        """Once a day everything, once an hour the sign-in; each business at a time of its own."""
        await self._run_due(Daily.PROBE, "probe", EVERY)
        await self._run_due(Daily.SIGN_IN, "check_sign_in", CHECK_EVERY)

    async def _run_due(self, work: Daily, job: str, every: timedelta) -> None:
        now = self.clock()
        for business in await self.storage.businesses():
            soon = timedelta(seconds=secrets.randbelow(SPREAD_SECONDS))
            await self.storage.of(business).daily(work).plan(now + every / 2 + soon)
        for business in await self.storage.claim_daily(work, now, now + RETRY):
            store = self.storage.of(business)
            if await store.connection.read() is None:
                await store.daily(work).schedule(None)
                continue
            await self.jobs.enqueue(job, str(business), key=f"{job}:{business}:{now:%Y%m%d%H%M}")
            await store.daily(work).schedule(now + every)


def _entries(
    at: datetime, by: PersonId, organisation: str, new: Sequence[Finding], gone: Sequence[Finding]
) -> Iterator[LogEntry]:
    """A right that is missing is a problem; without the whole the connection is broken. That of a sign-in
    that is no longer accepted is logged by who marks it, and mended by who signs in anew."""
    for one in new:
        if one.cause != RECONNECT:
            what = "probe.problem" if one.area else "connection.broken"
            yield LogEntry(at, by, what, one.area or organisation, after=one.says)
    for one in gone:
        if one.cause != RECONNECT:
            what = "probe.gone" if one.area else "connection.mended"
            yield LogEntry(at, by, what, one.area or organisation, before=one.says)


def _no_right(area: str, software: str) -> Finding:
    return Finding(area, "rights", f"Our sign-in at {software} has no right for {area}.", _AGAIN)
