"""The Web API's door: tokens, scopes, throttling, arguments as JSON or form, errors in Slack's form.

https://docs.slack.dev/apis/web-api/
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.slack import api_chat, api_files, api_people, api_views
from bot.sandbox.slack.journal import Call
from bot.sandbox.slack.models import Json, SlackRefusal
from bot.sandbox.slack.workspace import Workspace

METHODS = {**api_chat.METHODS, **api_files.METHODS, **api_people.METHODS, **api_views.METHODS}

SCOPES: dict[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "users.info": "users:read",
    "users.list": "users:read",
    "team.info": "team:read",
    "conversations.open": "im:write",
    "conversations.info": "channels:read",
    "conversations.list": "channels:read",
    "conversations.members": "channels:read",
    "conversations.join": "channels:join",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "reactions.add": "reactions:write",
}
"""The scope each method needs; the others need none."""

_STRUCTURED = frozenset({"blocks", "view", "files", "metadata", "attachments", "filter"})


class WebApi:
    """Answers `POST /api/{method}` (and GET) for one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def __call__(self, request: Request) -> Response:
        """One call: counted, journaled, answered."""
        method = str(request.path_params["method"])
        call = Call(self.workspace.clock(), method, {})
        headers: dict[str, str] = {}
        status = 200
        try:
            call.arguments = await _arguments(request)
            token = call.arguments.pop("token", "") or _bearer(request)
            body: Json = {"ok": True, **self._answer(method, call.arguments, token)}
        except SlackRefusal as refusal:
            body = refusal.as_json()
            call.error, call.detail = refusal.error, "; ".join(refusal.messages)
            if refusal.error == "ratelimited":
                status, headers = 429, {"Retry-After": str(refusal.more["retry_after"])}
                body = {"ok": False, "error": "ratelimited"}
            if refusal.more.get("injected"):
                body.pop("injected")
                call.error, call.detail = "injected", refusal.error
        self.workspace.journal.called(call)
        return JSONResponse(body, status, headers)

    def _answer(self, method: str, arguments: Json, token: str) -> Json:
        workspace = self.workspace
        if method not in METHODS:
            raise SlackRefusal("unknown_method", req_method=method)
        if not token:
            raise SlackRefusal("not_authed")
        if token != workspace.bot_token:
            raise SlackRefusal("invalid_auth")
        needed = SCOPES.get(method)
        if workspace.scopes is not None and needed and needed not in workspace.scopes:
            raise SlackRefusal("missing_scope", needed=needed, provided=",".join(sorted(workspace.scopes)))
        self._throttle(method, arguments)
        return METHODS[method](workspace, arguments)

    def _throttle(self, method: str, arguments: Json) -> None:
        failure = self.workspace.injected(method)
        if isinstance(failure, SlackRefusal):
            raise SlackRefusal(failure.error, injected=True)
        wait = failure or self.workspace.limiter.wait(method, str(arguments.get("channel")))
        if wait:
            raise SlackRefusal("ratelimited", retry_after=wait)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _arguments(request: Request) -> Json:
    """Arguments from the query, a form or JSON; structured ones decoded. Refuses `invalid_json`, …"""
    arguments: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    raw = await request.body()
    if kind == "application/json":
        try:
            given = json.loads(raw or b"{}")
        except ValueError:
            raise SlackRefusal("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackRefusal("json_not_object")
        arguments |= given
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            arguments |= {name: value for name, value in form.items() if isinstance(value, str)}
    elif raw:
        raise SlackRefusal("invalid_post_type")
    return {name: _decoded(name, value) for name, value in arguments.items()}


def _decoded(name: str, value: Any) -> Any:
    if name not in _STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        error = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
        raise SlackRefusal(error, f"{name} is not JSON") from None
