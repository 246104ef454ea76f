"""What lies before a person: modals, Home, messages; what each shows, and its elements by what is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.slack import stacks
from bot.sandbox.slack.blocks import elements_of
from bot.sandbox.slack.models import Json, Message, View
from bot.sandbox.slack.text import readable, squeezed, text_of
from bot.sandbox.slack.values import has_value, key_of, starting_values
from bot.sandbox.slack.workspace import Workspace


@dataclass(frozen=True)
class Surface:
    """A modal, a Home or a message, as one person sees it. `values` is what stands in its fields, live."""

    workspace: Workspace
    place: View | Message
    person: str

    @property
    def blocks(self) -> list[Json]:
        """Its blocks; a message without any shows its text."""
        if isinstance(self.place, Message) and not self.place.blocks:
            text = {"type": "mrkdwn", "text": self.place.text}
            return [{"type": "section", "block_id": "text", "text": text}]
        return self.place.blocks

    @property
    def values(self) -> Json:
        """Entered values: block id -> action id -> value."""
        if isinstance(self.place, View):
            return self.place.values
        return self.place.state.setdefault(self.person, starting_values(self.place.blocks))

    @property
    def is_modal(self) -> bool:
        """Whether it is a modal."""
        return isinstance(self.place, View) and self.place.type == "modal"

    def elements(self) -> Iterator[tuple[int, Json, Json]]:
        """Every interactive element: its block's number, the block, the element."""
        for number, block in enumerate(self.blocks):
            for element in elements_of(block):
                yield number, block, element

    def value_of(self, block: Json, element: Json) -> Json:
        """What stands in an element that keeps a value."""
        value: Json = self.values[block["block_id"]][element["action_id"]]
        return value

    def block_text(self, block: Json) -> str:
        """One block as it is read."""
        return "\n".join(_block_lines(self, block))

    def text(self) -> str:
        """All of it as it is read, top to bottom."""
        lines: list[str] = []
        place = self.place
        if isinstance(place, View) and self.is_modal:
            lines.append(f"== {place.text_of('title')} ==")
        elif isinstance(place, View):
            lines.append("== Home ==")
        else:
            lines.append(_byline(self.workspace, place))
        trouble = place.trouble if isinstance(place, View) else place.trouble.get(self.person, "")
        if trouble:
            lines.append(trouble)
        for block in self.blocks:
            lines += _block_lines(self, block)
        if isinstance(place, Message):
            lines += [f"[file {self.workspace.files[file].name}]" for file in place.files]
        if isinstance(place, View) and self.is_modal:
            close, submit = closing_label(place), place.text_of("submit")
            lines.append(f"[{close}] [{submit}]" if submit else f"[{close}]")
        return "\n".join(line for line in lines if line)

    def contains(self, text: str) -> bool:
        """Whether the text can be read on it."""
        return squeezed(text) in squeezed(self.text())


def closing_label(view: View) -> str:
    """The label of a modal's closing button."""
    return view.text_of("close") or ("Cancel" if view.text_of("submit") else "Close")


def before(workspace: Workspace, person: str, channel: str, *, home: bool) -> list[Surface]:
    """Everything the person can see, in the order in which they look: modal, Home, messages newest first."""
    found: list[View | Message] = []
    modal = stacks.top(workspace, person)
    if modal is not None:
        found.append(modal)
    if home and person in workspace.homes:
        found.append(workspace.homes[person])
    places = {channel, workspace.direct(person).id}
    found += [
        message
        for message in reversed(workspace.history)
        if message.channel in places and message.only_for in (None, person)
    ]
    return [Surface(workspace, place, person) for place in found]


def _byline(workspace: Workspace, message: Message) -> str:
    member = workspace.members.get(message.user)
    channel = workspace.channels[message.channel]
    where = "direct message" if channel.is_im else f"#{channel.name}"
    private = ", only visible to you" if message.only_for else ""
    thread = ", in a thread" if message.thread_ts else ""
    edited = ", edited" if message.edited else ""
    return f"-- {member.real_name if member else 'Slackbot'} in {where}{thread}{private}{edited}:"


