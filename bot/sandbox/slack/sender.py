"""One signed request to the bot, with Slack's three seconds, and the repeats of an event.

https://docs.slack.dev/apis/events-api/#retries
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from bot.sandbox.slack import limits, payloads
from bot.sandbox.slack.journal import Delivery
from bot.sandbox.slack.models import Json
from bot.sandbox.slack.workspace import Workspace

RETRY_DELAYS = (0.0, 60.0, 300.0)
"""Seconds before each repeat of an event: almost at once, a minute, five minutes."""
_OK = 200


@dataclass(frozen=True)
class Answer:
    """What the bot said. `outcome`: `ok`, `dispatch_failed` or `operation_timeout`."""

    outcome: str
    status: int | None = None
    body: bytes = b""
    content_type: str = ""
    no_retry: bool = False
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Acknowledged in time."""
        return self.outcome == "ok"

    def json(self) -> Json | None:
        """The body as an object; None when it is not one."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


class Sender:
    """Sends to `{bot_url}/slack/events`. `bot_url` may change while it runs; no connection is kept open."""

    def __init__(
        self,
        workspace: Workspace,
        bot_url: str,
        *,
        ack_seconds: float = limits.ACKNOWLEDGE_SECONDS,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self.workspace = workspace
        self.bot_url = bot_url
        self.ack_seconds = ack_seconds
        self.retry_delays = tuple(retry_delays)
        self._client = httpx.AsyncClient(
            timeout=None,  # noqa: S113  the whole exchange has one limit, below
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )
        self._repeats: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Give up repeats and close the client."""
        for task in list(self._repeats):
            task.cancel()
        await asyncio.gather(*self._repeats, return_exceptions=True)
        await self._client.aclose()

    async def form(self, kind: str, summary: str, fields: dict[str, str]) -> Answer:
        """A form-encoded request, as commands and interactions are."""
        body = urlencode(fields).encode()
        return await self._send(kind, summary, body, "application/x-www-form-urlencoded", {})

    async def interaction(self, summary: str, payload: Json) -> Answer:
        """An interaction: the payload as JSON in a form field."""
        return await self.form(str(payload["type"]), summary, {"payload": json.dumps(payload)})

    async def event(self, inner: Json) -> Answer:
        """An event; repeated in the background, up to three times, when it was not acknowledged."""
        envelope = payloads.event(self.workspace, inner)
        body = json.dumps(envelope).encode()
        answer = await self._send("event", str(inner["type"]), body, "application/json", {})
        if not answer.ok and not answer.no_retry:
            task = asyncio.create_task(self._repeat(str(inner["type"]), body, answer))
            self._repeats.add(task)
            task.add_done_callback(self._repeats.discard)
        return answer

    async def url_verification(self) -> bool:
        """The challenge Slack sends when a request URL is entered; whether it was answered right."""
        challenge = secrets.token_hex(16)
        body = {"token": payloads.VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        answer = await self._send("url_verification", "", json.dumps(body).encode(), "application/json", {})
        said = answer.json() or {"challenge": answer.body.decode("utf-8", "replace")}
        return answer.ok and said.get("challenge") == challenge

    async def _repeat(self, summary: str, body: bytes, answer: Answer) -> None:
        for number, delay in enumerate(self.retry_delays, start=1):
            await asyncio.sleep(delay)
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": answer.reason}
            answer = await self._send("event", f"{summary} again", body, "application/json", again)
            if answer.ok or answer.no_retry:
                return

    async def _send(
        self, kind: str, summary: str, body: bytes, content_type: str, extra: dict[str, str]
    ) -> Answer:
        headers = payloads.signed_headers(self.workspace.signing_secret, body, time.time(), content_type)
        began, began_at = time.perf_counter(), self.workspace.clock()
        try:
            async with asyncio.timeout(self.ack_seconds):
                url = f"{self.bot_url.rstrip('/')}/slack/events"
                response = await self._client.post(url, content=body, headers={**headers, **extra})
        except TimeoutError:
            answer = Answer("operation_timeout", reason="http_timeout")
        except httpx.HTTPError as error:
            answer = Answer("dispatch_failed", reason="connection_failed", body=str(error).encode())
        else:
            good = response.status_code == _OK
            answer = Answer(
                "ok" if good else "dispatch_failed",
                response.status_code,
                response.content,
                response.headers.get("content-type", ""),
                response.headers.get("x-slack-no-retry") == "1",
                "" if good else "http_error",
            )
        self.workspace.journal.deliveries.append(
            Delivery(
                began_at,
                kind,
                summary,
                time.perf_counter() - began,
                answer.status,
                answer.outcome,
                "" if answer.ok else answer.body.decode("utf-8", "replace")[:500],
            )
        )
        return answer
