"""Stand-ins for what a service needs from outside, each implementing a Protocol of bot/ports."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.coding import Coding
from bot.domain.connection import Credentials, Organisation
from bot.domain.identity import EntryId, PersonId, Workspace, WorkspaceId
from bot.domain.items import Field, PublishAs
from bot.domain.lists import Entry, ListKind, TaxPart
from bot.domain.publication import Booked, Paid, Readable, Record, Upload
from bot.domain.roles import Person
from bot.domain.watch import BooksRecord, Sheet
from bot.errors import AnswerLost, NotFound, RateLimited, Refused
from bot.ports import CallBudget, TokenStore


async def _nothing() -> None:
    return None


class LostAfterWriting(AnswerLost):
    """A send's answer that is lost when the record is written already."""


@dataclass
class FakeBooks:
    """An accounting software whose records lie in a list. `step` is awaited around every call."""

    slug: str = "zoho-books"
    name: str = "Zoho Books"
    summary: str = "Bills"
    rights: str = "read your lists"
    tells_changes: tuple[PublishAs, ...] = (PublishAs.BILL,)
    tells_newest: tuple[PublishAs, ...] = (PublishAs.EXPENSE,)
    there: dict[str, BooksRecord] = field(default_factory=dict)
    """Records as they stand, by id, for who looks at what changed."""
    watched: list[str] = field(default_factory=list)
    """What such looks asked for: `changed bill 1`, `newest expense`, `bill 7001`."""
    watch_faults: list[Exception] = field(default_factory=list)
    """Raised by the next calls of such looks."""
    lists: tuple[ListKind, ...] = (
        ListKind.CATEGORIES,
        ListKind.TAXES,
        ListKind.SUPPLIERS,
        ListKind.CURRENCIES,
    )
    areas: tuple[str, ...] = ("contacts", "bills")
    no_right_for: set[str] = field(default_factory=set)
    """Areas that a look refuses."""
    look_faults: list[Exception] = field(default_factory=list)
    """Raised by the next looks."""
    looks: list[str] = field(default_factory=list)
    rights_not_granted: tuple[str, ...] = ()
    records: list[Record] = field(default_factory=list)
    suppliers: list[str] = field(default_factory=list)
    customers: list[str] = field(default_factory=list)
    payments: list[str] = field(default_factory=list)
    """The references of bills' payments."""
    pay_faults: list[Exception] = field(default_factory=list)
    """Raised by the next payments, one each; `LostAfterWriting` after the payment was written."""
    find_payment_faults: list[Exception] = field(default_factory=list)
    entries: dict[ListKind, list[Entry]] = field(default_factory=dict)
    entries_of: dict[str, dict[ListKind, list[Entry]]] = field(default_factory=dict)
    """Of single organisations, where they differ."""
    tax_parts: dict[EntryId, list[TaxPart]] = field(default_factory=dict)
    """What tax groups are made of."""
    groups_asked: list[EntryId] = field(default_factory=list)
    changed: dict[ListKind, list[Entry]] = field(default_factory=dict)
    """What is told to who asks for changes."""
    changes_since: frozenset[ListKind] = frozenset()
    asked: list[tuple[ListKind, dt.datetime | None]] = field(default_factory=list)
    page_size: int = 200
    tax_by_document: bool | None = None
    """How tax is rounded, as the records tell it."""
    faults: list[Exception] = field(default_factory=list)
    """Raised by the next sends, one each; an `AnswerLost` after the record was written."""
    writes_before_fault: bool = False
    companies: list[Organisation] = field(
        default_factory=lambda: [Organisation("60001", "Held Out Ltd", "GBP")]
    )
    """The organisations of whoever signs in."""
    organisations_fault: Exception | None = None
    exchange_fault: Exception | None = None
    exchanged_at: str = ""
    revoke_fault: Exception | None = None
    find_faults: list[Exception] = field(default_factory=list)
    """Raised by the next looks for a record."""
    finds: int = 0
    undone: list[tuple[str, str]] = field(default_factory=list)
    undo_faults: list[Exception] = field(default_factory=list)
    void: set[str] = field(default_factory=set)
    """References of records that are void."""
    rival: Booked | None = None
    """Found where a number is used already."""
    supplier_fault: Exception | None = None
    """Raised by the next making of a supplier, when it is made."""
    revoked: list[str] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)
    file_faults: list[Exception] = field(default_factory=list)
    """Raised by the next sendings of a file; a `LostAfterWriting` after it was written."""
    refused_files: tuple[str, ...] = ()
    """Names of files that can in no way be sent."""
    broken_files: tuple[str, ...] = ()
    """Names of files that nobody foresaw."""
    file_looks: int = 0
    """How often a record was looked at for a file."""
    step: Callable[[], Awaitable[None]] = _nothing

    places: Sequence[tuple[str, str]] = (("eu", "Europe"),)

    def sign_in_url(self, state: str, redirect_uri: str, place: str = "") -> str:
        return f"https://sign-in{place}.example/?state={state}&redirect_uri={redirect_uri}"

    async def exchange(self, callback: Mapping[str, str], redirect_uri: str, place: str = "") -> Credentials:
        del redirect_uri
        self.exchanged_at = place
        if self.exchange_fault is not None:
            raise self.exchange_fault
        expires = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
        return Credentials("access", f"refresh-{callback.get('code', '')}", expires, "https://a", "https://b")

    async def revoke(self, credentials: Credentials) -> None:
        if self.revoke_fault is not None:
            raise self.revoke_fault
        self.revoked.append(credentials.refresh_token)

    def rights_missing(self, credentials: Credentials) -> Sequence[str]:
        del credentials
        return self.rights_not_granted

    def ledger(self, tokens: TokenStore, budget: CallBudget, organisation: str = "") -> FakeLedger:
        del tokens
        return FakeLedger(self, organisation, budget)

    def record(
        self,
        coding: Coding,
        supplier: Entry,
        organisation: Organisation,
        currencies: Mapping[str, EntryId],
        reference: str,
    ) -> Record:
        del organisation, currencies
        number = coding.text(Field.DOCUMENT_NUMBER)
        is_paid = coding.publish_as is PublishAs.BILL_WITH_PAYMENT
        return Record(
            coding.publish_as,
            reference,
            {"vendor_id": supplier.id, "bill_number": number},
            query={"bill_id": coding.corrected} if coding.corrected else {},
            expects={"supplier": supplier.id, "number": number, "reference": reference},
            payment={"reference_number": f"{reference}-P", "amount": str(coding.total)} if is_paid else {},
        )

    def readable(self, record: Record) -> Readable:
        return Readable(record.kind.words, (("Number", str(record.body["bill_number"])),), ())

    def call(self, record: Record) -> tuple[str, bytes]:
        return "POST /bills", json.dumps(dict(record.body)).encode()

    def upload(
        self, kind: PublishAs, record_id: str, filename: str, content: bytes, *, of_several: bool
    ) -> Upload:
        if filename in self.broken_files:
            raise RuntimeError(filename)
        if filename in self.refused_files:
            raise Refused("HTML files are not taken.", cause="file")
        return Upload(kind, record_id, filename, "application/pdf", content, of_several)


