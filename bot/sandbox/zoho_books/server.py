"""The simulated Zoho Books as a program: sign-in, API, pages for people, trouble on order."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import uvicorn
from starlette.applications import Starlette

from bot.sandbox.listening import listening
from bot.sandbox.zoho_books import control
from bot.sandbox.zoho_books.accounts import Accounts
from bot.sandbox.zoho_books.api import Api
from bot.sandbox.zoho_books.books import Books
from bot.sandbox.zoho_books.web import Pages


def create_app(
    books: Books, origin: str, *, limits_calls: bool = True, home: str = "", api: str = ""
) -> Starlette:
    """Accounts server, API server and pages in one, at `origin`. `home`, `api`: a person who signs in here
    belongs to another data centre, whose accounts server and API server are there."""
    accounts, own = Accounts(books, origin, home, api), Api(books, limits_calls, origin)
    pages = Pages(books, own)
    return Starlette(routes=[*accounts.routes(), *own.routes(), *control.routes(books), *pages.routes()])


class ZohoServer:
    """Serves `books` on loopback from `start` to `stop`; `origin` is its address."""

    def __init__(
        self, books: Books, *, port: int = 0, limits_calls: bool = True, home: str = "", api: str = ""
    ) -> None:
        self.books = books
        self.origin = ""
        self._port = port
        self._limits_calls = limits_calls
        self._elsewhere = {"home": home, "api": api}
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def host(self) -> str:
        """`host:port`, as ZOHO_EXTRA_HOSTS wants it."""
        return self.origin.removeprefix("http://")

    async def start(self) -> str:
        self.books.load()
        sock = listening("127.0.0.1", self._port)
        self._port = sock.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self._port}"
        app = create_app(self.books, self.origin, limits_calls=self._limits_calls, **self._elsewhere)
        config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._task = asyncio.create_task(self._serve(self._server, sock))
        while not self._server.started:  # noqa: ASYNC110 - uvicorn sets a flag, no event
            await asyncio.sleep(0.005)
        return self.origin

    @staticmethod
    async def _serve(server: uvicorn.Server, sock: socket.socket) -> None:
        with contextlib.suppress(SystemExit):
            await server._serve(sockets=[sock])

    async def stop(self) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
