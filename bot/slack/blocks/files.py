"""An item's files on its card: their names, how far they are, and a **Retry** for one that was refused, where
sending it again could change something."""

from __future__ import annotations

import json

from bot.domain.attachments import FileState
from bot.domain.items import Item
from bot.slack.blocks.parts import Block, button, context, section
from bot.slack.text import brief

RETRY = "file.retry"
LONGEST_NAME = 60


def blocks(item: Item) -> list[Block]:
    """Nothing where there are none."""
    record = item.published.record_id if item.published else ""
    refused = [file for file in item.attachments if record and file.state_for(record) is FileState.REFUSED]
    names = []
    for file in item.attachments:
        if file in refused:
            continue
        is_sent = not record or file.state_for(record) is FileState.SENT
        names.append(brief(file.filename, LONGEST_NAME) + ("" if is_sent else " (being sent)"))
    found = [context("📎 " + " · ".join(names))] if names else []
    for file in refused:
        text = f"🟡 {brief(file.filename, LONGEST_NAME)} was not sent: {brief(file.says, 300)}"
        value = json.dumps({"item": item.id, "file": file.id}, separators=(",", ":"))
        found.append(section(text, None if file.is_final else button("Retry", RETRY, value)))
    return found