@dataclass
class FakeLedger:
    books: FakeBooks
    organisation: str = ""
    budget: CallBudget | None = None

    async def organisations(self) -> Sequence[Organisation]:
        if self.books.organisations_fault is not None:
            raise self.books.organisations_fault
        return self.books.companies

    async def tax_parts(self, group: EntryId) -> Sequence[TaxPart]:
        self.books.groups_asked.append(group)
        if group not in self.books.tax_parts:
            raise NotFound("Zoho Books has no such list.")
        return self.books.tax_parts[group]

    async def look(self, area: str) -> None:
        self.books.looks.append(area)
        if self.books.look_faults:
            raise self.books.look_faults.pop(0)
        if area in self.books.no_right_for:
            raise Refused("Our sign-in has no right to do this.", cause="rights")

    async def fetch(self, kind: ListKind, since: dt.datetime | None = None) -> AsyncIterator[Sequence[Entry]]:
        self.books.asked.append((kind, since))
        while True:
            try:
                await self.books.step()
                break
            except RateLimited as limit:
                if self.budget is None:
                    raise
                await self.budget.wait_out(limit)
        known = self.books.entries_of.get(self.organisation, self.books.entries)
        if since is not None:
            known = self.books.changed
        elif kind not in known:
            raise NotFound("not switched on")
        entries = known.get(kind, [])
        for start in range(0, len(entries), self.books.page_size):
            yield entries[start : start + self.books.page_size]

    async def find_supplier(self, name: str) -> Entry | None:
        await self.books.step()
        return Entry(EntryId(f"id-{name}"), name) if name in self.books.suppliers else None

    async def create_supplier(self, name: str, currency: str) -> Entry:
        del currency
        await self.books.step()
        if name in self.books.suppliers:
            raise Refused("A contact of this name is there already.", cause="name_used")
        self.books.suppliers.append(name)
        await self.books.step()
        fault, self.books.supplier_fault = self.books.supplier_fault, None
        if fault is not None:
            raise fault
        return Entry(EntryId(f"id-{name}"), name)

    async def find_customer(self, name: str) -> Entry | None:
        await self.books.step()
        return Entry(EntryId(f"id-{name}"), name) if name in self.books.customers else None

    async def create_customer(self, name: str, currency: str) -> Entry:
        del currency
        await self.books.step()
        if name in self.books.customers:
            raise Refused("A contact of this name is there already.", cause="name_used")
        self.books.customers.append(name)
        await self.books.step()
        return Entry(EntryId(f"id-{name}"), name)

    async def holder_of_number(self, record: Record) -> Booked | None:
        await self.books.step()
        if self.books.rival is not None:
            return self.books.rival
        for known in self.books.records:
            is_void = known.reference in self.books.void
            if known.body == record.body and known.reference != record.reference and not is_void:
                return Booked(known.kind, "7000", record.number, "https://books.example/7000")
        return None

    async def undo(self, kind: PublishAs, record_id: str, payment_id: str = "") -> None:
        del kind
        await self.books.step()
        if self.books.undo_faults:
            raise self.books.undo_faults.pop(0)
        self.books.undone.append((record_id, payment_id))
        self.books.void |= {known.reference for known in self.books.records}
        await self.books.step()

    async def find_payment(self, record: Record) -> Paid | None:
        await self.books.step()
        if self.books.find_payment_faults:
            raise self.books.find_payment_faults.pop(0)
        known = record.payment["reference_number"] in self.books.payments
        return Paid("8001", str(record.payment["amount"])) if known else None

    async def pay(self, record: Record, booked: Booked) -> Paid:
        assert booked.record_id
        await self.books.step()
        fault = self.books.pay_faults.pop(0) if self.books.pay_faults else None
        if fault is None or isinstance(fault, LostAfterWriting):
            self.books.payments.append(record.payment["reference_number"])
        await self.books.step()
        if fault is not None:
            raise fault
        return Paid("8001", str(record.payment["amount"]))

    async def find(self, record: Record) -> Booked | None:
        await self.books.step()
        self.books.finds += 1
        if self.books.find_faults:
            raise self.books.find_faults.pop(0)
        for known in self.books.records:
            if known.reference == record.reference and known.reference not in self.books.void:
                number, link = str(known.body["bill_number"]), "https://books.example/7001"
                return Booked(known.kind, "7001", number, link, known.expects)
        return None

    async def send(self, record: Record) -> Booked:
        await self.books.step()
        fault = self.books.faults.pop(0) if self.books.faults else None
        if fault is None or self.books.writes_before_fault or isinstance(fault, LostAfterWriting):
            self.books.records.append(record)
        await self.books.step()
        if fault is not None:
            raise fault
        number = str(record.body["bill_number"])
        link, by_document = "https://books.example/7001", self.books.tax_by_document
        return Booked(record.kind, "7001", number, link, tax_by_document=by_document)

    async def _watched(self, call: str) -> None:
        await self.books.step()
        self.books.watched.append(call)
        if self.books.watch_faults:
            raise self.books.watch_faults.pop(0)

    def _there(self, kind: PublishAs) -> list[BooksRecord]:
        return [one for one in self.books.there.values() if one.kind is kind]

    async def changed(self, kind: PublishAs, since: dt.datetime, page: int) -> Sheet:
        await self._watched(f"changed {kind} {page}")
        rows = [one for one in self._there(kind) if (one.standing.changed_at or since) >= since]
        size = self.books.page_size
        return Sheet(rows[(page - 1) * size : page * size], has_more=len(rows) > page * size)

    async def newest(self, kind: PublishAs) -> Sheet:
        await self._watched(f"newest {kind}")
        rows = self._there(kind)
        made = [one.made_at for one in rows if one.made_at]
        return Sheet(rows, whole_since=min(made, default=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)))

    async def standing(self, kind: PublishAs, record_id: str) -> BooksRecord | None:
        await self._watched(f"{kind} {record_id}")
        return self.books.there.get(record_id)

    async def attach(self, upload: Upload) -> None:
        await self.books.step()
        if self.books.payments and upload.kind is PublishAs.BILL_WITH_PAYMENT:
            raise Refused("Files cannot be added to a paid bill.", cause="refused")
        fault = self.books.file_faults.pop(0) if self.books.file_faults else None
        if fault is None or isinstance(fault, LostAfterWriting):
            self.books.files.append(upload)
        await self.books.step()
        if fault is not None:
            raise fault

    async def has_attached(self, upload: Upload) -> bool:
        await self.books.step()
        self.books.file_looks += 1
        return upload in self.books.files


