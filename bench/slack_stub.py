"""Slack's Web API as the bench needs it: every call succeeds at once. Limits are the sandbox's business."""

from __future__ import annotations

import os

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PERSON = {
    "id": "U0BENCH",
    "name": "bench",
    "is_admin": True,
    "is_owner": True,
    "profile": {"display_name": "bench"},
}
ANSWER = {
    "ok": True,
    "url": "https://bench.slack.com/",
    "team": "bench",
    "team_id": "T0BENCH",
    "user": PERSON,
    "user_id": "U0BOT",
    "bot_id": "B0BENCH",
    "members": [PERSON],
    "channel": {"id": "D0BENCH"},
    "ts": "1700000000.000100",
    "view": {"id": "V0BENCH", "hash": "1.bench"},
    "response_metadata": {"next_cursor": ""},
}
METHODS_WITH_TEXT_USER = {"auth.test"}


async def method(request: Request) -> Response:
    """Answer a Web API call."""
    if request.path_params["name"] in METHODS_WITH_TEXT_USER:
        return JSONResponse({**ANSWER, "user": "dext"})
    if request.path_params["name"].startswith("team."):
        return JSONResponse({"ok": True, "team": {"id": "T0BENCH", "name": "bench", "domain": "bench"}})
    return JSONResponse(ANSWER)


async def root(_: Request) -> Response:
    """Ready."""
    return Response("ready")


app = Starlette(routes=[Route("/", root), Route("/api/{name}", method, methods=["GET", "POST"])])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="error")
