"""Connecting: the list of softwares, the steps, the organisation, the Connections page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.connection import Connection, Organisation, SignIn
from bot.domain.items import ItemStatus
from bot.slack import text as say
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    field,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.slack.limits import OPTION, cut
from bot.slack.text import brief, escape, mention

CONNECT = "connect.software"
LINK = "connect.link"
CHOOSE = "connect.choose"
ORGANISATION = "connect.organisation"
FINISH = "connect.finish"
WAITING = "connect.waiting"
PLACE = "connect.place"
FOUND, FOUND_ITSELF = "Found by itself", "any"
RECONNECT = "connection.reconnect"
DISCONNECT = "connection.disconnect"
DISCONNECT_ASK = "connection.disconnect_ask"
TITLE = "Connections"
COUNTRY = 20
"""So much of a country's name fits beside the organisation's own."""
_STEPS = ("Sign in at {software}", "Choose the organisation", "Finish")


def softwares(
    offered: Sequence[tuple[str, str, str]],
    connection: Connection | None,
    meta: Mapping[str, Any],
    *,
    goes_on: bool = False,
) -> View:
    """**Accounting software**: `offered` holds slug, name and summary of each. `goes_on`: this person has
    signed in and not chosen an organisation yet."""
    blocks: list[Block] = []
    if goes_on:
        says = "🟢 *You are signed in already.* Choose the organisation to finish."
        blocks.append(section(says, button("Choose organisation", CHOOSE, "choose", style="primary")))
    for slug, name, summary in offered:
        if connection is not None and connection.software == slug:
            blocks += [
                section(
                    f"*{escape(name)}*\nConnected to {escape(connection.organisation.name)} already.",
                    button("Reconnect", RECONNECT, slug),
                )
            ]
        elif connection is None:
            blocks.append(
                section(
                    f"*{escape(name)}*\n{escape(summary)}",
                    button("Connect", CONNECT, slug, style="" if goes_on else "primary"),
                )
            )
    return modal("Accounting software", blocks, meta=meta)


def steps(software: str, current: int) -> Block:
    """The numbered steps with the current one marked."""
    lines = []
    for number, words in enumerate(_STEPS, start=1):
        line = f"{number}  {words.format(software=escape(software))}"
        lines.append(f"*{line}*   ← you are here" if number == current else line)
    return section("\n".join(lines))


def connect_steps(
    software: str,
    rights: str,
    link: str,
    meta: Mapping[str, Any],
    *,
    reconnecting: bool,
    waiting: bool = False,
    places: Sequence[tuple[str, str]] = (),
) -> View:
    """**Connect Zoho Books**: the steps, what is asked for, and the way to the sign-in; of several places
    where sign-ins are kept, which one."""
    blocks = [steps(software, 1), section(f"We ask for: {escape(rights)}")]
    if reconnecting:
        blocks.append(
            context(
                "Settings, rules and items stay. If only the lists are out of date, "
                "*Refresh integration data* is enough."
            )
        )
    if places:
        offered = [option(FOUND, FOUND_ITSELF), *(option(name, place) for place, name in places)]
        blocks.append(section("Data centre", select(offered, chosen=FOUND_ITSELF, action=PLACE)))
    if waiting:
        blocks.append(section("🟢 *Waiting for you in the browser.* This window goes on by itself."))
    blocks += [
        actions(button("Connect software", LINK, "link", style="primary", url=link)),
        context("The link works once, for 10 minutes."),
    ]
    return modal(f"Connect {software}", blocks, callback=WAITING, meta=meta, notify_on_close=True)


def choose_organisation(software: str, sign_in: SignIn, current: str, meta: Mapping[str, Any]) -> View:
    """**Select organisation**: one is still to be confirmed, the one connected before is chosen already."""
    offered = [option(_label(one), one.id) for one in sign_in.organisations]
    only = sign_in.organisations[0].id if len(sign_in.organisations) == 1 else ""
    blocks = [
        steps(software, 2),
        field(
            "Organisation", "organisation", select(offered, chosen=current or only, placeholder="Choose one")
        ),
        context("Two of the same name are told apart by currency, country and number."),
    ]
    return modal(
        "Select organisation", blocks, callback=ORGANISATION, submit="Next", close="Cancel", meta=meta,
        notify_on_close=True,
    )  # fmt: skip


def _label(organisation: Organisation) -> str:
    """Within an option's 75 characters the number must stay whole: it tells namesakes apart."""
    about = (organisation.currency, cut(organisation.country, COUNTRY), organisation.id)
    rest = " · ".join(part for part in about if part)
    name = cut(organisation.name, max(1, OPTION - len(rest) - 3))
    return f"{name} · {rest}"


