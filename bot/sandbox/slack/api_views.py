"""Web API: `views.*`. https://docs.slack.dev/reference/methods?family=views"""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.slack import stacks
from bot.sandbox.slack.models import Json, SlackRefusal, View
from bot.sandbox.slack.workspace import Workspace


def _shown(workspace: Workspace, view: View) -> Json:
    return {"view": stacks.view_json(workspace, view)}


def open_view(workspace: Workspace, arguments: Json) -> Json:
    """`views.open`: needs a trigger not older than three seconds."""
    return _shown(workspace, stacks.open_view(workspace, arguments.get("trigger_id"), arguments.get("view")))


def push(workspace: Workspace, arguments: Json) -> Json:
    """`views.push`: needs a trigger from the open modal."""
    return _shown(workspace, stacks.push_view(workspace, arguments.get("trigger_id"), arguments.get("view")))


def update(workspace: Workspace, arguments: Json) -> Json:
    """`views.update` by `view_id` or `external_id`, guarded by `hash`."""
    return _shown(workspace, stacks.update_view(workspace, arguments))


def publish(workspace: Workspace, arguments: Json) -> Json:
    """`views.publish`: a person's Home."""
    person = str(arguments.get("user_id") or "")
    if person not in workspace.members:
        raise SlackRefusal("user_not_found" if person else "invalid_arguments")
    home = stacks.publish_home(workspace, person, arguments.get("view"), arguments.get("hash"))
    return _shown(workspace, home)


METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
