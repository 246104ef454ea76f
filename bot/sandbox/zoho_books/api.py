"""Zoho Books API v3: who may call, limits, lists, records."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.zoho_books import attachments, documents, rules, undoing
from bot.sandbox.zoho_books.books import Books, Call, Organisation, Row, Token
from bot.sandbox.zoho_books.payments import locks, vendor_payment
from bot.sandbox.zoho_books.rules import Refusal

PREFIX = "/books/v3"
A_MINUTE, CALLS_A_MINUTE, AT_ONCE, AT_ONCE_FREE = 60, 100, 10, 5
MOST_A_PAGE = 200
DAY = 86_400
EXEMPTING = {"U.S.A", "United States"}
GET, POST = "GET", "POST"
NOT_FOUND = 404


@dataclass(frozen=True)
class Listing:
    """A list: where, its rows, the scope it wants, and the filters that it truly applies."""

    path: str
    kind: str
    name: str
    scope: str
    filters: tuple[str, ...] = ()
    one: str = ""
    key: str = ""
    is_paged: bool = True
    rows: Callable[[Organisation], list[Row]] | None = None
    """Where they are not kept, but made."""
    by_time: bool = False
    """Whether `last_modified_time` filters; where it does not, it is ignored without a word."""
    sorts: tuple[str, ...] = ()


LISTS = (
    Listing("/chartofaccounts", "accounts", "chartofaccounts", "accountants",
            ("account_code", "account_name"), by_time=True),
    Listing("/bankaccounts", "accounts", "bankaccounts", "banking"),
    Listing("/contacts", "contacts", "contacts", "contacts", ("contact_type", "contact_name", "company_name"),
            "contact", "contact_id", sorts=("contact_name", "last_modified_time", "created_time")),
    Listing("/settings/taxes", "taxes", "taxes", "settings"),
    Listing("/items", "items", "items", "settings"),
    Listing("/projects", "projects", "projects", "projects"),
    Listing("/settings/currencies", "currencies", "currencies", "settings"),
    Listing("/locations", "locations", "locations", "settings", is_paged=False),
    Listing("/settings/taxexemptions", "tax_exemptions", "tax_exemptions", "settings", is_paged=False),
    Listing("/reportingtags", "reporting_tags", "reporting_tags", "settings", is_paged=False),
    Listing("/users", "users", "users", "settings"),
    Listing("/bills", "bills", "bills", "bills", ("bill_number", "reference_number", "vendor_id", "date"),
            "bill", "bill_id"),
    Listing("/expenses", "expenses", "expenses", "expenses", ("reference_number", "vendor_id", "date"),
            "expense", "expense_id"),
    Listing("/vendorcredits", "vendorcredits", "vendorcredits", "debitnotes",
            ("vendor_credit_number", "reference_number", "date"), "vendor_credit", "vendor_credit_id"),
    Listing("/vendorpayments", "vendorpayments", "vendorpayments", "vendorpayments",
            ("reference_number", "payment_number", "vendor_id", "date"), "vendorpayment", "payment_id"),
    Listing("/invoices", "invoices", "invoices", "invoices",
            ("invoice_number", "reference_number", "customer_id", "date"), "invoice", "invoice_id"),
    Listing("/creditnotes", "creditnotes", "creditnotes", "creditnotes",
            ("creditnote_number", "reference_number", "customer_id", "date"), "creditnote", "creditnote_id"),
    Listing("/salesreceipts", "salesreceipts", "salesreceipts", "invoices",
            ("receipt_number", "customer_id", "date"), "salesreceipt", "sales_receipt_id"),
    Listing("/transactionlocks", "transaction_locks", "transaction_locks", "accountants", rows=locks),
)  # fmt: skip
HIDDEN = {
    "taxes": {"is_active"},
    "bankaccounts": {"last_modified_time"},
    "bills": {"documents", "line_items", "sub_total", "tax_total", "adjustment", "is_inclusive_tax"},
    "expenses": {
        "account_id", "amount", "documents", "exchange_rate", "is_inclusive_tax", "line_items",
        "paid_through_account_id",
        "paid_through_account_name", "project_id", "sub_total", "tax_amount", "tax_id", "tax_name",
        "vendor_id", "vendor_name",
    },
    "vendorcredits": {"line_items", "sub_total", "tax_total", "adjustment", "is_inclusive_tax", "notes"},
    "invoices": {"line_items", "sub_total", "tax_total", "is_inclusive_tax", "notes"},
    "creditnotes": {"line_items", "sub_total", "tax_total", "adjustment", "is_inclusive_tax", "notes"},
    "vendorpayments": {"bills"},
}  # fmt: skip
"""What rows of a list do not say, though the record has it: they are thin."""
Maker = Callable[[Books, Organisation, Row, Mapping[str, str]], Row]


def _plain(make: Callable[[Books, Organisation, Row], Row]) -> Maker:
    """Nothing beside the body counts."""
    return lambda books, organisation, body, _: make(books, organisation, body)


@dataclass(frozen=True)
class Making:
    """A record that is made: its rows, its name in the answer, the rules, and the scope it wants."""

    kind: str
    name: str
    make: Maker
    scope: str
    is_flat: bool = False
    """Its fields stand in the answer beside `code`."""


MAKERS = {
    "/bills": Making("bills", "bill", _plain(rules.bill), "bills"),
    "/expenses": Making("expenses", "expense", _plain(rules.expense), "expenses"),
    "/contacts": Making("contacts", "contact", _plain(rules.contact), "contacts"),
    "/vendorcredits": Making("vendorcredits", "vendor_credit", documents.vendor_credit, "debitnotes"),
    "/invoices": Making("invoices", "invoice", documents.invoice, "invoices"),
    "/creditnotes": Making("creditnotes", "creditnote", documents.credit_note, "creditnotes"),
    "/salesreceipts": Making("salesreceipts", "salesreceipt", documents.sales_receipt, "invoices"),
    "/vendorpayments": Making(
        "vendorpayments", "vendorpayment", vendor_payment, "vendorpayments", is_flat=True
    ),
}


@dataclass
class Api:
    books: Books
    limits_calls: bool = True
    origin: str = ""
    _minute: dict[str, list[float]] = field(default_factory=dict)
    _day: dict[str, int] = field(default_factory=dict)
    _now: dict[str, int] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        routes = [
            Route(f"{PREFIX}/organizations", self._endpoint(self._organisations, "settings"), methods=[GET])
        ]
        for one in LISTS:
            routes.append(Route(PREFIX + one.path, self._endpoint(self._list(one), one.scope), methods=[GET]))
            if one.key:
                path = f"{PREFIX}{one.path}/{{id}}"
                routes.append(Route(path, self._endpoint(self._one(one), one.scope), methods=[GET]))
        for path, making in MAKERS.items():
            maker = self._endpoint(self._make(making), making.scope, "CREATE")
            routes.append(Route(PREFIX + path, maker, methods=[POST]))
        for void in undoing.VOID:
            path = f"{PREFIX}{void.path}/{{id}}/status/void"
            work = self._endpoint(self._undo(void, undoing.make_void), void.scope, "CREATE")
            routes.append(Route(path, work, methods=[POST]))
        for deleted in undoing.DELETED:
            path = f"{PREFIX}{deleted.path}/{{id}}"
            work = self._endpoint(self._undo(deleted, undoing.delete), deleted.scope, "DELETE")
            routes.append(Route(path, work, methods=["DELETE"]))
        for place in attachments.PLACES:
            path, work = PREFIX + place.path, attachments.Attachments(self.books, place)
            routes.append(Route(path, self._endpoint(work.add, place.scope, "CREATE"), methods=[POST]))
            if place.can_be_read:
                routes.append(Route(path, self._endpoint(work.get, place.scope), methods=[GET]))
        return [*routes, Route(PREFIX + "/{path:path}", self._nothing, methods=[GET, POST, "PUT", "DELETE"])]

    def _undo(self, one: undoing.Undoing, act: Callable[[Organisation, undoing.Undoing, str], str]) -> Any:
        async def work(
            request: Request, _: Token, organisation: Organisation | None, body: Any
        ) -> tuple[int, Row]:
            if organisation is None:
                raise Refusal(6041, "This user is not associated with the CompanyID/CompanyName.")
            if body:
                raise Refusal(4, "Invalid value passed for JSON")
            said = act(organisation, one, request.path_params["id"])
            self.books.save()
            return 200, {"code": 0, "message": said}

        return work

    async def _nothing(self, request: Request) -> Response:
        """A path or method that is not here: written down, so that a wrong call cannot go unseen."""
        path = request.url.path.removeprefix(PREFIX)
        answer: Row = {"code": 5, "message": "Invalid URL Passed"}
        self._journal(request, path, dict(request.query_params), NOT_FOUND, answer, None)
        return JSONResponse(answer, NOT_FOUND)

    def _endpoint(self, work: Any, scope: str, right: str = "READ") -> Any:
        async def endpoint(request: Request) -> Response:
            query = dict(request.query_params)
            path = request.url.path.removeprefix(PREFIX)
            body: Any = None
            headers: dict[str, str] = {}
            answer: Row
            try:
                token = self._token(request, f"ZohoBooks.{scope}.{right}")
                organisation = self._organisation(path, query, token)
                headers = self._counted(organisation)
                with self._at_once(organisation):
                    await self._in_trouble(request.method, path)
                    body = await self._body(request)
                    status, answer = await work(request, token, organisation, body)
                    await self._lost(request.method, path)
            except Refusal as refusal:
                status, answer = refusal.status, {"code": refusal.code, "message": refusal.message}
                headers |= getattr(refusal, "headers", {})
            except _LostAnswer:
                lost = {"code": 0, "message": "The answer was lost on its way."}
                self._journal(request, path, query, 0, lost, body)
                return _Broken()
            self._journal(request, path, query, status, answer, body)
            if "bytes" in answer:
                return Response(answer["bytes"], status, headers=headers, media_type=answer["type"])
            return JSONResponse(answer, status, headers=headers)

        return endpoint

    def _journal(
        self, request: Request, path: str, query: dict[str, str], status: int, answer: Row, body: Any
    ) -> None:
        code, message = int(answer["code"]), str(answer.get("message", ""))
        at = self.books.clock()
        shown = attachments.shown(body)
        self.books.calls.append(Call(request.method, path, query, status, code, shown, message, at))

    def used_today(self, organisation_id: str) -> int:
        """Calls counted against the organisation's quota of the day."""
        return self._day.get(organisation_id, 0)

    def _token(self, request: Request, scope: str) -> Token:
        kind, _, name = request.headers.get("Authorization", "").partition(" ")
        if kind != "Zoho-oauthtoken" or not name:
            raise Refusal(14, "Invalid value passed for authtoken.", 401)
        token = self.books.access_tokens.get(name)
        if token is None or token.expires_at < self.books.clock() or token.api not in ("", self.origin):
            raise Refusal(57, "You are not authorized to perform this operation", 401)
        if scope not in token.scopes and "ZohoBooks.fullaccess.all" not in token.scopes:
            raise Refusal(57, "You are not authorized to perform this operation", 401)
        return token

    def _organisation(self, path: str, query: dict[str, str], token: Token) -> Organisation | None:
        if path == "/organizations":
            return None
        found = self.books.organisation(query.get("organization_id", ""))
        if found is None or found.id not in self.books.people.get(token.person, []):
            raise Refusal(6041, "This user is not associated with the CompanyID/CompanyName.")
        return found

    def _counted(self, organisation: Organisation | None) -> dict[str, str]:
        if organisation is None:
            return {}
        now = self.books.clock()
        used = self._day[organisation.id] = self._day.get(organisation.id, 0) + 1
        headers = {
            "X-Rate-Limit-Limit": str(organisation.day_limit),
            "X-Rate-Limit-Remaining": str(max(0, organisation.day_limit - used)),
            "X-Rate-Limit-Reset": str(DAY - int(now) % DAY),
        }
        recent = [at for at in self._minute.get(organisation.id, []) if at > now - A_MINUTE]
        self._minute[organisation.id] = [*recent, now]
        if self.limits_calls and used > organisation.day_limit:
            raise _refused(45, "The maximum call rate limit has been exceeded for the day.", headers)
        if self.limits_calls and len(recent) >= CALLS_A_MINUTE:
            says = "For security reasons you have been blocked for some time: too many requests per minute."
            raise _refused(44, says, headers)
        return headers

    @contextmanager
    def _at_once(self, organisation: Organisation | None) -> Iterator[None]:
        name = organisation.id if organisation else ""
        is_free = organisation is not None and organisation.plan.upper() == "FREE"
        if self._now.get(name, 0) >= (AT_ONCE_FREE if is_free else AT_ONCE):
            raise _refused(1070, "The maximum number of concurrent requests has been exceeded.", {})
        self._now[name] = self._now.get(name, 0) + 1
        try:
            yield
        finally:
            self._now[name] -= 1

    async def _in_trouble(self, method: str, path: str) -> None:
        for trouble in self.books.due(method, path, after_write=False):
            await asyncio.sleep(trouble.delay_seconds)
            if trouble.status:
                refusal = _refused(trouble.code, trouble.message, trouble.headers)
                refusal.status = trouble.status
                raise refusal

    async def _lost(self, method: str, path: str) -> None:
        for trouble in self.books.due(method, path, after_write=True):
            await asyncio.sleep(trouble.delay_seconds)
            raise _LostAnswer

    async def _body(self, request: Request) -> Any:
        if request.method == GET:
            return None
        if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
            return await attachments.parts(request)
        content = await request.body()
        if not content and (request.method == "DELETE" or request.url.path.endswith("/status/void")):
            return None
        try:
            found = json.loads(content)
        except ValueError:
            raise Refusal(1038, "JSON is not well formed") from None
        if not isinstance(found, dict):
            raise Refusal(1038, "JSON is not well formed")
        return found

    # --- what is answered

    async def _organisations(self, request: Request, token: Token, *_: Any) -> tuple[int, Row]:
        del request
        rows = [
            {
                "organization_id": one.id,
                "name": one.name,
                "currency_code": one.currency_code,
                "country": one.country,
                "time_zone": one.time_zone,
                "plan_name": one.plan,
                "is_org_active": True,
            }
            for one in self.books.organisations
            if one.id in self.books.people.get(token.person, [])
        ]
        return 200, {"code": 0, "message": "success", "organizations": rows}

    def _list(self, listing: Listing) -> Any:
        async def answer(request: Request, _: Token, organisation: Organisation, __: Any) -> tuple[int, Row]:
            if listing.kind == "locations" and not organisation.has_locations:
                raise Refusal(100, "Locations are not enabled for this organization.")
            if listing.kind == "tax_exemptions" and organisation.country not in EXEMPTING:
                raise Refusal(5, "Invalid URL Passed", NOT_FOUND)
            query = request.query_params
            held = listing.rows(organisation) if listing.rows else organisation.rows[listing.kind]
            rows = [row for row in held if _shown(listing, row, query)]
            if query.get("sort_column") in listing.sorts:
                name = query["sort_column"]
                rows.sort(key=lambda row: str(row.get(name, "")), reverse=query.get("sort_order") == "D")
            page, size = (
                _counting(query, "page", 1),
                min(_counting(query, "per_page", MOST_A_PAGE), MOST_A_PAGE),
            )
            part = rows[(page - 1) * size : page * size]
            hidden = HIDDEN.get(listing.name, set())
            thin = [{name: value for name, value in row.items() if name not in hidden} for row in part]
            if not listing.is_paged:
                return 200, {"code": 0, "message": "success", listing.name: thin}
            context = {"page": page, "per_page": size, "has_more_page": len(rows) > page * size}
            return 200, {"code": 0, "message": "success", listing.name: thin, "page_context": context}

        return answer

    def _one(self, listing: Listing) -> Any:
        async def answer(request: Request, _: Token, organisation: Organisation, __: Any) -> tuple[int, Row]:
            found = organisation.find(listing.kind, listing.key, request.path_params["id"])
            if found is None:
                raise Refusal(1002, f"The {listing.one} does not exist.", NOT_FOUND)
            return 200, {"code": 0, "message": "success", listing.one: found}

        return answer

    def _make(self, making: Making) -> Any:
        async def answer(
            request: Request, _: Token, organisation: Organisation, body: Row
        ) -> tuple[int, Row]:
            made = making.make(self.books, organisation, body, request.query_params)
            now = datetime.fromtimestamp(self.books.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
            made |= {"created_time": now}
            if making.kind == "contacts":
                made |= {"last_modified_time": now}
            organisation.rows[making.kind].append(made)
            self.books.save()
            said = {"code": 0, "message": f"The {making.name.replace('_', ' ')} has been created."}
            return 201, {**said, **(made if making.is_flat else {making.name: made})}

        return answer


def _counting(query: Any, name: str, default: int) -> int:
    """1, 2, 3 …"""
    text = str(query.get(name, default))
    if not text.isdecimal() or int(text) < 1:
        raise Refusal(2, f"Invalid value passed for {name}")
    return int(text)


def _shown(listing: Listing, row: Row, query: Any) -> bool:
    """Filters that the description has are applied; a mistyped one is ignored without a word."""
    wanted = query.get("filter_by", "")
    if listing.name == "bankaccounts" and row["account_type"] not in ("bank", "credit_card"):
        return False
    is_active = row.get("is_active", True) and row.get("status") != "inactive"
    if not wanted.endswith(".All") and is_active == wanted.endswith(".Inactive"):
        return False
    since = query.get("last_modified_time", "") if listing.by_time else ""
    if since and str(row.get("last_modified_time", "")) <= since:
        return False
    for name in listing.filters:
        if name in query and str(row.get(name, "")).casefold() != query[name].casefold():
            return False
    text = query.get("contact_name_contains", "") if listing.kind == "contacts" else ""
    return text.casefold() in str(row.get("contact_name", "")).casefold()


def _refused(code: int, message: str, headers: dict[str, str]) -> Refusal:
    refusal = Refusal(code, message, 429)
    refusal.headers = headers  # type: ignore[attr-defined]
    return refusal


class _LostAnswer(Exception):
    """The write happened; nobody hears of it."""


class _Broken(Response):
    """The connection ends before an answer: what a caller sees when an answer is lost."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})
