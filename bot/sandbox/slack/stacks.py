"""Modals: opening, pushing, updating, closing; stacks of three; triggers; hashes; Home.

https://docs.slack.dev/surfaces/modals
"""

from __future__ import annotations

import secrets

from bot.sandbox.slack import limits
from bot.sandbox.slack.blocks import checked_view
from bot.sandbox.slack.models import Json, SlackRefusal, Trigger, View
from bot.sandbox.slack.values import starting_values
from bot.sandbox.slack.workspace import Workspace


def view_json(workspace: Workspace, view: View) -> Json:
    """A view object as it stands in answers and payloads. https://docs.slack.dev/reference/views"""
    given = view.definition
    body: Json = {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "external_id": given.get("external_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }
    for name in ("title", "submit", "close"):
        body[name] = given.get(name)
    return body


def take_trigger(workspace: Workspace, trigger_id: object) -> Trigger:
    """Exchange a trigger id. Refuses `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`."""
    trigger = workspace.triggers.get(str(trigger_id))
    if trigger is None:
        raise SlackRefusal("invalid_trigger_id")
    if trigger.used:
        raise SlackRefusal("exchanged_trigger_id")
    if workspace.clock() - trigger.made_at > limits.TRIGGER_SECONDS:
        raise SlackRefusal("expired_trigger_id")
    trigger.used = True
    return trigger


def open_view(workspace: Workspace, trigger_id: object, definition: object) -> View:
    """`views.open`: a new stack; whatever modal of ours was open before is gone."""
    checked = checked_view(definition, "modal")
    _claim_external_id(workspace, checked, None)
    trigger = take_trigger(workspace, trigger_id)
    drop_stack(workspace, trigger.person)
    return _put_on_top(workspace, trigger.person, checked)


def push_view(workspace: Workspace, trigger_id: object, definition: object) -> View:
    """`views.push`: on top of the stack the trigger came from. Refuses `push_limit_reached`, `not_found`."""
    checked = checked_view(definition, "modal")
    _claim_external_id(workspace, checked, None)
    trigger = take_trigger(workspace, trigger_id)
    stack = workspace.stacks.get(trigger.person, [])
    if trigger.view_id is None or trigger.view_id not in [view.id for view in stack]:
        raise SlackRefusal("not_found", "the trigger_id did not come from an open modal")
    return push_on(workspace, trigger.person, checked)


def push_on(workspace: Workspace, person: str, checked: Json) -> View:
    """Put a checked view on top of the person's stack."""
    if len(workspace.stacks.get(person, [])) >= limits.STACK:
        raise SlackRefusal("push_limit_reached")
    return _put_on_top(workspace, person, checked)


def update_view(workspace: Workspace, arguments: Json) -> View:
    """`views.update` by `view_id` or `external_id`. Refuses `not_found`, `hash_conflict`."""
    given = arguments.get("view")
    expected = str(given.get("type")) if isinstance(given, dict) else "modal"
    checked = checked_view(given, expected if expected in ("modal", "home") else "modal")
    view_id, external_id = arguments.get("view_id"), arguments.get("external_id")
    if not view_id and not external_id:
        raise SlackRefusal("invalid_arguments", "one of view_id and external_id is required")
    for view in open_views(workspace):
        if view.id == view_id or (external_id and view.definition.get("external_id") == external_id):
            replace(workspace, view, checked, expected_hash=arguments.get("hash"))
            return view
    raise SlackRefusal("not_found")


def replace(workspace: Workspace, view: View, checked: Json, *, expected_hash: object = None) -> None:
    """Give a view a new definition; what was entered in fields that stay is kept."""
    if expected_hash and expected_hash != view.hash:
        raise SlackRefusal("hash_conflict")
    if view.type != checked["type"]:
        raise SlackRefusal("invalid_arguments", "the type of a view cannot change")
    _claim_external_id(workspace, checked, view)
    view.definition = checked
    view.values = starting_values(view.blocks, view.values)
    view.errors, view.trouble = {}, ""
    view.hash = _new_hash(workspace)
    workspace.touch()


def publish_home(workspace: Workspace, person: str, definition: object, expected_hash: object) -> View:
    """`views.publish`: the person's Home."""
    checked = checked_view(definition, "home")
    home = workspace.homes.get(person)
    if home is not None:
        replace(workspace, home, checked, expected_hash=expected_hash)
        return home
    home = _new_view(workspace, person, checked)
    workspace.homes[person] = home
    workspace.touch()
    return home


def open_views(workspace: Workspace) -> list[View]:
    """All views that can be updated: every stack and every Home."""
    return [view for stack in workspace.stacks.values() for view in stack] + list(workspace.homes.values())


def top(workspace: Workspace, person: str) -> View | None:
    """The modal in front of a person."""
    stack = workspace.stacks.get(person, [])
    return stack[-1] if stack else None


def drop_view(workspace: Workspace, view: View) -> None:
    """Close one modal, wherever it stands in its stack."""
    stack = workspace.stacks.get(view.person, [])
    if view in stack:
        stack.remove(view)
        workspace.touch()


def drop_stack(workspace: Workspace, person: str) -> None:
    """Close all of a person's modals."""
    if workspace.stacks.pop(person, None):
        workspace.touch()


def _put_on_top(workspace: Workspace, person: str, checked: Json) -> View:
    stack = workspace.stacks.setdefault(person, [])
    view = _new_view(workspace, person, checked)
    if stack:
        view.previous_id, view.root_id = stack[-1].id, stack[0].id
    stack.append(view)
    workspace.touch()
    return view


def _new_view(workspace: Workspace, person: str, checked: Json) -> View:
    view = View(workspace.new_id("V"), person, checked, _new_hash(workspace))
    view.root_id = view.id
    view.values = starting_values(view.blocks)
    workspace.views[view.id] = view
    return view


def _new_hash(workspace: Workspace) -> str:
    return f"{int(workspace.clock())}.{secrets.token_hex(4)}"


def _claim_external_id(workspace: Workspace, checked: Json, owner: View | None) -> None:
    external_id = checked.get("external_id")
    if not external_id:
        return
    for view in open_views(workspace):
        if view is not owner and view.definition.get("external_id") == external_id:
            raise SlackRefusal("duplicate_external_id")
