"""Who and where, and who may do what."""

from __future__ import annotations

import pytest

from bot.domain.identity import Business, BusinessId, PersonId, WorkspaceId
from bot.domain.roles import Person, Role, role_of


def test_a_business_is_written_and_read_back_the_same() -> None:
    business = Business(WorkspaceId("T1"), BusinessId("b1"))
    assert str(business) == "T1:b1"
    assert Business.parse(str(business)) == business


@pytest.mark.parametrize("text", ["", "T1", "T1:", ":b1"])
def test_half_a_business_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a business"):
        Business.parse(text)


@pytest.mark.parametrize(
    ("is_slack_admin", "is_bot", "role"),
    [(True, False, Role.ADMIN), (False, False, Role.MEMBER), (True, True, Role.MEMBER)],
)
def test_slack_admins_are_admins_at_first(is_slack_admin: bool, is_bot: bool, role: Role) -> None:
    """S5."""
    person = Person(PersonId("U1"), "Ada", is_slack_admin=is_slack_admin, is_bot=is_bot)
    assert role_of(person) is role


def test_each_role_may_do_what_the_ones_below_may() -> None:
    """S5."""
    assert Role.MEMBER < Role.APPROVER < Role.ADMIN
    assert [role.words for role in Role] == ["a member", "an Approver", "an Admin"]
