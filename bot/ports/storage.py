"""Everything kept, by business."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.identity import Business, ItemId, PersonId
from bot.domain.schedule import Daily
from bot.ports.accounting import CallBudget, Patience
from bot.ports.connection import (
    ConnectionStore,
    DigestStore,
    DueStore,
    GivenRoles,
    HomeStore,
    ProbeStore,
    RuleStore,
    SettingsStore,
    SignInStore,
)
from bot.ports.items import (
    AttachmentStore,
    AutoStore,
    DuplicateStore,
    ItemStore,
    ManyStore,
    NumberStore,
    PublicationStore,
    WatchStore,
)
from bot.ports.lists import AliasStore, ColumnStore, ListStore, MappingStore, RefreshStore, ReportStore
from bot.ports.records import AnswerStore, ApiKeyStore, HistoryStore, LogStore, RecodingStore
from bot.ports.views import ViewStore


class Store(Protocol):
    """Everything kept for one business."""

    @property
    def business(self) -> Business: ...
    @property
    def connection(self) -> ConnectionStore: ...
    @property
    def sign_ins(self) -> SignInStore: ...
    @property
    def settings(self) -> SettingsStore: ...
    @property
    def rules(self) -> RuleStore: ...
    @property
    def roles(self) -> GivenRoles: ...
    @property
    def aliases(self) -> AliasStore: ...
    @property
    def columns(self) -> ColumnStore: ...
    @property
    def duplicates(self) -> DuplicateStore: ...
    @property
    def lists(self) -> ListStore: ...
    @property
    def refreshes(self) -> RefreshStore: ...
    @property
    def reports(self) -> ReportStore: ...
    @property
    def mappings(self) -> MappingStore: ...
    @property
    def items(self) -> ItemStore: ...
    @property
    def views(self) -> ViewStore: ...
    @property
    def publications(self) -> PublicationStore: ...
    @property
    def many(self) -> ManyStore: ...
    @property
    def probes(self) -> ProbeStore: ...
    @property
    def digests(self) -> DigestStore: ...
    @property
    def homes(self) -> HomeStore: ...
    def daily(self, work: Daily) -> DueStore: ...
    @property
    def watch(self) -> WatchStore: ...
    @property
    def numbers(self) -> NumberStore: ...
    @property
    def attachments(self) -> AttachmentStore: ...
    @property
    def api_keys(self) -> ApiKeyStore: ...
    @property
    def answers(self) -> AnswerStore: ...
    @property
    def log(self) -> LogStore: ...
    @property
    def history(self) -> HistoryStore: ...
    @property
    def recodings(self) -> RecodingStore: ...
    @property
    def auto(self) -> AutoStore: ...
    def budget(self, organisation: str, patience: Patience | None = None) -> CallBudget:
        """With `patience` it is background work: it leaves the last of the minute and the reserve of the
        day to people, and waits limits out."""
        ...

    def lock(self, name: str, seconds: float) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time; waits for it; freed by itself after `seconds`."""
        ...


class Storage(Protocol):
    def of(self, business: Business) -> Store: ...
    async def businesses(self) -> Sequence[Business]:
        """All that have a connection; for the clock."""
        ...

    async def claim_daily(self, work: Daily, now: datetime, retry_at: datetime) -> Sequence[Business]:
        """As `claim_due`, for daily work."""
        ...

    async def with_homes(self, since: datetime) -> Sequence[Business]:
        """Where somebody opened App Home since."""
        ...

    async def with_threads_behind(self) -> Sequence[Business]: ...
    async def claim_due(self, now: datetime, retry_at: datetime) -> Sequence[Business]:
        """Businesses whose refresh is due; each is claimed by one caller only and due again at `retry_at`
        unless it is scheduled anew before."""
        ...

    async def claim_own_digests(
        self, now: datetime, retry_at: datetime
    ) -> Sequence[tuple[Business, PersonId]]:
        """Digests of single people that are due, claimed as in `claim_auto`."""
        ...

    async def claim_auto(self, now: datetime, retry_at: datetime) -> Sequence[tuple[Business, ItemId]]:
        """Items whose hold is over, each claimed by one caller only and due again at `retry_at` unless it is
        dropped before."""
        ...
