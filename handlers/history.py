"""The **History** window of an item: opened from its card or its row, turned a page at a time."""

from __future__ import annotations

from bot.domain.identity import ItemId
from bot.domain.items import Field
from bot.services import Services
from bot.slack.blocks import history as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Call


async def show(call: Call, services: Services, item_id: ItemId) -> None:
    await call.open(await _page(call, services, item_id, 0))


async def turn(call: Call, services: Services) -> None:
    await call.turn(await _page(call, services, ItemId(str(call.meta.get("item", ""))), int(call.value or 0)))


async def _page(call: Call, services: Services, item_id: ItemId, offset: int) -> View:
    coding = (await services.items.view(call.business, item_id)).coding
    title = " ".join(filter(None, (coding.text(Field.SUPPLIER), coding.text(Field.DOCUMENT_NUMBER))))
    page = await services.history.page(call.business, item_id, offset, blocks.ON_A_PAGE)
    return blocks.page(title or "Item", page.events, page.total, page.offset, item_id, call.carried)
