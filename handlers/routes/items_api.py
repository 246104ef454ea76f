"""`/api/v1`: items from outside. What is sent and answered is in `handlers/api/`."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.answers import Answer
from bot.domain.api_keys import KeyRight
from bot.domain.identity import ItemId
from bot.errors import NotFound, StorageUnavailable
from bot.services import Services
from bot.services.answers import OtherBody, StillAtWork
from bot.services.api_keys import Holder
from handlers.api import answers, reading
from handlers.api.answers import Problem, WrongField
from handlers.api.description import (
    DESCRIPTION,
    ITEMS,
    LARGEST_BODY,
    LONGEST_IDEMPOTENCY_KEY,
    ONE,
    description,
)

LARGE_BODY = 256_000
"""Bytes that are taken apart on the event loop; more of them in a thread."""
HUGE_BODY = 5_000_000
"""Bodies from this size are worked on one at a time: each takes several times its size in memory."""
DRAINED = 2 * LARGEST_BODY
"""So much of a body that is too large is still read, so that its sender hears the answer."""
READ_SECONDS = 120.0
"""A body is sent in so long: a sender that stands still must not keep the others waiting."""
RETRY_AFTER_SECONDS = 5
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="dext"'}


class Refusal(Exception):
    """An answer that ends the request."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[WrongField] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(title=status.phrase, status=status, detail=detail, errors=list(errors))
        self.headers = headers or {}

    def response(self) -> Response:
        return Response(
            self.problem.model_dump_json(),
            self.problem.status,
            headers=dict(self.headers),
            media_type="application/problem+json",
        )


