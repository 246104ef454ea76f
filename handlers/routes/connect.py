"""The page behind **Connect software**, and where the sign-in returns."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import AccountingError, BotError, NotAllowed, NotFound
from bot.services import Services
from bot.services.sign_in import EXPIRED
from handlers.routes.pages import page

COOKIE = "dext_sign_in"
COOKIE_SECONDS = 1800
BAD_REQUEST, FORBIDDEN, NOT_FOUND, GONE, SERVER_FAULT, BAD_GATEWAY = 400, 403, 404, 410, 500, 502


@dataclass(frozen=True)
class ConnectRoutes:
    services: Services
    is_secure: bool

    def routes(self) -> list[Route]:
        return [
            Route("/connect/{software}", self.connect),
            Route("/oauth/{software}/callback", self.callback),
        ]

    async def connect(self, request: Request) -> Response:
        """Names the workspace and the person, sets the browser's cookie, leads on to the sign-in."""
        if request.method == "HEAD":
            return page("Connect", [])  # a scanner of links must not become the browser that owns it
        link, cookie = request.query_params.get("link", ""), request.cookies.get(COOKIE)
        try:
            self.services.connection.software(request.path_params["software"])
            opened = await self.services.sign_in.open_link(link, cookie)
        except BotError as fault:
            return _fault(fault)
        except Exception as fault:
            return _unforeseen(fault)
        name = opened.software.name
        answer = page(
            f"Connect {name}",
            [f"Connect {name} to {opened.workspace_name} in Slack, as {opened.person.name}."],
            link=opened.authorize_url,
            link_words=f"Continue to {name}",
            soft="Not you? Close this page.",
        )
        answer.set_cookie(
            COOKIE,
            opened.browser,
            max_age=COOKIE_SECONDS,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )
        return answer

    async def callback(self, request: Request) -> Response:
        """https://www.zoho.com/books/api/v3/oauth/ : `code`, `location`, `accounts-server`, or `error`."""
        if request.method == "HEAD":
            return page("Sign-in", [])
        try:
            returned = await self.services.sign_in.came_back(
                request.path_params["software"], dict(request.query_params), request.cookies.get(COOKIE)
            )
        except BotError as fault:
            return _fault(fault)
        except Exception as fault:
            return _unforeseen(fault)
        return page(
            "Signed in",
            ["Signed in. Go back to Slack to choose the organisation."],
            link=returned.workspace.address,
            link_words="Open Slack",
        )


def _unforeseen(fault: Exception) -> Response:
    reference = secrets.token_hex(2).upper()
    structlog.get_logger().error("unforeseen", reference=reference, exc_info=fault)
    says = f"Something on our side broke (reference {reference}). Nothing was connected."
    return page("Not signed in", [says, "Go back to Slack and try again."], status=SERVER_FAULT)


def _fault(fault: BotError) -> Response:
    status = BAD_REQUEST
    if fault.says == EXPIRED:
        status = GONE
    elif isinstance(fault, NotAllowed):
        status = FORBIDDEN
    elif isinstance(fault, NotFound):
        status = NOT_FOUND
    elif isinstance(fault, AccountingError):
        status = BAD_GATEWAY
    lines = [fault.says, fault.advice.replace("`", "")]
    return page("Not signed in", [line for line in lines if line], status=status)
