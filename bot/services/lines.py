"""**Edit lines**: one line at a time, set by hand, each change in the log."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from bot.domain import line_edits, money
from bot.domain.audit import EDITED, LogEntry
from bot.domain.coding import CodedLine
from bot.domain.identity import Business, EntryId, ItemId, PersonId
from bot.domain.items import Field, Item
from bot.domain.layers import KINDS
from bot.domain.line_edits import ADDED, LISTED, LineChange
from bot.errors import FieldErrors, WrongInput
from bot.ports import Clock, Storage, Store
from bot.services.editing import edited
from bot.services.items import ItemView, Viewer

AMOUNT = "amount"
LONGEST_DESCRIPTION = 2000


def new_line() -> str:
    """The name of a line that is to be added; a form that is delivered twice adds it once."""
    return f"{ADDED}{secrets.token_hex(3)}"


@dataclass(frozen=True)
class LineService:
    storage: Storage
    clock: Clock

    async def save(
        self, business: Business, item_id: ItemId, line: str, person: PersonId, change: LineChange
    ) -> ItemView:
        """Sets what a person says of a line, or adds it. Raises FieldErrors, NotFound, AlreadyDone."""
        store = self.storage.of(business)
        checked = await self._checked(store, line, change)
        step = line_edits.added if line.startswith(ADDED) else line_edits.changed
        now = self.clock()
        return await self._edit(store, item_id, person, lambda item: step(item, line, checked, person, now))

    async def remove(self, business: Business, item_id: ItemId, line: str, person: PersonId) -> ItemView:
        """Raises NotFound, AlreadyDone."""
        store, now = self.storage.of(business), self.clock()
        return await self._edit(
            store, item_id, person, lambda item: line_edits.removed(item, line, person, now)
        )

    async def take_back(self, business: Business, item_id: ItemId, person: PersonId) -> ItemView:
        """The lines are the document's again. Raises NotFound, AlreadyDone."""
        return await self._edit(self.storage.of(business), item_id, person, line_edits.as_the_document)

    async def _edit(
        self, store: Store, item_id: ItemId, person: PersonId, step: Callable[[Item], Item]
    ) -> ItemView:
        changed = await edited(store, item_id, step)
        before, after = await (await Viewer.of(store)).views(changed)
        now = self.clock()
        await store.log.append(
            *(
                LogEntry(now, person, f"{EDITED}{what}", item_id, old, new)
                for what, old, new in differences(before.coding.lines, after.coding.lines)
            )
        )
        return after

    @staticmethod
    async def _checked(store: Store, line: str, change: LineChange) -> LineChange:
        faults: dict[str, str] = {}
        checked: dict[str, str | None] = {one.name: getattr(change, one.name) for one in fields(change)}
        if (text := checked[AMOUNT]) is not None:
            try:
                checked[AMOUNT] = str(money.parse(text)) if text.strip() else ""
            except WrongInput as fault:
                faults[AMOUNT] = fault.sentence
        if line.startswith(ADDED) and checked[AMOUNT] == "":
            faults[AMOUNT] = "A line needs its amount."
        if len(checked["description"] or "") > LONGEST_DESCRIPTION:
            faults["description"] = f"The description is longer than {LONGEST_DESCRIPTION} characters."
        wanted = [(KINDS[name], chosen) for name, word in LISTED.items() if (chosen := checked[word])]
        lists = await store.lists.slice(wanted)
        for name, word in LISTED.items():
            entry = lists.by_id(KINDS[name], EntryId(checked[word] or "")) if checked[word] else None
            if checked[word] and not (entry and entry.active):
                faults[word] = "This is no longer on the list. Choose another one."
        if faults:
            raise FieldErrors(faults)
        return LineChange(**checked)


def differences(before: Sequence[CodedLine], after: Sequence[CodedLine]) -> list[tuple[str, str, str]]:
    """What the log says: `line 2 category`, before, after; of a line that came or went, all of it."""
    was = {line.id: (number, line) for number, line in enumerate(before, start=1)}
    said: list[tuple[str, str, str]] = []
    for number, line in enumerate(after, start=1):
        known = was.pop(line.id, None)
        if known is None:
            said.append((f"line {number}", "", _whole(line)))
            continue
        old, new = _parts(known[1]), _parts(line)
        said += [(f"line {number} {name}", old[name], new[name]) for name in old if old[name] != new[name]]
    return said + [(f"line {number}", _whole(line), "") for number, line in was.values()]


def _parts(line: CodedLine) -> Mapping[str, str]:
    return {
        "description": line.description,
        AMOUNT: f"{line.amount:f}",
        Field.CATEGORY.value: line.category.text,
        Field.TAX.value: line.tax.text,
        Field.PROJECT.value: line.project.text if line.project else "",
    }


def _whole(line: CodedLine) -> str:
    return ", ".join(part for part in _parts(line).values() if part)
