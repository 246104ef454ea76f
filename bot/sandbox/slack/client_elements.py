"""What the page does to one element: found by ids on what the person sees, then done by the same hands."""

from __future__ import annotations

from bot.sandbox.slack import hands, showing, stacks
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.finding import Found, NotVisible
from bot.sandbox.slack.models import Json, Member, Message, View
from bot.sandbox.slack.objects import all_options
from bot.sandbox.slack.surfaces import Surface
from bot.sandbox.slack.values import has_value, is_list
from bot.sandbox.slack.workspace import Workspace

ELEMENT_VERBS = frozenset(
    {"press", "pick", "choose", "unchoose", "tick", "fill", "clear", "detach", "options"}
)
_LOOKS_KEPT = 200
"""Of how many opened selects the offered options are remembered."""


class Elements:
    """Acts of people on elements. Remembers what the bot offered in a select: nothing else can be chosen."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self.workspace = workspace
        self.delivery = delivery
        self._offered: dict[tuple[str, str, str, str], dict[str, Json]] = {}

    async def act(self, verb: str, person: Member, given: Json) -> Json | None:
        """One verb on one element. NotVisible with a sentence when it is not there or not offered."""
        found = self._find(person, given)
        delivery = self.delivery
        match verb:
            case "press" if found.element["type"] == "button":
                await hands.press(delivery, person, found)
            case "pick" if found.element["type"] == "overflow":
                option = _among(found.element["options"], given["value"])
                await hands.pick_overflow(delivery, person, found, option)
            case "options" if found.element["type"].endswith("_select"):
                return {"options": await self._options(person, found, str(given.get("typed", "")))}
            case "choose" if has_value(found.element):
                await hands.choose_option(
                    delivery, person, found, await self._offer(person, found, given["value"])
                )
            case "unchoose" if has_value(found.element) and is_list(found.element):
                await hands.unchoose(delivery, person, found, str(given["value"]))
            case "tick" if found.element["type"] == "checkboxes":
                option = _among(found.element["options"], given["value"])
                await hands.tick(delivery, person, found, option, on=bool(given["on"]))
            case "fill" if has_value(found.element):
                finished = bool(given.get("finished", True))
                await hands.fill(delivery, person, found, str(given["text"]), finished=finished)
            case "clear" if has_value(found.element):
                await hands.clear(delivery, person, found)
            case "detach" if found.element["type"] == "file_input":
                await hands.detach(delivery, person, found, str(given["file"]))
            case _:
                raise NotVisible("This cannot be done here.")
        return None

    async def attach(self, person: Member, given: Json, content: bytes) -> None:
        """Add a file to a file input."""
        found = self._find(person, given)
        if found.element["type"] != "file_input":
            raise NotVisible("No file can be put here.")
        await hands.attach(self.delivery, person, found, str(given["name"]), content)

    def message(self, person: Member, given: Json) -> Message:
        """The message the person sees under these ids."""
        channel = self.workspace.channels.get(str(given["channel"]))
        message = channel and self.workspace.message(channel.id, str(given["ts"]))
        if not channel or not message or person.id not in channel.members:
            raise NotVisible("This message is no longer there.")
        if not showing.is_seen(message, person):
            raise NotVisible("This message is no longer there.")
        return message

    def _find(self, person: Member, given: Json) -> Found:
        surface = Surface(self.workspace, self._place(person, given), person.id)
        for number, block, element in surface.elements():
            if (block["block_id"], element["action_id"]) == (given["block"], given["action"]):
                return Found(surface, number, block, element)
        raise NotVisible("This is no longer there: the app has changed it.")

    def _place(self, person: Member, given: Json) -> View | Message:
        if "view" not in given:
            return self.message(person, given)
        for view in (stacks.top(self.workspace, person.id), self.workspace.homes.get(person.id)):
            if view is not None and view.id == given["view"]:
                return view
        raise NotVisible("This window is no longer in front.")

    async def _options(self, person: Member, found: Found, typed: str) -> list[Json]:
        options = await hands.offered(self.delivery, person, found, typed)
        key = self._key(person, found)
        known = {**self._offered.pop(key, {}), **{option["value"]: option for option in options}}
        self._offered[key] = known
        while len(self._offered) > _LOOKS_KEPT:
            self._offered.pop(next(iter(self._offered)))
        return options

    async def _offer(self, person: Member, found: Found, value: object) -> Json:
        """The option with this value: one that is shown or was offered."""
        kind = found.element["type"]
        if "external" in kind:
            return _among(list(self._offered.get(self._key(person, found), {}).values()), value)
        if kind.endswith("_select"):
            return _among(await hands.offered(self.delivery, person, found, ""), value)
        return _among(all_options(found.element), value)

    @staticmethod
    def _key(person: Member, found: Found) -> tuple[str, str, str, str]:
        place = found.surface.place
        return (person.id, place.id if isinstance(place, View) else place.ts, *found.ids)


def _among(options: list[Json], value: object) -> Json:
    for option in options:
        if option["value"] == value:
            return option
    raise NotVisible("This option is not offered.")
