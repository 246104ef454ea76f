"""`/dext api-key`, `/dext add`, **Retry** of a file, and the jobs that show what came in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.domain.api_keys import ApiKey, KeyRight, Token
from bot.domain.attachments import Attachment, FileContent, FileState
from bot.domain.identity import Business, BusinessId, ItemId, PersonId, WorkspaceId
from bot.domain.items import Document, DocumentType, Item, ItemStage, Side
from bot.domain.lists import ListKind
from bot.errors import AlreadyDone, FieldErrors, StorageUnavailable, WrongInput
from bot.services.arriving import Batch
from bot.services.publishing import RetryLater
from tests.builders import ADA, NOON, an_item, published
from tests.integration.handlers import fakes
from tests.integration.handlers.jobscene import HOME, FakeItems, Scene, a_scene
from tests.integration.handlers.slackside import BEN, Bot

TOKEN = Token(Business(WorkspaceId("T123"), BusinessId("b1")), "abcdefgh", "a" * 52)


# --- keys


@dataclass
class Keys:
    """`ApiKeyService`."""

    keys: list[ApiKey] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    async def all(self, _: object) -> Sequence[ApiKey]:
        return self.keys

    async def make(self, _: object, person: PersonId, name: str, right: KeyRight) -> Token:
        self.asked.append((person, name, right))
        if not name:
            raise FieldErrors({"name": "Give the key a name."})
        self.keys.append(ApiKey(TOKEN.id, name, "h", "aaaa", person, NOON, right))
        return TOKEN

    async def withdraw(self, _: object, person: PersonId, key_id: str) -> ApiKey:
        if not self.keys:
            raise AlreadyDone("This key was withdrawn already.")
        self.asked.append((person, key_id))
        return self.keys.pop()


def a_bot(keys: Keys) -> Bot:
    connections = fakes.Connections()
    connections.public_url = "https://bot.example"  # type: ignore[attr-defined]
    return fakes.a_bot(api_keys=keys, connection=connections)


async def test_a_new_key_is_the_answer_to_the_form_and_is_in_no_message() -> None:
    """Shown once, privately."""
    keys, values = Keys(), fakes.state(name={"value": "  Zapier "})["values"]
    values["right"] = {"value": {"type": "radio_buttons", "selected_option": {"value": "read"}}}
    bot = a_bot(keys)
    answer = await bot.submits("api_key.make", state={"values": values})
    assert str(TOKEN) in answer.text
    assert answer.json()["response_action"] == "update"
    assert "https://bot.example/api/v1/items" in answer.text
    assert keys.asked == [(ADA, "  Zapier ", KeyRight.READ)]
    assert bot.slack.told == []


async def test_a_name_after_the_command_makes_the_key_at_once() -> None:
    keys = Keys()
    bot = a_bot(keys)
    await bot.runs("api-key Zapier mail")
    (opened,) = bot.slack.told
    assert (opened.how, keys.asked) == ("open", [(ADA, "Zapier mail", KeyRight.ADD)])
    assert str(TOKEN) in opened.text


async def test_a_key_without_a_name_is_refused_under_the_field() -> None:
    bot = a_bot(Keys())
    blocks = [{"type": "input", "block_id": "name"}]
    answer = await bot.submits("api_key.make", state=fakes.state(name={"value": None}), blocks=blocks)
    assert answer.json() == {"response_action": "errors", "errors": {"name": "Give the key a name."}}
    assert bot.slack.told == []


async def test_keys_are_listed_and_withdrawn_after_a_question() -> None:
    keys = Keys([ApiKey("k1", "Zapier", "h", "ab12", ADA, NOON)])
    bot = a_bot(keys)
    await bot.runs("api-key")
    (opened,) = bot.slack.of("open")
    (button,) = [one["accessory"] for one in opened.what["blocks"] if "accessory" in one]
    assert button["confirm"]["title"]["text"] == "Withdraw this key?"
    view = {"id": "V1", "type": "modal", "callback_id": "api_key.make", "private_metadata": "{}"}
    await bot.clicks("api_key.withdraw", "k1", view=view)
    assert keys.asked == [(ADA, "k1")]
    assert "No keys yet" in bot.slack.of("turn")[0].text
    await bot.clicks("api_key.withdraw", "k1", view=view)
    assert "withdrawn already" in bot.slack.of("whisper")[0].text


# --- by hand


@dataclass
class Arriving:
    """`ArrivingService`."""

    added: list[tuple[Document, Sequence[str]]] = field(default_factory=list)
    batch: Batch = field(default_factory=lambda: Batch([], "", None))
    files: list[FileContent] = field(default_factory=list)
    there: bool = True

    async def add_by_hand(
        self, _: object, __: object, document: Document, files: Sequence[str], ___: object
    ) -> None:
        self.added.append((document, files))

    async def of_batch(self, *_: object) -> Batch:
        return self.batch

    async def is_there(self, *_: object) -> bool:
        return self.there

    async def add_files(self, _: object, __: object, files: Sequence[FileContent]) -> None:
        self.files += files


class Picked(fakes.Items):
    async def name_of(self, _: object, kind: ListKind, entry_id: str) -> str:
        return "Harbour Books" if (kind, entry_id) == (ListKind.CUSTOMERS, "k1") else ""


def a_form(**values: str) -> dict[str, Any]:
    chosen = {"side", "type", "paid", "supplier", "category"}
    usual = {"side": "cost", "type": "invoice", "paid": "type"} | values
    state: dict[str, Any] = {
        name: {"value": {"selected_option": {"value": text}} if name in chosen else {"value": text}}
        for name, text in usual.items()
        if name != "files"
    }
    if "files" in values:
        state["files"] = {"value": {"files": [{"id": one} for one in values["files"].split(",")]}}
    blocks = [
        {"type": "input", "block_id": name} for name in ("supplier", "total", "date", "due_date", "currency")
    ]
    meta = json.dumps({"channel": "C1", "once": "o1"})
    return {"state": {"values": state}, "blocks": blocks, "private_metadata": meta}


async def test_what_is_typed_becomes_a_document_with_its_files_to_be_fetched() -> None:
    """C14: anybody may add; the form's own id makes it one item."""
    arriving = Arriving()
    bot = fakes.a_bot(arriving=arriving, items=Picked())
    form = a_form(supplier="new:Old Mill", total="1,250.00", tax_amount="10", date="2026-03-03",
                  currency="eur", category="c429", description="Hosting", document_number="OM-1",
                  payment_account=" Visa  *4242 ", files="F1,F2")  # fmt: skip
    await bot.submits("add.save", BEN, **form)
    ((document, files),) = arriving.added
    assert files == ["F1", "F2"]
    assert (document.external_id, document.supplier, document.category) == ("by-hand-o1", "Old Mill", "c429")
    assert (str(document.total), document.currency, document.paid) == ("1250.00", "EUR", False)
    assert document.payment_account == "Visa *4242"
    assert "added" in bot.slack.of("whisper")[0].text


