"""`dext-bot rules`: a business's rules on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings


async def text(settings: Settings, *, as_csv: bool, workspace: str = "", business: str = "") -> str:
    """A rule a line with what is wrong with it, or the table that `dext-bot import` reads back."""
    from bot import bootstrap  # noqa: PLC0415
    from bot.domain.identity import BOT  # noqa: PLC0415
    from bot.domain.rule_table import SIDES  # noqa: PLC0415

    async with bootstrap.build(settings) as running:
        of = await running.business(workspace, business)
        book = running.services.rule_book
        if as_csv:
            content, _ = await book.table(of, BOT)
            return content.decode("utf-8-sig").rstrip("\r\n")
        rules = await book.read(of)
        lines = [f"{SIDES[view.rule.side]} {view.rule.name}: {view.words}" for view in rules.views]
        lines += [f"Conflict: {one.rule.name}: {one.says}" for one in await book.conflicts(of)]
    return "\n".join(lines) or "No rules yet."