def _block_lines(  # noqa: PLR0911  one per kind of block
    surface: Surface, block: Json
) -> list[str]:
    workspace = surface.workspace
    match block["type"]:
        case "header":
            return [text_of(workspace, block["text"])]
        case "section":
            lines = [text_of(workspace, block.get("text"))]
            lines += [text_of(workspace, field) for field in block.get("fields", [])]
            lines += [shown(surface, block, element) for element in elements_of(block)]
            return lines
        case "actions":
            return [" ".join(shown(surface, block, element) for element in block["elements"])]
        case "context":
            return [" ".join(one.get("alt_text") or text_of(workspace, one) for one in block["elements"])]
        case "input":
            error = surface.place.errors.get(block["block_id"]) if isinstance(surface.place, View) else None
            return [
                f"{text_of(workspace, block['label'])}{' (optional)' if block.get('optional') else ''}",
                f"  {shown(surface, block, block['element'])}",
                f"  {text_of(workspace, block['hint'])}" if "hint" in block else "",
                f"  ⚠ {error}" if error else "",
            ]
        case "markdown":
            return [readable(workspace, block["text"].replace("**", "*"))]
        case "image":
            return [f"[image: {block.get('alt_text', '')}]"]
        case "divider":
            return ["──"]
        case _:
            return [" ".join(_loose_texts(workspace, block))]


def _loose_texts(workspace: Workspace, value: object) -> Iterator[str]:
    """The words of rich text, tables and other nested blocks."""
    if isinstance(value, dict):
        thing: Json = value
        match thing.get("type"):
            case "user":
                yield readable(workspace, f"<@{thing.get('user_id')}>")
            case "channel":
                yield readable(workspace, f"<#{thing.get('channel_id')}>")
            case _ if isinstance(thing.get("text"), str):
                yield thing["text"]
            case _:
                for inner in thing.values():
                    yield from _loose_texts(workspace, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _loose_texts(workspace, inner)


def shown(surface: Surface, block: Json, element: Json) -> str:
    """An element as it is seen, with what stands in it."""
    workspace, kind = surface.workspace, element["type"]
    if kind in ("button", "workflow_button"):
        return f"[{text_of(workspace, element['text'])}]"
    if kind == "overflow":
        return "[⋯]"
    if not has_value(element):
        return f"[{kind}]"
    value = surface.value_of(block, element)
    if kind in ("checkboxes", "radio_buttons"):
        chosen = value[key_of(element)] or []
        picked = [one["value"] for one in (chosen if isinstance(chosen, list) else [chosen])]
        marks = ("☑", "☐") if kind == "checkboxes" else ("◉", "○")
        return "\n  ".join(
            f"{marks[option['value'] not in picked]} {text_of(workspace, option['text'])}"
            f" {text_of(workspace, option.get('description'))}".rstrip()
            for option in element["options"]
        )
    standing = shown_value(surface, element, value)
    placeholder = text_of(workspace, element.get("placeholder"))
    arrow = " ▾" if kind.endswith("_select") else ""
    return f"[{standing or placeholder}{arrow}]"


def shown_value(surface: Surface, element: Json, value: Json) -> str:
    """What a person reads in a field; empty when nothing stands there."""
    standing = value[key_of(element)]
    if standing in (None, "", []):
        return ""
    each = standing if isinstance(standing, list) else [standing]
    return ", ".join(_shown_one(surface.workspace, one) for one in each)


def _shown_one(workspace: Workspace, one: object) -> str:
    if isinstance(one, dict):
        return str(one["name"]) if "name" in one else text_of(workspace, one.get("text"))
    if one in workspace.members:
        return f"@{workspace.members[str(one)].name}"
    if one in workspace.channels:
        return f"#{workspace.channels[str(one)].name}"
    return str(one)