@pytest.mark.parametrize(
    ("changes", "paid"),
    [({"type": "receipt"}, True), ({"paid": "yes"}, True), ({"type": "receipt", "paid": "no"}, False)],
)
async def test_paid_is_as_said_else_as_the_type_says(changes: dict[str, str], paid: bool) -> None:
    arriving = Arriving()
    await fakes.a_bot(arriving=arriving, items=Picked()).submits("add.save", **a_form(total="1", **changes))
    assert arriving.added[0][0].paid is paid


async def test_a_sale_has_a_customer_also_when_the_side_was_chosen_last() -> None:
    arriving = Arriving()
    bot = fakes.a_bot(arriving=arriving, items=Picked())
    await bot.submits("add.save", **a_form(side="sale", supplier="k1", type="credit_note"))
    await bot.submits("add.save", **a_form(side="cost", supplier="k1"))
    (sale, _), (cost, _) = arriving.added
    assert (sale.side, sale.type, sale.customer) == (Side.SALE, DocumentType.CREDIT_NOTE, "Harbour Books")
    assert (cost.supplier, cost.customer) == ("Harbour Books", "")


@pytest.mark.parametrize(
    ("changes", "field_name"),
    [
        ({}, "supplier"),
        ({"supplier": "gone"}, "supplier"),
        ({"total": "a lot"}, "total"),
        ({"total": "1", "date": "2026-02-30"}, "date"),
        ({"total": "1", "date": "2026-03-03", "due_date": "2026-03-02"}, "due_date"),
        ({"total": "1", "currency": "quid"}, "currency"),
    ],
)
async def test_what_is_wrong_is_said_under_its_field(changes: dict[str, str], field_name: str) -> None:
    arriving = Arriving()
    answer = await fakes.a_bot(arriving=arriving, items=Picked()).submits("add.save", **a_form(**changes))
    assert list(answer.json()["errors"]) == [field_name]
    assert arriving.added == []


