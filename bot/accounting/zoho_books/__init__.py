"""Zoho Books: `AccountingSoftware` and `Ledger` of bot/ports over its API v3."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import httpx

from bot.accounting.zoho_books import answers, files, lists, readable, records, undoing, watching
from bot.accounting.zoho_books.auth import ZohoSignIn
from bot.accounting.zoho_books.bodies import LINKS
from bot.accounting.zoho_books.client import ZohoApi
from bot.accounting.zoho_books.hosts import DATA_CENTRES, books_address, is_zoho
from bot.accounting.zoho_books.places import PAYMENTS, PLACES
from bot.accounting.zoho_books.rights import AREAS, missing
from bot.domain.coding import Coding
from bot.domain.connection import Credentials, Organisation
from bot.domain.identity import EntryId
from bot.domain.items import NUMBER_USED, PublishAs
from bot.domain.kinds import BILLS
from bot.domain.lists import Entry, ListKind, TaxPart, fold
from bot.domain.publication import Booked, Paid, Readable, Record, Upload
from bot.domain.watch import BooksRecord, Sheet
from bot.errors import NotFound, Refused, Unavailable
from bot.ports import CallBudget, TokenStore


@dataclass(frozen=True)
class ZohoLedger:
    """One connection's way into its books."""

    api: ZohoApi
    reading: lists.Reading

    async def organisations(self) -> Sequence[Organisation]:
        answer = await self.api.read("/organizations")
        rows = answer.get("organizations")
        return [
            Organisation(
                id=str(row.get("organization_id", "")),
                name=str(row.get("name", "")),
                currency=str(row.get("currency_code", "")),
                country=str(row.get("country") or row.get("country_code") or ""),
                time_zone=str(row.get("time_zone", "")),
                edition=str(row.get("version", "")),
                plan=str(row.get("plan_name") or ""),
                tax_by_document=answers.tax_by_document(row),
            )
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and row.get("is_org_active", True)
        ]

    async def look(self, area: str) -> None:
        await self._background.read(AREAS[area], page=1, per_page=1)

    def fetch(self, kind: ListKind, since: datetime | None = None) -> AsyncIterator[Sequence[Entry]]:
        return self.reading.fetch(kind, since)

    async def tax_parts(self, group: EntryId) -> Sequence[TaxPart]:
        return lists.tax_parts(await self.api.read(f"/settings/taxgroups/{group}"))

    async def find_supplier(self, name: str) -> Entry | None:
        return await self._contact(lists.supplier, name)

    async def find_customer(self, name: str) -> Entry | None:
        return await self._contact(lists.customer, name)

    async def _contact(self, entry_of: Callable[[lists.Row], Entry | None], name: str) -> Entry | None:
        """No type filter: a customer may hold a supplier's name. The filter's effect is checked again."""
        answer = await self.api.read("/contacts", contact_name=name, filter_by="Status.All")
        rows = answer.get("contacts")
        for row in rows if isinstance(rows, list) else []:
            entry = entry_of(row)
            if entry and fold(entry.name) == fold(name):
                return entry
        return None

    async def create_supplier(self, name: str, currency: str) -> Entry:
        return await self._made(lists.supplier, "vendor", name, currency)

    async def create_customer(self, name: str, currency: str) -> Entry:
        return await self._made(lists.customer, "customer", name, currency)

    async def _made(
        self, entry_of: Callable[[lists.Row], Entry | None], kind: str, name: str, currency: str
    ) -> Entry:
        body: dict[str, Any] = {"contact_name": name, "contact_type": kind}
        if currency:
            body["currency_id"] = currency
        answer = await self.api.write("/contacts", records.to_json(body))
        entry = entry_of(answer.get("contact") or {})
        if entry is None or not entry.id:
            what = "supplier" if kind == "vendor" else kind
            raise Refused(f"Zoho Books did not say which {what} it made.", cause="name_refused")
        return entry

    async def find(self, record: Record) -> Booked | None:
        # What a sales receipt is found by stands in its notes: it knows no reference.
        where = "notes" if record.kind is PublishAs.SALES_RECEIPT else "reference_number"
        for row in await self._rows(record.kind, **_search(record)):
            if record.reference in str(row.get(where, "")).split() and str(row.get("status", "")) != "void":
                return await self._whole(record.kind, row)
        return None

    async def holder_of_number(self, record: Record) -> Booked | None:
        place = PLACES[record.kind]
        number = str(record.body.get(place.number) or "")
        if not number or record.kind is PublishAs.EXPENSE:
            return None
        query = {place.number: number}
        if place.number == "bill_number":
            query["vendor_id"] = str(record.body["vendor_id"])
        for row in await self._rows(record.kind, **query):
            if fold(str(row.get(place.number, ""))) == fold(number) and str(row.get("status", "")) != "void":
                return await self._booked(record.kind, row)
        return None

    async def _rows(self, kind: PublishAs, **query: str) -> Sequence[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async for rows in self.api.pages(PLACES[kind].path, PLACES[kind].many, **query):
            found += rows
        return found

    async def _whole(self, kind: PublishAs, row: Mapping[str, Any]) -> Booked:
        """List rows are thin: one record has its lines."""
        place = PLACES[kind]
        answer = await self.api.read(f"{place.path}/{row[place.id]}")
        return await self._booked(kind, answer.get(place.one) or row)

    async def send(self, record: Record) -> Booked:
        place = PLACES[record.kind]
        body, link = records.sent(record), LINKS.get(record.kind, "")
        try:
            answer = await self.api.write(place.path, body, **record.query)
        except Refused as fault:
            if link not in record.query or fault.cause == NUMBER_USED:
                raise
            # Paid, a draft or void there: the credit stands by itself then. Nothing was written.
            alone = {name: value for name, value in record.query.items() if name != link}
            answer = await self.api.write(place.path, body, **alone)
        return await self._booked(record.kind, answer.get(place.one) or {})

    async def attach(self, upload: Upload) -> None:
        way = files.way(upload.kind, of_several=upload.of_several)
        file = (upload.filename, upload.content, upload.content_type)
        await self.api.upload(way.path.format(id=upload.record_id), way.part, file, way.fields)

    async def has_attached(self, upload: Upload) -> bool:
        place = PLACES[upload.kind]
        answer = await self.api.read(f"{place.path}/{upload.record_id}")
        return files.is_there(answer.get(place.one) or {}, upload)

    async def _booked(self, kind: PublishAs, row: Mapping[str, Any]) -> Booked:
        return answers.booked(kind, row, f"{await self._address(kind)}/{row.get(PLACES[kind].id, '')}")

    async def _address(self, kind: PublishAs) -> str:
        """Where a person sees records of a kind, up to the id."""
        credentials = await self.api.tokens.read()
        address = books_address(credentials.api_url) if credentials else ""
        return f"{address}/app/{self.api.organisation}#{PLACES[kind].path}"

    async def changed(self, kind: PublishAs, since: datetime, page: int) -> Sheet:
        place, since = PLACES[kind], since.replace(microsecond=0)
        query = {**watching.BY_CREATION, "last_modified_time": since.strftime(lists.TIME)}
        rows, has_more = await self._background.page(place.path, place.many, page, **query)
        if not watching.keeps_to(rows, since):
            raise Unavailable(f"Zoho Books did not keep to the time its {place.many} were asked for.")
        return Sheet(await self._seen(kind, rows), has_more)

    async def newest(self, kind: PublishAs) -> Sheet:
        place = PLACES[kind]
        rows, has_more = await self._background.page(place.path, place.many, 1, **watching.LATEST_FIRST)
        since = watching.whole_since(rows, has_more=has_more)
        return Sheet(await self._seen(kind, rows), whole_since=since)

    async def standing(self, kind: PublishAs, record_id: str) -> BooksRecord | None:
        place = PLACES[kind]
        try:
            answer = await self._background.read(f"{place.path}/{record_id}")
        except NotFound:
            return None
        except Refused as fault:
            if fault.code == undoing.GONE:
                return None
            raise
        (found,) = await self._seen(kind, [answer.get(place.one) or {}])
        return found

    async def _seen(self, kind: PublishAs, rows: Sequence[Mapping[str, Any]]) -> Sequence[BooksRecord]:
        address = await self._address(kind)
        return [watching.record(kind, row, f"{address}/{row.get(PLACES[kind].id, '')}") for row in rows]

    @property
    def _background(self) -> ZohoApi:
        return replace(self.api, urgent=False)

    async def undo(self, kind: PublishAs, record_id: str, payment_id: str = "") -> None:
        await undoing.undo(self.api, kind, record_id, payment_id)

    async def find_payment(self, record: Record) -> Paid | None:
        reference = str(record.payment["reference_number"])
        async for rows in self.api.pages(PAYMENTS.path, PAYMENTS.many, reference_number=reference):
            for row in rows:
                if str(row.get("reference_number", "")) == reference:
                    return answers.paid(row)
        return None

    async def pay(self, record: Record, booked: Booked) -> Paid:
        applied = {"bill_id": booked.record_id, "amount_applied": record.payment["amount"]}
        body = records.to_json({**record.payment, "bills": [applied]})
        answer = await self.api.write(PAYMENTS.path, body)
        # The description has the payment's fields beside `code`; other answers of Zoho's have them within.
        return answers.paid(answer.get(PAYMENTS.one) or answer)


def _search(record: Record) -> dict[str, str]:
    """What a list is asked for, to find a record again."""
    body = record.body
    if record.kind in BILLS:
        return {"vendor_id": str(body["vendor_id"]), "bill_number": str(body["bill_number"])}
    if record.kind is PublishAs.SALES_RECEIPT:
        return {"receipt_number": str(body["receipt_number"])}
    return {"reference_number": str(body["reference_number"])}


class ZohoBooks:
    """What a connection can be made to."""

    slug = "zoho-books"
    name = "Zoho Books"
    summary = "Bills, expenses, credits, sales and the lists behind them"
    rights = (
        "read your lists; create bills, expenses, credits, invoices, payments and contacts. "
        "Nothing is changed or deleted unless somebody presses Undo."
    )
    changes_since: frozenset[ListKind] = lists.CHANGES
    lists: tuple[ListKind, ...] = (*lists.SOURCES, ListKind.PAYMENT_MODES)
    tells_changes: tuple[PublishAs, ...] = watching.TELLS_CHANGES
    tells_newest: tuple[PublishAs, ...] = watching.TELLS_NEWEST
    areas: tuple[str, ...] = tuple(AREAS)

    def __init__(self, http: httpx.AsyncClient, sign_in: ZohoSignIn) -> None:
        self._http = http
        self._sign_in = sign_in
        is_zohos = is_zoho(sign_in.accounts_url.rstrip("/"))
        centres = [(place, centre.name) for place, centre in DATA_CENTRES.items()]
        # Where the sign-in is not Zoho's own, as in the sandbox, there is no other place to go to.
        self.places: Sequence[tuple[str, str]] = centres if is_zohos else []

    def sign_in_url(self, state: str, redirect_uri: str, place: str = "") -> str:
        return self._sign_in.address(state, redirect_uri, place)

    async def exchange(self, callback: Mapping[str, str], redirect_uri: str, place: str = "") -> Credentials:
        return await self._sign_in.exchange(callback, redirect_uri, place)

    async def revoke(self, credentials: Credentials) -> None:
        await self._sign_in.revoke(credentials, self._http)

    def rights_missing(self, credentials: Credentials) -> Sequence[str]:
        return missing(credentials.scope)

    def ledger(self, tokens: TokenStore, budget: CallBudget, organisation: str = "") -> ZohoLedger:
        api = ZohoApi(self._http, self._sign_in, tokens, budget, organisation)
        return ZohoLedger(api, lists.Reading(api))

    def record(
        self,
        coding: Coding,
        supplier: Entry,
        organisation: Organisation,
        currencies: Mapping[str, EntryId],
        reference: str,
    ) -> Record:
        return records.record(coding, supplier, organisation, currencies, reference)

    def readable(self, record: Record) -> Readable:
        return readable.readable(record)

    def call(self, record: Record) -> tuple[str, bytes]:
        place = PLACES[record.kind]
        return f"POST {place.path}", records.sent(record)

    def upload(
        self, kind: PublishAs, record_id: str, filename: str, content: bytes, *, of_several: bool
    ) -> Upload:
        return files.upload(kind, record_id, filename, content, of_several=of_several)
