"""Looking whether the connection still may do all it needs, before a publish finds out that it may not."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.identity import BOT, Business, PersonId
from bot.domain.probe import Finding, Probe, compare
from bot.domain.schedule import Daily
from bot.errors import BotError, NotFound, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.ports import AccountingSoftware, Clock, Jobs, Ledger, Storage, Store
from bot.services.refresh import mark_broken

RECENT = timedelta(minutes=2)
"""Asked again so soon, the last answer holds: a missing right costs a renewal of the token each time."""
RETRY = timedelta(minutes=30)
EVERY = timedelta(hours=24)
SPREAD_SECONDS = 3600
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
        """One look: remembered, and what changed is logged. Nothing while nothing is connected."""
        store = self.storage.of(business)
        connection = await store.connection.read()
        if connection is None:
            return None
        before = await store.probes.read()
        if before is not None and self.clock() - before.at < RECENT and not before.unfinished:
            return Probed(before)
        now, new, gone = compare(before, await self._look(store, connection))
        await store.probes.save(now)
        at = now.at
        await store.log.append(
            *(LogEntry(at, by, "probe.problem", one.area, after=one.says) for one in new),
            *(LogEntry(at, by, "probe.gone", one.area, before=one.says) for one in gone),
        )
        return Probed(now, new, gone)

    async def _look(self, store: Store, connection: Connection) -> Probe:
        software = self.softwares[connection.software]
        organisation = connection.organisation
        ledger = software.ledger(store.connection.tokens, store.budget(organisation.id), organisation.id)
        probe = Probe(self.clock())
        credentials = await store.connection.tokens.read()
        missing = software.rights_missing(credentials) if credentials else ()
        probe = replace(probe, findings=tuple(_no_right(area, software.name) for area in missing))
        try:
            if whole := await self._organisation(ledger, software, connection):
                return replace(probe, findings=(*probe.findings, whole))
            for area in software.areas:
                found = None if area in missing else await self._area(ledger, software, area)
                findings = (*probe.findings, found) if found else probe.findings
                probe = replace(probe, asked=(*probe.asked, area), findings=findings)
        except ReconnectNeeded as fault:
            if await mark_broken(store, fault.says):
                key = f"broken:{store.business}:{secrets.token_hex(4)}"
                await self.jobs.enqueue("connection_broken", str(store.business), key=key)
            broken = Finding("", "reconnect", fault.says, fault.advice)
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
        """Once a day for each business, spread over an hour."""
        now = self.clock()
        for business in await self.storage.businesses():
            soon = timedelta(seconds=secrets.randbelow(SPREAD_SECONDS))
            await self.storage.of(business).daily(Daily.PROBE).plan(now + EVERY / 2 + soon)
        for business in await self.storage.claim_daily(Daily.PROBE, now, now + RETRY):
            store = self.storage.of(business)
            if await store.connection.read() is None:
                await store.daily(Daily.PROBE).schedule(None)
                continue
            await self.jobs.enqueue("probe", str(business), key=f"probe:{business}:{now:%Y%m%d%H%M}")
            await store.daily(Daily.PROBE).schedule(now + EVERY)


def _no_right(area: str, software: str) -> Finding:
    return Finding(area, "rights", f"Our sign-in at {software} has no right for {area}.", _AGAIN)
