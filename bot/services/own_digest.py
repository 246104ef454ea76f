"""A digest for one person alone, at an hour by that person's own clock."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.audit import LogEntry
from bot.domain.digest import Digest, OwnDigest, day_of, next_digest
from bot.domain.identity import Business, PersonId
from bot.ports import Clock, Jobs, People, Storage
from bot.services.digest import DigestService

RETRY = timedelta(minutes=10)


@dataclass(frozen=True)
class OwnDigestService:
    storage: Storage
    digests: DigestService
    people: People
    jobs: Jobs
    clock: Clock

    async def of(self, business: Business, person: PersonId) -> tuple[int | None, str]:
        """At what hour they get it, nothing where they get none; and their time zone."""
        own = await self.storage.of(business).digests.own(person)
        return own.hour if own else None, await self._zone(business, person)

    async def _zone(self, business: Business, person: PersonId) -> str:
        """Asked each time: people travel, and Slack knows."""
        return (await self.people.person(business.workspace, person)).time_zone

    async def set(self, business: Business, person: PersonId, hour: int | None) -> str:
        """From now on at that hour, or not any more. Gives the time zone it goes by."""
        store, zone, now = self.storage.of(business), await self._zone(business, person), self.clock()
        before = await store.digests.own(person)
        at = next_digest(hour, zone, now)
        if hour is None or at is None:
            await store.digests.forget_own(person)
        else:
            await store.digests.save_own(replace(before or OwnDigest(person, hour), hour=hour), at)
        old, new = (f"{one}:00" if one is not None else "" for one in (before and before.hour, hour))
        if old != new:
            await store.log.append(LogEntry(now, person, "digest.own", before=old, after=new))
        return zone

    async def run_due(self) -> None:
        """The clock: each on the queue once, whatever number of clocks."""
        now = self.clock()
        for business, person in await self.storage.claim_own_digests(now, now + RETRY):
            key = f"own-digest:{business}:{person}:{secrets.token_hex(4)}"
            await self.jobs.enqueue("own_digest", str(business), person, key=key)

    async def compose(self, business: Business, person: PersonId) -> Digest | None:
        """What stands in it; nothing when it is silent, was sent today, or is not wanted any more."""
        store = self.storage.of(business)
        own = await store.digests.own(person)
        who = await self.people.person(business.workspace, person)
        if own is None or not who.may_have_a_role or await store.connection.read() is None:
            return None
        day = day_of(who.time_zone, self.clock())
        if own.day >= day:
            return None
        found = await self.digests.between(business, day, own.at)
        return None if found.is_empty else found

    async def done(self, business: Business, person: PersonId) -> None:
        """Today's is done with, also where it was silent; the next is tomorrow. Whoever left gets none."""
        store, now = self.storage.of(business), self.clock()
        own = await store.digests.own(person)
        who = await self.people.person(business.workspace, person)
        if own is None or not who.may_have_a_role:
            await store.digests.forget_own(person)
        elif at := next_digest(own.hour, who.time_zone, now):
            await store.digests.save_own(replace(own, day=day_of(who.time_zone, now), at=now), at)
