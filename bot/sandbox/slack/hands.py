"""What a person's hand does to one element: press, choose, tick, type, attach; and what is sent for it.

A choice in an input block is only kept; anywhere else, or with `dispatch_action`, the bot is told.
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.filling import accepts_file, complaints, typed_value
from bot.sandbox.slack.finding import Found, NotVisible, pick_text
from bot.sandbox.slack.models import Json, Member, View
from bot.sandbox.slack.objects import all_options
from bot.sandbox.slack.text import squeezed, text_of
from bot.sandbox.slack.values import initial, is_list, key_of
from bot.sandbox.slack.workspace import Workspace

LEAST_QUERY = 3
"""Slack's `min_query_length` when an external select names none."""


def _action(found: Found, **more: object) -> Json:
    block_id, action_id = found.ids
    return {"type": found.element["type"], "block_id": block_id, "action_id": action_id, **more}


async def press(delivery: Delivery, person: Member, found: Found) -> str | None:
    """Press a button; the address it leads to when it is a link."""
    element = found.element
    more = {name: element[name] for name in ("text", "value", "style") if name in element}
    await delivery.act(person, found.surface.place, _action(found, **more))
    return element.get("url")


async def pick_overflow(delivery: Delivery, person: Member, found: Found, option: Json) -> str | None:
    """Choose from an overflow menu; the address when the entry is a link."""
    chosen = {name: value for name, value in option.items() if name != "url"}
    await delivery.act(person, found.surface.place, _action(found, selected_option=chosen))
    return option.get("url")


async def put(
    delivery: Delivery, person: Member, found: Found, value: object, *, finished: bool = True
) -> None:
    """Put a value into a field, and tell the bot when Slack would; never while the person still types."""
    key = key_of(found.element)
    found.value[key] = value
    delivery.workspace.touch()
    if finished and (found.block["type"] != "input" or found.block.get("dispatch_action")):
        more = {"placeholder": found.element["placeholder"]} if "placeholder" in found.element else {}
        await delivery.act(person, found.surface.place, _action(found, **{key: value}, **more))


async def offered(delivery: Delivery, person: Member, found: Found, typed: str) -> list[Json]:
    """The options in an opened select after typing; an external one asks the bot."""
    element, workspace = found.element, delivery.workspace
    kind = element["type"]
    if "external" in kind:
        if len(typed) < element.get("min_query_length", LEAST_QUERY):
            return []
        return await delivery.options(person, found.surface.place, found.ids, typed)
    if "options" in element or "option_groups" in element:
        options = all_options(element)
    else:
        options = _listed(workspace, kind)
    wanted = squeezed(typed).casefold()
    return [one for one in options if wanted in squeezed(text_of(workspace, one["text"])).casefold()]


def _listed(workspace: Workspace, kind: str) -> list[Json]:
    """People and channels as options whose value is the id."""
    entries: list[tuple[str, str]] = []
    if "users" in kind or "conversations" in kind:
        entries += [(f"@{one.name}", one.id) for one in workspace.members.values()]
    if "channels" in kind or "conversations" in kind:
        entries += [(f"#{one.name}", one.id) for one in workspace.channels.values() if not one.is_im]
    return [{"text": {"type": "plain_text", "text": name}, "value": id_} for name, id_ in entries]


async def choose(
    delivery: Delivery, person: Member, found: Found, wanted: str, *, typed: str | None, exact: bool
) -> None:
    """Choose one of the options that are offered. NotVisible when it is not among them."""
    option = await _look_for(delivery, person, found, wanted, typed=typed, exact=exact)
    await choose_option(delivery, person, found, option)


async def choose_option(delivery: Delivery, person: Member, found: Found, option: Json) -> None:
    """Choose this option, which is offered; where several may be chosen, beside what is chosen already."""
    element = found.element
    by_id = not any(word in element["type"] for word in ("static", "external", "radio", "checkboxes"))
    chosen: object = option["value"] if by_id else option
    if is_list(element):
        standing = list(found.value[key_of(element)])
        if len(standing) >= element.get("max_selected_items", 1000):
            raise NotVisible(f"no more than {element['max_selected_items']} can be chosen")
        chosen = standing if chosen in standing else [*standing, chosen]
    await put(delivery, person, found, chosen)


async def unchoose(delivery: Delivery, person: Member, found: Found, value: str) -> None:
    """Take one of several chosen options away, by its value."""
    standing = found.value[key_of(found.element)]
    left = [one for one in standing if (one["value"] if isinstance(one, dict) else one) != value]
    await put(delivery, person, found, left)


async def _look_for(
    delivery: Delivery, person: Member, found: Found, wanted: str, *, typed: str | None, exact: bool
) -> Json:
    element, workspace = found.element, delivery.workspace
    queries = [typed] if typed is not None else [""]
    if typed is None and "external" in element["type"]:
        queries = ["", wanted] if element.get("min_query_length", LEAST_QUERY) == 0 else [wanted]
    texts: list[str] = []
    for query in queries:
        options = await offered(delivery, person, found, query)
        texts = [text_of(workspace, option["text"]) for option in options]
        number = pick_text(texts, wanted, exact=exact)
        if number is not None:
            return options[number]
    raise NotVisible(f"“{wanted}” is not offered; these are: {texts}\n{found.surface.text()}")


async def tick(delivery: Delivery, person: Member, found: Found, option: Json, *, on: bool) -> None:
    """Tick or untick one box; nothing happens when it already is so."""
    standing = list(found.value["selected_options"])
    ticked = [one["value"] for one in standing]
    if on == (option["value"] in ticked):
        return
    left = [one for one in found.element["options"] if one["value"] in ticked and one is not option]
    kept = [one for one in found.element["options"] if one in left or (on and one is option)]
    await put(delivery, person, found, kept)


async def fill(delivery: Delivery, person: Member, found: Found, text: str, *, finished: bool = True) -> None:
    """Type into a field or pick a day. ValueError when the picker has no such day."""
    await put(delivery, person, found, typed_value(found.element, text), finished=finished)


async def clear(delivery: Delivery, person: Member, found: Found) -> None:
    """Empty a field."""
    bare = initial({"type": found.element["type"]})
    await put(delivery, person, found, bare[key_of(found.element)])


async def attach(delivery: Delivery, person: Member, found: Found, name: str, content: bytes) -> None:
    """Add a file to a file input. NotVisible with Slack's reason when it does not take it."""
    workspace = delivery.workspace
    standing = list(found.value["files"])
    reason = accepts_file(found.element, name, len(standing))
    if reason:
        raise NotVisible(reason)
    file = workspace.add_file(name, content, user=person.id)
    await put(delivery, person, found, [*standing, file.as_json(workspace.team_id, workspace.root_url)])


async def detach(delivery: Delivery, person: Member, found: Found, file_id: str) -> None:
    """Take a file out of a file input."""
    left = [file for file in found.value["files"] if file["id"] != file_id]
    await put(delivery, person, found, left)


async def submit(delivery: Delivery, person: Member, view: View) -> None:
    """Press a modal's submit. What Slack's client refuses is shown and not sent."""
    view.errors = complaints(view)
    delivery.workspace.touch()
    if not view.errors:
        await delivery.submit(person, view)
