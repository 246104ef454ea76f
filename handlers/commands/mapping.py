"""After another organisation was connected: picking what stands for the former one's entries."""

from __future__ import annotations

from bot.domain.identity import EntryId
from bot.domain.lists import ListKind
from bot.domain.mapping import ORDER, Matched
from bot.domain.roles import Role
from bot.errors import FieldErrors, NotFound
from bot.services import Services
from bot.slack.blocks import mapping as blocks
from bot.slack.blocks.parts import Option, option
from handlers.kit import Answer, Call, Entry, Feature, Offer

MAPPING = "map the lists of another organisation"


async def show(call: Call, services: Services) -> None:
    mapping = await services.mapping.pending(call.business)
    kinds = mapping.kinds_left()
    if not kinds:
        raise NotFound("There is nothing left to map.")
    await call.open(blocks.form(mapping, kinds[0], call.carried))


async def save(call: Call, services: Services) -> Answer:
    """One list after another; what is left empty is skipped."""
    kind = ListKind(str(call.meta.get("kind", ORDER[0])))
    before = await services.mapping.pending(call.business)
    asked = [line.old.id for line in before.asked(kind, blocks.ON_A_PAGE)]
    picks = {old: call.values.get(f"map:{old}") or "" for old in asked}
    try:
        mapping = await services.mapping.pick(call.business, call.person, kind, picks)
    except FieldErrors as fault:
        raise FieldErrors({f"map:{old}": says for old, says in fault.fields.items()}) from None
    if any(line.how is Matched.OPEN for line in mapping.left(kind)):
        return Answer(update=blocks.form(mapping, kind, call.carried))
    rest = mapping.kinds_left(after=kind)
    if not rest:
        return Answer(update=blocks.done(mapping, call.carried))
    return Answer(update=blocks.form(mapping, rest[0], call.carried))


def _offer(kind: ListKind) -> Offer:
    async def offer(call: Call, services: Services) -> list[Option]:
        entries = await services.items.options(call.business, kind, call.typed, limit=100)
        return [option(entry.label, EntryId(entry.id)) for entry in entries]

    return offer


FEATURE = Feature(
    name="mapping",
    summary="After connecting another organisation: what stands for the former one's accounts and taxes",
    command=Entry(Role.ADMIN, MAPPING, show=show),
    actions={blocks.OPEN: Entry(Role.ADMIN, MAPPING, show=show)},
    submissions={blocks.SAVE: Entry(Role.ADMIN, MAPPING, decide=save)},
    options={f"{blocks.PICK}{kind.value}": _offer(kind) for kind in ORDER},
)
