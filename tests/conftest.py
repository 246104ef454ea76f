"""What every test shares: sockets that reach this machine only, and no setting from outside."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator

import pytest

from bot.config import Settings, variable

LOCAL_NAMES = {"localhost", "", "0.0.0.0", "::", None}  # noqa: S104 - the names of this machine


class OutsideReached(RuntimeError):
    """A test tried to reach something that is not on this machine."""


def _is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(name).split("%", maxsplit=1)[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Sockets of the test process reach loopback only; so does the resolver."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def checked(address: object) -> None:
        if isinstance(address, tuple) and not _is_local(address[0]):
            raise OutsideReached(f"a test may not reach {address[0]}")

    def guarded_connect(self: socket.socket, address: object) -> None:
        checked(address)
        connect(self, address)  # type: ignore[arg-type]

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        checked(address)
        return connect_ex(self, address)  # type: ignore[arg-type]

    def guarded_resolve(host: object, *args: object, **more: object) -> object:
        checked((host,))
        return resolve(host, *args, **more)  # type: ignore[arg-type]

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_resolve)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own environment and `.env` change no test."""
    for field in Settings.model_fields:
        name = variable(field)
        for found in [one for one in os.environ if one.upper() == name]:
            monkeypatch.delenv(found)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
