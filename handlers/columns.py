"""**Choose columns** of a supplier list, from the question or beside the preview."""

from __future__ import annotations

import secrets

from bot.domain.roles import Role
from bot.errors import NotFound
from bot.services import Services
from bot.slack.blocks import columns as blocks
from bot.slack.blocks.parts import message
from handlers.kit import Answer, Call, Entry

CHANGING_RULES = "change supplier rules"


async def choose(call: Call, services: Services) -> None:
    del services
    try:
        view = blocks.form(call.value, call.carried)
    except (ValueError, KeyError, TypeError):
        raise NotFound("This file is no longer there.", advice="Give it again with `/dext import`.") from None
    await call.open(view)


async def save(call: Call, services: Services) -> Answer | None:
    """The list is read on the queue: what it would change is shown before anything is."""
    headings = [str(heading) for heading in call.meta.get("headings") or []]
    places = blocks.places(call.values)
    await services.columns.choose(call.business, call.person, str(call.meta.get("key")), headings, places)
    file = str(call.meta.get("file"))
    await services.importing.ask(call.business, file, call.person, call.home, secrets.token_hex(4))
    return Answer(clear=True)


async def after_save(call: Call, services: Services) -> None:
    del services
    await call.whisper(message("🟢 Reading the list. What it would change is shown in a moment."))


ACTIONS = {blocks.CHOOSE: Entry(Role.ADMIN, CHANGING_RULES, show=choose)}
SUBMISSIONS = {blocks.SAVE: Entry(Role.ADMIN, CHANGING_RULES, decide=save, show=after_save)}
