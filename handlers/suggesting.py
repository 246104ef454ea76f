"""The answers to a suggestion of auto-publish; part of the feature `rules`."""

from __future__ import annotations

from bot.domain.identity import ChannelId, ItemId, MessageRef
from bot.domain.roles import Role
from bot.errors import NotFound
from bot.services import Services
from bot.slack.blocks import suggestion as blocks
from bot.slack.blocks.parts import Message
from handlers.kit import Answer, Call, Entry

ANSWERING = "change supplier rules"


async def ask(call: Call, services: Services) -> None:
    """Up to which total, and how long each is held."""
    view = await services.items.view(call.business, ItemId(call.value))
    settings = await services.settings.read(call.business)
    place = {"channel": call.message.channel, "ts": call.message.ts} if call.message else {}
    meta = {**call.carried, "item": view.item.id, "suggestion": place}
    await call.open(blocks.form(view.coding.party, settings.auto_hold_minutes, meta))


async def switch_on(call: Call, services: Services) -> Answer | None:
    """The item's category and tax become the rule, and the next ones go by themselves."""
    view = await services.items.view(call.business, ItemId(str(call.meta.get("item", ""))))
    cap = call.values.get(blocks.CAP) or ""
    rule = await services.rules.learn(call.business, call.person, view, auto=True, cap=cap)
    if rule is None:
        raise NotFound("This item has no category any more.", advice="Set a rule with `/dext rules`.")
    if minutes := call.values.get(blocks.HOLD):
        await services.settings.hold_for(call.business, call.person, int(minutes))
    call.verdict = blocks.switched_on(rule.name, cap)
    return None


async def decline(call: Call, services: Services) -> Answer | None:
    view = await services.items.view(call.business, ItemId(call.value))
    await services.auto.declined(call.business, call.person, view)
    call.verdict = blocks.declined(view.coding.party)
    return None


async def answered(call: Call, services: Services) -> None:
    """In place of the question, so that nobody answers it twice."""
    del services
    said: Message = call.verdict
    place = call.meta.get("suggestion") or {}
    asked = call.message
    if asked is None and place:
        asked = MessageRef(ChannelId(str(place["channel"])), str(place["ts"]))
    if asked is None or not await call.slack.update(asked, said):
        await call.whisper(said)


ACTIONS = {
    blocks.YES: Entry(Role.ADMIN, ANSWERING, show=ask),
    blocks.NO: Entry(Role.ADMIN, ANSWERING, decide=decline, show=answered),
}
SUBMISSIONS = {blocks.SWITCH_ON: Entry(Role.ADMIN, ANSWERING, decide=switch_on, show=answered)}
