"""The workspace as an HTTP program: page, Web API, files, response URLs, control; and its runner."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.listening import listening
from bot.sandbox.slack import assets, limits
from bot.sandbox.slack.api import WebApi
from bot.sandbox.slack.api_files import FileRoutes
from bot.sandbox.slack.client import Client
from bot.sandbox.slack.control import Control
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.models import Json
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.sender import RETRY_DELAYS, Sender
from bot.sandbox.slack.workspace import Workspace


def create_app(workspace: Workspace, delivery: Delivery, client: Client | None = None) -> Starlette:
    """The ASGI application: `/` and `/client/…` for the page, `/api/…`, `/upload/…`, `/files-pri/…`,
    `/response/…`, `/sandbox/…`.
    """
    files = FileRoutes(workspace)
    api = WebApi(workspace)

    async def called(request: Request) -> Response:
        return await api(request)

    async def respond(request: Request) -> Response:
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            workspace.journal.refuse("response_url", "invalid_payload")
            return PlainTextResponse("invalid_payload", 400)
        refusal = delivery.respond(request.path_params["token"], body)
        if refusal is None:
            return PlainTextResponse("ok")
        gone = refusal.error in ("used_url", "expired_url")
        return JSONResponse(refusal.as_json(), 404 if gone else 400)

    return Starlette(
        routes=[
            Route("/api/{method}", called, methods=["GET", "POST"]),
            Route("/upload/{file}/{length:int}", files.upload, methods=["POST", "PUT"]),
            Route("/files-pri/{file}/{name:path}", files.download),
            Route("/signin", files.signin),
            Route("/response/{team}/{token}", respond, methods=["POST"]),
            *Control(workspace, delivery).routes(),
            *(client or Client(workspace, delivery)).routes(),
            *assets.routes(),
        ]
    )


class _Server(uvicorn.Server):
    """Leaves the process's signals to whoever runs the process."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class SlackServer:
    """Runs the workspace on a loopback port of its own, in this process's event loop.

    `bot_url` is where the bot listens (its root; `/slack/events` is added) and may change at any time.
    `ack_seconds` and `retry_delays` are Slack's; shorten them only where waiting proves nothing.
    `links`, `commands` and `samples` are for the page, see `Client`; they too may change at any time.
    """

    def __init__(  # noqa: PLR0913  each is a fact of the stage, all have defaults
        self,
        workspace: Workspace,
        bot_url: str = "http://127.0.0.1:9",
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        ack_seconds: float = limits.ACKNOWLEDGE_SECONDS,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        links: Mapping[str, str] | None = None,
        commands: Sequence[Json] = (),
        samples: Mapping[str, bytes] | None = None,
    ) -> None:
        self.workspace = workspace
        self._address = (host, port)
        self._sender = Sender(workspace, bot_url, ack_seconds=ack_seconds, retry_delays=retry_delays)
        self.delivery = Delivery(workspace, self._sender)
        self.client = Client(workspace, self.delivery, links=links, commands=commands, samples=samples)
        self.root_url = ""
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._socket: socket.socket | None = None

    @property
    def bot_url(self) -> str:
        """The bot's root address."""
        return self._sender.bot_url

    @bot_url.setter
    def bot_url(self, value: str) -> None:
        self._sender.bot_url = value

    @property
    def base_url(self) -> str:
        """The Web API's address, for `SLACK_API_URL`: `http://127.0.0.1:PORT/api/`."""
        return f"{self.root_url}api/"

    def person(self, name: str, channel: str = "#finance", patience: float = 5.0) -> Person:
        """A scripted person looking at a channel."""
        return Person(self, name, channel=channel, patience=patience)

    async def verify_url(self) -> bool:
        """Send the challenge Slack sends when a request URL is entered; whether the bot answered it."""
        return await self._sender.url_verification()

    async def start(self) -> None:
        """Listen; returns when requests are accepted."""
        self._socket = listening(*self._address)
        host, port = self._socket.getsockname()[:2]
        self.root_url = self.workspace.root_url = f"http://{host}:{port}/"
        config = uvicorn.Config(
            create_app(self.workspace, self.delivery, self.client),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Stop listening, end the pages' streams and give up repeats of events."""
        self.client.close()
        await self._sender.close()
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
        if self._socket is not None:
            self._socket.close()

    async def wait(self) -> None:
        """Until it is stopped."""
        if self._task is not None:
            await self._task

    async def __aenter__(self) -> SlackServer:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def write_ready_file(self, path: Path) -> None:
        """Tell another process where it listens: JSON with `base_url` and `root_url`."""
        path.write_text(json.dumps({"base_url": self.base_url, "root_url": self.root_url}))
