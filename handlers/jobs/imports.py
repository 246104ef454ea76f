"""A file from Slack: what it would bring in, then into the inbox, and what came of it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.columns import key_of
from bot.domain.identity import Business, ChannelId, PersonId
from bot.domain.reading import may_be_read
from bot.domain.roles import Role
from bot.errors import BotError, UnknownFile, WrongInput
from bot.services.importing import DIRECT, Imported, Preview
from bot.slack.blocks import claim_card, errors
from bot.slack.blocks import columns as column_blocks
from bot.slack.blocks import imports as blocks
from bot.slack.blocks import items as item_blocks
from bot.slack.blocks.parts import Message, message
from bot.slack.client import Slack
from bot.slack.text import escape
from handlers.job_kit import Context
from handlers.showing import show_item

IMPORTING = "import items"
CHANGING_RULES = "change supplier rules"
"""A supplier list becomes rules, which only an Admin may change."""


@dataclass(frozen=True)
class Desk:
    """Whose file it is, and where that person is."""

    context: Context
    slack: Slack
    business: Business
    person: PersonId
    channel: str

    @classmethod
    def of(cls, context: Context, business: str, person: str, channel: str) -> Desk:
        of = Business.parse(business)
        return cls(context, context.slack(of.workspace), of, PersonId(person), channel)

    async def tell(self, said: Message) -> None:
        """To the person alone."""
        if self.channel.startswith(DIRECT):
            await self.slack.direct(self.person, said)
        else:
            await self.slack.whisper(self.channel, self.person, said)

    async def guarded(self, work: Awaitable[None]) -> None:
        """The outermost edge of these jobs: who handed the file over hears what became of it."""
        try:
            await work
        except BotError as fault:
            await self.tell(errors.refusal(fault))
        except SlackApiError as fault:
            error = str(fault.response.get("error", ""))
            refused = WrongInput(f"Slack did not hand out the file ({error}).", advice="Try again.")
            await self.tell(errors.refusal(refused))
        except Exception as fault:
            reference = secrets.token_hex(2).upper()
            structlog.get_logger().error("unforeseen", reference=reference, exc_info=fault)
            await self.tell(message(errors.unforeseen(reference)))


async def look_at_file(
    context: Context, business: str, file: str, person: str, channel: str, encoding: str = ""
) -> None:
    """A single item comes in at once; of anything else, and of a file whose encoding was chosen, the person
    sees first what would come in."""
    desk = Desk.of(context, business, person, channel)
    await desk.guarded(_look(desk, file, encoding))


async def look_at_dropped(context: Context, business: str, file: str, person: str, channel: str) -> None:
    """As `look_at_file`. Bots' files are left alone; in a channel, where people share pictures too, so is
    whatever nobody here reads."""
    desk = Desk.of(context, business, person, channel)
    await desk.guarded(_look_at_dropped(desk, file))


async def import_file(
    context: Context, business: str, file: str, person: str, channel: str, encoding: str = ""
) -> None:
    """After **Import**. Doing it again brings nothing in twice."""
    desk = Desk.of(context, business, person, channel)
    await desk.guarded(_import(desk, file, encoding))


async def announce(context: Context, business: Business, imported: Imported) -> None:
    """What came in from a terminal, in the business's channel; nothing where there is none yet."""
    channel = (await context.services.settings.read(business)).channel
    if channel and imported.new:
        desk = Desk(context, context.slack(business.workspace), business, PersonId(""), channel)
        await _show(desk, imported)


async def _look_at_dropped(desk: Desk, file: str) -> None:
    roles = desk.context.services.roles
    who = await roles.require(desk.business, desk.person, Role.MEMBER, IMPORTING, fresh=False)
    if who.is_bot:
        return
    if desk.channel.startswith(DIRECT):
        await _look(desk, file)
    elif may_be_read(await desk.slack.file_name(file)):
        with contextlib.suppress(UnknownFile):
            await _look(desk, file, asks=False)


