"""`/dext api-key`: keys of the item API. A key is shown once, to who made it, and nowhere else."""

from __future__ import annotations

from bot.domain.api_keys import KeyRight
from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import api_keys as blocks
from bot.slack.blocks.parts import View
from handlers.api.description import ITEMS
from handlers.kit import Answer, Call, Entry, Feature

LOOKING = "look after API keys"


async def _page(call: Call, services: Services) -> View:
    return blocks.page(await services.api_keys.all(call.business), call.carried)


async def show(call: Call, services: Services) -> None:
    """The keys and the form; `/dext api-key Zapier` makes one of that name at once."""
    if call.text.strip():
        await call.open(await _made(call, services, call.text, KeyRight.ADD))
    else:
        await call.open(await _page(call, services))


async def _made(call: Call, services: Services, name: str, right: KeyRight) -> View:
    token = await services.api_keys.make(call.business, call.person, name, right)
    address = services.connection.public_url + ITEMS
    return blocks.made(" ".join(name.split()), str(token), address, call.carried)


async def make(call: Call, services: Services) -> Answer | None:
    """The answer to the form is the key: it never passes a message, a channel or the log."""
    right = KeyRight(call.values.get("right") or KeyRight.ADD)
    return Answer(update=await _made(call, services, call.values.get("name") or "", right))


async def withdraw(call: Call, services: Services) -> Answer | None:
    await services.api_keys.withdraw(call.business, call.person, call.value)
    return None


async def after_withdrawing(call: Call, services: Services) -> None:
    await call.turn(await _page(call, services))


FEATURE = Feature(
    name="api-key",
    summary="Keys with which other programs bring in items",
    command=Entry(Role.ADMIN, LOOKING, show=show),
    actions={
        blocks.WITHDRAW: Entry(Role.ADMIN, LOOKING, decide=withdraw, show=after_withdrawing),
    },
    submissions={blocks.MAKE: Entry(Role.ADMIN, LOOKING, decide=make)},
)
