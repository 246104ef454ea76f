"""What people see: every view within Slack's limits whatever stands in it, and the promised words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.attachments import Attachment, FileState
from bot.domain.identity import EntryId
from bot.domain.items import BY_HAND, DocumentType, Field, ItemStage, ItemStatus
from bot.domain.lists import Entry, ListKind, ListsState
from bot.domain.settings import BusinessSettings, Waiting
from bot.domain.suppliers import Alike
from bot.errors import AlreadyDone, NotAllowed, NotReady
from bot.slack.blocks import (
    api_keys,
    connection,
    connections_page,
    edit_item,
    errors,
    items,
    refresh,
    supplier,
)
from bot.slack.blocks import settings as settings_blocks
from tests.builders import a_document, an_entry, an_item, published
from tests.unit.slack import views
from tests.unit.slack.checking import NASTY, buttons, takes_message, takes_view, texts

A_FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OUTSIDE = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.sampled_from(NASTY)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_every_modal_keeps_slacks_limits_and_notifies_nobody(text: str) -> None:
    for view in views.modals(text):
        takes_view(view)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_every_message_keeps_slacks_limits_and_notifies_nobody(text: str) -> None:
    for message in views.messages(text):
        takes_message(message)


@pytest.mark.parametrize("text", NASTY[:6], ids=range(6))
def test_home_shows_the_same_page_within_its_limits(text: str) -> None:
    """S8."""
    for blocks in [*views.pages(text), *views.homes(text)]:
        takes_view({"type": "home", "blocks": blocks}, "home")


@A_FEW
@given(OUTSIDE)
def test_no_text_from_outside_breaks_a_view(text: str) -> None:
    for view in views.modals(text):
        takes_view(view)
    for message in views.messages(text):
        takes_message(message)


def test_a_name_that_is_too_long_leaves_room_for_what_follows() -> None:
    whole = texts(items.card(views.every_item("x" * 5000)[1]))
    assert "Publish as  Bill" in whole
    assert "£144.00" in whole


# --- titles, buttons and fields that are promised


def _title(view: dict[str, Any]) -> tuple[str, str]:
    return view["title"]["text"], view.get("submit", {}).get("text", "")


def test_the_way_to_a_connection_has_the_promised_titles_and_submits() -> None:
    """S9 S10 S11 S13 S14: Accounting software → steps → Select organisation → last look."""
    offered = [("zoho-books", "Zoho Books", "Bills")]
    first = connection.softwares(offered, None, views.META)
    steps = connection.connect_steps(
        "Zoho Books", "read your lists", "https://bot.example/connect?link=1", views.META, reconnecting=False
    )
    choosing = connection.choose_organisation("Zoho Books", views.a_sign_in(), "", views.META)
    last = connection.last_look("Zoho Books", views.an_organisation("Held Out Ltd"), None, "C1", views.META)
    assert [_title(view) for view in (first, steps, choosing, last)] == [
        ("Accounting software", ""),
        ("Connect Zoho Books", ""),
        ("Select organisation", "Next"),
        ("Select organisation", "Finish"),
    ]
    assert buttons(first) == ["Connect"]
    assert buttons(steps) == ["Connect software"]
    assert "← you are here" in texts(steps)


def test_a_connected_business_is_offered_reconnect_and_not_connect() -> None:
    """S9: Connect only while not connected, and why it is absent."""
    view = connection.softwares([("zoho-books", "Zoho Books", "")], views.a_connection(), views.META)
    assert buttons(view) == ["Reconnect"]
    assert "Connected to Held Out Ltd already" in texts(view)


def test_the_only_organisation_is_still_to_be_confirmed_and_the_one_before_is_chosen() -> None:
    """S13 S37."""
    only = connection.choose_organisation("Zoho Books", views.a_sign_in(), "", views.META)
    again = connection.choose_organisation(
        "Zoho Books", views.a_sign_in(organisations=3), "60002", views.META
    )
    several = connection.choose_organisation("Zoho Books", views.a_sign_in(organisations=3), "", views.META)
    chosen = [
        view["blocks"][1]["element"].get("initial_option", {}).get("value") for view in (only, again, several)
    ]
    assert chosen == ["60001", "60002", None]


def test_organisations_of_one_name_are_told_apart_even_when_the_name_is_long() -> None:
    """S13."""
    view = connection.choose_organisation("Zoho Books", views.a_sign_in("Held Out " * 20, 3), "", views.META)
    labels = [one["text"]["text"] for one in view["blocks"][1]["element"]["options"]]
    assert len(set(labels)) == 3
    assert all(len(label) <= 75 for label in labels)


def test_more_organisations_than_slack_lists_come_in_groups_and_none_is_lost() -> None:
    view = connection.choose_organisation("Zoho Books", views.a_sign_in("One", 250), "60250", views.META)
    element = view["blocks"][1]["element"]
    assert sum(len(group["options"]) for group in element["option_groups"]) == 250
    assert element["initial_option"]["value"] == "60250"


def test_another_organisation_than_before_must_be_typed() -> None:
    """S37."""
    before, now = views.an_organisation("Held Out Ltd"), views.an_organisation("Other Ltd", "60002")
    asks = connection.last_look("Zoho Books", now, before, "C1", views.META)
    same = connection.last_look("Zoho Books", before, before, "C1", views.META)
    assert [block["block_id"] for block in asks["blocks"] if block["type"] == "input"] == [
        "organisation_name"
    ]
    assert [block for block in same["blocks"] if block["type"] == "input"] == []


@pytest.mark.parametrize(
    ("is_admin", "works", "managing", "expected"),
    [
        (True, True, False, ["Manage"]),
        (True, True, True, ["Reconnect", "Refresh integration data", "Settings", "Disconnect"]),
        (True, False, False, ["Reconnect", "Refresh integration data", "Settings", "Disconnect"]),
        (False, True, False, []),
        (False, False, False, []),
    ],
)
def test_the_connections_page_offers_what_this_person_may_do_now(
    is_admin: bool, works: bool, managing: bool, expected: list[str]
) -> None:
    """S16 S33 S44."""
    blocks = _page(is_admin=is_admin, works=works, managing=managing)
    assert buttons(blocks) == expected
    assert ("can change this" in texts(blocks)) is not is_admin


def _page(*, is_admin: bool, works: bool, managing: bool) -> list[dict[str, Any]]:
    checked = views.every_checklist("x")[0]
    return connections_page.page_blocks(
        views.a_connection(works=works), ListsState(), None, 0, None, checked,
        is_admin=is_admin, admins=["UADA"], managing=managing,
    )  # fmt: skip


def test_the_page_says_that_nothing_is_connected() -> None:
    blocks = views.pages("x")[0]
    assert "No accounting software connected" in texts(blocks)
    assert buttons(blocks) == ["Connect"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "Refresh in progress"), (2, "Refresh complete"), (3, "Refresh failed")],
)
def test_a_refresh_is_one_message_with_its_promised_words(number: int, expected: str) -> None:
    """S46 S47."""
    message = refresh.status(views.every_refresh()[number], "Held Out Ltd", 10)
    assert message["text"].startswith(f"{expected}: Held Out Ltd")
    assert expected in texts(message["blocks"])


def test_the_refresh_question_says_that_no_data_is_lost() -> None:
    """S40 S41."""
    view = refresh.question(tuple(ListKind), None, views.META)
    assert _title(view) == ("Refresh lists", "Refresh")
    assert "no data is lost" in texts(view)


def test_a_complete_refresh_gives_counts_time_and_what_is_gone() -> None:
    """S47."""
    said = texts(refresh.status(views.every_refresh("Print & Copy")[2], "Held Out Ltd", 10))
    assert "38 seconds" in said
    assert "1,400 suppliers (12 new, 2 renamed, 7 gone)" in said
    assert "Print &amp; Copy" in said


ASKS, MAKES = BusinessSettings(), BusinessSettings(warn_new_supplier=False)
TAXED = BusinessSettings(default_tax_costs=EntryId("t20"), default_tax_sales=EntryId("t0"))


@pytest.mark.parametrize(
    ("before", "after", "waiting", "expected"),
    [
        (ASKS, ASKS, Waiting(3, 3, 3), {}),
        (
            ASKS,
            TAXED,
            Waiting(6, 1),
            {
                "default_tax_costs": "Would change 6 waiting items without a tax of their own.",
                "default_tax_sales": "Would change 1 waiting item without a tax of its own.",
            },
        ),
        (
            ASKS,
            replace(ASKS, default_tax_costs=EntryId("t20")),
            Waiting(500, is_all=False),
            {"default_tax_costs": "Would change 500 of the newest waiting items without a tax of their own."},
        ),
        (TAXED, replace(TAXED, default_tax_sales=None), Waiting(), {
            "default_tax_sales": "Would change no waiting item.",
        }),
        (ASKS, MAKES, Waiting(new_suppliers=2), {
            "warn_new_supplier": "Would change 2 waiting items with a new supplier: "
            "it is made without asking.",
        }),
        (MAKES, ASKS, Waiting(new_suppliers=1), {
            "warn_new_supplier": "Would change 1 waiting item with a new supplier: you are asked first.",
        }),
    ],
)  # fmt: skip
def test_what_saving_a_setting_would_change(
    before: BusinessSettings, after: BusinessSettings, waiting: Waiting, expected: dict[str, str]
) -> None:
    """S18."""
    assert settings_blocks.effects(before, after, waiting) == expected


def test_settings_has_its_three_groups_and_fields() -> None:
    """S17 S20 S21 S22 S25."""
    view = settings_blocks.form(
        BusinessSettings(channel=views.CHANNEL),
        [an_entry("VAT", percentage="20")],
        [an_entry("Visa 4242")],
        views.META,
    )
    headers = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    labels = [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]
    assert headers == ["General", "Default tax", "Publishing"]
    assert labels[1:17] == [
        "Channel",
        "Refresh schedule",
        "Refresh at",
        "Quiet",
        "Daily digest",
        "Digest channel",
        "Another organisation",
        "Changes in Zoho Books",
        "Default tax for costs",
        "Default tax for sales",
        "Possible duplicates",
        "Paid costs become",
        "Receipts that are not paid become",
        "Rounding",
        "Lock date",
        "Auto-publish all items",
    ]
    assert "Auto-publish what was paid from" in labels
    assert "Warn me when a new supplier will be created in Zoho Books" in texts(view)
    assert view["blocks"][1]["element"]["initial_options"][0]["value"] == "on"


@pytest.mark.parametrize(
    ("taxes", "exceptions", "is_offered"),
    [([an_entry("VAT")], {}, True), ([], {"cost:EUR": EntryId("t1")}, True), ([], {}, False)],
)
def test_exceptions_are_reached_where_there_may_be_some_or_some_are_left(
    taxes: list[Entry], exceptions: dict[str, EntryId], is_offered: bool
) -> None:
    """S23: one whose tax is gone can be taken out though no tax is left."""
    view = settings_blocks.form(BusinessSettings(tax_exceptions=exceptions), taxes, [], views.META)
    assert ("Exceptions by currency" in buttons(view)) is is_offered


EXPECTED_BUTTONS = {
    ItemStatus.READY: ["Publish", "Edit", "Reject"],
    ItemStatus.NEEDS_ATTENTION: ["Edit", "Reject"],
    ItemStatus.FAILED: ["Retry", "Edit", "Reject"],
    ItemStatus.PUBLISHING: [],
    ItemStatus.WAITING: [],
    ItemStatus.PUBLISHED: [],
    ItemStatus.REJECTED: ["Put back"],
    ItemStatus.IN_CLAIM: [],
}
MENDING = {
    "Refresh lists", "Reconnect", "Look at that record", "Retry payment", "Choose account", "Settings",
    "Change the rule", "It is not there",
}  # fmt: skip
"""Further buttons, by what is wrong."""
EXPECTED_WORDS = {
    ItemStatus.NEEDS_ATTENTION: "Needs attention",
    ItemStatus.FAILED: "Publishing failed",
    ItemStatus.PUBLISHING: "Publishing",
    ItemStatus.WAITING: "Held",
    ItemStatus.PUBLISHED: "Published",
    ItemStatus.REJECTED: "Rejected",
    ItemStatus.IN_CLAIM: "In an expense claim",
    ItemStatus.READY: "Ready",
}


def test_a_card_shows_its_state_and_only_the_buttons_that_state_allows() -> None:
    """S2: no Publish on an item that needs attention."""
    seen = set()
    for shown in views.every_item():
        card = items.card(shown)
        if shown.item.attachments:
            continue  # their own buttons are looked at below
        there = shown.item.published.standing if shown.item.published else None
        is_gone = there is not None and there.state.is_gone
        expected = ["Put back"] if is_gone else EXPECTED_BUTTONS[shown.status]
        assert [one for one in buttons(card) if one not in MENDING] == expected
        assert EXPECTED_WORDS[shown.status] in texts(card)
        seen.add(shown.status)
    assert seen == set(ItemStatus)


def test_a_card_names_the_layer_behind_each_value() -> None:
    """S24."""
    said = texts(items.card(views.shown(an_item(manual={Field.TAX: "t20"}))))
    assert "Category  *429 - Office Supplies* · _document_" in said
    assert "· _changed by <@UADA>_" in said


def test_a_card_says_what_the_document_is() -> None:
    dated = views.shown(an_item(due_date=dt.date(2026, 4, 2)))
    receipt = views.shown(an_item(type=DocumentType.RECEIPT, document_number=""))
    assert "Invoice NW-1001 · 3 Mar 2026, due 2 Apr 2026" in texts(items.card(dated))
    assert "Receipt without a number · 3 Mar 2026" in texts(items.card(receipt))


def test_edit_item_has_the_promised_fields() -> None:
    view = edit_item.edit_form(views.shown(an_item()), views.META)
    labels = {block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}
    assert _title(view) == ("Edit item", "Save")
    assert labels == {
        "Supplier", "Customer", "Category", "Tax", "Date", "Due date", "Document number", "Total",
        "Tax amount", "Currency", "Description", "Publish as", "Payment account", "Project", "Rule",
    }  # fmt: skip


def test_a_new_supplier_is_offered_the_closest_with_the_reason_and_both_ways() -> None:
    """S21: create, use existing (closest first), cancel."""
    item = views.shown(an_item(supplier="Brand New Supplier Co"))
    alike = [Alike(EntryId("s9"), "Brand & New Supplies Co.", 84, "same words, other order")]
    view = supplier.question(item.item.id, item.coding, alike, views.META)
    assert _title(view) == ("New supplier", "")
    assert view["close"]["text"] == "Cancel"
    assert buttons(view) == ["Create supplier and publish", "Use the chosen one"]
    assert "84% alike: same words, other order" in texts(view)
    (choice,) = [
        block for block in view["blocks"] if block.get("accessory", {}).get("type") == "radio_buttons"
    ]
    assert choice["block_id"] == supplier.FIELD
    takes_view(view)


def test_refusals_name_who_can_help_and_lack_nothing_else() -> None:
    """S5."""
    fault = NotAllowed("Only an Admin can connect accounting software.", who=("UADA", "UTOM"))
    assert (
        errors.sentence(fault)
        == "Only an Admin can connect accounting software. <@UADA> and <@UTOM> are Admins."
    )


def test_a_mention_inside_a_text_from_outside_stays_plain_words() -> None:
    fault = NotReady(("unknown tax “<@UBEN>”",))
    assert "<@UBEN>" not in errors.sentence(fault)
    first = AlreadyDone("<@UADA> published this item already, as bill <@UBEN>.")
    assert errors.sentence(first) == "<@UADA> published this item already, as bill &lt;@UBEN&gt;."


def test_what_is_missing_comes_with_edit_one_click_away() -> None:
    """S2."""
    assert buttons(errors.refusal(NotReady(("no category",)), "item1")) == ["Edit"]


def test_the_card_says_customer_project_note_and_image_of_the_document() -> None:
    """S1 C1: an e-invoice's “paid beforehand” is a note; a link shows where it leads."""
    note = "1000.00 NOK paid beforehand, 801.78 NOK left to pay."
    said = a_document(
        customer="Harbour Books", project="Refit 2026", note=note, image_url="https://dext.example/x?a=1"
    )
    whole = texts(items.card(views.shown(an_item(document=said))))
    assert "Customer  *Harbour Books* · _document_" in whole
    assert "Project  *Refit 2026* · _document_" in whole
    assert note in whole
    assert "<https://dext.example/x?a=1|Image at dext.example>" in whole