@dataclass(frozen=True)
class ItemsApiRoutes:
    services: Services
    public_url: str
    _huge: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    def routes(self) -> list[Route]:
        return [
            Route(ITEMS, self._guarded(self.add), methods=["POST"]),
            Route(ONE, self._guarded(self.one), methods=["GET"]),
            Route(DESCRIPTION, self.describe, methods=["GET"]),
        ]

    async def describe(self, request: Request) -> Response:
        """Needs no key."""
        del request
        return JSONResponse(description(self.public_url))

    async def one(self, request: Request, holder: Holder) -> Response:
        try:
            view = await self.services.items.view(holder.business, ItemId(request.path_params["id"]))
        except NotFound:
            raise Refusal(HTTPStatus.NOT_FOUND, "There is no such item in this business.") from None
        return _json(HTTPStatus.OK, answers.state(view).model_dump_json())

    async def add(self, request: Request, holder: Holder) -> Response:
        if holder.key.right is not KeyRight.ADD:
            raise Refusal(HTTPStatus.FORBIDDEN, "This key only reads items. Make another one in Slack.")
        idempotency_key = _idempotency_key(request)
        _check_media_type(request)
        if _announced(request) < HUGE_BODY:
            return await self._add(holder, idempotency_key, await _content(request))
        async with self._huge:
            return await self._add(holder, idempotency_key, await _content(request))

    async def _add(self, holder: Holder, idempotency_key: str, content: bytes) -> Response:
        batch = secrets.token_hex(10)
        if not idempotency_key:
            answer = await self._take(holder, content, batch)
            return _json(answer.status, answer.body)
        digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
        # Taken up again after a crash, the request finds by this what it had brought in already.
        batch = hashlib.sha256(f"{holder.key.id}\0{idempotency_key}\0{digest}".encode()).hexdigest()[:20]
        try:
            answer = await self.services.answers.once(
                holder, idempotency_key, digest, lambda: self._take(holder, content, batch)
            )
        except OtherBody as fault:
            raise Refusal(HTTPStatus.CONFLICT, fault.sentence) from None
        except StillAtWork as fault:
            headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            raise Refusal(HTTPStatus.CONFLICT, fault.sentence, headers=headers) from None
        return _json(answer.status, answer.body)

    async def _take(self, holder: Holder, content: bytes, batch: str) -> Answer:
        """Reads the body and brings in what is right of it. Raises Refusal where nothing is."""
        is_small = len(content) < LARGE_BODY
        body = reading.read(content) if is_small else await asyncio.to_thread(reading.read, content)
        good = [one.incoming for one in body.entries if one.incoming]
        if not good:
            faults = [*body.faults, *(fault for one in body.entries for fault in one.faults)]
            raise Refusal(HTTPStatus.BAD_REQUEST, body.fault or "Some fields are wrong.", faults)
        # People read it where the items are published together.
        name = f"{holder.key.name} (item API), request {batch[:12]}"
        arrived = iter(await self.services.arriving.take(holder, good, name))
        items: list[answers.ItemResult | answers.RefusedResult] = [
            answers.result(next(arrived))
            if one.incoming
            else answers.RefusedResult(external_id=one.external_id, errors=list(one.faults))
            for one in body.entries
        ]
        kinds = {one.result for one in items}
        status = HTTPStatus.CREATED if "created" in kinds else HTTPStatus.OK
        if "refused" in kinds:
            status = HTTPStatus.MULTI_STATUS
        return Answer(status, answers.Results(items=items).model_dump_json(exclude_none=True))

    # --- at the door

    def _guarded(
        self, work: Callable[[Request, Holder], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Key and limit before the work; the outermost edge of a request: every fault is a problem."""

        async def endpoint(request: Request) -> Response:
            try:
                return await work(request, await self._holder(request))
            except Refusal as refusal:
                return refusal.response()
            except StorageUnavailable:
                headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
                says = "The storage does not answer. Send the same request again in a moment."
                return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, says, headers=headers).response()
            except ClientDisconnect:
                return Response(status_code=HTTPStatus.BAD_REQUEST)  # nobody is there to read it
            except Exception as fault:
                reference = secrets.token_hex(2).upper()
                structlog.get_logger().error("unforeseen", reference=reference, exc_info=fault)
                says = f"Something on our side broke (reference {reference}). Send the same request again."
                return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, says).response()

        return endpoint

    async def _holder(self, request: Request) -> Holder:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            says = (
                "Send a key as “Authorization: Bearer dxt_…”. An Admin makes one in Slack with /dext api-key."
            )
            raise Refusal(HTTPStatus.UNAUTHORIZED, says, headers=CHALLENGE)
        holder = await self.services.api_keys.holder(token.strip())
        if holder is None:
            headers = {"WWW-Authenticate": f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'}
            says = "This key is not known, or was withdrawn. An Admin makes one in Slack with /dext api-key."
            raise Refusal(HTTPStatus.UNAUTHORIZED, says, headers=headers)
        if seconds := await self.services.api_keys.turn(holder):
            says = f"Too many calls with this key in a minute. The next one fits in {seconds} seconds."
            headers = {"Retry-After": str(seconds)}
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, says, headers=headers)
        return holder


def _json(status: int, body: str) -> Response:
    return Response(body, status, media_type="application/json")


def _idempotency_key(request: Request) -> str:
    """Empty where none was sent."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    key = key.strip()
    if not key or len(key) > LONGEST_IDEMPOTENCY_KEY or not all("!" <= sign <= "~" for sign in key):
        says = f"An Idempotency-Key is 1 to {LONGEST_IDEMPOTENCY_KEY} plain signs without spaces."
        raise Refusal(HTTPStatus.BAD_REQUEST, says)
    return key


def _check_media_type(request: Request) -> None:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, not compressed.")


def _announced(request: Request) -> int:
    """Bytes as the sender says; one that does not say may send many."""
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else HUGE_BODY


async def _content(request: Request) -> bytes:
    """The body. Raises Refusal when it is too large: what is announced beyond all measure is not read."""
    refusal = Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The body is larger than {LARGEST_BODY // 1_000_000} MB. Send fewer items or files in one request.",
    )
    if _announced(request) > DRAINED:
        raise refusal
    try:
        async with asyncio.timeout(READ_SECONDS):
            content = await _read(request)
    except TimeoutError:
        says = f"The body did not arrive within {READ_SECONDS:.0f} seconds."
        raise Refusal(HTTPStatus.REQUEST_TIMEOUT, says) from None
    if content is None:
        raise refusal
    return content


async def _read(request: Request) -> bytes | None:
    """Nothing when it is larger than is taken."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > DRAINED:
            break
        if size > LARGEST_BODY:
            parts.clear()
        else:
            parts.append(part)
    return b"".join(parts) if size <= LARGEST_BODY else None