async def test_categories_are_of_the_side_that_is_chosen_and_customers_are_offered_on_a_sale() -> None:
    items = Picked()
    bot = fakes.a_bot(items=items)
    for side in ("sale", "cost"):
        view = {"id": "V1", "type": "modal", "state": a_form(side=side)["state"], "private_metadata": "{}"}
        for action in ("add.category", "add.supplier"):
            await bot.does("block_suggestion", action_id=action, block_id="b", value="ac", view=view)
    assert items.asked == [
        (ListKind.CATEGORIES, "ac", Side.SALE), (ListKind.CUSTOMERS, "ac", None),
        (ListKind.CATEGORIES, "ac", Side.COST), (ListKind.SUPPLIERS, "ac", None),
    ]  # fmt: skip


# --- a file that was refused


@dataclass
class Attaching:
    """`AttachingService`."""

    item: Item | None = field(default_factory=an_item)
    asked: list[Any] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    async def retry(self, _: object, item: ItemId, file: str, person: PersonId) -> None:
        self.asked.append((item, file, person))

    async def run(self, _: object, item: ItemId) -> Item | None:
        if self.faults:
            raise self.faults.pop(0)
        return self.item

    async def again(self, _: object, item: ItemId, seconds: float) -> None:
        self.asked.append((item, seconds))

    async def stumbled(self, _: object, item: ItemId, reference: str) -> None:
        assert len(reference) == 4
        raise RetryLater(8)


async def test_retry_asks_for_that_file_alone_and_a_forged_value_for_nothing() -> None:
    """C14."""
    attaching = Attaching()
    bot = fakes.a_bot(attaching=attaching)
    await bot.clicks("file.retry", '{"item":"item1","file":"f1"}')
    assert attaching.asked == [("item1", "f1", ADA)]
    for value in ("x", "[]", "{}", "null"):
        await bot.clicks("file.retry", value)
    assert len(attaching.asked) == 1
    assert len(bot.slack.of("whisper")) == 4


@pytest.mark.parametrize(
    ("faults", "again"), [([], []), ([RetryLater(4)], [("item1", 4)]), ([KeyError("oops")], [("item1", 8)])]
)
async def test_the_job_runs_again_when_it_is_told_to(faults: list[Exception], again: list[Any]) -> None:
    """C15: also after a fault that nobody foresaw."""
    attaching, items = Attaching(faults=faults), FakeItems({"item1": an_item()})
    await a_scene(attaching=attaching, items=items).runs("attach_files", "item1")
    assert attaching.asked == again


@pytest.mark.parametrize("attaching", [Attaching(item=None), Attaching(faults=[StorageUnavailable("busy")])])
async def test_an_item_that_is_gone_or_in_other_hands_is_left_alone(attaching: Attaching) -> None:
    """C15: the clock takes up what another process does not finish."""
    scene = a_scene(attaching=attaching, items=FakeItems())
    await scene.runs("attach_files", "item1")
    assert (attaching.asked, scene.slack.told) == ([], [])


