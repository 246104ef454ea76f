"""The kit: one name belongs to one feature; a view's fields and ids are read back by name."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.roles import Role
from handlers.commands import FEATURES
from handlers.kit import Answer, Entry, Feature, Table, field_values, metadata


def test_two_features_may_not_claim_one_name() -> None:
    entries: dict[str, Any] = {"a.b": Entry(Role.MEMBER)}
    for kind in ("actions", "submissions", "closings", "options"):
        claims: dict[str, Any] = {kind: entries}
        twice = [Feature("one", **claims), Feature("two", **claims)]
        with pytest.raises(ValueError, match=r"two features claim a\.b"):
            Table.of(twice)


def test_two_features_may_not_have_one_command() -> None:
    with pytest.raises(ValueError, match="two features are called one"):
        Table.of([Feature("one"), Feature("one")])


def test_the_features_of_the_bot_do_not_clash() -> None:
    assert set(Table.of(FEATURES).features) >= {"help", "connect", "refresh", "settings", "items", "import"}


def test_every_feature_has_a_summary_for_help() -> None:
    assert [feature.name for feature in FEATURES if not feature.summary] == []


def test_the_fields_of_a_view_are_read_by_name() -> None:
    values = {
        "supplier": {"pick.supplier": {"type": "external_select", "selected_option": {"value": "s1"}}},
        "total": {"value": {"type": "plain_text_input", "value": "12.50"}},
        "due_date": {"value": {"type": "datepicker", "selected_date": "2026-10-05"}},
        "channel": {"value": {"type": "conversations_select", "selected_conversation": "C1"}},
        "warn": {"value": {"type": "checkboxes", "selected_options": [{"value": "on"}, {"value": "two"}]}},
        "files": {"value": {"type": "file_input", "files": [{"id": "F1"}, {"id": "F2"}]}},
        "tax": {"pick.tax": {"type": "external_select", "selected_option": None}},
        "note": {"value": {"type": "plain_text_input", "value": None}},
    }
    assert field_values({"state": {"values": values}}) == {
        "supplier": "s1", "total": "12.50", "due_date": "2026-10-05", "channel": "C1", "warn": "on,two",
        "files": "F1,F2", "tax": None, "note": None,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "not json", "[1]", "null", "3"])
def test_metadata_that_is_not_ours_is_nothing(text: str) -> None:
    assert metadata({"private_metadata": text}) == {}


def test_an_answer_is_what_slack_takes() -> None:
    view = {"type": "modal"}
    assert Answer().as_submission() == {}
    assert Answer(errors={"total": "No."}).as_submission() == {
        "response_action": "errors",
        "errors": {"total": "No."},
    }
    assert Answer(update=view).as_submission() == {"response_action": "update", "view": view}
    assert Answer(clear=True).as_submission() == {"response_action": "clear"}
