"""A record is taken back; who asked hears it when that cannot be done."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.identity import Business, ItemId, PersonId
from bot.errors import AlreadyDone, BotError
from bot.slack.blocks import errors
from bot.slack.blocks.parts import message
from handlers.job_kit import Context, unforeseen
from handlers.showing import show_item


async def undo(context: Context, business: str, item: str, record: str, person: str) -> None:
    """The outermost edge: whatever stands in the way, the item is still published and can be undone again."""
    of, item_id, who = Business.parse(business), ItemId(item), PersonId(person)
    slack = context.slack(of.workspace)
    others: Sequence[ItemId] = ()
    try:
        undone = await context.services.undo.run(of, item_id, record, who)
        others = undone.others if undone else ()
    except AlreadyDone:
        pass
    except BotError as fault:
        await slack.direct(who, errors.refusal(fault, item_id))
        return
    except Exception as fault:
        await slack.direct(who, message(errors.unforeseen(unforeseen("undo", fault))))
        return
    for one in (item_id, *others):
        await show_item(slack, context.services, of, one, posts=False)
