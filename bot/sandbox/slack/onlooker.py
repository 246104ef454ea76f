"""What a person in front of a screen can see, and waiting for it to be there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.sandbox.slack import stacks
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.finding import Ambiguous, NotVisible, find
from bot.sandbox.slack.models import Channel, Json, View
from bot.sandbox.slack.surfaces import Surface, before, closing_label, shown_value
from bot.sandbox.slack.text import links, squeezed, text_of
from bot.sandbox.slack.values import has_value
from bot.sandbox.slack.workspace import Workspace

_T = TypeVar("_T")
BUTTONS = ("button", "workflow_button")


class Stage(Protocol):
    """Where a person lives: a workspace and the way to the bot (`SlackServer`, or the control API's)."""

    workspace: Workspace
    delivery: Delivery


@dataclass
class Question:
    """A confirmation dialog in front of a person, and what happens on yes."""

    confirm: Json
    act: Callable[[], Awaitable[str | None]]


class Onlooker:
    """The eyes of a `Person`: looks, reads, waits, and touches nothing."""

    def __init__(self, stage: Stage, name: str, *, channel: str = "#finance", patience: float = 5.0) -> None:
        self.workspace = stage.workspace
        self.delivery = stage.delivery
        self.member = self.workspace.person(name)
        self.patience = patience
        self._home = False
        self._question: Question | None = None
        self._channel = self._place(channel)

    # --- seeing ----------------------------------------------------------------------------------------

    async def sees(self, text: str, *, within_seconds: float | None = None) -> None:
        """Wait until the text can be read somewhere on the screen. Marks like * and links' brackets are
        not part of what is read; line breaks count as spaces.
        """
        await self._until(lambda: self._must(text in self, f"“{text}”"), within_seconds)

    async def does_not_see(self, text: str) -> None:
        """The text cannot be read now."""
        if text in self:
            raise NotVisible(f"{self.member.name} sees “{text}”:\n{self.screen()}")

    async def no_longer_sees(self, text: str, *, within_seconds: float | None = None) -> None:
        """Wait until the text is gone."""
        await self._until(lambda: self._must(text not in self, f"the end of “{text}”"), within_seconds)

    async def sees_modal(self, title: str, *, within_seconds: float | None = None) -> None:
        """Wait until the modal in front has this title."""

        def look() -> bool:
            view = self._modal()
            return self._must(view.text_of("title") == title, f"a modal “{title}”")

        await self._until(look, within_seconds)

    async def sees_no_modal(self, *, within_seconds: float | None = None) -> None:
        """Wait until no modal is open."""
        await self._until(
            lambda: self._must(not self.workspace.stacks.get(self.member.id), "the end of the modal"),
            within_seconds,
        )

    def __contains__(self, text: str) -> bool:
        return squeezed(text) in squeezed(self.screen())

    def screen(self) -> str:
        """Everything the person can see, top modal first, as text."""
        shown = [surface.text() for surface in self._surfaces()]
        if self._question is not None:
            confirm = self._question.confirm
            read = [text_of(self.workspace, confirm.get(key)) for key in ("title", "text")]
            shown.insert(0, "\n".join([*read, " ".join(f"[{one}]" for one in self._yes_and_no())]))
        return "\n\n".join(shown) or "(nothing)"

    def buttons(self) -> list[str]:
        """Labels of everything one could press, in the order of looking."""
        labels = []
        for surface in self._surfaces():
            elements = [element for _, _, element in surface.elements() if element["type"] in BUTTONS]
            labels += [text_of(self.workspace, element["text"]) for element in elements]
            if isinstance(surface.place, View) and surface.is_modal:
                labels += [closing_label(surface.place), surface.place.text_of("submit")]
        return [label for label in labels if label]

    def value(self, field: str) -> str | None:
        """What stands in a field now; None when it is empty. NotVisible when there is no such field."""
        found = find(self._surfaces(), field, has_value, beside=True)
        if found is None:
            raise self._not_visible(f"a field “{field}”")
        return shown_value(found.surface, found.element, found.value) or None

    async def follows(self, link: str) -> str:
        """The address of a link in a text, by the words it shows."""

        def look() -> str:
            for surface in self._surfaces():
                address = _links_in(surface.blocks).get(link)
                if address:
                    return address
            raise self._not_visible(f"a link “{link}”")

        return await self._until(look)

    # --- inside ---------------------------------------------------------------------------------------

    def _place(self, name: str) -> Channel:
        return self.workspace.direct(self.member.id) if name == "dm" else self.workspace.channel(name)

    def _surfaces(self) -> list[Surface]:
        return before(self.workspace, self.member.id, self._channel.id, home=self._home)

    def _modal(self) -> View:
        view = stacks.top(self.workspace, self.member.id)
        if view is None:
            raise self._not_visible("a modal")
        return view

    def _yes_and_no(self) -> tuple[str, str]:
        confirm = self._question.confirm if self._question else {}
        yes, no = (text_of(self.workspace, confirm.get(key)) for key in ("confirm", "deny"))
        return yes or "Confirm", no or "Cancel"

    def _must(self, holds: bool, what: str) -> bool:
        if not holds:
            raise self._not_visible(what)
        return True

    def _not_visible(self, what: str) -> NotVisible:
        return NotVisible(f"{self.member.name} does not see {what}. On the screen:\n{self.screen()}")

    async def _until(self, look: Callable[[], _T], seconds: float | None = None) -> _T:
        """Look again after every change until it is there or the time is up."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + (self.patience if seconds is None else seconds)
        while True:
            version = self.workspace.version
            try:
                return look()
            except Ambiguous:
                raise
            except NotVisible:
                if not await self.workspace.changed(version, deadline - clock()):
                    raise


def _links_in(value: object) -> dict[str, str]:
    found: dict[str, str] = {}
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn" and isinstance(value.get("text"), str):
            found |= links(value["text"])
        for inner in value.values():
            found |= _links_in(inner)
    elif isinstance(value, list):
        for inner in value:
            found |= _links_in(inner)
    return found
