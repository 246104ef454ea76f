"""What services need from outside, as Protocols: storage, accounting software, jobs, people, time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.answers import Answer, Begun
from bot.domain.api_keys import ApiKey
from bot.domain.audit import Chain, LogEntry
from bot.domain.auto_publish import Streak
from bot.domain.coding import Coding
from bot.domain.connection import Connection, Credentials, Organisation, SignIn
from bot.domain.digest import Sent
from bot.domain.duplicates import Verdict
from bot.domain.identity import Business, EntryId, ItemId, PersonId, Workspace, WorkspaceId
from bot.domain.items import Item, ItemStage, PublishAs
from bot.domain.lists import Entry, EntryChange, How, ListKind, Lists, ListsState, Refresh, Touch
from bot.domain.many import Many
from bot.domain.mapping import ListMapping, Moved
from bot.domain.matching import Alias
from bot.domain.probe import Probe
from bot.domain.publication import Booked, Paid, Publication, Readable, Record, Upload
from bot.domain.reading import Reading
from bot.domain.roles import Person, Roles
from bot.domain.schedule import Daily
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.errors import RateLimited

Clock = Callable[[], datetime]
"""The time now, aware UTC."""

ReadFile = Callable[[str, bytes], Reading]
"""A file's name and bytes into documents. Raises WrongInput when no reader takes it."""


# --- accounting software ------------------------------------------------------------------------


class TokenStore(Protocol):
    """One connection's credentials, encrypted where they lie."""

    async def read(self) -> Credentials | None: ...
    async def write(self, credentials: Credentials) -> None: ...
    def renewing(self) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time; read the credentials again inside it."""
        ...

    async def count_renewal(self, most: int, seconds: float) -> None:
        """One more renewal. Raises RateLimited where `most` were made within so many seconds."""
        ...


class Patience(Protocol):
    """What background work does about limits: it says what it waits for, and goes on by itself."""

    async def tell(self, says: str, until: datetime) -> None:
        """A wait of some seconds begins."""
        ...

    async def wait(self, limit: RateLimited) -> None:
        """Says so and waits the limit out; raises it again when that would take too long."""
        ...


class CallBudget(Protocol):
    """How many calls an organisation still allows, across all processes."""

    def call(self, *, urgent: bool = False) -> AbstractAsyncContextManager[None]:
        """Waits for its turn and holds one of the slots. Raises RateLimited when the wait would be longer
        than a minute and a half, or the day's quota is used up. `urgent`: a person waits."""
        ...

    async def wait_out(self, limit: RateLimited) -> None:
        """Background work waits a limit out that an answer told of; else it is raised again."""
        ...

    async def allow_at_once(self, calls: int) -> None:
        """How many calls the organisation's plan lets run at once."""
        ...

    async def learn(self, *, day_limit: int, day_remaining: int, reset_seconds: int) -> None: ...
    async def block(self, seconds: float, why: str) -> None:
        """No call by any process for so long."""
        ...

    async def used_today(self) -> tuple[int, int] | None:
        """(used, allowed) as last heard, or nothing."""
        ...


