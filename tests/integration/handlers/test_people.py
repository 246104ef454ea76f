"""Who somebody is: asked of the simulated Slack, remembered, and never more than Slack says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.identity import PersonId, WorkspaceId
from bot.domain.roles import Person
from bot.errors import NotAllowed
from bot.sandbox.slack import SlackServer, Workspace, sample_workspace
from bot.slack import people as people_module
from bot.slack.people import SlackPeople


@dataclass
class Remembered:
    """`PeopleCache` in memory."""

    known: dict[str, Person] = field(default_factory=dict)

    async def get(self, workspace: WorkspaceId, person: PersonId) -> Person | None:
        return self.known.get(person)

    async def put(self, workspace: WorkspaceId, person: Person) -> None:
        self.known[person.id] = person


@dataclass
class Scene:
    workspace: Workspace
    people: SlackPeople
    cache: Remembered

    @property
    def team(self) -> WorkspaceId:
        return WorkspaceId(self.workspace.team_id)

    def id(self, name: str) -> PersonId:
        return PersonId(next(one.id for one in self.workspace.members.values() if one.name == name))

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.workspace.journal.calls)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    workspace = sample_workspace()
    async with SlackServer(workspace, bot_url="http://127.0.0.1:9") as server:
        web = AsyncWebClient(workspace.bot_token, base_url=server.base_url, retry_handlers=[])
        cache = Remembered()
        yield Scene(workspace, SlackPeople(lambda _: web, cache), cache)


async def test_owners_and_admins_of_the_workspace_are_known_as_such(scene: Scene) -> None:
    """S5."""
    found = [await scene.people.person(scene.team, scene.id(name)) for name in ("ada", "tom", "ben")]
    assert [person.is_slack_admin for person in found] == [True, True, False]


async def test_a_person_is_asked_for_once_unless_it_must_be_fresh(scene: Scene) -> None:
    for _ in range(3):
        await scene.people.person(scene.team, scene.id("ada"))
    assert scene.calls("users.info") == 1
    await scene.people.person(scene.team, scene.id("ada"), fresh=True)
    assert scene.calls("users.info") == 2


async def test_when_slack_fails_what_is_remembered_holds(scene: Scene) -> None:
    await scene.people.person(scene.team, scene.id("ada"))
    scene.workspace.fail_next("users.info", "fatal_error", times=1)
    assert (await scene.people.person(scene.team, scene.id("ada"), fresh=True)).is_slack_admin


async def test_somebody_slack_says_nothing_of_may_do_nothing(scene: Scene) -> None:
    with pytest.raises(NotAllowed, match="Slack does not say who you are"):
        await scene.people.person(scene.team, PersonId("UNOBODY"))


async def test_an_admin_of_another_workspace_is_an_admin_of_nothing_here(scene: Scene) -> None:
    """A shared channel holds people of other workspaces; so may an id of one."""
    person = await scene.people.person(WorkspaceId("TOTHER"), scene.id("ada"))
    assert not person.is_slack_admin


async def test_who_can_help_is_listed_once_for_a_while(scene: Scene) -> None:
    for _ in range(3):
        admins = await scene.people.admins(scene.team)
    assert {admin.id for admin in admins} == {scene.id("ada"), scene.id("tom")}
    assert scene.calls("users.list") == 1


async def test_of_a_large_workspace_some_can_help_before_all_are_named(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S5: who is asked to help need not wait for the last page; who gives roles must."""
    monkeypatch.setattr(people_module, "PAGE", 2)
    pages = 0
    listed = scene.people.web(scene.team).users_list

    async def slow_after_the_first(**arguments: Any) -> Any:
        nonlocal pages
        pages += 1
        if pages > 1:
            await asyncio.sleep(5)
        return await listed(**arguments)

    class Web:
        users_list = staticmethod(slow_after_the_first)

    people = SlackPeople(lambda _: cast(AsyncWebClient, Web()), scene.cache)
    monkeypatch.setattr(people_module, "FRESH_SECONDS", 0.3)
    assert await people.every_admin(scene.team, 0.3) is None
    pages = 0
    assert {admin.id for admin in await people.admins(scene.team)} == {scene.id("ada")}
    assert {one.id for one in await scene.people.every_admin(scene.team, 5) or ()} == {
        scene.id("ada"),
        scene.id("tom"),
    }


async def test_when_slack_fails_nobody_is_named_and_the_next_time_asks_again(scene: Scene) -> None:
    scene.workspace.fail_next("users.list", "fatal_error", times=1)
    assert list(await scene.people.admins(scene.team)) == []
    assert len(await scene.people.admins(scene.team)) == 2


async def test_the_workspace_is_asked_who_it_is_once(scene: Scene) -> None:
    found = {await scene.people.workspace(scene.team) for _ in range(2)}
    assert [(one.name, one.address) for one in found] == [("Held Out", scene.workspace.root_url)]
    assert scene.calls("auth.test") == 1
