"""The yardstick: slack-bolt's hello and nothing else, `default` or `process_before_response`."""

from __future__ import annotations

import os
import sys
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def hello(mode: str) -> Starlette:
    """Bolt's own first example over HTTP, authorised by a constant so that no network is in it."""

    async def authorize(**_: Any) -> Any:
        from slack_bolt.authorization import AuthorizeResult  # noqa: PLC0415

        return AuthorizeResult(
            enterprise_id=None, team_id="T0BENCH", bot_token="xoxb-bench", bot_id="B0", bot_user_id="U0BOT"
        )

    bolt = AsyncApp(
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        authorize=authorize,
        process_before_response=mode == "process_before_response",
    )

    @bolt.command("/hello")
    async def answer(ack: Any) -> None:
        await ack("Hello")

    handler = AsyncSlackRequestHandler(bolt)

    async def slack(request: Request) -> Response:
        return await handler.handle(request)

    async def ready(_: Request) -> Response:
        return Response("ready")

    return Starlette(
        routes=[Route("/slack/events", slack, methods=["POST"]), Route("/readyz", ready, methods=["GET"])]
    )


if __name__ == "__main__":
    uvicorn.run(hello(sys.argv[1]), host="127.0.0.1", port=int(os.environ["PORT"]), log_level="error")
