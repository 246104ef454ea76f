"""What a person changes of an item; a receipt is as fixed as the claim that it is a line of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import claims
from bot.domain.identity import ItemId
from bot.domain.items import Item
from bot.errors import NotFound
from bot.ports import Store

Step = Callable[[Item], Item]


async def edited(store: Store, item_id: ItemId, step: Step) -> tuple[Item, Item]:
    """The item before and after; a receipt's claim is looked at in one step with the change. Raises
    AlreadyDone, NotFound, and what the step raises."""
    edit = _Edit(item_id, step)
    while True:
        changed = await store.items.change_together(edit.ids, edit)
        if edit.is_whole:
            return edit.before, next(iter(changed), edit.before)
        # It is in a claim, which must be looked at too.
        edit = _Edit(item_id, step, edit.before.claim)


@dataclass
class _Edit:
    item: ItemId
    step: Step
    claim: ItemId | None = None
    before: Item = field(init=False)

    @property
    def ids(self) -> Sequence[ItemId]:
        return [self.item, *([self.claim] if self.claim else [])]

    @property
    def is_whole(self) -> bool:
        """Whether the claim that was looked at is the one the item is in."""
        return self.before.claim in (None, self.claim)

    def __call__(self, there: Mapping[ItemId, Item]) -> Sequence[Item]:
        """The claim is written too, as it is: nothing comes of both when it is published at that moment."""
        if self.item not in there:
            raise NotFound("This item is no longer there.")
        self.before = there[self.item]
        if not self.is_whole:
            return ()
        claim = there.get(self.before.claim) if self.before.claim else None
        if claim is not None:
            claims.refuse_if_booked(claim)
        after = self.step(self.before)
        if after is self.before:
            return ()
        return [after] if claim is None else [after, claim]
