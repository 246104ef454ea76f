"""`/dext items`, the buttons of an item's card, **Edit item**, **New supplier**."""

from __future__ import annotations

import json

from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, ItemStatus, Side
from bot.domain.layers import KINDS, party_field
from bot.domain.many import Wanted
from bot.domain.roles import Role
from bot.errors import FieldErrors, NotFound, WrongInput
from bot.services import Services
from bot.services.publish import AskSupplier, Begun, Held, Outcome
from bot.services.undo import UNDOING
from bot.slack.blocks import claim_card, edit_item, files, mending, record, standing
from bot.slack.blocks import history as history_blocks
from bot.slack.blocks import items as blocks
from bot.slack.blocks import many as many_blocks
from bot.slack.blocks import supplier as supplier_blocks
from bot.slack.blocks.parts import Option, option
from handlers import claims, duplicates, history, lines, payment_methods
from handlers.inbox import page, place, redraw_list
from handlers.kit import Answer, Call, Entry, Feature, Offer
from handlers.nearest import nearest
from handlers.showing import show_item, shown

PUBLISHING = "publish items"
EDITING = "change items"
LONGEST_NAME = 140
QUICK = 3000
"""So many items are looked through well within the three seconds in which a modal must open."""


# --- the inbox


async def show(call: Call, services: Services) -> None:
    """The inbox in a modal: all that is to do, or items of one status; a button may name a cause too
    (`failed:number_used`). Any other word is looked for among all items."""
    text = (call.text or (call.value if call.value != "review" else "")).strip()
    word, _, cause = text.partition(":")
    word = word.strip().lower().replace(" ", "_")
    if word and word not in set(ItemStatus):
        await _show_found(call, services, text)
    elif await services.items.number_to_do(call.business) > QUICK:
        waiting = await call.open(blocks.looking(call.carried))
        await call.slack.turn(waiting, await page(call, services, word, 0, cause))
    else:
        await call.open(await page(call, services, word, 0, cause))


async def _show_found(call: Call, services: Services, text: str) -> None:
    if (await services.items.find(call.business, text, limit=1)).total:
        await call.open(await page(call, services, "", 0, find=text))
        return
    words = [status.value.replace("_", " ") for status in ItemStatus]
    meant = nearest(text.lower().replace("_", " "), words)
    hint = f"Did you mean `/dext items {meant}`? " if meant else ""
    raise WrongInput(
        f"There is no “{text[:40]}”.",
        advice=f"{hint}Use one of: {', '.join(words)}; or a supplier, customer, number or total to find.",
    )


async def find(call: Call, services: Services) -> Answer | None:
    """**Find** in the list; with nothing typed, what is to do."""
    return Answer(update=await page(call, services, "", 0, find=call.values.get(blocks.FIND) or ""))


async def turn(call: Call, services: Services) -> None:
    word, cause, find = (str(call.meta.get(name, "")) for name in ("status", "cause", "find"))
    await call.turn(await page(call, services, word, int(call.value or 0), cause, find))


async def _redraw(call: Call, services: Services, item_id: ItemId, *, posts: bool = False) -> None:
    """The card in the channel, and the list where the button was pressed in it."""
    await show_item(call.slack, services, call.business, item_id, posts=posts)
    await redraw_list(call, services, call.view_id)


# --- publish


async def publish(call: Call, services: Services) -> Answer | None:
    """Claims and queues before the acknowledgement; a second click hears who was first."""
    call.verdict = await services.publish.begin(call.business, ItemId(call.value), call.person)
    return None


async def after_publish(call: Call, services: Services) -> None:
    outcome: Outcome = call.verdict
    item_id = outcome.view.item.id
    if isinstance(outcome, AskSupplier):
        view = supplier_blocks.question(item_id, outcome.view.coding, outcome.alike, place(call))
        await call.open(view)
        return
    await _redraw(call, services, item_id, posts=True)


