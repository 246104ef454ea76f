"""Every documented size is refused one above it and accepted at it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.blocks import checked_blocks, checked_view
from bot.sandbox.slack.models import SlackRefusal
from tests.integration.sandbox_slack.fake_bot import (
    actions,
    button,
    field,
    modal,
    option,
    plain,
    section,
    text_input,
)


def confirm(**more: Any) -> dict[str, Any]:
    return {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), **more}


def select(count: int = 1, **more: Any) -> dict[str, Any]:
    options = [option(f"o{number}") for number in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": options, **more}


def choices(kind: str, count: int) -> dict[str, Any]:
    return {**select(count), "type": kind}


def grouped(count: int) -> dict[str, Any]:
    groups = [{"label": plain(f"g{one}"), "options": [option("a")]} for one in range(count)]
    return {"type": "static_select", "action_id": "pick", "option_groups": groups}


SIZES: list[tuple[str, int, Any]] = [
    ("section text", 3000, lambda n: section("x" * n)),
    ("section field", 2000, lambda n: {"type": "section", "fields": [plain("x" * n)]}),
    ("section fields", 10, lambda n: {"type": "section", "fields": [plain("x")] * n}),
    ("header", 150, lambda n: {"type": "header", "text": plain("x" * n)}),
    ("context element", 2000, lambda n: {"type": "context", "elements": [plain("x" * n)]}),
    ("context elements", 10, lambda n: {"type": "context", "elements": [plain("x")] * n}),
    ("actions elements", 25, lambda n: actions(*[button("x", f"a{one}") for one in range(n)])),
    ("button text", 75, lambda n: actions(button("x" * n))),
    ("button value", 2000, lambda n: actions(button("x", value="v" * n))),
    ("button url", 3000, lambda n: actions(button("x", url="https:" + "u" * (n - 6)))),
    ("option text", 75, lambda n: actions(select(options=[option("x" * n, "v")]))),
    ("option value", 150, lambda n: actions(select(options=[option("x", "v" * n)]))),
    (
        "option description",
        75,
        lambda n: actions(select(options=[{**option("x"), "description": plain("d" * n)}])),
    ),
    ("select options", 100, lambda n: actions(select(n))),
    ("select groups", 100, lambda n: actions(grouped(n))),
    ("radio options", 10, lambda n: actions(choices("radio_buttons", n))),
    ("checkbox options", 10, lambda n: actions(choices("checkboxes", n))),
    ("overflow options", 5, lambda n: section("x", accessory=choices("overflow", n))),
    ("placeholder", 150, lambda n: actions(select(placeholder=plain("x" * n)))),
    ("confirm title", 100, lambda n: actions(button("x", confirm=confirm(title=plain("x" * n))))),
    ("confirm text", 300, lambda n: actions(button("x", confirm=confirm(text=plain("x" * n))))),
    ("confirm button", 30, lambda n: actions(button("x", confirm=confirm(confirm=plain("x" * n))))),
    ("action id", 255, lambda n: actions(button("x", "a" * n))),
    ("block id", 255, lambda n: section("x", block_id="b" * n)),
]


@pytest.mark.parametrize(("what", "most", "build"), SIZES, ids=[one[0] for one in SIZES])
def test_a_size_is_accepted_and_one_more_is_refused(what: str, most: int, build: Any) -> None:
    checked_blocks([build(most)], "message")
    with pytest.raises(SlackRefusal) as refused:
        checked_blocks([build(most + 1)], "message")
    assert refused.value.error == "invalid_blocks"
    assert refused.value.messages, what


VIEW_SIZES: list[tuple[str, int, Any]] = [
    ("title", 24, lambda n: modal("x" * n)),
    ("submit", 24, lambda n: modal("x", submit="x" * n)),
    ("close", 24, lambda n: modal("x", close=plain("x" * n))),
    ("private metadata", 3000, lambda n: modal("x", private_metadata="x" * n)),
    ("callback id", 255, lambda n: modal("x", callback_id="x" * n)),
    ("blocks", 100, lambda n: modal("x", *[section("x")] * n)),
    ("label", 2000, lambda n: modal("x", field("f", text_input()) | {"label": plain("x" * n)})),
    ("hint", 2000, lambda n: modal("x", field("f", text_input(), hint=plain("x" * n)))),
]


@pytest.mark.parametrize(("what", "most", "build"), VIEW_SIZES, ids=[one[0] for one in VIEW_SIZES])
def test_a_size_of_a_view_is_accepted_and_one_more_is_refused(what: str, most: int, build: Any) -> None:
    checked_view(build(most), "modal")
    with pytest.raises(SlackRefusal) as refused:
        checked_view(build(most + 1), "modal")
    assert refused.value.error == "invalid_arguments", what


def test_a_message_has_fifty_blocks_at_most() -> None:
    checked_blocks([section("x")] * 50, "message")
    with pytest.raises(SlackRefusal, match="no more than 50"):
        checked_blocks([section("x")] * 51, "message")


FAULTS: list[tuple[str, Any]] = [
    ("an unknown block", {"type": "carousel"}),
    ("an unknown element", actions({"type": "slider", "action_id": "a"})),
    ("an unknown field of a block", section("x", colour="red")),
    ("an unknown field of an element", actions(button("x", disabled=True))),
    ("a section without text", {"type": "section"}),
    ("an empty text", section("")),
    ("a header in mrkdwn", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
    ("a button's text in mrkdwn", actions(button("x") | {"text": {"type": "mrkdwn", "text": "x"}})),
    ("an unknown style", actions(button("x", style="default"))),
    ("an input in a message", field("F", text_input())),
    ("a text input in actions", actions(text_input())),
    ("a button in context", {"type": "context", "elements": [button("x")]}),
    ("the same action id twice in a block", actions(button("a"), button("b"))),
    ("a select without options", actions({"type": "static_select", "action_id": "a"})),
    ("an empty list of options", actions(select(options=[]))),
    ("the same option value twice", actions(select(options=[option("a"), option("b", "a")]))),
    ("an initial option that is not offered", actions(select(initial_option=option("other")))),
    ("an impossible date", actions({"type": "datepicker", "action_id": "a", "initial_date": "2026-13-01"})),
    ("a confirm without text", actions(button("x", confirm={"title": plain("x")}))),
    ("an image without alternative text", {"type": "image", "image_url": "https://x.test/a.png"}),
    (
        "a negative query length",
        actions({"type": "external_select", "action_id": "a", "min_query_length": -1}),
    ),
]


@pytest.mark.parametrize(("what", "block"), FAULTS, ids=[one[0] for one in FAULTS])
def test_a_faulty_block_is_refused(what: str, block: dict[str, Any]) -> None:
    with pytest.raises(SlackRefusal) as refused:
        checked_blocks([block], "message")
    assert refused.value.error == "invalid_blocks", what


VIEW_FAULTS: list[tuple[str, Any]] = [
    ("no title", {"type": "modal", "blocks": [section("x")]}),
    ("an input without a submit", modal("x", field("F", text_input()), submit="")),
    ("the same block id twice", modal("x", section("a", block_id="b"), section("c", block_id="b"))),
    ("two elements in focus", modal("x", *[field(one, text_input(focus_on_load=True)) for one in "ab"])),
    ("a file input that takes eleven", modal("x", field("F", {"type": "file_input", "max_files": 11}))),
    ("an unknown field", modal("x", size="large")),
    ("a home's type", {"type": "home", "blocks": []}),
    ("blocks that are no list", {"type": "modal", "title": plain("x"), "blocks": "none"}),
]


@pytest.mark.parametrize(("what", "view"), VIEW_FAULTS, ids=[one[0] for one in VIEW_FAULTS])
def test_a_faulty_view_is_refused(what: str, view: dict[str, Any]) -> None:
    with pytest.raises(SlackRefusal) as refused:
        checked_view(view, "modal")
    assert refused.value.error == "invalid_arguments", what


def test_file_inputs_belong_in_modals_only() -> None:
    block = field("File", {"type": "file_input", "action_id": "file"})
    checked_view(modal("x", block), "modal")
    with pytest.raises(SlackRefusal, match="only allowed in modals"):
        checked_view({"type": "home", "blocks": [block]}, "home")


def test_blocks_and_elements_without_an_id_get_one() -> None:
    kept = checked_blocks([actions({"type": "button", "text": plain("x")})], "message")
    assert kept[0]["block_id"]
    assert kept[0]["elements"][0]["action_id"]