class Ledger(Protocol):
    """One sign-in's way into an accounting software; with an organisation, into its books.

    Every method may raise ReconnectNeeded, RateLimited, Unavailable, Refused.
    """

    async def organisations(self) -> Sequence[Organisation]: ...
    async def look(self, area: str) -> None:
        """One cheap read in an area of rights. Raises NotFound where the organisation has not switched it
        on."""
        ...

    def fetch(self, kind: ListKind, since: datetime | None = None) -> AsyncIterator[Sequence[Entry]]:
        """A list, page by page, inactive entries too; of a list in `changes_since` only what changed since a
        time, at least. Raises NotFound when the organisation has not switched this list on."""
        ...

    async def find_supplier(self, name: str) -> Entry | None:
        """An existing supplier of exactly that name, whatever case, active or not."""
        ...

    async def create_supplier(self, name: str, currency: str) -> Entry:
        """Raises Refused with cause `name_used` when a contact has that name."""
        ...

    async def find_customer(self, name: str) -> Entry | None:
        """As `find_supplier`, for the sale side."""
        ...

    async def create_customer(self, name: str, currency: str) -> Entry:
        """As `create_supplier`, for the sale side."""
        ...

    async def find(self, record: Record) -> Booked | None:
        """The record that carries our reference, when an earlier send got through."""
        ...

    async def send(self, record: Record) -> Booked:
        """One POST, never repeated by itself. Raises AnswerLost when it may have got through."""
        ...

    async def holder_of_number(self, record: Record) -> Booked | None:
        """The record, whoever made it, that has the number of this one already; one call."""
        ...

    async def undo(self, kind: PublishAs, record_id: str, payment_id: str = "") -> None:
        """Void, or deleted where the kind cannot be void; a bill's payment first. Safe to ask again. Raises
        Refused when it says no."""
        ...

    async def find_payment(self, record: Record) -> Paid | None:
        """The payment of a bill, when an earlier one got through; found by its own reference."""
        ...

    async def pay(self, record: Record, booked: Booked) -> Paid:
        """The payment of a bill that is booked: one POST. Raises AnswerLost when it may have got through."""
        ...

    async def attach(self, upload: Upload) -> None:
        """One POST of one file, never repeated by itself. Raises AnswerLost as `send` does."""
        ...

    async def has_attached(self, upload: Upload) -> bool:
        """Whether the record has the file already: an earlier try may have got through."""
        ...


class AccountingSoftware(Protocol):
    """What a connection can be made to."""

    slug: str
    name: str
    summary: str
    rights: str
    """What we ask for, in one sentence."""
    lists: tuple[ListKind, ...]
    """The lists it has, in the order a refresh reads them."""
    changes_since: frozenset[ListKind]
    """Those of which it can tell what changed since a time."""
    areas: tuple[str, ...]
    """What a sign-in may read, each a right of its own, in people's words."""

    def sign_in_url(self, state: str, redirect_uri: str) -> str: ...
    async def exchange(self, callback: Mapping[str, str], redirect_uri: str) -> Credentials:
        """What the sign-in's return says into credentials. Raises SignInFailed, Unavailable."""
        ...

    async def revoke(self, credentials: Credentials) -> None:
        """Quietly does nothing when it is withdrawn already; raises Unavailable."""
        ...

    def rights_missing(self, credentials: Credentials) -> Sequence[str]:
        """Areas of which the sign-in's own answer says that a right is missing."""
        ...

    def ledger(self, tokens: TokenStore, budget: CallBudget, organisation: str = "") -> Ledger: ...
    def record(
        self,
        coding: Coding,
        supplier: Entry,
        organisation: Organisation,
        currencies: Mapping[str, EntryId],
        reference: str,
    ) -> Record:
        """Pure: the body as it will be sent; `supplier` is a sale's customer. `currencies` maps ISO codes to
        entries of the list."""
        ...

    def readable(self, record: Record) -> Readable:
        """Pure: the record as people read it, in the order of the form."""
        ...

    def call(self, record: Record) -> tuple[str, bytes]:
        """Pure: where the record is sent (`POST /bills`), and the body in exactly the bytes it is sent in."""
        ...

    def upload(
        self, kind: PublishAs, record_id: str, filename: str, content: bytes, *, of_several: bool
    ) -> Upload:
        """A file as it will be sent, converted where its type is not taken; the same each time. Takes its
        time: keep it off the event loop. Raises Refused when it can in no way be sent."""
        ...


# --- storage --------------------------------------------------------------------------------------


class ConnectionStore(Protocol):
    async def read(self) -> Connection | None: ...
    async def save(self, connection: Connection, credentials: Credentials) -> None:
        """Both at once: there is never a connection without its credentials."""
        ...

    async def mark(self, change: Callable[[Connection], Connection]) -> Connection | None:
        """Change atomically; returns the new one, nothing when there is none."""
        ...

    async def forget(self) -> None:
        """Connection and credentials."""
        ...

    @property
    def tokens(self) -> TokenStore: ...


