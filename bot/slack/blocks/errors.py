"""Refusals and faults: what is wrong, and what to do."""

from __future__ import annotations

import re

from bot.errors import BotError, NotAllowed, NotReady
from bot.slack.blocks.items import EDIT
from bot.slack.blocks.mending import mends_fault
from bot.slack.blocks.parts import Message, View, actions, button, message, modal, section
from bot.slack.text import escape, mentions

_PERSON_FIRST = re.compile(r"^&lt;@([UW][A-Z0-9]+)&gt;")


def sentence(fault: BotError) -> str:
    """The fault as mrkdwn: our own sentences, outside text in them escaped, people mentioned."""
    says = _ours(fault.says)
    if isinstance(fault, NotAllowed) and fault.who:
        verb = f"is an {fault.role}" if len(fault.who) == 1 else f"are {fault.role}s"
        return f"{says} {mentions(fault.who)} {verb}."
    return f"{says} {_ours(fault.advice)}".strip()


def _ours(text: str) -> str:
    """Services begin a sentence with a person's mention; all else may be from outside."""
    return _PERSON_FIRST.sub(r"<@\1>", escape(text))


def refusal(fault: BotError, item: str = "") -> Message:
    """Privately, to the person alone; what mends it is one click away."""
    text, mends = sentence(fault), mends_fault(fault)
    if isinstance(fault, NotReady) and item:
        edit = button("Edit", EDIT, item, style="primary")
        return message(text, section(f"🟡 {text}"), actions(edit, *mends))
    return message(text, section(text), actions(*mends)) if mends else message(text)


def refusal_view(title: str, fault: BotError) -> View:
    mends = mends_fault(fault)
    return modal(title, [section(f"🔴 {sentence(fault)}"), *([actions(*mends)] if mends else [])])


def unforeseen(reference: str) -> str:
    return (
        f"Something on our side broke (reference {reference}). Nothing more was done. "
        "Try again, or tell an Admin the reference."
    )
