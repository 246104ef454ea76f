"""The simulated Zoho Books as a program: sign-in, API, a page of what is booked, trouble on order."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import asdict

import uvicorn
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.listening import listening
from bot.sandbox.zoho_books.accounts import Accounts
from bot.sandbox.zoho_books.api import Api
from bot.sandbox.zoho_books.books import Books, Trouble

_pages = Environment(loader=PackageLoader("bot.sandbox.zoho_books"), autoescape=select_autoescape(["html"]))


def create_app(books: Books, origin: str, *, limits_calls: bool = True) -> Starlette:
    """Accounts server and API server in one, at `origin`."""

    async def booked(request: Request) -> Response:
        organisation = books.organisation(request.path_params["id"])
        if organisation is None:
            return HTMLResponse("There is no such organisation.", 404)
        return HTMLResponse(_pages.get_template("books.html").render(organisation=organisation))

    async def calls(request: Request) -> Response:
        if request.method == "DELETE":
            books.calls.clear()
        return JSONResponse([asdict(call) for call in books.calls])

    async def state(_: Request) -> Response:
        return JSONResponse([asdict(one) for one in books.organisations])

    async def trouble(request: Request) -> Response:
        try:
            books.troubles.append(Trouble(**await request.json()))
        except TypeError as fault:
            return JSONResponse({"ok": False, "error": str(fault)}, 400)
        return JSONResponse({"ok": True})

    async def withdraw(_: Request) -> Response:
        books.withdraw_consent()
        return JSONResponse({"ok": True})

    control = [
        Route("/app/{id}", booked),
        Route("/sandbox/calls", calls, methods=["GET", "DELETE"]),
        Route("/sandbox/state", state),
        Route("/sandbox/trouble", trouble, methods=["POST"]),
        Route("/sandbox/withdraw-consent", withdraw, methods=["POST"]),
    ]
    return Starlette(routes=[*Accounts(books, origin).routes(), *Api(books, limits_calls).routes(), *control])


class ZohoServer:
    """Serves `books` on loopback from `start` to `stop`; `origin` is its address."""

    def __init__(self, books: Books, *, port: int = 0, limits_calls: bool = True) -> None:
        self.books = books
        self.origin = ""
        self._port = port
        self._limits_calls = limits_calls
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
        app = create_app(self.books, self.origin, limits_calls=self._limits_calls)
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
