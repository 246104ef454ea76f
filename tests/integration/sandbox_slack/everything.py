"""A view with one of nearly everything, for tests that want to miss nothing."""

from __future__ import annotations

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

CONFIRM = {"title": plain("a"), "text": plain("b"), "confirm": plain("c"), "deny": plain("d")}
GROUPS = [{"label": plain("g"), "options": [option("a"), option("b")]}]
EVERYTHING = modal(
    "Everything",
    {"type": "header", "text": plain("h")},
    section(
        "s",
        fields=[plain("f")],
        accessory=button("b", confirm=CONFIRM, style="primary", url="https://x.test"),
    ),
    section(
        "o",
        accessory={
            "type": "overflow",
            "action_id": "o",
            "options": [{**option("x"), "url": "https://x.test"}],
        },
    ),
    actions(
        {"type": "static_select", "action_id": "g", "option_groups": GROUPS, "initial_option": option("a")},
        {
            "type": "multi_external_select",
            "action_id": "m",
            "initial_options": [option("a")],
            "max_selected_items": 2,
        },
        {"type": "users_select", "action_id": "u", "initial_user": "U1"},
        {"type": "multi_conversations_select", "action_id": "c", "filter": {"include": ["im"]}},
        {"type": "datepicker", "action_id": "d", "initial_date": "2026-10-05"},
        {"type": "timepicker", "action_id": "t", "initial_time": "14:02"},
        {"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1760000000},
    ),
    {
        "type": "context",
        "elements": [plain("c"), {"type": "image", "image_url": "https://x.test", "alt_text": "i"}],
    },
    {"type": "divider"},
    {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "i", "title": plain("t")},
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "r"}]}],
    },
    field("Text", text_input(multiline=True, min_length=1, max_length=5, initial_value="abc")),
    field("Number", {"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "min_value": "1"}),
    field(
        "Boxes",
        {"type": "checkboxes", "action_id": "b", "options": [option("a")], "initial_options": [option("a")]},
    ),
    field("Radio", {"type": "radio_buttons", "action_id": "r", "options": [option("a")]}),
    field("File", {"type": "file_input", "action_id": "f", "filetypes": ["csv"], "max_files": 2}),
    field("Rich", {"type": "rich_text_input", "action_id": "rt"}),
)
"""A view with one of nearly everything."""