@pytest.mark.parametrize(
    "address",
    [
        "https://[oops/receipt.png",
        "http://[::1",
        "https://exa\u2100mple.com",
        f"https://x.example/{'a' * 1990}",
    ],
)
def test_what_is_no_address_of_an_image_is_no_link(address: str) -> None:
    """S1 C31: a cell of a spreadsheet may hold anything."""
    shown = views.shown(an_item(document=a_document(image_url=address)))
    takes_message(items.card(shown))
    takes_view(items.details(shown, views.META))
    assert "Image at" not in texts(items.card(shown))


def test_details_have_all_that_the_document_says() -> None:
    """S1: also what has no place on the card, and its lines as they stand there."""
    view = items.details(views.shown(an_item(document=views.everything_said("Word"))), views.META)
    whole = texts(view)
    for said in (
        "Project 2  *Word*", "Order reference  *Word*", "Corrects  *Word*", "Paid beforehand  *£100.00*",
        "Left to pay  *£44.00*", "In its own currency  *€160.00*", "Registered as  *Word*",
        "Tax number  *Word, Word, Word*", "*Note*\nWordWordWord", "50 lines on the document",
        "1. Word · 2 × 1.50 · £3.00 · Word · Word", "… and 10 lines more",
    ):  # fmt: skip
        assert said in whole, said


