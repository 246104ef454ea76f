"""`Storage` of bot/ports on Redis: one place that knows every repository."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from redis.asyncio import Redis

from bot.domain.identity import Business, ItemId, PersonId
from bot.domain.schedule import Daily
from bot.ports import Clock, Patience
from storage.aliases import RedisAliases
from storage.answers import RedisAnswers
from storage.api_keys import RedisApiKeys
from storage.attachments import RedisAttachments
from storage.auto import BETWEEN, RedisAuto
from storage.base import Base
from storage.budget import Allowance, RedisBudget
from storage.columns import RedisColumns
from storage.connections import RedisConnections
from storage.crypto import Cipher
from storage.daily import RedisDigests, RedisProbes
from storage.due import RedisDue
from storage.duplicates import RedisDuplicates
from storage.history import BEHIND, RedisHistory
from storage.homes import RedisHomes
from storage.items import RedisItems, RedisPublications
from storage.keys import NAMESPACE, Keys, SharedKeys
from storage.lists import RedisLists
from storage.log import RedisLog
from storage.many import RedisMany
from storage.mappings import RedisMappings
from storage.numbers import RedisNumbers
from storage.people import PeopleCache
from storage.recodings import RedisRecodings
from storage.refreshes import RedisRefreshes
from storage.reports import RedisReports
from storage.roles import RedisRoles
from storage.scripts import source
from storage.seen import Seen
from storage.settings import RedisRules, RedisSettings
from storage.signins import RedisSignIns
from storage.views import RedisViews
from storage.watch import RedisWatch


@dataclass(frozen=True)
class RedisStore:
    """Everything of one business."""

    redis: Redis
    cipher: Cipher
    clock: Clock
    business: Business
    allowance: Allowance
    namespace: str

    @cached_property
    def _base(self) -> tuple[Redis, Keys, Cipher]:
        return self.redis, Keys(self.business, self.namespace), self.cipher

    @property
    def connection(self) -> RedisConnections:
        return RedisConnections(*self._base, SharedKeys(self.namespace))

    @property
    def sign_ins(self) -> RedisSignIns:
        return RedisSignIns(*self._base, self.clock)

    @property
    def settings(self) -> RedisSettings:
        return RedisSettings(*self._base)

    @property
    def rules(self) -> RedisRules:
        return RedisRules(*self._base)

    @property
    def roles(self) -> RedisRoles:
        return RedisRoles(*self._base)

    @property
    def columns(self) -> RedisColumns:
        return RedisColumns(*self._base)

    @property
    def aliases(self) -> RedisAliases:
        return RedisAliases(*self._base)

    @property
    def duplicates(self) -> RedisDuplicates:
        return RedisDuplicates(*self._base)

    @property
    def lists(self) -> RedisLists:
        return RedisLists(*self._base)

    @property
    def refreshes(self) -> RedisRefreshes:
        return RedisRefreshes(*self._base, SharedKeys(self.namespace))

    @property
    def reports(self) -> RedisReports:
        return RedisReports(*self._base)

    @property
    def mappings(self) -> RedisMappings:
        return RedisMappings(*self._base)

    @property
    def items(self) -> RedisItems:
        return RedisItems(*self._base, self.clock)

    @property
    def views(self) -> RedisViews:
        return RedisViews(*self._base)

    @property
    def publications(self) -> RedisPublications:
        return RedisPublications(*self._base, self.clock)

    @property
    def auto(self) -> RedisAuto:
        return RedisAuto(*self._base, SharedKeys(self.namespace))

    @property
    def probes(self) -> RedisProbes:
        return RedisProbes(*self._base)

    @property
    def digests(self) -> RedisDigests:
        return RedisDigests(*self._base, SharedKeys(self.namespace))

    @property
    def homes(self) -> RedisHomes:
        return RedisHomes(*self._base, SharedKeys(self.namespace))

    def daily(self, work: Daily) -> RedisDue:
        return RedisDue(*self._base, SharedKeys(self.namespace).daily(work))

    @property
    def many(self) -> RedisMany:
        return RedisMany(*self._base, self.clock)

    @property
    def watch(self) -> RedisWatch:
        return RedisWatch(*self._base)

    @property
    def numbers(self) -> RedisNumbers:
        return RedisNumbers(*self._base)

    @property
    def attachments(self) -> RedisAttachments:
        return RedisAttachments(*self._base)

    @property
    def api_keys(self) -> RedisApiKeys:
        return RedisApiKeys(*self._base)

    @property
    def answers(self) -> RedisAnswers:
        return RedisAnswers(*self._base)

    @property
    def log(self) -> RedisLog:
        return RedisLog(*self._base)

    @property
    def recodings(self) -> RedisRecodings:
        return RedisRecodings(*self._base)

    @property
    def history(self) -> RedisHistory:
        return RedisHistory(*self._base)

    def budget(self, organisation: str, patience: Patience | None = None) -> RedisBudget:
        return RedisBudget(*self._base, organisation, self.clock, self.allowance, patience)

    def lock(self, name: str, seconds: float) -> AbstractAsyncContextManager[None]:
        return Base(*self._base).lock(name, seconds)


@dataclass(frozen=True)
class RedisStorage:
    redis: Redis
    cipher: Cipher
    clock: Clock
    allowance: Allowance = field(default_factory=Allowance)
    namespace: str = NAMESPACE

    def of(self, business: Business) -> RedisStore:
        return RedisStore(self.redis, self.cipher, self.clock, business, self.allowance, self.namespace)

    async def businesses(self) -> Sequence[Business]:
        members = await cast(
            "Awaitable[set[bytes]]", self.redis.smembers(SharedKeys(self.namespace).businesses)
        )
        return [Business.parse(member.decode()) for member in sorted(members)]

    async def claim_due(self, now: dt.datetime, retry_at: dt.datetime) -> Sequence[Business]:
        return await self._claim(SharedKeys(self.namespace).due, now, retry_at)

    async def claim_daily(self, work: Daily, now: dt.datetime, retry_at: dt.datetime) -> Sequence[Business]:
        return await self._claim(SharedKeys(self.namespace).daily(work), now, retry_at)

    async def _claim(self, due: str, now: dt.datetime, retry_at: dt.datetime) -> Sequence[Business]:
        claim = self.redis.register_script(source("claim_due"))
        members = await claim(keys=[due], args=[now.timestamp(), retry_at.timestamp()])
        return [Business.parse(member.decode()) for member in members]

    async def claim_auto(self, now: dt.datetime, retry_at: dt.datetime) -> Sequence[tuple[Business, ItemId]]:
        found = await self._claim_parted(SharedKeys(self.namespace).auto, now, retry_at)
        return [(business, ItemId(item)) for business, item in found]

    async def claim_own_digests(
        self, now: dt.datetime, retry_at: dt.datetime
    ) -> Sequence[tuple[Business, PersonId]]:
        found = await self._claim_parted(SharedKeys(self.namespace).own_digests, now, retry_at)
        return [(business, PersonId(person)) for business, person in found]

    async def _claim_parted(
        self, due: str, now: dt.datetime, retry_at: dt.datetime
    ) -> Sequence[tuple[Business, str]]:
        claim = self.redis.register_script(source("claim_due"))
        members = await claim(keys=[due], args=[now.timestamp(), retry_at.timestamp()])
        parted = [member.decode().split(BETWEEN) for member in members]
        return [(Business.parse(business), one) for business, one in parted]

    async def with_homes(self, since: dt.datetime) -> Sequence[Business]:
        homes = SharedKeys(self.namespace).homes
        members = cast("list[bytes]", await self.redis.zrangebyscore(homes, since.timestamp(), "+inf"))
        return [Business.parse(member.decode()) for member in members]

    async def with_threads_behind(self) -> Sequence[Business]:
        known = await self.businesses()
        async with self.redis.pipeline(transaction=False) as pipe:
            for business in known:
                pipe.zcard(Keys(business, self.namespace)(BEHIND))
            numbers = await pipe.execute() if known else []
        return [business for business, number in zip(known, numbers, strict=True) if number]

    @property
    def people(self) -> PeopleCache:
        return PeopleCache(self.redis, SharedKeys(self.namespace))

    @property
    def seen(self) -> Seen:
        return Seen(self.redis, SharedKeys(self.namespace))