class SignInStore(Protocol):
    """Sign-ins under way; each forgotten by itself when its ten minutes are over. A person has at most
    one: saving another forgets the first."""

    async def save(self, sign_in: SignIn) -> None:
        """Keeps the time left of the sign-in; refreshes it for SIGNED_IN (30 minutes to choose)."""
        ...

    async def by_link(self, link: str) -> SignIn | None: ...
    async def bind(self, link: str, browser: str) -> SignIn | None:
        """The first browser to open the link owns it; nothing for any other browser, or when gone."""
        ...

    async def take(self, state: str) -> SignIn | None:
        """Consumes the state: the second time there is nothing."""
        ...

    async def of(self, person: PersonId) -> SignIn | None: ...
    async def forget(self, person: PersonId) -> SignIn | None:
        """Atomically: of two who forget, one gets it."""
        ...

    def tokens(self, person: PersonId) -> TokenStore:
        """The credentials of a sign-in not finished yet."""
        ...


class SettingsStore(Protocol):
    async def read(self) -> BusinessSettings: ...
    async def change(
        self, change: Callable[[BusinessSettings], BusinessSettings]
    ) -> tuple[BusinessSettings, BusinessSettings]:
        """Atomically; returns (before, after)."""
        ...


class RuleStore(Protocol):
    async def of(self, supplier_key: str) -> SupplierRule | None: ...
    async def save(self, rule: SupplierRule) -> None: ...
    async def all(self) -> Sequence[SupplierRule]: ...


class GivenRoles(Protocol):
    """Who was made Admin and Approver."""

    async def read(self) -> Roles | None:
        """Nothing before it was ever said."""
        ...

    async def save(self, roles: Roles) -> Roles | None:
        """Returns what was said before."""
        ...


class AliasStore(Protocol):
    """What people said that names of suppliers and customers stand for, by `Alias.key`."""

    async def all(self) -> Mapping[str, Alias]: ...
    async def save(self, alias: Alias) -> None: ...
    async def remove(self, key: str) -> Alias | None:
        """What it was; nothing when it is gone already."""
        ...


class DuplicateStore(Protocol):
    """Items that may be one document. What an item is found by is kept by `ItemStore` itself, in the step
    that adds or changes the item."""

    async def candidates(self, items: Sequence[Item]) -> Sequence[Sequence[tuple[Item, Verdict | None]]]:
        """For each item the others that share something with it, with what was answered of the two; in one
        round trip for up to 200, however many items there are."""
        ...

    async def answer(self, one: ItemId, other: ItemId, verdict: Verdict) -> None: ...
    async def take_back(self, one: ItemId, other: ItemId) -> bool:
        """Whether there was an answer."""
        ...