def test_many_at_once_come_as_one_summary() -> None:
    summary = views.messages("costs.csv")
    said = [one for one in summary if "📥" in texts(one)]
    assert len(said) == 1
    assert buttons(said[0]) == ["Publish all", "Review"]
    assert "31 ready · 7 need attention · 2 already here · 60 refused" in texts(said[0])


def test_a_card_names_its_files_and_offers_retry_for_a_refused_one_alone() -> None:
    """C14: “🟡 notes.html was not sent: …” with a Retry; a file on its way is said to be."""
    states = (FileState.SENT, FileState.WAITING, FileState.REFUSED)
    files = tuple(
        Attachment(
            f"f{n}", f"{n}.pdf", "application/pdf", 5, state=state, record="7001", says="HTML is not taken."
        )
        for n, state in enumerate(states)
    )
    fresh = items.card(views.shown(an_item(attachments=files)))
    assert "📎 0.pdf · 1.pdf · 2.pdf" in texts(fresh)
    done = an_item(attachments=files, stage=ItemStage.PUBLISHED, published=published())
    card = items.card(views.shown(done))
    assert "📎 0.pdf · 1.pdf (being sent)" in texts(card)
    assert "🟡 2.pdf was not sent: HTML is not taken." in texts(card)
    assert buttons(card) == ["Retry"]
    final = replace(done, attachments=tuple(replace(file, is_final=True) for file in files))
    assert buttons(items.card(views.shown(final))) == []


