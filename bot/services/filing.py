"""An item's files on their way in: described, their bytes laid down before the item is there, and kept when
it is. One way for files of an import, of a request and of a form."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.domain.attachments import Attachment, FileContent, described
from bot.domain.identity import ItemId
from bot.domain.items import Item
from bot.ports import Store


async def staged(store: Store, item: ItemId, files: Sequence[FileContent]) -> tuple[Attachment, ...]:
    """What is known of each file; its bytes go by themselves unless `keep` follows."""
    if not files:
        return ()
    known = await asyncio.to_thread(described, files)
    await store.attachments.stage(item, [(one.id, content) for one, content in known])
    return tuple(one for one, _ in known)


async def with_files(
    store: Store, items: Sequence[Item], files: Sequence[Sequence[FileContent]]
) -> list[Item]:
    """Each item that is about to come in with its files."""
    return [
        replace(item, attachments=await staged(store, item.id, its)) if its else item
        for item, its in zip(items, files, strict=True)
    ]


async def keep(store: Store, items: Iterable[Item]) -> None:
    """For ever: the items are there. What lies with another item is that one's to keep."""
    for item in items:
        if own := [file.id for file in item.attachments if not file.kept_with]:
            await store.attachments.keep(item.id, own)