async def create_supplier(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.publish.begin_with_supplier(
        call.business, ItemId(call.value), call.person, supplier=None, create=True
    )
    return None


async def use_supplier(call: Call, services: Services) -> Answer | None:
    chosen = call.values.get(supplier_blocks.FIELD)
    if not chosen:
        raise WrongInput(
            "No supplier is chosen.", advice="Choose one of the list, then press the button again."
        )
    call.verdict = await services.publish.begin_with_supplier(
        call.business,
        ItemId(call.value),
        call.person,
        supplier=EntryId(chosen),
        create=False,
        remember=supplier_blocks.REMEMBER in (call.values.get(supplier_blocks.REMEMBER) or "").split(","),
    )
    return None


async def after_supplier(call: Call, services: Services) -> None:
    """The question is answered: its modal says so, the card shows the rest."""
    outcome: Outcome = call.verdict
    item_id = outcome.view.item.id
    if isinstance(outcome, Begun | Held):
        await call.slack.turn(call.view_id, supplier_blocks.answered(outcome.view.coding))
        await show_item(call.slack, services, call.business, item_id)
        await redraw_list(call, services, call.below)
    else:
        view = supplier_blocks.question(item_id, outcome.view.coding, outcome.alike, place(call))
        await call.slack.turn(call.view_id, view)


async def publish_all(call: Call, services: Services) -> Answer | None:
    """All of one import that are ready, on the queue before the acknowledgement."""
    try:
        chosen = json.loads(call.value)
        batch, title = str(chosen["batch"]), str(chosen["name"])
    except (ValueError, TypeError, KeyError):
        raise NotFound("This import is no longer there.", advice="Look with `/dext publish`.") from None
    call.verdict = await services.many.ask(call.business, call.person, Wanted.FILE, batch, title=title)
    return None


async def after_all(call: Call, services: Services) -> None:
    del services
    await call.whisper(many_blocks.asked(call.verdict.what))


async def pay_again(call: Call, services: Services) -> Answer | None:
    await services.publish.pay_again(call.business, ItemId(call.value), call.person)
    return None


async def after_pay_again(call: Call, services: Services) -> None:
    await _redraw(call, services, ItemId(call.value))


# --- the `⋯`


async def more(call: Call, services: Services) -> None:
    """What was chosen of a card's further acts."""
    wanted = json.loads(call.value)
    if wanted["do"] == blocks.SHOW_RECORD:
        await _show_record(call, services, ItemId(wanted["item"]))
    elif wanted["do"] == blocks.DETAILS:
        view = await services.items.view(call.business, ItemId(wanted["item"]))
        await call.open(blocks.details(shown(view), call.carried))
    elif wanted["do"] == blocks.UNDO:
        call.value = wanted["item"]
        await ask_undo(call, services)
    elif wanted["do"] == blocks.HISTORY:
        await history.show(call, services, ItemId(wanted["item"]))
    elif wanted["do"] == claim_card.PUT_IN:
        await claims.ask(call, services, ItemId(wanted["item"]))


async def _show_record(call: Call, services: Services, item_id: ItemId) -> None:
    preview = await services.publish.preview(call.business, item_id)
    view = record.preview(preview.view.coding, preview.readable, preview.is_sent, call.carried)
    await call.open(view)


async def undo(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement."""
    await services.undo.ask(call.business, ItemId(str(call.meta.get("item", ""))), call.person)
    return Answer(clear=True)


async def undo_begun(call: Call, services: Services) -> None:
    del services
    await call.whisper(blocks.undo_begun())


async def look(call: Call, services: Services) -> None:
    """The browser opens the page; Slack only wants to hear that the click arrived."""


async def ask_undo(call: Call, services: Services) -> None:
    """**Put back** of a record that is void or gone there."""
    view = await services.items.view(call.business, ItemId(call.value))
    await call.open(blocks.undo_question(shown(view), call.carried))


# --- a file that was refused


async def retry_file(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement; a second click hears that it is on its way."""
    try:
        found = json.loads(call.value)
        call.verdict, file = ItemId(str(found["item"])), str(found["file"])
    except (ValueError, TypeError, KeyError):
        raise NotFound("This file is no longer there.") from None
    await services.attaching.retry(call.business, call.verdict, file, call.person)
    return None


async def after_retry_file(call: Call, services: Services) -> None:
    await show_item(call.slack, services, call.business, call.verdict, posts=False)


# --- edit and reject


async def edit(call: Call, services: Services) -> None:
    view = await services.items.view(call.business, ItemId(call.value))
    await call.open(edit_item.edit_form(shown(view), place(call)))


async def save(call: Call, services: Services) -> Answer | None:
    item_id = ItemId(str(call.meta.get("item", "")))
    view = await services.items.view(call.business, item_id)
    changed = edit_item.changes(dict(call.meta.get("shown") or {}), call.values, view.item)
    ticked = (call.values.get(edit_item.MAKE_RULE) or "").split(",")
    everywhere = edit_item.EVERYWHERE in ticked
    makes_rule = everywhere or "on" in ticked
    if makes_rule and await services.roles.role(call.business, call.person) < Role.ADMIN:
        raise FieldErrors(
            {edit_item.MAKE_RULE: "Only an Admin can make rules. Untick this to save the rest."}
        )
    if changed:
        view = await services.items.edit(call.business, item_id, call.person, changed)
    if makes_rule:
        rule = await services.rules.learn(call.business, call.person, view, everywhere=everywhere)
        if rule is None:
            says = f"There is no {view.coding.party_field} with a category or tax to make it of."
            raise FieldErrors({edit_item.MAKE_RULE: says})
    call.verdict = item_id
    return None


async def after_save(call: Call, services: Services) -> None:
    await show_item(call.slack, services, call.business, call.verdict, posts=False)
    view = await services.items.view(call.business, call.verdict)
    if view.item.claim:
        await show_item(call.slack, services, call.business, view.item.claim, posts=False)
    await redraw_list(call, services, call.below)


async def accept_tax(call: Call, services: Services) -> Answer | None:
    """The tax that the books make of it, in place of the one that was said; kept as a change by hand."""
    try:
        found = json.loads(call.value)
        call.verdict, tax = ItemId(str(found["item"])), str(found["tax"])
    except (ValueError, TypeError, KeyError):
        raise NotFound("This item is no longer there.") from None
    await services.items.edit(call.business, call.verdict, call.person, {Field.TAX_AMOUNT: tax})
    return None


async def take(call: Call, services: Services) -> Answer | None:
    """One of the entries that a value may be; kept as a change by hand."""
    try:
        item, name, entry = json.loads(call.value)
        call.verdict, changed = ItemId(str(item)), {Field(name): str(entry)}
    except (ValueError, TypeError):
        raise NotFound("This item is no longer there.") from None
    await services.items.edit(call.business, call.verdict, call.person, changed)
    return None


async def after_mending(call: Call, services: Services) -> None:
    await _redraw(call, services, call.verdict)


async def reject(call: Call, services: Services) -> None:
    await services.items.reject(call.business, ItemId(call.value), call.person)
    await _redraw(call, services, ItemId(call.value))


async def keep_back(call: Call, services: Services) -> Answer | None:
    """**Undo** within the hold, before the acknowledgement: it may be over in a moment."""
    await services.auto.keep_back(call.business, ItemId(call.value), call.person)
    return None


async def after_keep_back(call: Call, services: Services) -> None:
    await _redraw(call, services, ItemId(call.value))


async def not_booked(call: Call, services: Services) -> None:
    await services.items.not_booked(call.business, ItemId(call.value), call.person)
    await _redraw(call, services, ItemId(call.value))


async def restore(call: Call, services: Services) -> None:
    await services.items.restore(call.business, ItemId(call.value), call.person)
    await _redraw(call, services, ItemId(call.value))


# --- pick lists


def _offer(name: Field) -> Offer:
    async def offer(call: Call, services: Services) -> list[Option]:
        side = Side(str(call.meta.get("side", Side.COST.value)))
        entries = await services.items.options(call.business, KINDS[name], call.typed, side=side, limit=99)
        offered = [option(entry.label, entry.id) for entry in entries]
        typed = call.typed.strip()[:LONGEST_NAME]
        if name is party_field(side) and typed:
            offered.append(edit_item.new_supplier_option(typed, name))
        return offered

    return offer


PICKED = (
    Field.SUPPLIER, Field.CUSTOMER, Field.CATEGORY, Field.TAX, Field.PROJECT, Field.CURRENCY,
    Field.PAYMENT_ACCOUNT,
)  # fmt: skip
FEATURE = Feature(
    name="items",
    summary="The inbox: needs attention, ready, publishing, published, failed, rejected, in claim",
    command=Entry(Role.MEMBER, "see items", show=show),
    actions={
        blocks.LIST: Entry(Role.MEMBER, "see items", show=show),
        blocks.TURN + ".on": Entry(Role.MEMBER, "see items", show=turn),
        blocks.TURN + ".back": Entry(Role.MEMBER, "see items", show=turn),
        blocks.PUBLISH: Entry(Role.APPROVER, PUBLISHING, decide=publish, show=after_publish),
        blocks.RETRY: Entry(Role.APPROVER, PUBLISHING, decide=publish, show=after_publish),
        files.RETRY: Entry(Role.APPROVER, "send files", decide=retry_file, show=after_retry_file),
        blocks.PUBLISH_ALL: Entry(Role.APPROVER, PUBLISHING, decide=publish_all, show=after_all),
        blocks.PAY_AGAIN: Entry(Role.APPROVER, PUBLISHING, decide=pay_again, show=after_pay_again),
        standing.PUT_BACK: Entry(Role.MEMBER, "see items", show=ask_undo),
        blocks.MORE: Entry(Role.MEMBER, "see items", show=more),
        history_blocks.TURN + ".on": Entry(Role.MEMBER, "see items", show=history.turn),
        history_blocks.TURN + ".back": Entry(Role.MEMBER, "see items", show=history.turn),
        mending.LOOK: Entry(Role.MEMBER, "see items", show=look),
        blocks.EDIT: Entry(Role.MEMBER, EDITING, show=edit),
        mending.ACCEPT_TAX: Entry(Role.MEMBER, EDITING, decide=accept_tax, show=after_mending),
        mending.TAKE: Entry(Role.MEMBER, EDITING, decide=take, show=after_mending),
        claim_card.EDIT_RECEIPT: Entry(Role.MEMBER, EDITING, show=edit),
        blocks.KEEP_BACK: Entry(Role.MEMBER, "keep items back", decide=keep_back, show=after_keep_back),
        blocks.REJECT: Entry(Role.APPROVER, "reject items", show=reject),
        mending.NOT_BOOKED: Entry(Role.APPROVER, PUBLISHING, show=not_booked),
        blocks.RESTORE: Entry(Role.APPROVER, "put items back", show=restore),
        supplier_blocks.CREATE: Entry(Role.APPROVER, PUBLISHING, decide=create_supplier, show=after_supplier),
        supplier_blocks.USE: Entry(Role.APPROVER, PUBLISHING, decide=use_supplier, show=after_supplier),
        **duplicates.ACTIONS,
        **lines.ACTIONS,
        **payment_methods.ASKING,
    },
    submissions={
        blocks.LIST: Entry(Role.MEMBER, "see items", decide=find),
        edit_item.SAVE: Entry(Role.MEMBER, EDITING, decide=save, show=after_save),
        **lines.SUBMISSIONS,
        blocks.UNDO_ASKED: Entry(Role.APPROVER, UNDOING, decide=undo, show=undo_begun),
        **payment_methods.ASKED,
    },
    options={f"{edit_item.PICK}{name.value}": _offer(name) for name in PICKED} | payment_methods.OFFERED,
)