def last_look(
    software: str,
    organisation: Organisation,
    current: Organisation | None,
    channel: str,
    meta: Mapping[str, Any],
) -> View:
    """Before **Finish**; another organisation than before must be named."""
    blocks = [
        steps(software, 3),
        section(f"*{escape(organisation.name)}*\n{escape(organisation.label)}{_clock(organisation)}"),
        section(f"{_destination(channel)} Default taxes can be set in Settings."),
    ]
    if current is not None and current.id != organisation.id:
        blocks += [
            section(
                f"🟡 This is not {escape(current.label)}, which was connected before. "
                "Rules, default taxes and changes made by hand point to its categories, taxes and suppliers. "
                "What has the same name or code here is carried over by itself; for the rest you choose list "
                "by list, and until then it needs attention. Connecting the former one again brings "
                "everything back."
            ),
            field(
                f"Type {current.name} to go on"[:200],
                "organisation_name",
                text_input(longest=200),
            ),
        ]
    return modal(
        "Select organisation", blocks, callback=FINISH, submit="Finish", close="Cancel",
        meta={**meta, "organisation": organisation.id}, notify_on_close=True,
    )  # fmt: skip


def _clock(organisation: Organisation) -> str:
    """By which clock refreshes and digests are due."""
    return f" · its clock: {escape(organisation.time_zone)}" if organisation.time_zone else ""


def _destination(channel: str) -> str:
    if not channel:
        return (
            "No channel is set yet: choose one in Settings, so that cards and status messages have a place."
        )
    if channel.startswith("D"):
        return "Cards and status messages go to this direct message."
    return f"Cards and status messages go to <#{channel}>."


def signed_in(software: str) -> Message:
    """Where the modal was closed meanwhile."""
    text = f"You are signed in at {escape(software)}. Choose the organisation to finish connecting."
    return message(
        text, section(text), actions(button("Choose organisation", CHOOSE, "choose", style="primary"))
    )


def connected(connection: Connection) -> Message:
    name = escape(connection.organisation.name)
    return message(
        f"Connected to {name}",
        section(f"✅ *Connected to {name}*"),
        context(f"{escape(connection.organisation.label)} · by {mention(connection.connected_by)}"),
    )


def no_channel(channel: str) -> Message:
    """To who asked, where the bot may not post in the business's channel."""
    where = (
        f"I cannot post in <#{channel}>." if channel else "No channel is set for cards and status messages."
    )
    return message(f"🟡 {where} Invite me there, or choose another channel with `/dext settings`.")


def disconnected(connection: Connection, person: str) -> Message:
    return message(
        f"Disconnected from {escape(connection.organisation.name)} by {mention(person)}. "
        "Items, rules and settings stay; `/dext connect` connects again."
    )


def ask_disconnect(connection: Connection, meta: Mapping[str, Any]) -> View:
    name = escape(connection.organisation.name)
    blocks = [
        section(
            f"Disconnect *{name}*? Our sign-in is withdrawn and forgotten, and nothing can be published "
            "until you connect again."
        ),
        section("Items, rules, lists and settings stay: no data is lost."),
    ]
    return modal(TITLE, blocks, callback=DISCONNECT, submit="Disconnect", close="Cancel", meta=meta)


def broken(connection: Connection, held: int) -> Message:
    """To the Admins, once."""
    name = escape(connection.organisation.name)
    waiting = f" {say.held(held)}; nothing is lost." if held else " Nothing is lost."
    text = f"Reconnect needed: Zoho Books no longer accepts our sign-in for {name}.{waiting}"
    return message(
        text,
        section(f"🔴 {text}"),
        *_why(connection, text),
        actions(button("Reconnect", RECONNECT, connection.software, style="primary")),
    )


def _why(connection: Connection, said: str) -> list[Block]:
    """What Zoho Books says, where it is more than that the sign-in no longer works."""
    reason = connection.reason
    return [context(brief(reason, 500))] if reason and reason.split(".")[0] not in said else []


def broken_here(connection: Connection) -> Message:
    """To the channel: what to expect, without a mention."""
    name = escape(connection.organisation.name)
    text = f"Reconnect needed: Zoho Books no longer accepts our sign-in for {name}."
    return message(
        text,
        section(f"🔴 {text}"),
        *_why(connection, text),
        context(
            "Publishing and refreshes are held and go on by themselves after an Admin has signed in again. "
            "The Admins are told."
        ),
    )


def went_on(held: int, counts: Mapping[ItemStatus, int]) -> Message:
    """After reconnecting: what became of the held items."""
    words = {
        ItemStatus.PUBLISHED: "published",
        ItemStatus.FAILED: "failed",
        ItemStatus.NEEDS_ATTENTION: "need attention",
        ItemStatus.WAITING: "held again",
        ItemStatus.PUBLISHING: "still publishing",
        ItemStatus.READY: "given back",
    }
    results = ", ".join(f"{counts[status]} {said}" for status, said in words.items() if counts.get(status))
    done = counts.get(ItemStatus.PUBLISHED, 0) == held
    mark = "✅" if done else "🟡"
    text = f"{say.count(held, 'held item')} went on: {results}."
    blocks = [section(f"{mark} {text}")]
    if counts.get(ItemStatus.FAILED) or counts.get(ItemStatus.NEEDS_ATTENTION):
        failed = ItemStatus.FAILED if counts.get(ItemStatus.FAILED) else ItemStatus.NEEDS_ATTENTION
        blocks.append(actions(button("Review", "items.list", failed.value)))
    return message(text, *blocks)
