"""`/dext log`: who did what, when."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import log as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Call, Entry, Feature

READING = "read the log"


async def show(call: Call, services: Services) -> None:
    """The entries at once; the chain is read behind the open window, which then says how it stands."""
    word = call.text.strip()[: blocks.LONGEST_WORD]
    view_id = await call.open(await _page(call, services, word, "", blocks.CHECKING))
    chain = await services.log.chain(call.business)
    await call.slack.turn(view_id, await _page(call, services, word, "", chain.words))


async def turn(call: Call, services: Services) -> None:
    place = "" if call.value == "newest" else call.value
    meta = call.meta
    await call.turn(await _page(call, services, str(meta.get("word", "")), place, str(meta.get("chain", ""))))


async def _page(call: Call, services: Services, word: str, before: str, chain: str) -> View:
    page = await services.log.page(call.business, word, before)
    return blocks.page(page.lines, page.older, word, chain, call.carried | {"before": before})


async def export(call: Call, services: Services) -> None:
    await services.log.ask_export(call.business, call.person, str(call.meta.get("word", "")))
    await call.whisper(blocks.export_asked())


FEATURE = Feature(
    name="log",
    summary="Who did what, when; with a word, only what has it",
    command=Entry(Role.ADMIN, READING, show=show),
    actions={
        blocks.OLDER: Entry(Role.ADMIN, READING, show=turn),
        blocks.NEWEST: Entry(Role.ADMIN, READING, show=turn),
        blocks.EXPORT: Entry(Role.ADMIN, "export the log", show=export),
    },
)