class ListStore(Protocol):
    """The lists as of the last refresh. A refresh writes a new generation beside the current one; `commit`
    makes it current in one step."""

    async def state(self) -> ListsState: ...
    async def slice(self, wanted: Iterable[tuple[ListKind, str]]) -> Lists:
        """The entries that these texts or ids may mean, in one round trip."""
        ...

    async def search(self, kind: ListKind, typed: str, *, use: str = "", limit: int = 100) -> Sequence[Entry]:
        """Active entries of which a word (or the code) begins with each typed word, by name."""
        ...

    async def near(self, kind: ListKind, text: str) -> Sequence[Entry]:
        """Active entries of which a word begins as one of the text's, in one round trip; some hundreds at
        most, those that share more of a word before others."""
        ...

    async def active(self, kind: ListKind) -> Sequence[Entry]:
        """All active entries by name; for lists known to be small."""
        ...

    async def everything(self, kind: ListKind) -> Mapping[EntryId, Entry]: ...
    async def known(self, kind: ListKind, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Those of these that the current generation has."""
        ...

    async def stage(self, generation: str, kind: ListKind, entries: Iterable[Entry]) -> None:
        """A list from its beginning; what was staged of it before is dropped."""
        ...

    async def stage_copy(self, generation: str, kind: ListKind) -> bool:
        """The current list as it stands, to be changed by `stage_more`; False when there is none."""
        ...

    async def stage_more(
        self,
        generation: str,
        kind: ListKind,
        entries: Iterable[Entry],
        known: Mapping[EntryId, Entry] | None = None,
    ) -> int:
        """Further entries; of an id the first stands. With `known` (as they were) they replace what was
        copied. Returns how many ids are new to the staged list."""
        ...

    def missing(self, generation: str, kind: ListKind) -> AsyncIterator[Sequence[Entry]]:
        """Entries of the current list that the staged one lacks, some hundred at a time."""
        ...

    async def staged_count(self, generation: str, kind: ListKind) -> int:
        """Active entries of a staged list."""
        ...

    async def commit(
        self,
        generation: str,
        kinds: Sequence[ListKind] | Mapping[ListKind, How],
        at: datetime,
        *,
        are_all: bool = True,
    ) -> None:
        """Makes them current in one step; `kinds` may say how each was read, whole by itself. `at`: when
        the reading began."""
        ...

    async def is_current(self, generation: str) -> bool:
        """Whether it was made current, and no later one since."""
        ...

    async def discard(self, generation: str) -> None: ...
    async def add(self, kind: ListKind, entry: Entry) -> None:
        """One more entry in the current generation: a supplier just created."""
        ...

    async def clear(self) -> None:
        """Forget all lists: another organisation was connected."""
        ...


class RefreshStore(Protocol):
    async def begin(self, refresh: Refresh) -> Refresh | None:
        """Claims the one place: nothing when claimed, else the refresh that runs already."""
        ...

    async def read(self) -> Refresh | None:
        """The latest, running or over."""
        ...

    async def save(self, refresh: Refresh) -> None: ...
    async def schedule(self, at: datetime | None) -> None:
        """When it is due next; nothing: never."""
        ...

    async def due_at(self) -> datetime | None: ...


class ReportStore(Protocol):
    """What refreshes changed, line by line; each report is kept for a month."""

    async def begin(self, refresh: str) -> None:
        """An empty report; one that a run which died had begun is forgotten."""
        ...

    async def append(self, refresh: str, changes: Sequence[EntryChange]) -> int:
        """Returns how many lines there are now."""
        ...

    async def page(
        self, refresh: str, offset: int, limit: int
    ) -> tuple[Sequence[tuple[EntryChange, Touch | None]], int]:
        """Lines with what each touches, and how many lines there are."""
        ...

    async def find(
        self, refresh: str, wanted: Sequence[tuple[ListKind, str]]
    ) -> Mapping[tuple[ListKind, str], tuple[int, EntryChange]]:
        """For ids or texts, as `lookup_keys` forms them: the line of an entry that was renamed or can no
        longer be used, and that this id or text meant before."""
        ...

    async def touched(self, refresh: str, touches: Sequence[Touch]) -> None:
        """What uses the entries of these lines."""
        ...

    async def touch(self, refresh: str, line: int) -> Touch | None: ...


class MappingStore(Protocol):
    """The way from one organisation's lists to another's."""

    async def pending(self) -> ListMapping | None:
        """The latest, done or not."""
        ...

    async def save(self, mapping: ListMapping) -> None: ...
    async def change(self, change: Callable[[ListMapping], ListMapping]) -> ListMapping:
        """Atomically. Raises NotFound."""
        ...

    async def remember(self, organisation: str, moves: Mapping[str, Moved]) -> None:
        """What choices held while this organisation was connected, by place."""
        ...

    async def remembered(self, organisation: str) -> Mapping[str, Moved]: ...


class ItemStore(Protocol):
    async def add(self, items: Sequence[Item]) -> Sequence[tuple[Item, bool]]:
        """Each with whether it is new; one whose external id is known comes back as it stands."""
        ...

    async def known(self, external_ids: Sequence[str]) -> set[str]:
        """Those of which there is an item already."""
        ...

    async def get(self, item: ItemId) -> Item | None: ...
    async def many(self, items: Sequence[ItemId]) -> Sequence[Item]: ...
    async def change(
        self, item: ItemId, change: Callable[[Item], Item], publication: Publication | None = None
    ) -> Item:
        """Atomically (compare and set, repeated when another was first); `change` is pure and may raise to
        leave all as it is; the publication is written in the same step. Raises NotFound."""
        ...

    def all(self) -> AsyncIterator[Sequence[Item]]:
        """Every item once, in no order, some hundred at a time."""
        ...

    async def page(self, stages: Sequence[ItemStage], offset: int, limit: int) -> tuple[Sequence[Item], int]:
        """Newest first, and how many there are."""
        ...

    async def counts(self) -> Mapping[ItemStage, int]: ...


class PublicationStore(Protocol):
    async def get(self, publication: str) -> Publication | None: ...
    async def save(self, publication: Publication) -> None:
        """Also takes it off the open ones when its step is RECORDED."""
        ...

    async def close(self, publication: str) -> None:
        """No longer open: refused, or given back."""
        ...

    async def open(self) -> Sequence[tuple[Publication, datetime]]:
        """Not recorded yet, with the time of the last step."""
        ...


class AutoStore(Protocol):
    """Items that are published by themselves, and the suppliers it may be suggested for."""

    async def put(self, items: Sequence[ItemId], at: datetime) -> None:
        """Due then."""
        ...

    async def drop(self, item: ItemId) -> None: ...
    async def streak(self, supplier: str) -> Streak: ...
    async def keep_streak(self, supplier: str, streak: Streak) -> None: ...


class DueStore(Protocol):
    """When one kind of daily work is due for the business."""

    async def schedule(self, at: datetime | None) -> None:
        """Nothing: never."""
        ...

    async def plan(self, at: datetime) -> None:
        """Only where nothing is planned yet."""
        ...

    async def due_at(self) -> datetime | None: ...


class ProbeStore(Protocol):
    async def read(self) -> Probe | None: ...
    async def save(self, probe: Probe) -> None: ...


class DigestStore(Protocol):
    async def last(self) -> Sent | None: ...
    async def save(self, sent: Sent) -> None: ...


class HomeStore(Protocol):
    """Who opened App Home lately, and what each of them sees there."""

    async def opened(self, person: PersonId, seen: str, at: datetime) -> None:
        """`seen` tells one state of the page from another."""
        ...

    async def openers(self) -> Mapping[PersonId, str]: ...
    async def shown(self, person: PersonId, seen: str) -> None:
        """Somebody's page was brought up to date."""
        ...

    async def head(self) -> str:
        """Of which entry of the log the pages know."""
        ...

    async def knows(self, head: str) -> None: ...


class ManyStore(Protocol):
    """Many items at once, each with how far it is."""

    async def get(self, many: str) -> Many | None: ...
    async def add(self, many: Many) -> None: ...
    async def change(self, many: str, change: Callable[[Many], Many]) -> Many:
        """Atomically. Raises NotFound when it was too long ago."""
        ...

    async def open(self) -> Sequence[tuple[str, datetime]]:
        """Ids of those that run, with the time of the last step."""
        ...


class NumberStore(Protocol):
    """Numbers of the records we made, by `publication.number_key`."""

    async def remember(self, number: str) -> None: ...
    async def forget(self, number: str) -> None:
        """Its record is void or gone: the number is free."""
        ...

    async def is_used(self, number: str) -> bool: ...


class AttachmentStore(Protocol):
    """The bytes of items' files, encrypted where they lie."""

    async def stage(self, item: ItemId, files: Iterable[tuple[str, bytes]]) -> None:
        """Before the item is there; forgotten by themselves unless `keep` follows."""
        ...

    async def keep(self, item: ItemId, files: Sequence[str], until: datetime | None = None) -> None:
        """For ever, or until a time."""
        ...

    async def read(self, item: ItemId, file: str) -> bytes | None: ...
    async def begin(self, item: ItemId, at: datetime) -> None:
        """The item's files are on their way to a record: the clock looks after them until `end`."""
        ...

    async def end(self, item: ItemId) -> None: ...
    async def under_way(self, before: datetime) -> Sequence[ItemId]: ...


class ApiKeyStore(Protocol):
    async def add(self, key: ApiKey, most: int) -> bool:
        """False when there are so many already."""
        ...

    async def get(self, key_id: str) -> ApiKey | None: ...
    async def all(self) -> Sequence[ApiKey]:
        """Oldest first, each with when it was last used."""
        ...

    async def remove(self, key_id: str) -> ApiKey | None: ...
    async def turn(self, key_id: str, calls_a_minute: int) -> int:
        """Counts a call, across all processes: 0, or after how many seconds one fits again."""
        ...


class AnswerStore(Protocol):
    """What was answered under an Idempotency-Key."""

    async def begin(self, api_key: str, idempotency_key: str, body: str, lease_seconds: float) -> Begun: ...
    async def finish(self, api_key: str, idempotency_key: str, answer: Answer) -> None: ...
    async def give_up(self, api_key: str, idempotency_key: str, mine: str) -> None: ...


class LogStore(Protocol):
    async def append(self, *entries: LogEntry) -> None: ...
    async def latest(self, limit: int) -> Sequence[LogEntry]: ...
    async def older(self, place: str, limit: int) -> Sequence[tuple[str, LogEntry]]:
        """Entries before a place, newest first, each with its place; `""` is after the last one."""
        ...

    def all(self) -> AsyncIterator[LogEntry]:
        """Every entry, oldest first."""
        ...

    async def verify(self) -> Chain:
        """Whether nothing was changed, taken out or put in by hand since it was written."""
        ...

    async def head(self) -> str:
        """Another one, and something was logged."""
        ...


class HistoryStore(Protocol):
    """What the log says of each item. Each entry puts its item among those whose card's thread is behind."""

    async def of(self, item: ItemId) -> Sequence[LogEntry]:
        """Oldest first."""
        ...

    async def told(self, item: ItemId) -> int:
        """So many of its entries the thread has told."""
        ...

    async def tell(self, item: ItemId, before: int, now: int, seen: int) -> bool:
        """Atomically from `before` told entries to `now`; False when another process was first. Of `seen`
        entries all are done; the thread stays behind where more were logged meanwhile."""
        ...

    async def put_behind(self, item: ItemId, told: int | None = None) -> None:
        """Its thread is looked at again, with so many entries told."""
        ...

    async def behind(self, limit: int) -> Sequence[ItemId]:
        """Items whose thread may have more to tell, the longest behind first."""
        ...


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

    async def claim_auto(self, now: datetime, retry_at: datetime) -> Sequence[tuple[Business, ItemId]]:
        """Items whose hold is over, each claimed by one caller only and due again at `retry_at` unless it is
        dropped before."""
        ...


# --- the rest -------------------------------------------------------------------------------------


class Jobs(Protocol):
    async def enqueue(self, name: str, *ids: str, key: str, after_seconds: float = 0) -> None:
        """One job; a second with a key that still waits or runs is dropped."""
        ...


class People(Protocol):
    """Who somebody is in Slack."""

    async def person(self, workspace: WorkspaceId, person: PersonId, *, fresh: bool = False) -> Person:
        """From a cache of some minutes; `fresh` asks Slack again and falls back on the cache when Slack
        takes longer than two seconds."""
        ...

    async def admins(self, workspace: WorkspaceId) -> Sequence[Person]:
        """Slack's own owners and admins, owners first; some where Slack is slow, none where it is silent."""
        ...

    async def every_admin(self, workspace: WorkspaceId, seconds: float) -> Sequence[Person] | None:
        """All of them; nothing where Slack has not said them within so many seconds."""
        ...

    async def workspace(self, workspace: WorkspaceId) -> Workspace: ...
