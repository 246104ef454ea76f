"""Expense claims: the windows of `/dext claim`, and the buttons on the cards of claims and receipts."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from bot.domain.claims import is_likely, may_join, owner_of
from bot.domain.identity import ItemId
from bot.domain.lists import ListKind
from bot.domain.roles import Role
from bot.errors import FieldErrors, NotFound, WrongInput
from bot.services import Services
from bot.services.claims import Changed, Choice, NewClaim
from bot.services.items import ItemView
from bot.slack import limits
from bot.slack.blocks import claim_card
from bot.slack.blocks import claims as blocks
from bot.slack.blocks.parts import Option, View, option
from handlers.inbox import place, redraw_list
from handlers.kit import Answer, Call, Entry
from handlers.showing import show_item

CLAIMING = "change expense claims"
LONGEST_NUMBER = 100


# --- making one


async def show(
    call: Call, services: Services, ticked: Sequence[ItemId] | None = None, owner: str = ""
) -> None:
    """A new claim; at first of who handed in the most, with all receipts of that person ticked."""
    await call.open(await _new(call, services, owner, ticked))


async def _new(call: Call, services: Services, owner: str, ticked: Sequence[ItemId] | None) -> View:
    choice = await services.claims.choice(call.business, owner=owner)
    if not choice.waiting:
        return blocks.nothing_waits(place(call))
    once = str(call.meta.get("once") or secrets.token_hex(8))
    round_ = int(call.meta.get("round", -1)) + 1
    meta = place(call) | {"once": once, "round": round_}
    chosen = _offered_first(choice) if ticked is None else list(ticked)
    number = f"EC-{choice.today:%Y%m%d}-{once[:4].upper()}"
    found = await _sum(call, services, choice, chosen)
    return blocks.new(choice.owner, number, choice.today, _groups(choice), chosen, found, meta)


def _offered_first(choice: Choice) -> list[ItemId]:
    """What a person most likely means: the receipts that wait of the claim's person, no bills to be paid."""
    return [view.item.id for view in choice.of_owner() if is_likely(view.item)][: limits.OPTIONS]


def _groups(choice: Choice) -> list[blocks.Group]:
    own = choice.of_owner()
    mine = {view.item.id for view in own}
    rest = [view for view in choice.waiting if view.item.id not in mine]
    nobody = [view for view in rest if not owner_of(view.item)]
    others = [view for view in rest if owner_of(view.item)]
    return [
        blocks.Group("In this claim", _offered(choice.inside)),
        blocks.Group(f"Handed in by {choice.owner}", _offered(own)),
        blocks.Group("Handed in by nobody that is named", _offered(nobody)),
        blocks.Group("Handed in by others", _offered(others)),
    ]


def _offered(views: Sequence[ItemView]) -> list[blocks.Offered]:
    return [blocks.Offered(view.item, view.coding) for view in views]


async def _sum(call: Call, services: Services, choice: Choice, chosen: Sequence[ItemId]) -> blocks.Chosen:
    if not chosen:
        return blocks.Chosen(None, left_out=choice.left_out)
    claim = choice.claim.item.id if choice.claim else None
    found = await services.claims.sum_of(call.business, chosen, claim)
    return blocks.Chosen(found.coding, found.number, choice.left_out)


async def another_person(call: Call, services: Services) -> None:
    """That person's receipts are ticked instead."""
    await call.turn(await _new(call, services, call.value, None))


async def tried(call: Call, services: Services) -> None:
    """What is ticked comes to something else now. What is typed elsewhere stays."""
    chosen = _chosen(call)
    if claim := _claim(call):
        await call.turn(await _receipts(call, services, claim, chosen))
        return
    # The same round: the field keeps what was ticked in it.
    call.meta = {**call.meta, "round": int(call.meta.get("round", 0)) - 1}
    owner = call.values.get("owner") or ""
    await call.turn(await _new(call, services, owner, chosen))


async def make(call: Call, services: Services) -> Answer | None:
    """The claim, in one step with its receipts, before the acknowledgement."""
    values = {name: (text or "").strip() for name, text in call.values.items()}
    chosen = _chosen(call)
    if not values.get("owner"):
        raise FieldErrors({"owner": "Choose who spent the money."})
    if not chosen:
        raise FieldErrors({_field(call): "Tick what belongs to the claim."})
    said = NewClaim(
        once=str(call.meta.get("once") or call.view_id),
        owner=values["owner"],
        number=values.get("document_number", "")[:LONGEST_NUMBER],
        date=dt.date.fromisoformat(values["date"]) if values.get("date") else None,
        description=values.get("description", ""),
    )
    call.verdict = await services.claims.make(call.business, call.person, said, chosen)
    return None


async def after_make(call: Call, services: Services) -> None:
    await _after(call, services, posts=True)


async def after_change(call: Call, services: Services) -> None:
    await _after(call, services, posts=False)


async def _after(call: Call, services: Services, *, posts: bool) -> None:
    """The claim's card, those of the receipts that came in or went out, and the list below the window."""
    changed: Changed = call.verdict
    await show_item(call.slack, services, call.business, changed.claim, call.home, posts=posts)
    for receipt in changed.receipts:
        await show_item(call.slack, services, call.business, receipt, posts=False)
    await redraw_list(call, services, call.below or call.view_id)


