"""`dext-bot demo`: embedded Redis, simulated Slack and Zoho Books, and the bot, in one process.

The only part of the program that starts the sandbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot import processes
from bot.demo.addresses import Addresses
from bot.demo.stage import Stage


def main(
    *,
    port: int = 0,
    once: bool = False,
    browser: bool = True,
    walk: bool = True,
    data_dir: Path | None = None,
) -> None:
    """Runs until Ctrl-C, or with `once` until the walk is over. State lies in a temporary folder, unless
    `data_dir` keeps it. Raises SettingMissing when an address cannot be had."""
    with _folder(data_dir) as folder:
        addresses = Addresses.of(folder, port)
        with processes.listening("127.0.0.1", addresses.bot) as sock:
            addresses = addresses.with_bot(sock.getsockname()[1])
            stage = Stage(folder, addresses, opens_browser=browser and not once, walks=walk, once=once)
            with asyncio.Runner(loop_factory=processes.new_loop) as runner:
                runner.run(stage.run(lambda settings: processes.web_parts(settings, sock)))


@contextlib.contextmanager
def _folder(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is None:
        with tempfile.TemporaryDirectory(prefix="dext-demo-") as folder:
            yield Path(folder)
        return
    data_dir = data_dir.expanduser().resolve()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    yield data_dir
