"""`dext-bot publish --dry-run`: the exact call that each item would be, and nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.identity import ItemId
from bot.errors import Refused

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.services.publish import Preview


async def preview(settings: Settings, items: Sequence[str], workspace: str, business: str) -> str:
    """The items as JSON, one object each: `{"item", "publish_as", "call", "query", "body", "then"}`, or
    `{"item", "missing"}` for one that is not ready. Without names, all that wait in the inbox.

    Raises NotFound for an item that is not there, NotConnected.
    """
    from bot import bootstrap  # noqa: PLC0415

    async with bootstrap.build(settings) as running:
        of = await running.business(workspace, business)
        wanted = list(items) or await running.services.publish.waiting(of)
        said = []
        for item in wanted:
            try:
                found = await running.services.publish.preview(of, ItemId(item))
            except Refused as fault:
                said.append(json.dumps({"item": item, "missing": [fault.says]}, ensure_ascii=False, indent=2))
                continue
            said.append(as_json(found))
    return "[" + ",\n".join(said) + "]"


def as_json(preview: Preview) -> str:
    """One item. The body stands in exactly the digits it is sent in."""
    item = preview.view.item.id
    if preview.record is None or preview.call is None:
        missing = [problem.says for problem in preview.view.coding.problems]
        return json.dumps({"item": item, "missing": missing}, ensure_ascii=False, indent=2)
    coding, record = preview.view.coding, preview.record
    where, body = preview.call
    head: dict[str, object] = {"item": item, "publish_as": record.kind.value, "call": where}
    head["query"] = dict(record.query)
    if preview.is_sent:
        head["sent"] = True
    elif coding.new_supplier:
        head["first"] = f"{coding.party} is created as a new {coding.party_field}"
    then = f',\n  "then": {json.dumps(dict(record.payment), ensure_ascii=False)}' if record.payment else ""
    whole = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    return f'{whole},\n  "body": {body.decode()}{then}\n}}'
