"""The ASGI application: Slack's requests, the connect pages, health."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from prometheus_client import Counter, Histogram
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SLACK_PATH = "/slack/events"
REQUESTS = Counter("dext_slack_requests_total", "Requests from Slack", ["status"])
SECONDS = Histogram(
    "dext_slack_acknowledge_seconds",
    "Time to acknowledge a request from Slack",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 3),
)


def create(bolt: AsyncApp, routes: Sequence[Route]) -> ASGIApp:
    """Slack's path goes straight to Bolt's own adapter, the quickest way; all else through Starlette."""
    slack = cast(ASGIApp, AsyncSlackRequestHandler(bolt, path=SLACK_PATH))
    pages = Starlette(routes=list(routes))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == SLACK_PATH:
            await _measured(slack, scope, receive, send)
            return
        await pages(scope, receive, send)

    return app


async def _measured(slack: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    async def counted(event: Message) -> None:
        if event["type"] == "http.response.start":
            REQUESTS.labels(str(event["status"])).inc()
        await send(event)

    with SECONDS.time():
        await slack(scope, receive, counted)
