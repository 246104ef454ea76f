"""Who has which role: Slack's word until `/dext roles` says otherwise, and what can never be a role."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.identity import PersonId
from bot.domain.roles import Person, Role, RoleChange, Roles, changes, role_of

ADA, BEN = PersonId("UADA"), PersonId("UBEN")
OWNER = Person(ADA, "Ada", is_slack_admin=True, is_slack_owner=True)
SLACK_ADMIN = Person(ADA, "Ada", is_slack_admin=True)
PLAIN = Person(ADA, "Ada")


@pytest.mark.parametrize(
    ("person", "roles", "role"),
    [
        (OWNER, None, Role.ADMIN),
        (SLACK_ADMIN, None, Role.ADMIN),
        (PLAIN, None, Role.MEMBER),
        (OWNER, Roles((BEN,)), Role.ADMIN),
        (SLACK_ADMIN, Roles((BEN,)), Role.MEMBER),
        (SLACK_ADMIN, Roles((BEN,), (ADA,)), Role.APPROVER),
        (PLAIN, Roles((ADA,)), Role.ADMIN),
        (PLAIN, Roles((BEN,), (ADA,)), Role.APPROVER),
        (PLAIN, Roles((ADA,), (ADA,)), Role.ADMIN),
    ],
)
def test_a_role_is_what_was_said_else_what_slack_says(
    person: Person, roles: Roles | None, role: Role
) -> None:
    """S5"""
    assert role_of(person, roles) is role


people = st.builds(
    Person,
    id=st.sampled_from([ADA, BEN]),
    name=st.just("A"),
    is_slack_admin=st.booleans(),
    is_bot=st.booleans(),
    is_slack_owner=st.booleans(),
    is_active=st.booleans(),
)
ids = st.lists(st.sampled_from([ADA, BEN]), max_size=2).map(tuple)
said = st.none() | st.builds(Roles, admins=ids, approvers=ids)


@given(people, said)
def test_bots_and_people_who_are_gone_have_no_role_whatever_was_said(
    person: Person, roles: Roles | None
) -> None:
    """S5"""
    assert role_of(replace(person, is_bot=True), roles) is Role.MEMBER
    assert role_of(replace(person, is_active=False), roles) is Role.MEMBER


@given(people, said)
def test_an_owner_is_always_an_admin(person: Person, roles: Roles | None) -> None:
    """S5: so there is always one."""
    owner = replace(person, is_slack_owner=True, is_bot=False, is_active=True)
    assert role_of(owner, roles) is Role.ADMIN


def test_a_change_names_those_whose_role_is_another_one_now() -> None:
    ben = Person(BEN, "Ben")
    found = changes([SLACK_ADMIN, ben], None, Roles((BEN,), (ADA,)))
    assert found == (
        RoleChange(ADA, Role.ADMIN, Role.APPROVER),
        RoleChange(BEN, Role.MEMBER, Role.ADMIN),
    )
    assert changes([OWNER], None, Roles((BEN,))) == ()
