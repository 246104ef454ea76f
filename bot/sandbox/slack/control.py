"""The control API of the separate program: another process lets people act and looks at their screens.

`POST /sandbox/people/{name}/{verb}` with `{"args": [...], "kwargs": {...}}`, `GET /sandbox/screen/{name}`,
`GET /sandbox/journal`, `POST /sandbox/bot` with `{"url": …}`. A file's bytes travel as `{"base64": "…"}`.
Loopback only; it is no part of Slack.
"""

from __future__ import annotations

import base64
import inspect

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.workspace import Workspace

VERBS = frozenset(
    {"goes_to", "opens_home", "runs", "writes", "drops_file", "uses_shortcut", "uses_message_shortcut"}
    | {"clicks", "picks", "chooses", "ticks", "unticks", "fills", "clears", "uploads", "submits", "closes"}
    | {"confirms", "declines", "sees", "does_not_see", "no_longer_sees", "sees_modal", "sees_no_modal"}
    | {"screen", "buttons", "options", "value", "follows"}
)


class Control:
    """One `Person` per name, kept between requests so that a confirmation dialog stays in front."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self.workspace = workspace
        self.delivery = delivery
        self._people: dict[str, Person] = {}

    def routes(self) -> list[Route]:
        """The routes under /sandbox."""
        return [
            Route("/sandbox/people/{name}/{verb}", self.act, methods=["POST"]),
            Route("/sandbox/screen/{name}", self.screen),
            Route("/sandbox/journal", self.journal),
            Route("/sandbox/bot", self.move_bot, methods=["POST"]),
        ]

    async def act(self, request: Request) -> Response:
        """One verb of one person. 409 with what they see when it cannot be done, 400 for a wrong request."""
        name, verb = request.path_params["name"], request.path_params["verb"]
        try:
            person = self._person(name)
            given = await request.json() if await request.body() else {}
            args, kwargs = list(given.get("args", [])), dict(given.get("kwargs", {}))
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            return JSONResponse({"ok": False, "error": str(error)}, 400)
        if verb not in VERBS:
            return JSONResponse({"ok": False, "error": f"no verb {verb}"}, 404)
        try:
            args = [_bytes_or_same(value) for value in args]
            result = getattr(person, verb)(*args, **kwargs)
            if inspect.isawaitable(result):
                result = await result
        except AssertionError as error:
            return JSONResponse({"ok": False, "error": str(error)}, 409)
        except (TypeError, ValueError, KeyError, OSError) as error:
            return JSONResponse({"ok": False, "error": str(error)}, 400)
        return JSONResponse({"ok": True, "result": result})

    async def screen(self, request: Request) -> Response:
        """What a person sees, as plain text."""
        try:
            return PlainTextResponse(self._person(request.path_params["name"]).screen())
        except KeyError as error:
            return PlainTextResponse(str(error), 404)

    async def journal(self, _request: Request) -> Response:
        """Calls, deliveries with their seconds, refusals."""
        return JSONResponse(self.workspace.journal.as_json())

    async def move_bot(self, request: Request) -> Response:
        """The bot listens somewhere else now."""
        self.delivery.sender.bot_url = str((await request.json())["url"])
        return JSONResponse({"ok": True})

    def _person(self, name: str) -> Person:
        if name not in self._people:
            self._people[name] = Person(self, name)
        return self._people[name]


def _bytes_or_same(value: object) -> object:
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(str(value["base64"]), validate=True)
    return value
