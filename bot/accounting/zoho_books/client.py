"""Calls to Zoho Books: signed, budgeted, renewed, and their answers told apart.

Reads are tried again; a write is sent once, and when its answer is lost that is said (AnswerLost).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import stamina
from pydantic_core import from_json

from bot.accounting.zoho_books.auth import RENEWALS, TOO_MANY_SECONDS, ZohoSignIn
from bot.accounting.zoho_books.errors import fault as fault_of
from bot.accounting.zoho_books.hosts import API_PATH
from bot.domain.connection import Credentials
from bot.errors import AnswerLost, NotFound, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.ports import CallBudget, TokenStore

TIMEOUT = httpx.Timeout(30.0, connect=5.0)
RENEW_BEFORE = timedelta(seconds=60)
PER_PAGE = 200
READ_ATTEMPTS = 3
MINUTE = 60.0
HOUR = 3600.0
JSON = "application/json;charset=UTF-8"
UNAUTHORISED, TOO_MANY, SERVER_FAULT, MISSING = 401, 429, 500, 404
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def gone() -> ReconnectNeeded:
    """What is said when Zoho no longer accepts our sign-in."""
    return ReconnectNeeded(
        "Zoho Books no longer accepts our sign-in.",
        advice="An Admin can sign in again with `/dext reconnect`; nothing is lost.",
    )


@dataclass(frozen=True)
class ZohoApi:
    """One connection's calls. `organisation` is empty before one is chosen."""

    http: httpx.AsyncClient
    sign_in: ZohoSignIn
    tokens: TokenStore
    budget: CallBudget
    organisation: str = ""
    urgent: bool = True
    """Somebody waits; where the budget is one of background work, that goes before."""
    renewed: set[str] = field(default_factory=set, repr=False)
    """Tokens that were renewed for these calls: when one of them lacks a right, another would too."""

    async def read(self, path: str, **query: str | int) -> dict[str, Any]:
        """A GET, tried again on network faults and faults of theirs. Raises as `_answer` does."""
        while True:
            try:
                return await self._read(path, query)
            except RateLimited as limit:
                # The page that was refused is asked for again, not the list.
                await self.budget.wait_out(limit)

    async def _read(self, path: str, query: Mapping[str, str | int]) -> dict[str, Any]:
        async for attempt in stamina.retry_context(
            on=Unavailable, attempts=READ_ATTEMPTS, wait_initial=0.2, wait_max=2, timeout=None
        ):
            with attempt:
                return await self._call("GET", path, query=query)
        raise Unavailable("Zoho Books does not answer.")  # pragma: no cover - the loop returns or raises

    async def may(self, right: str) -> bool:
        """Whether the sign-in gave this right; where Zoho did not tell, we ask and see."""
        credentials = await self.tokens.read()
        given = credentials.scope if credentials else ""
        return not given or right in given or "fullaccess" in given

    async def pages(
        self, path: str, rows: str, **query: str | int
    ) -> AsyncGenerator[list[dict[str, Any]], None]:
        """Every page of a list; `rows` names the list in the answer. Raises Unavailable for a page that is
        not the one that was asked for: half a list must never pass for the whole."""
        number, has_more = 1, True
        while has_more:
            found, has_more = await self.page(path, rows, number, **query)
            yield found
            number += 1

    async def page(
        self, path: str, rows: str, number: int, **query: str | int
    ) -> tuple[list[dict[str, Any]], bool]:
        """One page of a list, from 1, and whether there are more. Raises as `pages`."""
        answer = await self.read(path, **query, page=number, per_page=PER_PAGE)
        found, context = answer.get(rows), _context(answer)
        if context.get("page") not in (None, number, str(number)):
            raise Unavailable(f"Zoho Books gave page {context['page']} of its {rows} instead of {number}.")
        # An empty page is the last one, whatever its context says: there is no other end to that.
        has_more = bool(found) and context.get("has_more_page") is True
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else [], has_more

    async def write(self, path: str, body: bytes, **query: str) -> dict[str, Any]:
        """A POST of JSON, sent once. Raises AnswerLost when it may have got through."""
        return await self._call("POST", path, query=query, body=body)

    async def mark(self, method: str, path: str) -> dict[str, Any]:
        """A change of state without a body, which may be asked for again when its answer is lost. Raises
        NotFound where there is no such record."""
        return await self._call(method, path)

    async def upload(
        self, path: str, part: str, file: tuple[str, bytes, str], fields: Mapping[str, str]
    ) -> dict[str, Any]:
        """A POST of one file (name, bytes, type) as multipart, sent once. Raises AnswerLost as `write`."""
        form = httpx.Request("POST", "http://form", files={part: file}, data=dict(fields))
        return await self._call("POST", path, body=form.read(), kind=form.headers["Content-Type"])

    async def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: bytes | None = None,
        kind: str = JSON,
    ) -> dict[str, Any]:
        credentials = await self._current()
        answer = await self._send(credentials, method, path, query or {}, body, kind)
        if answer.status_code == UNAUTHORISED and credentials.access_token in self.renewed:
            raise self._still_unauthorised(answer)
        if answer.status_code == UNAUTHORISED:
            renewed = await self._renewed(credentials.access_token)
            if renewed.access_token == credentials.access_token:
                raise gone()
            self.renewed.add(renewed.access_token)
            answer = await self._send(renewed, method, path, query or {}, body, kind)
            if answer.status_code == UNAUTHORISED:
                raise self._still_unauthorised(answer)
        return await self._answer(answer, is_write=body is not None)

    def _still_unauthorised(self, answer: httpx.Response) -> ReconnectNeeded | Refused:
        """Refused with a fresh token: code 57 is then a missing right, anything else a dead sign-in."""
        envelope = _envelope(answer) or {}
        if str(envelope.get("code")) == "57":
            return fault_of(answer.status_code, "57", str(envelope.get("message", "")))
        return gone()

    async def _send(
        self,
        credentials: Credentials,
        method: str,
        path: str,
        query: Mapping[str, str | int],
        body: bytes | None,
        kind: str,
    ) -> httpx.Response:
        parameters: dict[str, str | int] = dict(query)
        if self.organisation:
            parameters["organization_id"] = self.organisation
        headers = {"Authorization": f"Zoho-oauthtoken {credentials.access_token}"}
        if body is not None:
            headers["Content-Type"] = kind
        async with self.budget.call(urgent=self.urgent):
            try:
                answer = await self.http.request(
                    method,
                    f"{credentials.api_url}{API_PATH}{path}",
                    params=parameters,
                    headers=headers,
                    content=body,
                    timeout=TIMEOUT,
                )
            except httpx.HTTPError as fault:
                if body is None or isinstance(fault, _NOT_SENT):
                    raise Unavailable(f"Zoho Books does not answer ({type(fault).__name__}).") from fault
                raise AnswerLost("Zoho Books was asked, but its answer never came.") from fault
        await self._learn(answer)
        return answer

    async def _answer(self, answer: httpx.Response, *, is_write: bool) -> dict[str, Any]:
        envelope = _envelope(answer)
        code = str(envelope.get("code", "")) if envelope else ""
        message = str(envelope.get("message", "")) if envelope else ""
        if answer.status_code == TOO_MANY:
            raise await self._limited(answer, code, message)
        if envelope is None or answer.status_code >= SERVER_FAULT:
            if is_write:
                raise AnswerLost(
                    "Zoho Books was asked, but its answer makes no sense.", status=answer.status_code
                )
            if answer.status_code == MISSING:
                raise NotFound("Zoho Books has no such list.")
            raise Unavailable(
                f"Zoho Books answers with a fault of its own (status {answer.status_code}).",
                status=answer.status_code,
                code=code,
                message=message,
            )
        if answer.is_success and code in ("0", ""):
            return envelope
        if answer.status_code == MISSING and not is_write:
            raise NotFound(f"Zoho Books has no such list. Zoho Books says: {message}")
        raise fault_of(answer.status_code, code, message)

    async def _limited(self, answer: httpx.Response, code: str, message: str) -> RateLimited:
        """Each kind of 429 waits as it should (https://www.zoho.com/books/api/v3/introduction/)."""
        asked = _number(answer.headers.get("Retry-After"))
        seconds, says = {
            "43": (asked or HOUR, "Zoho Books wants no calls for a while"),
            "45": (
                _number(answer.headers.get("X-Rate-Limit-Reset")) or HOUR,
                "Today's calls to Zoho Books are used up",
            ),
            "1070": (2.0, "Zoho Books is busy with other calls"),
        }.get(code, (asked or MINUTE, "Zoho Books had too many calls in a minute"))
        await self.budget.block(seconds, code or "429")
        return RateLimited(f"{says}.", retry_after_seconds=seconds, code=code, message=message)

    async def _learn(self, answer: httpx.Response) -> None:
        limit = _number(answer.headers.get("X-Rate-Limit-Limit"))
        remaining = _number(answer.headers.get("X-Rate-Limit-Remaining"))
        if limit and remaining is not None:
            reset = _number(answer.headers.get("X-Rate-Limit-Reset")) or HOUR
            await self.budget.learn(
                day_limit=int(limit), day_remaining=int(remaining), reset_seconds=int(reset)
            )

    async def _current(self) -> Credentials:
        credentials = await self.tokens.read()
        if credentials is None:
            raise gone()
        if credentials.expires_at - RENEW_BEFORE > self.sign_in.clock():
            return credentials
        return await self._renewed(credentials.access_token)

    async def _renewed(self, stale: str) -> Credentials:
        """A token other than `stale`; one process renews, the others find its token."""
        async with self.tokens.renewing():
            credentials = await self.tokens.read()
            if credentials is None:
                raise gone()
            fresh = credentials.expires_at - RENEW_BEFORE > self.sign_in.clock()
            if credentials.access_token != stale and fresh:
                return credentials
            await self.tokens.count_renewal(RENEWALS, TOO_MANY_SECONDS)
            renewed = await self.sign_in.renew(credentials)
            await self.tokens.write(renewed)
            return renewed


def _envelope(answer: httpx.Response) -> dict[str, Any] | None:
    """Zoho's `{"code": n, "message": "..."}`; nothing when it is something else."""
    try:
        found = from_json(answer.content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _context(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an answer says of its page: an object, or (projects) a list of one."""
    context = answer.get("page_context")
    if isinstance(context, list) and context:
        context = context[0]
    return context if isinstance(context, dict) else {}


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
