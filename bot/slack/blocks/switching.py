"""Another organisation than before, and the second Admin who is asked about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.connection import Organisation
from bot.domain.identity import PersonId
from bot.slack.blocks.connection import WAITING
from bot.slack.blocks.parts import Message, View, actions, button, context, message, modal, section
from bot.slack.text import escape, mention, mentions

AGREE, REFUSE = "switch.agree", "switch.refuse"


def asked(new: Organisation, meta: Mapping[str, Any]) -> View:
    """To who pressed **Finish**: nothing is connected yet."""
    text = (
        f"🟡 *A second Admin has to agree* before {escape(new.name)} is connected. The other Admins have a "
        "message with the question. What is connected now stays in use until then; you are told the answer."
    )
    blocks = [section(text), context("Without an answer within 30 minutes everything stays as it is.")]
    return modal("Select organisation", blocks, callback=WAITING, meta=meta)


def question(asker: str, old: Organisation, new: Organisation) -> Message:
    """To each other Admin."""
    text = (
        f"{mention(asker)} wants to connect {escape(new.label)} instead of {escape(old.label)}. Do you agree?"
    )
    return message(
        text,
        section(f"🟡 {text}"),
        context(
            "Rules, default taxes and changes made by hand are carried over where names are the same; "
            "the rest is chosen list by list, and connecting the former one again brings it back."
        ),
        actions(
            button("Agree", AGREE, f"{asker} {new.id}", style="primary"),
            button("Refuse", REFUSE, f"{asker} {new.id}"),
        ),
    )


def asked_about(value: str) -> tuple[PersonId, str]:
    """Of a button's value: who asked, and for the organisation of which id."""
    asker, _, organisation = value.partition(" ")
    return PersonId(asker), organisation


def answered(asker: str, new: Organisation, *, agrees: bool) -> Message:
    """What the question turns into for who answered it."""
    did = "You agreed: it is connected" if agrees else "You refused: nothing was changed"
    return message(f"{did}. {mention(asker)} wanted to connect {escape(new.label)}.")


def told(admin: str, *, agrees: bool) -> Message:
    """To who asked."""
    if agrees:
        return message(f"✅ {mention(admin)} agreed: the other organisation is connected.")
    return message(f"🔴 {mention(admin)} refused: nothing was changed, and your sign-in was given back.")


def nobody(new: Organisation) -> Message:
    """There is no other Admin."""
    return message(
        f"🟡 {escape(new.name)} is not connected: a second Admin has to agree, and there is none. "
        "Name one with `/dext roles`, then start again with `/dext reconnect`."
    )


def taken_off(by: str) -> Message:
    """To the other Admins."""
    return message(
        f"🟡 {mention(by)} changed the settings: one Admin alone can connect another organisation now. "
        "`/dext settings` changes it back."
    )


def only_one(admins: Sequence[str]) -> Message:
    """After the rule was switched on."""
    return message(
        f"🟡 {mentions(admins) or 'Nobody'} is the only Admin: nobody could agree to another organisation. "
        "Name a second Admin with `/dext roles`."
    )
