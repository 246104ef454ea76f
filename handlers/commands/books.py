"""`/dext books`: what was changed or entered in Zoho Books without us."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import standing as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Answer, Call, Entry, Feature
from handlers.showing import books_page

LOOKING = "look at the books now"


async def show(call: Call, services: Services) -> None:
    await call.open(await _page(call, services, 0))


async def turn(call: Call, services: Services) -> None:
    await call.turn(await _page(call, services, int(call.value or 0)))


async def look(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement."""
    await services.watch.ask_for(call.business, call.person, call.view_id)
    return None


async def looking(call: Call, services: Services) -> None:
    await call.turn(await _page(call, services, 0, looking=True))


async def _page(call: Call, services: Services, offset: int, *, looking: bool = False) -> View:
    return await books_page(services, call.business, call.person, offset, call.carried, looking=looking)


FEATURE = Feature(
    name="books",
    summary="What was changed or entered in Zoho Books without us: paid, void, edited, new bills",
    command=Entry(Role.MEMBER, "see changes", show=show),
    actions={
        blocks.OPEN: Entry(Role.MEMBER, "see changes", show=show),
        blocks.TURN + ".on": Entry(Role.MEMBER, "see changes", show=turn),
        blocks.TURN + ".back": Entry(Role.MEMBER, "see changes", show=turn),
        blocks.LOOK: Entry(Role.APPROVER, LOOKING, decide=look, show=looking),
    },
)
