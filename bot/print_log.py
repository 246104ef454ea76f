"""`dext-bot log`: a business's log on the terminal."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from bot.config import Settings


async def text(
    settings: Settings, word: str, form: str, *, verify: bool, workspace: str = "", business: str = ""
) -> str:
    """The log as `text`, `json` (an object a line) or `csv`; with `verify` what the chain says, instead.
    Raises BotError when it was changed by hand."""
    from bot import bootstrap  # noqa: PLC0415
    from bot.domain.cells import safe  # noqa: PLC0415
    from bot.services.log import HEADINGS, as_json, cells  # noqa: PLC0415

    async with bootstrap.build(settings) as running:
        of = await running.business(workspace, business)
        log = running.services.log
        if verify:
            chain = await log.chain(of)
            if not chain.is_whole:
                raise BotError(f"{chain.words}.")
            return chain.words
        lines = [line async for line in log.lines(of, word)]
    if form == "json":
        return "\n".join(json.dumps(as_json(line), ensure_ascii=False) for line in lines)
    if form == "csv":
        file = io.StringIO()
        csv.writer(file).writerows([HEADINGS, *([safe(cell) for cell in cells(line)] for line in lines)])
        return file.getvalue().rstrip("\r\n")
    return "\n".join(f"{line.entry.at:%Y-%m-%d %H:%M}  {line.name} {line.says}" for line in lines)