async def _look(desk: Desk, file: str, encoding: str = "", *, asks: bool = True) -> None:
    """With `asks`, a table that no reader knows may become a list of suppliers."""
    name, given = await desk.slack.file(file)
    importing, columns = desk.context.services.importing, desk.context.services.columns
    content, chosen = await columns.known(desk.business, given)
    try:
        preview = await importing.look(desk.business, name, content, encoding)
    except UnknownFile:
        headings = columns.headings(given) if asks else ()
        if not headings:
            raise
        await desk.tell(column_blocks.question(name, file, key_of(headings), headings))
        return
    if chosen is not None and asks:
        await desk.tell(column_blocks.remembered(name, file, chosen.key, columns.headings(given)))
    if preview.is_supplier_list:
        await _require_admin(desk)
    if preview.is_plain and not encoding:
        await _show(desk, await importing.run(desk.business, name, content, desk.person))
        if preview.notes:
            await desk.tell(blocks.said(escape(preview.notes[0]), (), preview.notes[1:]))
    elif preview.has_news:
        await desk.tell(blocks.preview(_shown(preview, encoding), file, encoding))
    else:
        await desk.tell(_nothing_new(preview))


async def _import(desk: Desk, file: str, encoding: str) -> None:
    name, given = await desk.slack.file(file)
    content, _ = await desk.context.services.columns.known(desk.business, given)
    importing = desk.context.services.importing
    if (await importing.look(desk.business, name, content, encoding)).is_supplier_list:
        await _require_admin(desk)
    await _show(desk, await importing.run(desk.business, name, content, desk.person, encoding))


async def _require_admin(desk: Desk) -> None:
    await desk.context.services.roles.require(desk.business, desk.person, Role.ADMIN, CHANGING_RULES)


def _shown(preview: Preview, encoding: str) -> blocks.Look:
    rules = preview.rules
    return blocks.Look(
        filename=preview.filename,
        new=[view.coding for view in preview.new],
        ready=preview.ready,
        known=preview.known,
        refused=preview.refused,
        totals=preview.totals,
        notes=preview.notes,
        rules_added=rules.added,
        rules_changed=rules.changed,
        rules_same=rules.same,
        bare=rules.bare,
        in_claims=preview.in_claims,
        is_supplier_list=preview.is_supplier_list,
        read_as=preview.read_as if preview.is_doubtful or encoding else (),
    )


def _nothing_new(preview: Preview) -> Message:
    if preview.is_supplier_list:
        text = blocks.rules_imported(preview.filename, 0, 0, preview.rules.same)
    else:
        text = blocks.nothing_new(preview.filename, preview.known, preview.refused)
    return blocks.said(text, preview.refused, preview.notes)


async def _show(desk: Desk, imported: Imported) -> None:
    """One item comes as its card, several as one summary; what was refused is said row by row."""
    if not imported.new:
        await desk.tell(_without_items(imported))
        return
    services = desk.context.services
    target = (await services.settings.read(desk.business)).channel or ChannelId(desk.channel)
    if len(imported.new) == 1 and not imported.refused and not imported.known:
        await show_item(desk.slack, services, desk.business, imported.new[0], desk.channel)
    else:
        said = _summary(desk, imported)
        if await desk.slack.post(target, said) is None and desk.person:
            await desk.slack.direct(desk.person, said)
    if desk.channel.startswith(DIRECT) and target != desk.channel:
        await desk.tell(blocks.came_in(imported.filename, len(imported.new), target))


def _summary(desk: Desk, imported: Imported) -> Message:
    said = item_blocks.summary(
        imported.filename,
        desk.person,
        imported.new,
        imported.known,
        imported.ready,
        imported.needs_attention,
        imported.refused,
        imported.batch,
    )
    if imported.in_claims:
        said["blocks"].insert(1, claim_card.joined(imported.in_claims))
    if imported.going:
        said["blocks"].insert(1, item_blocks.going(imported.going))
    return said


def _without_items(imported: Imported) -> Message:
    if imported.rules.changes or imported.rules.same:
        rules = imported.rules
        text = blocks.rules_imported(imported.filename, rules.added, rules.changed, rules.same)
    else:
        text = blocks.nothing_new(imported.filename, imported.known, imported.refused)
    return blocks.said(text, imported.refused, imported.notes)
