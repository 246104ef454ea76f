"""Zoho Books API v3: who may call, limits, lists, records."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.zoho_books import attachments, undoing
from bot.sandbox.zoho_books.books import Books, Call, Organisation, Row, Token
from bot.sandbox.zoho_books.limits import Limits, refused
from bot.sandbox.zoho_books.rules import Refusal
from bot.sandbox.zoho_books.tables import HIDDEN, LISTS, MAKERS, Listing, Making, alone, counting, is_shown

PREFIX = "/books/v3"
MOST_A_PAGE = 200
EXEMPTING = {"U.S.A", "United States"}
GET, POST = "GET", "POST"
NOT_FOUND = 404


@dataclass
class Api:
    books: Books
    limits_calls: bool = True
    origin: str = ""
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        self.limits = Limits(self.books, self.limits_calls)

    def routes(self) -> list[Route]:
        routes = [
            Route(f"{PREFIX}/organizations", self._endpoint(self._organisations, "settings"), methods=[GET])
        ]
        for one in LISTS:
            routes.append(Route(PREFIX + one.path, self._endpoint(self._list(one), one.scope), methods=[GET]))
            if one.key:
                path = f"{PREFIX}{one.path}/{{id}}"
                routes.append(Route(path, self._endpoint(self._one(one), one.scope), methods=[GET]))
        group = self._endpoint(self._tax_group, "settings")
        routes.append(Route(f"{PREFIX}/settings/taxgroups/{{id}}", group, methods=[GET]))
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

    def _undo(
        self, one: undoing.Undoing, act: Callable[[Books, Organisation, undoing.Undoing, str], str]
    ) -> Any:
        async def work(
            request: Request, _: Token, organisation: Organisation | None, body: Any
        ) -> tuple[int, Row]:
            if organisation is None:
                raise Refusal(6041, "This user is not associated with the CompanyID/CompanyName.")
            if body:
                raise Refusal(4, "Invalid value passed for JSON")
            said = act(self.books, organisation, one, request.path_params["id"])
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
                headers = self.limits.counted(organisation)
                with self.limits.at_once(organisation):
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

    async def _in_trouble(self, method: str, path: str) -> None:
        for trouble in self.books.due(method, path, after_write=False):
            await asyncio.sleep(trouble.delay_seconds)
            if trouble.status:
                refusal = refused(trouble.code, trouble.message, trouble.headers)
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
            rows = [row for row in held if is_shown(listing, row, query)]
            if query.get("sort_column") in listing.sorts:
                name = query["sort_column"]
                rows.sort(key=lambda row: str(row.get(name, "")), reverse=query.get("sort_order") == "D")
            page, size = (
                counting(query, "page", 1),
                min(counting(query, "per_page", MOST_A_PAGE), MOST_A_PAGE),
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
            return 200, {"code": 0, "message": "success", listing.one: alone(listing.kind, found)}

        return answer

    async def _tax_group(
        self, request: Request, _: Token, organisation: Organisation, __: Any
    ) -> tuple[int, Row]:
        """The list has groups among the taxes; only here they say what they are made of."""
        found = organisation.find("taxes", "tax_id", request.path_params["id"])
        if found is None or found["tax_type"] != "tax_group":
            raise Refusal(1002, "The tax group does not exist.", NOT_FOUND)
        parts = [organisation.find("taxes", "tax_id", str(one)) for one in found.get("taxes", [])]
        shown = ("tax_id", "tax_name", "tax_percentage", "tax_type")
        group = {
            "tax_group_id": found["tax_id"],
            "tax_group_name": found["tax_name"],
            "tax_group_percentage": found["tax_percentage"],
            "taxes": [{name: part[name] for name in shown} for part in parts if part],
        }
        return 200, {"code": 0, "message": "success", "tax_group": group}

    def _make(self, making: Making) -> Any:
        async def answer(
            request: Request, _: Token, organisation: Organisation, body: Row
        ) -> tuple[int, Row]:
            made = making.make(self.books, organisation, body, request.query_params)
            made |= {"created_time": self.books.now, "last_modified_time": self.books.now}
            organisation.rows[making.kind].append(made)
            self.books.save()
            said = {"code": 0, "message": f"The {making.name.replace('_', ' ')} has been created."}
            shown = alone(making.kind, made)
            return 201, {**said, **(shown if making.is_flat else {making.name: shown})}

        return answer


class _LostAnswer(Exception):
    """The write happened; nobody hears of it."""


class _Broken(Response):
    """The connection ends before an answer: what a caller sees when an answer is lost."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": False})
