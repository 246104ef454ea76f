"""Alive, able to serve, and figures for Prometheus."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.errors import StorageUnavailable

UNAVAILABLE = 503


@dataclass(frozen=True)
class HealthRoutes:
    ping: Callable[[], Awaitable[None]]

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def alive(self, request: Request) -> Response:
        del request
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Redis answers."""
        del request
        try:
            await self.ping()
        except StorageUnavailable as fault:
            return JSONResponse({"status": "unavailable", "reason": fault.says}, UNAVAILABLE)
        return JSONResponse({"status": "ok"})

    async def metrics(self, request: Request) -> Response:
        del request
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