def test_an_item_says_who_added_it_or_which_key_it_came_by() -> None:
    """C14."""
    by_hand = items.card(views.shown(an_item(received_from=BY_HAND, received_by="UBEN")))
    by_key = items.card(views.shown(an_item(received_from="Zapier (item API)")))
    assert "Added by <@UBEN>" in texts(by_hand)
    assert "From Zapier (item API)" in texts(by_key)


def test_a_key_is_in_the_view_that_shows_it_and_in_no_list() -> None:
    token = "dxt_T1_b1_" + "a" * 61
    view = api_keys.made("Zapier", token, "https://bot.example/api/v1/items", views.META)
    assert token in texts(view)
    assert _title(view) == ("New API key", "")
    listed = api_keys.page(views.every_key("Zapier")[:1], views.META)
    assert "dxt_…ab12" in texts(listed)
    assert buttons(listed) == ["Withdraw"]
    assert _title(listed) == ("API keys", "Make a key")


def test_what_was_taken_for_want_of_better_stands_on_the_card() -> None:
    """DOMAIN: a missing date falls back, with a note."""
    told = texts(items.card(views.shown(an_item(date=None, document_number=""))))
    assert "The document has no date: the day it came in is taken; the document has no number" in told


def test_a_credit_says_on_the_card_what_it_corrects() -> None:
    """C20."""
    credit = an_item(type=DocumentType.CREDIT_NOTE, corrects="NW-1001")
    assert "Corrects  *NW-1001*" in texts(items.card(views.shown(credit)))
