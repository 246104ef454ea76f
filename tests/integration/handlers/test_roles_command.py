"""`/dext roles`: who is Admin and Approver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.identity import PersonId
from bot.domain.roles import Role, RoleChange, Roles
from bot.errors import FieldErrors
from bot.services.roles import RoleTable
from bot.slack.blocks import roles as role_blocks
from tests.builders import ADA, BEN
from tests.integration.handlers.fakes import a_bot
from tests.integration.handlers.jobscene import a_scene
from tests.integration.handlers.slackside import FakeRoles
from tests.unit.slack.checking import takes_view, texts


class Giving(FakeRoles):
    """`RoleService` that can be told who is what."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.saved: list[Roles] = []
        self.fault = fault

    slow, silent = False, False

    async def table(self, _: object, *, patient: bool = False) -> RoleTable:
        return RoleTable(Roles((ADA,), (BEN,)), (ADA,), (patient or not self.slow) and not self.silent)

    async def save(self, _: object, __: str, new: Roles) -> Sequence[RoleChange]:
        if self.fault:
            raise self.fault
        self.saved.append(new)
        return [RoleChange(BEN, Role.MEMBER, Role.APPROVER)]


def chosen(**people: list[str]) -> dict[str, Any]:
    elements = {
        name: {"value": {"type": "multi_users_select", "selected_users": ids}} for name, ids in people.items()
    }
    return {"values": elements}


async def test_roles_are_chosen_from_the_people_of_the_workspace() -> None:
    """S5"""
    bot = a_bot(roles=Giving())
    await bot.runs("roles")
    form = bot.slack.of("open")[0].what
    takes_view(form)
    assert form["title"]["text"] == "Roles"
    labels = {
        block["label"]["text"]: block["element"] for block in form["blocks"] if block["type"] == "input"
    }
    assert labels["Admins"]["initial_users"] == [ADA]
    assert labels["Approvers"]["initial_users"] == [BEN]
    assert "Owners of this Slack workspace always remain Admins: <@UADA>" in texts(form)


async def test_a_large_workspace_is_waited_for_in_an_open_window() -> None:
    """S5: half of Slack's admins in the form would take the role from the other half."""
    roles = Giving()
    roles.slow = True
    bot = a_bot(roles=roles)
    await bot.runs("roles")
    assert "Asking Slack who its admins are" in texts(bot.slack.of("open")[0].what)
    assert "Admins" in texts(bot.slack.of("turn")[0].what)
    roles.silent = True
    await bot.runs("roles")
    assert "Slack does not say who its admins are" in texts(bot.slack.of("turn")[1].what)


async def test_roles_that_are_saved_are_said() -> None:
    """S5"""
    roles = Giving()
    bot = a_bot(roles=roles)
    await bot.submits(role_blocks.SAVE, state=chosen(admins=["UADA"], approvers=["UBEN", "UEVE"]))
    assert roles.saved == [Roles((ADA,), (BEN, PersonId("UEVE")))]
    assert "<@UBEN> is an Approver now (was a member)" in bot.slack.of("whisper")[0].text


async def test_a_fault_is_told_under_its_field() -> None:
    fault = FieldErrors({"admins": "At least one Admin is needed."})
    bot = a_bot(roles=Giving(fault))
    answer = await bot.submits(
        role_blocks.SAVE,
        state=chosen(admins=[], approvers=[]),
        blocks=[{"type": "input", "block_id": "admins"}, {"type": "input", "block_id": "approvers"}],
    )
    assert answer.json() == {"response_action": "errors", "errors": fault.fields}


async def test_whose_role_changed_hears_it_privately() -> None:
    """S5"""
    scene = a_scene()
    await scene.runs("role_changed", BEN, ADA, "MEMBER", "APPROVER")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("direct", BEN)
    assert (
        told.what["text"]
        == "<@UADA> made you an Approver in Dext. You can publish, reject and put back items."
    )
