"""Routes for whoever drives the simulation from outside: state, calls, trouble on order."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.zoho_books.books import Books, Trouble


def routes(books: Books) -> list[Route]:
    async def calls(request: Request) -> Response:
        if request.method == "DELETE":
            books.calls.clear()
        return JSONResponse([asdict(call) for call in books.calls])

    async def state(_: Request) -> Response:
        return JSONResponse([asdict(one) for one in books.organisations])

    async def trouble(request: Request) -> Response:
        try:
            books.troubles.append(Trouble(**await request.json()))
        except TypeError as fault:
            return JSONResponse({"ok": False, "error": str(fault)}, 400)
        return JSONResponse({"ok": True})

    async def withdraw(_: Request) -> Response:
        books.withdraw_consent()
        return JSONResponse({"ok": True})

    return [
        Route("/sandbox/calls", calls, methods=["GET", "DELETE"]),
        Route("/sandbox/state", state),
        Route("/sandbox/trouble", trouble, methods=["POST"]),
        Route("/sandbox/withdraw-consent", withdraw, methods=["POST"]),
    ]
