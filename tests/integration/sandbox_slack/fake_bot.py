"""A tiny bot for these tests: checks the signature, keeps what arrived, answers as the test says."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Answer = Callable[[dict[str, Any]], Awaitable[Any]]


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class FakeBot:
    """`on(kind, answer)`: `kind` is `command`, a payload's type or `event`; an answer is a dict (JSON),
    a Response, or None for an empty acknowledgement.
    """

    def __init__(self, signing_secret: str) -> None:
        self.secret = signing_secret
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: dict[str, Answer] = {}
        self.url = ""
        self._socket: socket.socket | None = None

    def on(self, kind: str, answer: Answer) -> None:
        self.answers[kind] = answer

    def last(self, kind: str) -> dict[str, Any]:
        return [one for one in self.received if one["kind"] == kind][-1]

    async def handle(self, request: Request) -> Response:
        raw = await request.body()
        stamp = request.headers["x-slack-request-timestamp"]
        expected = hmac.new(self.secret.encode(), f"v0:{stamp}:".encode() + raw, hashlib.sha256).hexdigest()
        if request.headers["x-slack-signature"] != f"v0={expected}":
            return Response("bad signature", 401)
        if request.headers["content-type"] == "application/json":
            body = json.loads(raw)
            body["kind"] = "event" if body["type"] == "event_callback" else body["type"]
        else:
            form = await request.form()
            fields = {name: str(value) for name, value in form.items()}
            body = json.loads(fields["payload"]) if "payload" in fields else fields
            body["kind"] = body.get("type", "command")
        self.received.append(body)
        self.headers.append(dict(request.headers))
        answer = await self.answers[body["kind"]](body) if body["kind"] in self.answers else None
        if answer is None:
            return Response()
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def start(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = Starlette(routes=[Route("/slack/events", self.handle, methods=["POST"])])
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._task
        if self._socket is not None:
            self._socket.close()


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str, action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def option(text: str, value: str = "") -> dict[str, Any]:
    return {"text": plain(text), "value": value or text}


def field(label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": label.lower(), "label": plain(label), "element": element, **more}


def text_input(action_id: str = "text", **more: Any) -> dict[str, Any]:
    return {"type": "plain_text_input", "action_id": action_id, **more}


def modal(title: str, *blocks: dict[str, Any], submit: str = "Save", **more: Any) -> dict[str, Any]:
    body = {"type": "modal", "title": plain(title), "blocks": list(blocks) or [section("Hello")], **more}
    return {**body, "submit": plain(submit)} if submit else body