@pytest.mark.parametrize("state", [FileState.SENT, FileState.REFUSED])
async def test_a_refused_file_is_shown_even_where_the_item_had_no_card(state: FileState) -> None:
    """C14: of many published at once none is lost in silence."""
    file = Attachment("f1", "a.pdf", "application/pdf", 1, state=state, record="7001", says="No.")
    item = an_item(stage=ItemStage.PUBLISHED, published=published(), attachments=(file,))
    scene = a_scene(attaching=Attaching(), items=FakeItems({"item1": item}))
    await scene.runs("attach_files", "item1")
    assert len(scene.slack.of("post")) == (state is FileState.REFUSED)


# --- what came in is shown


async def arrived(scene: Scene, items: FakeItems, *ids: str) -> None:
    await scene.runs("items_arrived", "k1", "api-r1", *ids)


async def a_batch(items: FakeItems, made_by: PersonId | None = ADA) -> Batch:
    views = await items.views(None, list(items.items))  # type: ignore[arg-type]
    return Batch(views, "Zapier (item API)", made_by)


def some_items(number: int) -> FakeItems:
    return FakeItems(
        {f"i{n}": an_item(id=ItemId(f"i{n}"), received_from="Zapier (item API)") for n in range(number)}
    )


async def test_one_item_comes_as_its_card_and_several_as_one_summary() -> None:
    """C28: with **Publish all** and **Review**; the button names the request, not the key."""
    for number in (1, 3):
        items = some_items(number)
        scene = a_scene(arriving=Arriving(batch=await a_batch(items)), items=items)
        await arrived(scene, items, *items.items, "known")
        (posted,) = scene.slack.of("post")
        assert posted.where == HOME
        assert "Zapier (item API)" in posted.text
        if number > 1:
            assert "3 items" in posted.text
            assert "1 already here" in posted.text
            buttons = posted.what["blocks"][-1]["elements"]
            assert [one["text"]["text"] for one in buttons] == ["Publish all", "Review"]
            assert json.loads(buttons[0]["value"]) == {"batch": "api-r1", "name": "Zapier (item API)"}


async def test_nothing_new_says_nothing() -> None:
    scene = a_scene(arriving=Arriving(), items=some_items(0))
    await arrived(scene, some_items(0), "i1")
    assert scene.slack.told == []


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("channel", [HOME, None])
async def test_without_a_channel_the_one_who_made_the_key_sees_it(number: int, channel: Any) -> None:
    """Nothing is lost in silence: also where the bot was thrown out of its channel."""
    items = some_items(number)
    scene = a_scene(channel, arriving=Arriving(batch=await a_batch(items)), items=items)
    scene.slack.closed_to_us = {HOME}
    await arrived(scene, items, *items.items)
    (told,) = scene.slack.of("direct")
    assert told.where == ADA
    if number == 1:
        assert items.items["i0"].card is not None


async def test_the_files_of_an_item_by_hand_are_fetched_and_a_lost_one_is_said() -> None:
    """C14: the item stands without it."""
    items, arriving = FakeItems({"item1": an_item(received_by=BEN.id)}), Arriving()
    scene = a_scene(arriving=arriving, items=items)
    found: dict[str, Any] = {
        "F1": ("a.pdf", b"1"),
        "F2": WrongInput("b.pdf is larger than 10 MB.", advice="Split it."),
        "F3": SlackApiError("no", {"error": "file_not_found"}),
    }

    async def file(file_id: str) -> Any:
        if isinstance(found[file_id], Exception):
            raise found[file_id]
        return found[file_id]

    scene.slack.file = file  # type: ignore[attr-defined]
    await scene.runs("item_added", "item1", BEN.id, "C1", "F1", "F2", "F3")
    assert arriving.files == [FileContent("a.pdf", "application/pdf", b"1")]
    said = [one.text for one in scene.slack.of("whisper")]
    assert "b.pdf is larger than 10 MB. The item was added without it." in said[0]
    assert "file_not_found" in said[1]
    assert len(scene.slack.of("post")) == 1


async def test_a_form_whose_item_never_came_in_shows_nothing() -> None:
    scene = a_scene(arriving=Arriving(there=False), items=FakeItems())
    await scene.runs("item_added", "item1", BEN.id, "C1", "F1")
    assert scene.slack.told == []
