"""What is done once a day or once an hour, and the live look of `/dext status`."""

from __future__ import annotations

from bot.domain.identity import Business, PersonId
from bot.domain.roles import Role
from bot.services.probe import Probed
from bot.slack.blocks import digest as digest_blocks
from bot.slack.blocks import status as blocks
from handlers.job_kit import Context


async def probe(context: Context, business: str) -> None:
    """A new problem is told to the Admins once; one that is gone is not spoken of any more."""
    of = Business.parse(business)
    probed = await context.services.probe.run(of)
    if probed is not None:
        await _tell(context, of, probed, "")


async def check_sign_in(context: Context, business: str) -> None:
    """Once an hour: what a publish would run into is told before."""
    of = Business.parse(business)
    probed = await context.services.probe.check(of)
    if probed is not None:
        await _tell(context, of, probed, "")


async def probe_for(context: Context, business: str, person: str, view_id: str) -> None:
    """The answer turns the open window of who asked; the other Admins hear of what is new."""
    of, who = Business.parse(business), PersonId(person)
    services, slack = context.services, context.slack(of.workspace)
    probed = await services.probe.run(of, by=who)
    role = await services.roles.role(of, who)
    checked = _checked(probed) if role >= Role.ADMIN else ""
    await slack.turn(view_id, blocks.page(await services.status.read(of), role, {}, checked=checked))
    if probed is not None:
        await _tell(context, of, probed, who)


def _checked(probed: Probed | None) -> str:
    if probed is None:
        return ""
    if probed.probe.unfinished:
        return f"The check stopped early: {probed.probe.unfinished}"
    if probed.probe.findings:
        return ""
    return f"✅ Checked {len(probed.probe.asked)} rights just now: nothing is missing."


async def _tell(context: Context, business: Business, probed: Probed, but: str) -> None:
    """What broke the connection itself is told by the job that marks it broken."""
    new = [finding for finding in probed.new if finding.cause != "reconnect"]
    connection = await context.services.connection.current(business)
    if not new or connection is None:
        return
    slack = context.slack(business.workspace)
    for admin in await context.services.roles.admins(business):
        if admin != but:
            await slack.direct(admin, blocks.told(new, connection.software))


async def own_digest(context: Context, business: str, person: str) -> None:
    """To one person alone; the next is due tomorrow."""
    of, who = Business.parse(business), PersonId(person)
    services = context.services
    composed = await services.own_digest.compose(of, who)
    connection = await services.connection.current(of)
    if composed is not None and connection is not None:
        said = digest_blocks.daily(composed, connection.organisation.name)
        await context.slack(of.workspace).direct(who, said)
    await services.own_digest.done(of, who)


async def digest(context: Context, business: str, day: str) -> None:
    """Into its channel; where the bot may not post there, privately to the Admins."""
    of = Business.parse(business)
    services, slack = context.services, context.slack(of.workspace)
    composed = await services.digest.compose(of, day)
    connection = await services.connection.current(of)
    if composed is not None and connection is not None:
        found, channel = composed
        said = digest_blocks.daily(found, connection.organisation.name)
        if not channel or await slack.post(channel, said) is None:
            for admin in await services.roles.admins(of):
                await slack.direct(admin, said)
    await services.digest.sent(of, day)
