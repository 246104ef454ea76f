"""Where the sandbox listens. A kept sandbox keeps its ports: the bot has stored Zoho's address."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bot import processes
from bot.errors import SettingMissing

FILE = "addresses.json"


@dataclass(frozen=True)
class Addresses:
    """Ports on this machine; 0 takes a free one."""

    page: int = 0
    zoho: int = 0
    bot: int = 0

    @classmethod
    def of(cls, folder: Path, port: int) -> Addresses:
        """The ports of last time, and `port` for the page where one is asked for. Raises SettingMissing when
        one of them is taken by now."""
        file = folder / FILE
        known = cls(**json.loads(file.read_text())) if file.exists() else cls()
        wanted = replace(known, page=port or known.page)
        for taken in {wanted.page, wanted.zoho} - {0}:
            _must_be_free(taken, "--port" if taken == port else "--data-dir", folder)
        return wanted

    def with_bot(self, port: int) -> Addresses:
        return replace(self, bot=port)

    def keep(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self)))

    @property
    def bot_url(self) -> str:
        return f"http://127.0.0.1:{self.bot}"


def _must_be_free(port: int, name: str, folder: Path) -> None:
    advice = "Choose another port."
    if name != "--port":
        advice = f"Stop that program, perhaps another demo on {folder}, or keep this one in another folder."
    try:
        with processes.listening("127.0.0.1", port):
            return
    except SettingMissing:
        says = f"{name}: port {port} is in use by another program."
        raise SettingMissing(name, says, advice=advice) from None
