"""How the parts of a process live and end together."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from bot import processes
from bot.errors import SettingMissing

SETTINGS: Any = SimpleNamespace(
    host="127.0.0.1", port=0, public_url="http://localhost", slack_app_token=None, embedded=True
)


class App:
    """A bot that writes down what happens to it."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.began = asyncio.Event()

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        self.events.append("request")
        self.began.set()
        await asyncio.sleep(0.05)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    async def work(self, stop: asyncio.Event) -> None:
        await stop.wait()
        await asyncio.sleep(0.01)
        self.events.append("drained")

    async def tick(self, stop: asyncio.Event) -> None:
        raise LookupError("the clock broke")

    async def socket_mode(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.events.append("hung up")


def parts(*given: Any) -> tuple[processes.Part, ...]:
    return given


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """The bot that the bootstrap gives."""
    made = App()

    @asynccontextmanager
    async def build(_: object) -> AsyncIterator[App]:
        yield made
        made.events.append("closed")

    monkeypatch.setitem(__import__("sys").modules, "bot.bootstrap", SimpleNamespace(build=build))
    monkeypatch.setattr("bot.bootstrap", SimpleNamespace(build=build), raising=False)
    return made


async def test_a_part_that_fails_stops_the_others_which_finish_their_work(app: App) -> None:
    with pytest.raises(LookupError, match="clock broke"):
        await processes.together(app, asyncio.Event(), parts(App.work, App.tick))
    assert app.events == ["drained"]


async def test_a_part_that_ends_stops_the_others(app: App) -> None:
    async def brief(_: Any, __: asyncio.Event) -> None:
        app.events.append("brief")

    await processes.together(app, asyncio.Event(), parts(App.work, brief))
    assert app.events == ["brief", "drained"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_lets_requests_and_jobs_finish_before_anything_closes(
    app: App, number: signal.Signals
) -> None:
    with processes.listening("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        every = (*processes.web_parts(SETTINGS, sock), *parts(App.work))
        running = asyncio.create_task(processes.live(SETTINGS, every))
        async with httpx.AsyncClient() as client:
            asked = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/"))
            await asyncio.wait_for(app.began.wait(), 5)
            os.kill(os.getpid(), number)
            assert (await asked).text == "done"
        await asyncio.wait_for(running, 5)
    assert app.events[0] == "request"
    assert app.events[-1] == "closed"
    assert "drained" in app.events


async def test_a_second_signal_ends_at_once(app: App) -> None:
    waiting = asyncio.Event()

    async def stubborn(_: Any, stop: asyncio.Event) -> None:
        await stop.wait()
        waiting.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(processes.live(SETTINGS, (stubborn,)))
    await asyncio.sleep(0)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(waiting.wait(), 5)
    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, 5)


async def test_socket_mode_is_a_part_of_web_when_its_token_is_set(app: App) -> None:
    settings: Any = SimpleNamespace(**{**vars(SETTINGS), "slack_app_token": "xapp-1"})
    with processes.listening("127.0.0.1", 0) as sock:
        every = processes.web_parts(settings, sock)
        stop = asyncio.Event()
        stop.set()
        await asyncio.wait_for(processes.together(app, stop, every), 5)
    assert app.events == ["hung up"]


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(SettingMissing, match=f"^PORT: {port} on 127.0.0.1 is in use") as caught,
            processes.listening("127.0.0.1", port),
        ):
            pass
    assert caught.value.name == "PORT"
