"""Items: the list, the card's buttons, **Edit item**, **New supplier**, importing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.identity import EntryId, MessageRef
from bot.domain.items import DocumentType, Field, ItemStatus
from bot.domain.many import Wanted
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from bot.domain.suppliers import Alike
from bot.errors import AlreadyDone, NotReady
from bot.services.publish import AskSupplier, Begun
from bot.slack.blocks import edit_item, mending
from bot.slack.blocks import items as item_blocks
from handlers.showing import shown
from tests.builders import GBP_ORGANISATION, an_entry, an_item, usual_lists
from tests.integration.handlers.fakes import (
    HOME,
    Items,
    ManyAtOnce,
    Publishing,
    a_bot,
    state,
)
from tests.integration.handlers.slackside import ADA, BEN, Bot, a_view
from tests.unit.slack.checking import buttons, takes_message, takes_view

# --- items


async def test_an_unknown_filter_names_the_ones_there_are() -> None:
    bot = a_bot()
    await bot.runs("items broken")
    assert "There is no “broken”. Use one of: needs attention, ready," in bot.slack.told[0].text


async def test_a_mistyped_status_gets_the_nearest_one() -> None:
    """C33."""
    bot = a_bot()
    await bot.runs("items raedy")
    assert "There is no “raedy”. Did you mean `/dext items ready`?" in bot.slack.told[0].text


async def test_a_filter_may_be_written_in_two_words() -> None:
    items = Items()
    bot = a_bot(items=items)
    await bot.runs("items Needs attention")
    assert items.asked == [(ItemStatus.NEEDS_ATTENTION, 0)]
    takes_view(bot.slack.of("open")[0].what)


async def test_any_other_word_is_looked_for_among_all_items() -> None:
    """C1: a supplier, customer, number or total."""
    items = Items()
    bot = a_bot(items=items)
    await bot.runs("items Northwind Paper")
    view = bot.slack.of("open")[0].what
    takes_view(view)
    assert "20 items found for “Northwind Paper”" in bot.slack.told[0].text
    await bot.does(
        "block_actions",
        actions=[{"type": "button", "action_id": f"{item_blocks.TURN}.on", "block_id": "b", "value": "8"}],
        view=a_view(item_blocks.LIST, private_metadata=view["private_metadata"]),
    )
    assert ("find", "Northwind Paper", 8) in items.asked
    assert "20 items found for “Northwind Paper”" in bot.slack.of("turn")[0].text


async def test_what_is_typed_into_the_list_is_looked_for_there() -> None:
    """C1: **Find**; nothing typed brings back what is to do."""
    items = Items()
    bot = a_bot(items=items)
    for typed, expected in (("nw-1001", "20 items found for “nw-1001”"), ("", "20 items to do")):
        typed_in = {item_blocks.FIND: {"value": {"type": "plain_text_input", "value": typed}}}
        answer = await bot.submits(item_blocks.LIST, state={"values": typed_in})
        view = answer.json()["view"]
        assert answer.json()["response_action"] == "update"
        takes_view(view)
        assert expected in json.dumps(view, ensure_ascii=False)


async def test_a_very_large_inbox_opens_at_once_and_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """C1: a trigger lives three seconds."""
    monkeypatch.setattr("handlers.commands.items.QUICK", 10)
    bot = a_bot(items=Items())
    await bot.runs("items")
    assert [one.how for one in bot.slack.told] == ["open", "turn"]
    assert "Looking through the items" in bot.slack.told[0].text
    assert "20 items to do" in bot.slack.told[1].text


async def test_a_claimed_item_turns_its_card_and_shows_no_window() -> None:
    items = Items()
    publish = Publishing(Begun(await items.view(None, None)))
    bot = a_bot(items=items, publish=publish)
    await bot.clicks(item_blocks.PUBLISH, "item1")
    assert publish.asked == [("item1", ADA.id)]
    assert [one.how for one in bot.slack.told] == ["update"]


async def test_a_new_supplier_opens_the_question_and_claims_nothing() -> None:
    """S21."""
    items = Items(an_item(supplier="Brand New Supplier Co"))
    ask = AskSupplier(await items.view(None, None), [Alike(EntryId("s9"), "Brand & New", 84, "same words")])
    bot = a_bot(items=items, publish=Publishing(ask))
    await bot.clicks(item_blocks.PUBLISH, "item1")
    (opened,) = bot.slack.told
    assert (opened.how, opened.what["title"]["text"]) == ("open", "New supplier")
    takes_view(opened.what)


@pytest.mark.parametrize(
    ("action", "picked", "expected"),
    [("supplier.create", None, ("item1", None, True)), ("supplier.use", "s9", ("item1", "s9", False))],
)
@pytest.mark.parametrize("ticked", [True, False])
async def test_the_question_is_answered_by_its_button(
    action: str, picked: str | None, expected: tuple[Any, ...], ticked: bool
) -> None:
    """S21."""
    items = Items()
    publish = Publishing(Begun(await items.view(None, None)))
    bot = a_bot(items=items, publish=publish)
    choice = {"type": "radio_buttons", "selected_option": {"value": picked} if picked else None}
    tick = {"type": "checkboxes", "selected_options": [{"value": "remember"}] if ticked else []}
    given = {"values": {"supplier": {"supplier.pick": choice}, "remember": {"supplier.remember": tick}}}
    await bot.clicks(action, "item1", view=a_view("supplier.ask", state=given))
    remembered = ("remember",) if ticked and picked else ()
    assert publish.asked == [expected + remembered]
    assert [one.how for one in bot.slack.told] == ["turn", "update"]


async def test_using_the_chosen_one_without_choosing_is_said() -> None:
    bot = a_bot(publish=Publishing(None))
    await bot.clicks("supplier.use", "item1", view=a_view("supplier.ask"))
    assert "No supplier is chosen." in bot.slack.told[0].text


async def test_what_is_missing_is_named_with_edit_one_click_away() -> None:
    """S2."""
    bot = a_bot(publish=Publishing(NotReady(("no category", "unknown tax “T9”"))))
    await bot.clicks(item_blocks.PUBLISH, "item1")
    (told,) = bot.slack.told
    assert told.how == "whisper"
    assert "no category, unknown tax “T9”" in told.what["text"]
    assert buttons(told.what) == ["Edit"]
    takes_message(told.what)


async def test_who_comes_second_hears_who_was_first() -> None:
    fault = AlreadyDone("<@UADA> published this item already, as bill NW-1001.")
    bot = a_bot(publish=Publishing(fault))
    await bot.clicks(item_blocks.PUBLISH, "item1")
    assert [(one.how, one.what["text"]) for one in bot.slack.told] == [("whisper", fault.says)]


async def test_that_it_is_not_there_is_said_by_whoever_may_publish() -> None:
    """C3: the card is drawn again."""
    items = Items(an_item(card=MessageRef(HOME, "7.0"), doubtful=("DXT-1",)))
    bot = a_bot(items=items)
    await bot.clicks(mending.NOT_BOOKED, "item1")
    assert items.asked == [("not booked", "item1", ADA.id)]
    assert [one.how for one in bot.slack.told] == ["update"]


async def test_details_open_from_the_menu_of_a_card() -> None:
    bot = a_bot(items=Items(an_item(project_2="Phase B")))
    await bot.does(
        "block_actions",
        actions=[
            {
                "type": "overflow",
                "action_id": item_blocks.MORE,
                "selected_option": {"value": json.dumps({"do": item_blocks.DETAILS, "item": "item1"})},
            }
        ],
        channel={"id": "C1"},
    )
    view = bot.slack.of("open")[0].what
    takes_view(view)
    assert (view["title"]["text"], "Phase B" in json.dumps(view)) == ("Details", True)


async def test_publish_all_is_on_the_queue_before_anything_is_said() -> None:
    many = ManyAtOnce()
    bot = a_bot(many=many)
    await bot.clicks(item_blocks.PUBLISH_ALL, json.dumps({"batch": "b7", "name": "costs.csv"}))
    assert many.asked == [(Wanted.FILE, "b7", "")]
    assert "Publishing costs.csv" in bot.slack.of("whisper")[0].text


async def test_a_button_of_no_import_publishes_nothing() -> None:
    many = ManyAtOnce()
    bot = a_bot(many=many)
    await bot.clicks(item_blocks.PUBLISH_ALL, "costs.csv")
    assert many.asked == []
    assert "This import is no longer there." in bot.slack.of("whisper")[0].text


async def _edit(items: Items, below: str = "", **typed: Any) -> Bot:
    """Opens **Edit item** and submits it with what was typed."""
    bot = a_bot(items=items)
    await bot.clicks(item_blocks.EDIT, "item1")
    form = bot.slack.of("open")[0].what
    view = await items.view(None, None)
    held = edit_item.form_values(view.coding)
    values = {name.value: {"value": {"value": text}} for name, text in held.items()} | {
        name: {"value": {"value": text}} for name, text in typed.items()
    }
    meta = json.loads(form["private_metadata"]) | ({"status": "", "offset": 0} if below else {})
    bot.slack.told.clear()
    await bot.submits(
        edit_item.SAVE,
        private_metadata=json.dumps(meta),
        state={"values": values},
        previous_view_id=below or None,
        blocks=form["blocks"],
    )
    return bot


async def test_only_what_was_changed_is_saved_and_the_card_follows() -> None:
    """S24."""
    items = Items()
    bot = await _edit(items, total="145.00")
    assert items.edited == [{Field.TOTAL: "145.00"}]
    assert [one.how for one in bot.slack.told] == ["update"]


async def test_saving_without_a_change_writes_nothing() -> None:
    items = Items()
    await _edit(items)
    assert items.edited == []


async def test_an_item_edited_from_the_list_is_redrawn_there_and_posts_no_card() -> None:
    items = Items(an_item())
    bot = await _edit(items, below="V0LIST", total="145.00")
    assert [(one.how, one.where) for one in bot.slack.told] == [("turn", "V0LIST")]


async def test_the_tax_that_the_books_make_is_accepted_at_the_card() -> None:
    """S1: one click, kept like a change by hand."""
    item = an_item(
        type=DocumentType.CREDIT_NOTE, tax="Standard Rate", tax_amount="10.00", card=MessageRef(HOME, "7.0")
    )
    items = Items(item)
    blocks = item_blocks.card(shown(await items.view(None, None)))["blocks"]
    pressed = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    (accept,) = [one for one in pressed if one["text"]["text"] == "Accept £24.00 of tax"]
    bot = a_bot(items=items)
    await bot.clicks(accept["action_id"], accept["value"])
    assert items.edited == [{Field.TAX_AMOUNT: "24.00"}]
    assert [one.how for one in bot.slack.told] == ["update"]


async def test_one_of_two_taxes_is_taken_at_the_card() -> None:
    """C16: no **Refresh lists**, which could not help."""
    lists = usual_lists(taxes=[an_entry("Capital Goods", id=EntryId("tc"), percentage="20")])
    item = an_item(tax="20%")
    coding = resolve(item, None, BusinessSettings(), lists, GBP_ORGANISATION)
    (select,) = mending.mends_problems(item, coding)
    assert [one["text"]["text"] for one in select["options"]] == ["Standard Rate 20%", "Capital Goods 20%"]
    items = Items()
    bot = a_bot(items=items)
    chosen = {**select, "selected_option": select["options"][1]}
    await bot.does("block_actions", actions=[chosen], channel={"id": "C1"})
    assert items.edited == [{Field.TAX: "tc"}]


async def test_rejecting_redraws_the_list_it_was_pressed_in() -> None:
    items = Items(an_item())
    bot = a_bot(items=items)
    meta = json.dumps({"channel": "C1", "status": "ready", "offset": 8})
    await bot.clicks(item_blocks.REJECT, "item1", view=a_view("items.list", private_metadata=meta))
    assert items.asked == [("reject", "item1", ADA.id), (ItemStatus.READY, 8)]
    assert [one.how for one in bot.slack.told] == ["turn"]


@pytest.mark.parametrize("kind", ["supplier", "customer", "category", "tax", "currency", "payment_account"])
async def test_everything_that_comes_from_a_list_is_picked_by_typing(kind: str) -> None:
    items = Items()
    bot = a_bot(items=items)
    view = a_view("item.save", private_metadata=json.dumps({"side": "cost"}))
    answer = await bot.does("block_suggestion", action_id=f"pick.{kind}", value="acm", view=view)
    offered = [one["text"]["text"] for one in answer.json()["options"]]
    assert offered == ["Acme Paper Ltd"] + (["➕ acm (new supplier)"] if kind == "supplier" else [])
    assert items.asked[0][1:] == ("acm", "cost")


# --- import


async def test_files_are_on_the_queue_before_the_form_closes() -> None:
    asked: list[Any] = []

    class Importing:
        async def ask(self, _: object, file: str, person: str, channel: str, __: str) -> None:
            asked.append((file, person, channel))

    bot = a_bot(importing=Importing())
    files = {"type": "file_input", "files": [{"id": "F1"}, {"id": "F2"}]}
    await bot.submits("import.take", BEN, state=state(files=files))
    assert asked == [("F1", BEN.id, "C1"), ("F2", BEN.id, "C1")]
    assert "Reading" in bot.slack.of("whisper")[0].text


async def test_import_puts_the_file_on_the_queue_and_the_look_turns_into_a_word() -> None:
    """C28: the person presses once; the look is answered."""
    asked: list[Any] = []

    class Importing:
        async def take(self, _: object, file: str, person: str, channel: str, encoding: str) -> None:
            asked.append((file, person, channel, encoding))

    bot = a_bot(importing=Importing())
    await bot.clicks("import.confirm", "F1", BEN)
    assert asked == [("F1", BEN.id, "C1", "")]
    assert "Importing" in bot.slack.of("replace")[0].text
    await bot.clicks("import.confirm", json.dumps({"file": "F1", "as": "cp1250"}), BEN)
    assert asked[1:] == [("F1", BEN.id, "C1", "cp1250")]


async def test_another_encoding_is_another_look_in_place_of_the_first() -> None:
    """C28: **Read as**."""
    asked: list[Any] = []

    class Importing:
        async def ask(self, _: object, file: str, person: str, channel: str, __: str, encoding: str) -> None:
            asked.append((file, person, channel, encoding))

    bot = a_bot(importing=Importing())
    value = json.dumps({"file": "F1", "as": "cp1250"})
    chosen = {"type": "static_select", "action_id": "import.read_as", "selected_option": {"value": value}}
    await bot.does("block_actions", BEN, actions=[chosen], channel={"id": "C1"})
    assert asked == [("F1", BEN.id, "C1", "cp1250")]
    assert "Reading the file again" in bot.slack.of("replace")[0].text


async def test_cancel_brings_nothing_in() -> None:
    bot = a_bot()
    await bot.clicks("import.cancel", "costs & co.csv", BEN)
    (told,) = bot.slack.told
    assert (told.how, told.where) == ("replace", BEN.id)
    assert told.what["text"] == "Not imported: nothing of costs &amp; co.csv came in."


async def test_a_form_without_a_file_asks_for_one() -> None:
    bot = a_bot()
    answer = await bot.submits("import.take", state=state(files={"type": "file_input", "files": []}))
    assert answer.json()["errors"] == {"files": "Choose a file."}
    assert bot.slack.told == []