# --- one that is there


async def show_receipts(call: Call, services: Services) -> None:
    await call.open(await _receipts(call, services, ItemId(call.value), None))


async def _receipts(call: Call, services: Services, claim: ItemId, ticked: Sequence[ItemId] | None) -> View:
    choice = await services.claims.choice(call.business, claim)
    if choice.claim is None:
        raise NotFound("This expense claim is no longer there.")
    meta = place(call) | {"item": claim}
    if not (choice.inside or choice.waiting):
        return blocks.nowhere(choice.claim.item, meta)
    chosen = [view.item.id for view in choice.inside] if ticked is None else list(ticked)
    found = await _sum(call, services, choice, chosen)
    return blocks.receipts(choice.claim.item, _groups(choice), chosen, found, meta)


async def choose(call: Call, services: Services) -> Answer | None:
    claim = ItemId(str(call.meta.get("item", "")))
    call.verdict = await services.claims.choose(call.business, claim, call.person, _chosen(call))
    return None


async def dissolve(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.claims.dissolve(call.business, ItemId(call.value), call.person)
    return None


# --- a receipt


async def ask(call: Call, services: Services, receipt: ItemId) -> None:
    """Into which claim; where there is none, into a new one at once."""
    view = await services.items.view(call.business, receipt)
    if not may_join(view.item):
        raise WrongInput("This item cannot go into an expense claim.", advice="Only costs in the inbox can.")
    owner = owner_of(view.item)
    open_claims = await services.claims.open_claims(call.business, owner)
    if not open_claims:
        await show(call, services, [receipt], owner)
        return
    meta = place(call) | {"item": receipt}
    await call.open(blocks.put_in(view.item, [one.item for one in open_claims], meta))


async def ask_by_button(call: Call, services: Services) -> None:
    await ask(call, services, ItemId(call.value))


async def put_in(call: Call, services: Services) -> Answer | None:
    """Into the chosen claim; for a new one the window turns into that one's form."""
    receipt = ItemId(str(call.meta.get("item", "")))
    chosen = call.values.get("claim") or ""
    if chosen == blocks.NEW:
        view = await services.items.view(call.business, receipt)
        call.meta = {name: value for name, value in call.meta.items() if name != "item"}
        return Answer(update=await _new(call, services, owner_of(view.item), [receipt]))
    if not chosen:
        raise FieldErrors({"claim": "Choose a claim."})
    call.verdict = await services.claims.add(call.business, ItemId(chosen), call.person, receipt)
    return None


async def after_put_in(call: Call, services: Services) -> None:
    if call.verdict is not None:
        await after_change(call, services)


async def take_out(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.claims.take_out(call.business, ItemId(call.value), call.person)
    return None


async def alone(call: Call, services: Services) -> Answer | None:
    """Asked by the button already: it may be published like any other from now on."""
    await services.claims.publish_alone(call.business, ItemId(call.value), call.person)
    return None


async def after_alone(call: Call, services: Services) -> None:
    await show_item(call.slack, services, call.business, ItemId(call.value), posts=False)
    await redraw_list(call, services, call.view_id)


# --- fields


def _field(call: Call) -> str:
    return blocks.receipts_field(int(call.meta.get("round", 0)))


def _chosen(call: Call) -> list[ItemId]:
    return [ItemId(one) for one in (call.values.get(_field(call)) or "").split(",") if one]


def _claim(call: Call) -> ItemId | None:
    return ItemId(str(call.meta["item"])) if "item" in call.meta else None


async def people(call: Call, services: Services) -> list[Option]:
    """Who handed in what waits, then suppliers; and what was typed, as somebody new."""
    typed = call.typed.strip()[: limits.OPTION_VALUE]
    owners = await services.claims.owners(call.business)
    found = [name for name in owners if typed.casefold() in name.casefold()]
    suppliers = await services.items.options(call.business, ListKind.SUPPLIERS, typed, limit=50)
    names = dict.fromkeys([*found, *(entry.name for entry in suppliers), *([typed] if typed else [])])
    return [option(name, name) for name in names if len(name) <= limits.OPTION_VALUE]


ACTIONS = {
    blocks.OWNER: Entry(Role.MEMBER, CLAIMING, show=another_person),
    blocks.TRIED: Entry(Role.MEMBER, CLAIMING, show=tried),
    claim_card.RECEIPTS: Entry(Role.MEMBER, CLAIMING, show=show_receipts),
    claim_card.DISSOLVE: Entry(Role.MEMBER, CLAIMING, decide=dissolve, show=after_change),
    claim_card.TAKE_OUT: Entry(Role.MEMBER, CLAIMING, decide=take_out, show=after_change),
    claim_card.ADD: Entry(Role.MEMBER, CLAIMING, show=ask_by_button),
    claim_card.ALONE: Entry(
        Role.APPROVER, "let a claimed receipt be published alone", decide=alone, show=after_alone
    ),
}
SUBMISSIONS = {
    blocks.MAKE: Entry(Role.MEMBER, CLAIMING, decide=make, show=after_make),
    blocks.CHOOSE: Entry(Role.MEMBER, CLAIMING, decide=choose, show=after_change),
    blocks.PUT_IN: Entry(Role.MEMBER, CLAIMING, decide=put_in, show=after_put_in),
}
