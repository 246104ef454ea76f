"""A scripted person: acts only on what can be seen in Slack, and says what is there when it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.sandbox.slack import hands, stacks
from bot.sandbox.slack.finding import Found, NotVisible, find, pick_text
from bot.sandbox.slack.models import Json, Message, Shortcut
from bot.sandbox.slack.onlooker import BUTTONS, Onlooker, Question
from bot.sandbox.slack.surfaces import closing_label
from bot.sandbox.slack.text import text_of
from bot.sandbox.slack.values import has_value


class Person(Onlooker):
    """One member in front of a screen.

    Verbs wait up to `patience` seconds for what they need to be visible, then raise `NotVisible` with the
    screen in it. They look at the top modal first, then Home when it is open, then at the newest message or
    private line of the channel the person is in and of the direct messages with the bot. Acting verbs return
    once the bot has acknowledged, or Slack's three seconds are over.
    """

    # --- where -----------------------------------------------------------------------------------------

    def goes_to(self, place: str) -> None:
        """Look at another channel (`#general`), or at the direct messages with the bot (`dm`)."""
        self._channel = self._place(place)
        self._home = False

    async def opens_home(self) -> None:
        """Open the app's Home; the bot is told and usually publishes it anew."""
        self._home = True
        await self.delivery.home_opened(self.member)

    # --- saying ----------------------------------------------------------------------------------------

    async def runs(self, line: str, *, in_channel: str | None = None) -> None:
        """Say a slash command where the person is, or in another channel (`dm` for the bot's)."""
        self._must_be_free()
        if in_channel is not None:
            self.goes_to(in_channel)
        self._home = False
        await self.delivery.command(self.member, self._channel, line)

    async def writes(self, text: str, *, where: str | None = None) -> None:
        """Write a message."""
        channel = self._channel if where is None else self._place(where)
        await self.delivery.message_written(self.member, channel, text)

    async def drops_file(self, where: str, name: str, content: bytes) -> None:
        """Share a file in a conversation."""
        file = self.workspace.add_file(name, content, user=self.member.id)
        await self.delivery.file_dropped(self.member, self._place(where), file)

    async def uses_shortcut(self, name: str) -> None:
        """Choose one of the app's global shortcuts by its name."""
        await self.delivery.global_shortcut(self.member, self._shortcut(name, "global"))

    async def uses_message_shortcut(self, name: str, *, within: str = "") -> None:
        """Choose a shortcut from the menu of the newest message that shows `within`."""
        message = await self._until(lambda: self._message_with(within))
        await self.delivery.message_shortcut(self.member, self._shortcut(name, "message"), message)

    # --- acting ----------------------------------------------------------------------------------------

    async def clicks(self, label: str, *, within: str = "", nth: int | None = None) -> str | None:
        """Press a button, or the submit or close of the modal in front, by its label.

        A link button returns its address. With a confirmation dialog, `confirms` or `declines` comes next.
        """
        if self._question is not None:
            return await self._answers(label)
        target = await self._until(lambda: self._button(label, within, nth))
        if isinstance(target, str):
            await (self.submits() if target == "submit" else self.closes())
            return None
        found = target
        return await self._ask_first(found, lambda: hands.press(self.delivery, self.member, found))

    async def picks(self, menu: str, option: str, *, within: str = "", nth: int | None = None) -> str | None:
        """Choose an entry of an overflow menu or a select outside a form; a link entry returns its address.

        An overflow menu is called `⋯` or by the words of the section beside it.
        """
        found = await self._element(
            menu,
            lambda one: one["type"] == "overflow" or one["type"].endswith("_select"),
            within=within,
            nth=nth,
        )
        if found.element["type"] != "overflow":
            await self.chooses(menu, option, within=within, nth=nth)
            return None
        options = found.element["options"]
        number = pick_text([text_of(self.workspace, one["text"]) for one in options], option, exact=True)
        if number is None:
            raise self._not_visible(f"“{option}” in the menu “{menu}”")
        return await self._ask_first(
            found, lambda: hands.pick_overflow(self.delivery, self.member, found, options[number])
        )

    async def chooses(
        self,
        field: str,
        option: str,
        *,
        typed: str | None = None,
        exact: bool = False,
        within: str = "",
        nth: int | None = None,
    ) -> None:
        """Choose an option of a select or radio group by what is read; `typed` is what is typed first."""
        found = await self._element(
            field,
            lambda one: one["type"].endswith("_select") or one["type"] == "radio_buttons",
            within=within,
            nth=nth,
        )

        async def act() -> None:
            await hands.choose(self.delivery, self.member, found, option, typed=typed, exact=exact)

        await self._ask_first(found, act)

    async def ticks(self, text: str, *, within: str = "") -> None:
        """Tick a checkbox by (part of) its text."""
        await self._ticks(text, within, on=True)

    async def unticks(self, text: str, *, within: str = "") -> None:
        """Take a checkbox's tick away."""
        await self._ticks(text, within, on=False)

    async def fills(self, field: str, text: str, *, within: str = "") -> None:
        """Type into a field; a date as YYYY-MM-DD, a time as HH:MM."""
        kinds = ("_input", "datepicker", "timepicker", "datetimepicker")
        found = await self._element(
            field, lambda one: one["type"].endswith(kinds) and one["type"] != "file_input", within=within
        )
        await hands.fill(self.delivery, self.member, found, text)

    async def clears(self, field: str, *, within: str = "") -> None:
        """Empty a field."""
        await hands.clear(self.delivery, self.member, await self._element(field, has_value, within=within))

    async def uploads(self, field: str, file: Path | str | bytes, name: str | None = None) -> None:
        """Attach a file to a file input: a path, or bytes with a name."""
        found = await self._element(field, lambda one: one["type"] == "file_input")
        if isinstance(file, bytes):
            content, called = file, name or "file.bin"
        else:
            path = Path(file)
            content, called = await asyncio.to_thread(path.read_bytes), name or path.name
        await hands.attach(self.delivery, self.member, found, called, content)

    async def submits(self) -> None:
        """Press the submit of the modal in front. What Slack's client refuses is shown and not sent."""
        self._must_be_free()
        view = await self._until(self._modal)
        if not view.text_of("submit"):
            raise self._not_visible("a submit button")
        await hands.submit(self.delivery, self.member, view)

    async def closes(self, *, everything: bool = False) -> None:
        """Close the modal in front, or the whole stack."""
        self._question = None
        await self.delivery.close(self.member, await self._until(self._modal), everything=everything)

    async def confirms(self) -> str | None:
        """Say yes in the confirmation dialog; the address when the button was a link."""
        question = self._question
        if question is None:
            raise self._not_visible("a confirmation dialog")
        self._question = None
        return await question.act()

    async def declines(self) -> None:
        """Say no in the confirmation dialog; nothing is sent."""
        if self._question is None:
            raise self._not_visible("a confirmation dialog")
        self._question = None

    async def options(self, field: str, typed: str = "", *, within: str = "") -> list[str]:
        """The option texts a select, overflow menu or radio group offers, after typing."""
        kinds = ("_select", "radio_buttons", "overflow")
        found = await self._element(field, lambda one: one["type"].endswith(kinds), within=within)
        offered = await hands.offered(self.delivery, self.member, found, typed)
        return [text_of(self.workspace, option["text"]) for option in offered]

    # --- inside ----------------------------------------------------------------------------------------

    def _button(self, label: str, within: str, nth: int | None) -> Found | str:
        found = find(self._surfaces(), label, lambda one: one["type"] in BUTTONS, within=within, nth=nth)
        modal = stacks.top(self.workspace, self.member.id)
        in_modal = found is not None and modal is not None and found.surface.place is modal
        if modal is not None and not in_modal:
            if label == modal.text_of("submit"):
                return "submit"
            if label == closing_label(modal):
                return "close"
        if found is None:
            raise self._not_visible(f"a button “{label}”" + (f" within “{within}”" if within else ""))
        return found

    async def _element(
        self, label: str, fits: Callable[[Json], bool], *, within: str = "", nth: int | None = None
    ) -> Found:
        self._must_be_free()

        def look() -> Found:
            found = find(self._surfaces(), label, fits, within=within, nth=nth, beside=True)
            if found is None:
                raise self._not_visible(f"“{label}”" + (f" within “{within}”" if within else ""))
            return found

        return await self._until(look)

    async def _ticks(self, text: str, within: str, *, on: bool) -> None:
        def look() -> tuple[Found, Json]:
            for surface in self._surfaces():
                if within and not surface.contains(within):
                    continue
                for number, block, element in surface.elements():
                    if element["type"] != "checkboxes":
                        continue
                    texts = [text_of(self.workspace, option["text"]) for option in element["options"]]
                    hit = pick_text(texts, text)
                    if hit is not None:
                        return Found(surface, number, block, element), element["options"][hit]
            raise self._not_visible(f"a checkbox “{text}”")

        self._must_be_free()
        found, option = await self._until(look)

        async def act() -> None:
            await hands.tick(self.delivery, self.member, found, option, on=on)

        await self._ask_first(found, act)

    async def _ask_first(self, found: Found, act: Callable[[], Awaitable[str | None]]) -> str | None:
        confirm = found.element.get("confirm")
        if confirm:
            self._question = Question(confirm, act)
            return None
        return await act()

    async def _answers(self, label: str) -> str | None:
        yes, no = self._yes_and_no()
        if label == yes:
            return await self.confirms()
        if label == no:
            await self.declines()
            return None
        raise self._not_visible(f"“{label}” (a confirmation dialog is in front)")

    def _must_be_free(self) -> None:
        if self._question is not None:
            raise self._not_visible("anything behind the confirmation dialog")

    def _shortcut(self, name: str, kind: str) -> Shortcut:
        for shortcut in self.workspace.shortcuts:
            if (shortcut.name, shortcut.type) == (name, kind):
                return shortcut
        raise NotVisible(f"no {kind} shortcut “{name}”")

    def _message_with(self, text: str) -> Message:
        for surface in self._surfaces():
            if isinstance(surface.place, Message) and surface.contains(text):
                return surface.place
        raise self._not_visible(f"a message with “{text}”")
