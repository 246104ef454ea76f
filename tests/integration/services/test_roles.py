"""Roles as `/dext roles` gives them: who is refused, who is told of a change, what is logged."""

from __future__ import annotations

import pytest

from bot.domain.identity import PersonId
from bot.domain.roles import Role, Roles
from bot.errors import FieldErrors, NotAllowed
from bot.services.roles import RoleService
from storage.store import RedisStorage
from tests.builders import ADA, BEN
from tests.fakes import FakeJobs, FakePeople
from tests.integration.services.publishing import OF
from tests.redis_fixtures import Clock

EVE, TOM = PersonId("UEVE"), PersonId("UTOM")


@pytest.fixture
def people() -> FakePeople:
    return FakePeople(admin_ids={ADA, TOM}, owner_ids={ADA})


@pytest.fixture
def jobs() -> FakeJobs:
    return FakeJobs()


@pytest.fixture
def roles(storage: RedisStorage, clock: Clock, people: FakePeople, jobs: FakeJobs) -> RoleService:
    return RoleService(people, storage, clock, jobs)


async def test_until_it_was_said_slacks_admins_are_admins(roles: RoleService) -> None:
    """S5"""
    assert [await roles.role(OF, one) for one in (ADA, TOM, BEN)] == [Role.ADMIN, Role.ADMIN, Role.MEMBER]
    table = await roles.table(OF)
    assert (set(table.roles.admins), table.roles.approvers, table.owners) == ({ADA, TOM}, (), (ADA,))


async def test_what_was_said_counts_at_the_next_click(roles: RoleService) -> None:
    """S5: Tom is a Slack admin and no Admin here any more; Ben may publish."""
    await roles.save(OF, ADA, Roles((ADA,), (BEN,)))
    assert [await roles.role(OF, one) for one in (ADA, TOM, BEN)] == [
        Role.ADMIN,
        Role.MEMBER,
        Role.APPROVER,
    ]
    await roles.require(OF, BEN, Role.APPROVER, "publish items")
    with pytest.raises(NotAllowed, match="Only an Admin can change roles"):
        await roles.require(OF, BEN, Role.ADMIN, "change roles")


async def test_a_refusal_names_the_role_and_who_has_it_and_is_logged(
    roles: RoleService, storage: RedisStorage
) -> None:
    """S5: for an Approver's act the Approvers first."""
    await roles.save(OF, ADA, Roles((ADA,), (BEN,)))
    with pytest.raises(NotAllowed) as refused:
        await roles.require(OF, EVE, Role.APPROVER, "publish items")
    assert (refused.value.role, refused.value.who) == ("Approver", (BEN, ADA))
    (entry, *_) = await storage.of(OF).log.latest(1)
    assert (entry.what, entry.who, entry.about, entry.before, entry.after) == (
        "refused.role",
        EVE,
        "publish items",
        "MEMBER",
        "APPROVER",
    )


async def test_whose_role_changed_is_told_once_and_who_did_it_is_not(
    roles: RoleService, jobs: FakeJobs
) -> None:
    """S5"""
    await roles.save(OF, ADA, Roles((ADA, TOM), (BEN,)))
    assert jobs.named("role_changed") == [(str(OF), BEN, ADA, "MEMBER", "APPROVER")]
    jobs.queue.clear()
    await roles.save(OF, TOM, Roles((ADA,), (BEN,)))
    assert jobs.named("role_changed") == []
    await roles.save(OF, ADA, Roles((ADA,), (BEN,)))
    assert jobs.named("role_changed") == []
    await roles.save(OF, ADA, Roles((ADA,)))
    assert jobs.named("role_changed") == [(str(OF), BEN, ADA, "APPROVER", "MEMBER")]


async def test_a_change_stands_in_the_log_with_before_and_after(
    roles: RoleService, storage: RedisStorage
) -> None:
    """S5 C12"""
    await roles.save(OF, ADA, Roles((ADA, TOM), (BEN,)))
    await roles.save(OF, ADA, Roles((ADA, TOM), (EVE,)))
    said = [(one.what, one.about, one.before, one.after) for one in await storage.of(OF).log.latest(9)]
    assert said == [
        ("roles.changed", "Approvers", BEN, EVE),
        ("roles.changed", "Approvers", "", BEN),
    ]


async def test_no_admin_at_all_is_refused(roles: RoleService) -> None:
    with pytest.raises(FieldErrors) as fault:
        await roles.save(OF, ADA, Roles((), (BEN,)))
    assert fault.value.fields == {"admins": "At least one Admin is needed."}
    assert await roles.role(OF, TOM) is Role.ADMIN


@pytest.mark.parametrize("what", ["bot_ids", "gone_ids"])
async def test_a_bot_or_somebody_who_is_gone_is_given_no_role(
    roles: RoleService, people: FakePeople, what: str
) -> None:
    """S5"""
    setattr(people, what, {BEN})
    with pytest.raises(FieldErrors) as fault:
        await roles.save(OF, ADA, Roles((ADA,), (BEN,)))
    assert "cannot have a role" in fault.value.fields["approvers"]


async def test_somebody_who_leaves_loses_the_role_and_is_not_named(
    roles: RoleService, people: FakePeople
) -> None:
    """S5"""
    await roles.save(OF, ADA, Roles((ADA, TOM), (BEN,)))
    people.gone_ids = {TOM, BEN}
    assert [await roles.role(OF, one) for one in (TOM, BEN)] == [Role.MEMBER, Role.MEMBER]
    assert list(await roles.holders(OF, Role.APPROVER)) == [ADA]
    assert list(await roles.admins(OF)) == [ADA]


async def test_an_owner_remains_an_admin_whatever_was_said(roles: RoleService) -> None:
    """S5"""
    await roles.save(OF, TOM, Roles((TOM,)))
    assert await roles.role(OF, ADA) is Role.ADMIN
    assert list(await roles.admins(OF)) == [ADA, TOM]


async def test_of_two_who_save_at_once_the_log_tells_both(roles: RoleService, storage: RedisStorage) -> None:
    await roles.save(OF, ADA, Roles((ADA, BEN)))
    await roles.save(OF, TOM, Roles((ADA, EVE)))
    assert await storage.of(OF).roles.read() == Roles((ADA, EVE))
    assert (await storage.of(OF).log.verify()).words == "2 entries, chain unbroken"


async def test_slacks_admins_are_whole_or_said_not_to_be(roles: RoleService, people: FakePeople) -> None:
    """S5: a form with half of them would take the role from the other half."""
    people.takes_seconds = 5.0
    assert not (await roles.table(OF)).is_whole
    assert (await roles.table(OF, patient=True)).is_whole
    people.takes_seconds = 60.0
    assert not (await roles.table(OF, patient=True)).is_whole
    people.takes_seconds = 0.0
    await roles.save(OF, ADA, Roles((ADA,)))
    people.takes_seconds = 60.0
    assert (await roles.table(OF)).is_whole
