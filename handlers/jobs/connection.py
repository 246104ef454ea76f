"""After the sign-in: the open modal goes on by itself; a broken connection is told once."""

from __future__ import annotations

import structlog

from bot.domain.identity import Business, PersonId
from bot.slack.blocks import connection as blocks
from bot.slack.blocks import switching
from bot.slack.blocks.parts import message, modal, section
from bot.slack.text import escape
from handlers.job_kit import Context
from handlers.showing import to_channel


async def signed_in(context: Context, business: str, person: str) -> None:
    """Turns the modal into **Select organisation**; where it was closed, a private message with a button."""
    of, who = Business.parse(business), PersonId(person)
    services, slack = context.services, context.slack(of.workspace)
    sign_in = await services.sign_in.pending(of, who)
    if sign_in is None or not sign_in.organisations:
        return
    last = await services.connection.last_organisation(of)
    software = services.connection.software(sign_in.software)
    meta = {"channel": sign_in.channel}
    view = blocks.choose_organisation(software.name, sign_in, last.id if last else "", meta)
    if sign_in.view_id and await slack.turn(sign_in.view_id, view):
        return
    await slack.direct(who, blocks.signed_in(software.name))


async def sign_in_failed(context: Context, business: str, person: str, says: str) -> None:
    """The modal, or a private message, says what happened and what to do."""
    of, who = Business.parse(business), PersonId(person)
    services, slack = context.services, context.slack(of.workspace)
    sign_in = await services.sign_in.pending(of, who)
    text = f"🔴 {escape(says)}"
    name = services.connection.software(sign_in.software).name if sign_in else "Zoho Books"
    if (
        sign_in
        and sign_in.view_id
        and await slack.turn(sign_in.view_id, modal(f"Connect {name}", [section(text)]))
    ):
        return
    await slack.direct(who, message(text))


async def connection_broken(context: Context, business: str) -> None:
    """To the Admins privately, once, with the button that mends it."""
    of = Business.parse(business)
    services, slack = context.services, context.slack(of.workspace)
    overview = await services.connection.overview(of)
    if overview.connection is None or overview.connection.works:
        return
    for admin in await services.roles.admins(of):
        await slack.direct(admin, blocks.broken(overview.connection, overview.held))
    # The channel learns of it without anybody being called.
    await to_channel(slack, services, of, blocks.broken_here(overview.connection))
    structlog.get_logger().warning("connection broken", business=business)


async def switch_asked(context: Context, business: str, asker: str) -> None:
    """The question goes to every other Admin."""
    of, who = Business.parse(business), PersonId(asker)
    services, slack = context.services, context.slack(of.workspace)
    switch = await services.switching.asked(of, who)
    if switch is None or switch.choice.current is None:
        return
    new = switch.choice.organisation
    if not switch.admins:
        await services.sign_in.cancel(of, who)
        await slack.direct(who, switching.nobody(new))
    for admin in switch.admins:
        await slack.direct(admin, switching.question(who, switch.choice.current, new))


async def switch_answered(context: Context, business: str, asker: str, admin: str, answer: str) -> None:
    """To who asked."""
    slack = context.slack(Business.parse(business).workspace)
    await slack.direct(PersonId(asker), switching.told(admin, agrees=answer == "agreed"))


async def second_admin_off(context: Context, business: str, by: str) -> None:
    """To the other Admins: it was their safeguard as well."""
    of = Business.parse(business)
    slack = context.slack(of.workspace)
    for admin in await context.services.roles.admins(of):
        if admin != by:
            await slack.direct(admin, switching.taken_off(by))


async def withdraw_retired(context: Context, business: str) -> None:
    """The sign-in that a newer one replaced."""
    await context.services.connection.withdraw_retired(Business.parse(business))
