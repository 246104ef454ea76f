"""`/dext connect`, `/dext reconnect`: from the list of softwares to **Finish**."""

from __future__ import annotations

from bot.domain.connection import SignInStage
from bot.domain.identity import ChannelId
from bot.domain.roles import Role
from bot.errors import NotConnected, SignInFailed, WrongInput
from bot.services import Services
from bot.services.connection import START_AGAIN, Finished, SecondAdminAsked
from bot.slack.blocks import connection as blocks
from bot.slack.blocks import connections_page
from bot.slack.blocks import switching as switching_blocks
from bot.slack.blocks.parts import View
from handlers import pages, switching
from handlers.kit import Answer, Call, Entry, Feature
from handlers.showing import connection_blocks, show_connected

CONNECTING = "connect accounting software"


async def offer(call: Call, services: Services) -> None:
    """The list of softwares; one that is named and not there is said. Who has signed in already goes on
    where they stopped."""
    offered = [(one.slug, one.name, one.summary) for one in services.connection.softwares]
    asked = call.text.strip().lower()
    if asked and not any(asked in (slug, name.lower(), name.lower().split()[0]) for slug, name, _ in offered):
        names = ", ".join(name for _, name, _ in offered)
        raise WrongInput(f"“{asked[:40]}” is not available.", advice=f"There is {names}.")
    connection = await services.connection.current(call.business)
    sign_in = await services.sign_in.pending(call.business, call.person)
    goes_on = sign_in is not None and sign_in.stage is SignInStage.SIGNED_IN
    await call.open(blocks.softwares(offered, connection, call.carried, goes_on=goes_on))


async def connect(call: Call, services: Services) -> None:
    await _steps(call, services, call.value or "zoho-books", reconnecting=False)


async def reconnect(call: Call, services: Services) -> None:
    connection = await services.connection.current(call.business)
    if connection is None:
        raise NotConnected()
    await _steps(call, services, connection.software, reconnecting=True)


async def _steps(call: Call, services: Services, slug: str, *, reconnecting: bool) -> None:
    """The steps with the way to the sign-in; in the open modal, else in a new one."""
    software = services.connection.software(slug)
    channel = call.home or (await services.settings.read(call.business)).channel or ChannelId("")
    link = await services.sign_in.begin(call.business, call.person, channel, slug, reconnecting=reconnecting)
    meta = {"channel": channel, "link": link, "reconnecting": reconnecting, "software": slug}
    view = blocks.connect_steps(
        software.name, software.rights, link, meta, reconnecting=reconnecting, places=software.places
    )
    if call.view_id:
        # Remembered first: who sees the link may be back from the browser before anything else happens.
        await services.sign_in.remember_view(call.business, call.person, call.view_id)
        await call.turn(view)
        return
    view_id = await call.slack.open(call.trigger_id, view)
    await services.sign_in.remember_view(call.business, call.person, view_id)


async def place(call: Call, services: Services) -> None:
    """A data centre was chosen: the link in the window leads there."""
    await services.sign_in.start_at(call.business, call.person, call.value)


async def wait(call: Call, services: Services) -> None:
    """**Connect software** was pressed and the browser is away."""
    sign_in = await services.sign_in.pending(call.business, call.person)
    link = str(call.meta.get("link", ""))
    if sign_in is None or sign_in.stage is SignInStage.SIGNED_IN or not link:
        return
    software = services.connection.software(str(call.meta.get("software", "")))
    view = blocks.connect_steps(
        software.name,
        software.rights,
        link,
        call.meta,
        reconnecting=bool(call.meta.get("reconnecting")),
        waiting=True,
    )
    await call.turn(view)


async def organisation_view(call: Call, services: Services) -> View:
    """**Select organisation** for the person's sign-in."""
    sign_in = await services.sign_in.pending(call.business, call.person)
    if sign_in is None or sign_in.stage is not SignInStage.SIGNED_IN:
        raise SignInFailed("This sign-in is over.", advice=START_AGAIN)
    last = await services.connection.last_organisation(call.business)
    software = services.connection.software(sign_in.software)
    return blocks.choose_organisation(
        software.name, sign_in, last.id if last else "", {"channel": sign_in.channel}
    )


async def choose(call: Call, services: Services) -> None:
    """The modal was closed meanwhile: from the private message, or from **Accounting software** in place."""
    view = await organisation_view(call, services)
    if call.view_id:
        await call.turn(view)
    else:
        await call.slack.open(call.trigger_id, view)


async def next_step(call: Call, services: Services) -> Answer:
    choice = await services.connection.choose(
        call.business, call.person, call.values.get("organisation") or ""
    )
    sign_in = await services.sign_in.pending(call.business, call.person)
    if sign_in is None:
        raise SignInFailed("This sign-in is over.", advice=START_AGAIN)
    software = services.connection.software(sign_in.software)
    channel = (await services.settings.read(call.business)).channel or sign_in.channel
    view = blocks.last_look(software.name, choice.organisation, choice.current, channel, call.carried)
    return Answer(update=view)


async def finish(call: Call, services: Services) -> Answer:
    call.verdict = await services.connection.finish(
        call.business,
        call.person,
        str(call.meta.get("organisation", "")),
        typed_name=call.values.get("organisation_name") or "",
    )
    if isinstance(call.verdict, SecondAdminAsked):
        return Answer(update=switching_blocks.asked(call.verdict.choice.organisation, call.carried))
    page = await connection_blocks(services, call.business, call.person)
    return Answer(update=connections_page.page(page, call.carried))


async def announce(call: Call, services: Services) -> None:
    """Says so in the channel. The window shows the page by then; from now on it is kept up to date."""
    finished: Finished | SecondAdminAsked = call.verdict
    if isinstance(finished, SecondAdminAsked) or finished.already:
        return
    await show_connected(call, services, finished)
    await pages.keep(call, services)


async def closed(call: Call, services: Services) -> None:
    """The modal is gone: the sign-in's end comes as a private message instead."""
    await services.sign_in.remember_view(call.business, call.person, "")


CONNECT = Feature(
    name="connect",
    summary="Connect accounting software",
    command=Entry(Role.ADMIN, CONNECTING, show=offer),
    actions={
        blocks.CONNECT: Entry(Role.ADMIN, CONNECTING, show=connect),
        blocks.RECONNECT: Entry(Role.ADMIN, CONNECTING, show=reconnect),
        blocks.LINK: Entry(Role.ADMIN, CONNECTING, show=wait),
        blocks.PLACE: Entry(Role.ADMIN, CONNECTING, show=place),
        blocks.CHOOSE: Entry(Role.ADMIN, CONNECTING, show=choose),
        **switching.ACTIONS,
    },
    submissions={
        blocks.ORGANISATION: Entry(Role.ADMIN, CONNECTING, decide=next_step),
        blocks.FINISH: Entry(Role.ADMIN, CONNECTING, decide=finish, show=announce),
    },
    closings={
        blocks.WAITING: Entry(Role.MEMBER, show=closed),
        blocks.ORGANISATION: Entry(Role.MEMBER, show=closed),
        blocks.FINISH: Entry(Role.MEMBER, show=closed),
    },
)
RECONNECT = Feature(
    name="reconnect",
    summary="Sign in again, when the accounting software no longer accepts us",
    command=Entry(Role.ADMIN, CONNECTING, show=reconnect),
)
