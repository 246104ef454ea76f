"""Web, worker and clock as programs: start, and stop on SIGINT or SIGTERM without losing work.

What they do is `bot.bootstrap`'s; here is only how long they live. The bootstrap opens first and closes last,
so the embedded Redis outlives everything that uses it.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from bot.errors import SettingMissing

if TYPE_CHECKING:
    import uvicorn

    from bot.config import Settings

DRAIN_SECONDS = 20
"""How long open requests may take after a stop was asked for; Heroku kills after 30 seconds."""
BACKLOG = 2048

Part = Callable[["Running", asyncio.Event], Awaitable[None]]
PartsOf = Callable[["Settings"], tuple[Part, ...]]


class Running(Protocol):
    """What `bot.bootstrap.build` gives: the bot, joined together and ready to serve."""

    @property
    def asgi(self) -> Any:
        """The ASGI application."""
        ...

    async def work(self, stop: asyncio.Event) -> None:
        """Run jobs until `stop`, then finish those that have begun."""
        ...

    async def tick(self, stop: asyncio.Event) -> None:
        """Look for what is due until `stop`."""
        ...

    async def socket_mode(self, stop: asyncio.Event) -> None:
        """Receive Slack's requests over a socket of our own until `stop`."""
        ...


def run_web(settings: Settings) -> None:
    """Serve HTTP (and Socket Mode where it is on) until a signal."""
    with listening(settings.host, settings.port) as sock:
        _run(settings, *web_parts(settings, sock))


def run_worker(settings: Settings) -> None:
    """Run jobs until a signal; what has begun is finished first."""
    _run(settings, work)


def run_clock(settings: Settings) -> None:
    """Tick until a signal."""
    _run(settings, tick)


def run_all(settings: Settings) -> None:
    """Web, worker and clock in one process on one bootstrap: the least memory for one machine."""
    with listening(settings.host, settings.port) as sock:
        _run(settings, *web_parts(settings, sock), work, tick)


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to the address, taken before anything else starts.

    Raises `SettingMissing` naming PORT or HOST when the address cannot be had.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        sock = socket.socket(family, kind, protocol)
    except OSError:
        raise SettingMissing(
            "HOST",
            f"HOST: {host} is no address of this machine.",
            advice="Use 127.0.0.1, or 0.0.0.0 for all.",
        ) from None
    with sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(address)
            sock.listen(BACKLOG)
        except OSError as error:
            raise _address_refused(host, port, error) from None
        sock.setblocking(False)
        yield sock


def _address_refused(host: str, port: int, error: OSError) -> SettingMissing:
    if error.errno == errno.EADDRINUSE:
        return SettingMissing(
            "PORT",
            f"PORT: {port} on {host} is in use by another program.",
            advice="Stop that program, or set PORT to a free one.",
        )
    if error.errno == errno.EACCES:
        return SettingMissing(
            "PORT", f"PORT: this user may not listen on {port}.", advice="Set PORT to one above 1023."
        )
    return SettingMissing(
        "HOST", f"HOST: {host} is no address of this machine.", advice="Use 127.0.0.1, or 0.0.0.0 for all."
    )


def web_parts(settings: Settings, sock: socket.socket) -> tuple[Part, ...]:
    """Serve HTTP on `sock`, and Socket Mode where it is on."""

    async def serve(app: Running, stop: asyncio.Event) -> None:
        server = _server(app.asgi)
        waiting = asyncio.create_task(_stop_server(server, stop))
        try:
            structlog.get_logger(__name__).info("listening", address=settings.public_url, port=settings.port)
            await server.serve(sockets=[sock])
        finally:
            waiting.cancel()

    async def socket_mode(app: Running, stop: asyncio.Event) -> None:
        await app.socket_mode(stop)

    return (serve,) if settings.slack_app_token is None else (serve, socket_mode)


async def work(app: Running, stop: asyncio.Event) -> None:
    """Run jobs."""
    await app.work(stop)


async def tick(app: Running, stop: asyncio.Event) -> None:
    """Look for what is due."""
    await app.tick(stop)


def _server(asgi: Any) -> uvicorn.Server:
    import uvicorn  # noqa: PLC0415 - worker and clock need no web server in memory

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Signals are `_run`'s: they stop every part, not the web server alone."""
            yield

    return Server(
        uvicorn.Config(
            asgi,
            interface="asgi3",
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    )


async def _stop_server(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


def _run(settings: Settings, *parts: Part) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(live(settings, parts))


def new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def live(settings: Settings, parts: tuple[Part, ...]) -> None:
    """Join the bot together and run the parts until a signal."""
    from bot import bootstrap  # noqa: PLC0415 - after the port is known to be free

    stop = asyncio.Event()
    with _signals(stop):
        async with bootstrap.build(settings) as app:
            await together(app, stop, parts)
            structlog.get_logger(__name__).info("stopped")


async def together(app: Running, stop: asyncio.Event, parts: tuple[Part, ...]) -> None:
    """Run the parts until `stop`. A part that ends or fails stops the others, which finish their work.

    Raises the first failure, after all have ended.
    """

    async def live(part: Part) -> None:
        try:
            await part(app, stop)
        finally:
            stop.set()

    ends = await asyncio.gather(*(live(part) for part in parts), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """The first SIGINT or SIGTERM asks for a stop, the second cancels what is still draining."""
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()

    def asked() -> None:
        if stop.is_set() and main is not None:
            main.cancel()
        stop.set()

    both = (signal.SIGINT, signal.SIGTERM)
    for one in both:
        loop.add_signal_handler(one, asked)
    try:
        yield
    finally:
        for one in both:
            loop.remove_signal_handler(one)
