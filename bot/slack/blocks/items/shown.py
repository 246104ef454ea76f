"""An item ready to be shown, and the ids of what one can do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.claim_coding import Faulty
from bot.domain.coding import Coding
from bot.domain.duplicates import Suspect
from bot.domain.items import Item, ItemStatus

PUBLISH = "item.publish"
EDIT = "item.edit"
REJECT = "item.reject"
RESTORE = "item.restore"
RETRY = "item.retry"
KEEP_BACK = "item.keep_back"
PAY_AGAIN = "item.pay_again"
MORE = "item.more"
"""The `⋯` of a card; its options carry what to do and with which item."""
SHOW_RECORD, DETAILS, HISTORY = "record", "details", "history"
UNDO = "undo"
UNDO_ASKED = "item.undo"
DUPLICATE = "duplicate.open"
LIST = "items.list"
TURN = "items.turn"
PUBLISH_ALL = "items.publish_all"


@dataclass(frozen=True)
class Shown:
    """An item ready to be shown."""

    item: Item
    coding: Coding
    status: ItemStatus
    connected: bool = True
    connected_by: str = ""
    """Who signed in at the accounting software."""
    suspects: Sequence[Suspect] = ()
    """Other items that may be the same document; those that ask come first."""
    claim: Item | None = None
    """The expense claim that it is a line of."""
    faulty: Faulty | None = None
    """Of a claim: the receipt that somebody has to look at first."""

    @property
    def asks(self) -> bool:
        """Whether somebody must say first whether it is a duplicate."""
        return any(one.asks for one in self.suspects)

    @property
    def only_asks(self) -> bool:
        """Whether that is all it waits for."""
        return self.asks and len(self.coding.problems) == 1
