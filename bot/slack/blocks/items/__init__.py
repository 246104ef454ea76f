"""Items: the card, the inbox as a list, the summary of an import."""

from bot.slack.blocks.items.arrived import going, refusals, summary
from bot.slack.blocks.items.card import card, card_blocks
from bot.slack.blocks.items.details import details
from bot.slack.blocks.items.inbox import FIND, FIND_LONGEST, ON_A_PAGE, inbox, looking, rows
from bot.slack.blocks.items.shown import (
    DETAILS,
    DUPLICATE,
    EDIT,
    HISTORY,
    KEEP_BACK,
    LIST,
    MORE,
    PAY_AGAIN,
    PUBLISH,
    PUBLISH_ALL,
    REJECT,
    RESTORE,
    RETRY,
    SHOW_RECORD,
    TURN,
    UNDO,
    UNDO_ASKED,
    Shown,
)
from bot.slack.blocks.items.undoing import undo_begun, undo_question

__all__ = [
    "DETAILS",
    "DUPLICATE",
    "EDIT",
    "FIND",
    "FIND_LONGEST",
    "HISTORY",
    "KEEP_BACK",
    "LIST",
    "MORE",
    "ON_A_PAGE",
    "PAY_AGAIN",
    "PUBLISH",
    "PUBLISH_ALL",
    "REJECT",
    "RESTORE",
    "RETRY",
    "SHOW_RECORD",
    "TURN",
    "UNDO",
    "UNDO_ASKED",
    "Shown",
    "card",
    "card_blocks",
    "details",
    "going",
    "inbox",
    "looking",
    "refusals",
    "rows",
    "summary",
    "undo_begun",
    "undo_question",
]