@dataclass
class FakeJobs:
    """A queue that forgets nothing and runs nothing by itself."""

    queue: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    step: Callable[[], Awaitable[None]] = _nothing

    async def enqueue(self, name: str, *ids: str, key: str, after_seconds: float = 0) -> None:
        del after_seconds
        await self.step()
        if key not in self.keys:
            self.keys.append(key)
            self.queue.append((name, ids))

    def named(self, name: str) -> list[tuple[str, ...]]:
        return [ids for job, ids in self.queue if job == name]


@dataclass
class FakePeople:
    """Ada is an admin, until `admin_ids` says otherwise; nobody is an owner, a bot or gone."""

    admin_ids: set[str] = field(default_factory=lambda: {"UADA"})
    owner_ids: set[str] = field(default_factory=set)
    bot_ids: set[str] = field(default_factory=set)
    gone_ids: set[str] = field(default_factory=set)
    zones: dict[str, str] = field(default_factory=dict)
    takes_seconds: float = 0.0
    """So long Slack takes to name every admin."""

    async def person(self, workspace: WorkspaceId, person: PersonId, *, fresh: bool = False) -> Person:
        del workspace, fresh
        return Person(
            person,
            person.lower(),
            is_slack_admin=person in self.admin_ids,
            is_bot=person in self.bot_ids,
            is_slack_owner=person in self.owner_ids,
            is_active=person not in self.gone_ids,
            time_zone=self.zones.get(person, ""),
        )

    async def admins(self, workspace: WorkspaceId) -> Sequence[Person]:
        return [await self.person(workspace, PersonId(one)) for one in sorted(self.admin_ids)]

    async def every_admin(self, workspace: WorkspaceId, seconds: float) -> Sequence[Person] | None:
        return await self.admins(workspace) if seconds >= self.takes_seconds else None

    async def workspace(self, workspace: WorkspaceId) -> Workspace:
        del workspace
        return Workspace("Held Out", "https://held-out.slack.com/")
