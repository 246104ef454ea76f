"""`/dext add`: an item by hand, with its files."""

from __future__ import annotations

import datetime as dt
import secrets
from decimal import Decimal

from bot.domain import money, transitions
from bot.domain.items import Document, DocumentType, Field, Side
from bot.domain.lists import ListKind
from bot.domain.resolving import NEW
from bot.domain.roles import Role
from bot.errors import FieldErrors, WrongInput
from bot.services import Services
from bot.slack.blocks import add_item as blocks
from bot.slack.blocks.edit_item import new_supplier_option
from bot.slack.blocks.parts import Option, message, option
from handlers.kit import Answer, Call, Entry, Feature

ADDING = "add items"
LONGEST_NAME = 140
_CHECKED = (
    Field.DATE, Field.DUE_DATE, Field.DOCUMENT_NUMBER, Field.TOTAL, Field.TAX_AMOUNT, Field.DESCRIPTION,
)  # fmt: skip


async def show(call: Call, services: Services) -> None:
    del services
    # The form's own id makes a submission that Slack delivers twice one item.
    await call.open(blocks.form(call.carried | {"once": secrets.token_hex(8)}))


async def take(call: Call, services: Services) -> Answer | None:
    """In the inbox, with the fetching of its files on the queue, before the acknowledgement goes out.
    Raises FieldErrors."""
    document = await _document(call, services)
    files = [file for file in (call.values.get("files") or "").split(",") if file]
    await services.arriving.add_by_hand(call.business, call.person, document, files, call.home)
    return None


async def said(call: Call, services: Services) -> None:
    del services
    await call.whisper(message("The item is added. Its card is shown in a moment."))


async def _document(call: Call, services: Services) -> Document:
    """What was typed. Raises FieldErrors, one sentence for each wrong field."""
    values = {name: text or "" for name, text in call.values.items()}
    texts: dict[Field, str] = {}
    faults: dict[str, str] = {}
    for name in _CHECKED:
        try:
            texts[name] = transitions.checked(name, values.get(name.value, ""))
        except WrongInput as fault:
            faults[name.value] = fault.sentence
    currency = values.get("currency", "").strip().upper()
    if currency and not money.is_currency(currency):
        faults["currency"] = "Not a currency. Use its three letters, such as EUR."
    date, due_date = _day(texts.get(Field.DATE)), _day(texts.get(Field.DUE_DATE))
    if date and due_date and due_date < date:
        faults["due_date"] = "The due date is before the date."
    side, kind = Side(values["side"]), DocumentType(values["type"])
    supplier = await _name(call, services, side, values.get("supplier", ""))
    if values.get("supplier") and not supplier:
        faults["supplier"] = "This is no longer on the list. Choose another one."
    elif not supplier and not values.get("total") and not values.get("files"):
        faults["supplier"] = "Say at least who it is from, or the total, or add the file."
    if faults:
        raise FieldErrors(faults)
    paid = values.get("paid", "type")
    return Document(
        external_id=f"by-hand-{call.meta.get('once') or call.view_id}",
        side=side,
        type=kind,
        supplier=supplier if side is Side.COST else "",
        customer=supplier if side is Side.SALE else "",
        document_number=texts[Field.DOCUMENT_NUMBER],
        date=date,
        due_date=due_date,
        currency=currency,
        total=_amount(texts[Field.TOTAL]),
        tax_amount=_amount(texts[Field.TAX_AMOUNT]),
        category=values.get("category", ""),
        payment_account=" ".join(values.get("payment_account", "").split()),
        paid=kind is DocumentType.RECEIPT if paid == "type" else paid == "yes",
        description=texts[Field.DESCRIPTION],
    )


async def _name(call: Call, services: Services, side: Side, chosen: str) -> str:
    """A chosen entry's name: the document says names, as others do. Who changed the side after choosing meant
    the name all the same."""
    if not chosen or chosen.startswith(NEW):
        return chosen.removeprefix(NEW).strip()
    kinds = (ListKind.SUPPLIERS, ListKind.CUSTOMERS)
    for kind in kinds if side is Side.COST else reversed(kinds):
        if name := await services.items.name_of(call.business, kind, chosen):
            return name
    return ""


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None


async def suppliers(call: Call, services: Services) -> list[Option]:
    """Suppliers, on a sale customers; and what was typed, as a new one."""
    kind = ListKind.CUSTOMERS if call.values.get("side") == Side.SALE else ListKind.SUPPLIERS
    entries = await services.items.options(call.business, kind, call.typed, limit=99)
    offered = [option(entry.label, entry.id) for entry in entries]
    typed = call.typed.strip()[:LONGEST_NAME]
    return [*offered, new_supplier_option(typed)] if typed else offered


async def categories(call: Call, services: Services) -> list[Option]:
    """Of the side that is chosen; of both where Slack does not tell it."""
    said = call.values.get("side")
    side = Side(said) if said else None
    entries = await services.items.options(call.business, ListKind.CATEGORIES, call.typed, side=side)
    return [option(entry.label, entry.id) for entry in entries]


FEATURE = Feature(
    name="add",
    summary="Add an item by hand, with its file",
    command=Entry(Role.MEMBER, ADDING, show=show),
    submissions={blocks.SAVE: Entry(Role.MEMBER, ADDING, decide=take, show=said)},
    options={blocks.PICK + "supplier": suppliers, blocks.PICK + "category": categories},
)
