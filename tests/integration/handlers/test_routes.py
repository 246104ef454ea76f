"""The connect pages and the health routes, asked as a browser asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette

from bot.domain.identity import Business, BusinessId, PersonId, Workspace, WorkspaceId
from bot.domain.roles import Person
from bot.errors import BotError, NotAllowed, NotFound, SignInFailed, StorageUnavailable, Unavailable
from bot.services.connection import START_AGAIN
from bot.services.sign_in import EXPIRED, Opened, Returned
from handlers.routes.connect import COOKIE, ConnectRoutes
from handlers.routes.health import HealthRoutes
from tests.integration.handlers.slackside import services

BUSINESS = Business(WorkspaceId("T123"), BusinessId("b1"))
HELD = Workspace("Held & Co", "https://held.slack.com/")


@dataclass
class Software:
    slug: str = "zoho-books"
    name: str = "Zoho Books"


@dataclass
class FakeConnection:
    """`ConnectionService`, as far as a browser gets to it."""

    fault: Exception | None = None
    person: str = "Ada"
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def software(self, slug: str) -> Software:
        if slug != "zoho-books":
            raise NotFound("This accounting software is not available.")
        return Software()

    async def open_link(self, link: str, browser: str | None) -> Opened:
        self.asked.append(("open", link, browser))
        if self.fault:
            raise self.fault
        address = "https://accounts.example/oauth?client_id=1&state=s"
        person = Person(PersonId("UADA"), self.person)
        return Opened("Held & Co", person, Software(), address, browser or "a-cookie")  # type: ignore[arg-type]

    async def came_back(self, slug: str, query: Mapping[str, str], browser: str | None) -> Returned:
        self.asked.append(("back", dict(query), browser))
        if self.fault:
            raise self.fault
        return Returned(BUSINESS, PersonId("UADA"), HELD, Software())  # type: ignore[arg-type]


def browser(connection: FakeConnection, *, is_secure: bool = True) -> httpx.AsyncClient:
    routes = ConnectRoutes(services(connection=connection, sign_in=connection), is_secure=is_secure).routes()
    transport = httpx.ASGITransport(app=Starlette(routes=routes))
    return httpx.AsyncClient(transport=transport, base_url="https://bot.example")


async def test_the_page_names_workspace_and_person_and_leads_on() -> None:
    """S11."""
    async with browser(FakeConnection()) as visitor:
        answer = await visitor.get("/connect/zoho-books?link=abc")
    assert answer.status_code == 200
    assert "Connect Zoho Books to Held &amp; Co in Slack, as Ada." in answer.text
    assert 'href="https://accounts.example/oauth?client_id=1&amp;state=s"' in answer.text
    assert "Continue to Zoho Books" in answer.text


@pytest.mark.parametrize("is_secure", [True, False])
async def test_the_browser_gets_a_cookie_that_scripts_and_other_sites_cannot_use(is_secure: bool) -> None:
    async with browser(FakeConnection(), is_secure=is_secure) as visitor:
        cookie = (await visitor.get("/connect/zoho-books?link=abc")).headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=a-cookie;")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert ("Secure" in cookie) is is_secure


async def test_a_browser_that_has_a_cookie_keeps_it() -> None:
    connection = FakeConnection()
    async with browser(connection) as visitor:
        await visitor.get("/connect/zoho-books?link=abc", headers={"Cookie": f"{COOKIE}=mine"})
    assert connection.asked == [("open", "abc", "mine")]


async def test_no_page_is_kept_framed_scripted_or_told_to_other_sites() -> None:
    async with browser(FakeConnection()) as visitor:
        pages = [
            await visitor.get("/connect/zoho-books?link=abc"),
            await visitor.get("/connect/other?link=abc"),
        ]
    for answer in pages:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "<script" not in answer.text


async def test_a_name_cannot_put_markup_on_the_page() -> None:
    async with browser(FakeConnection(person="<img src=x onerror=alert(1)>")) as visitor:
        answer = await visitor.get("/connect/zoho-books?link=abc")
    assert "<img" not in answer.text
    assert "&lt;img" in answer.text


async def test_a_scanner_of_links_does_not_become_the_browser_that_owns_the_link() -> None:
    connection = FakeConnection()
    async with browser(connection) as visitor:
        answers = [
            await visitor.head("/connect/zoho-books?link=abc"),
            await visitor.head("/oauth/zoho-books/callback?state=s&code=c"),
        ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert connection.asked == []


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (SignInFailed(EXPIRED, advice=START_AGAIN), 410, "Start again with /dext connect."),
        (SignInFailed("You did not agree.", advice=START_AGAIN), 400, "You did not agree."),
        (NotAllowed("Only an Admin can connect accounting software."), 403, "Only an Admin"),
        (Unavailable("Zoho Books does not answer."), 502, "Zoho Books does not answer."),
    ],
)
@pytest.mark.parametrize(
    "path", ["/connect/zoho-books?link=abc", "/oauth/zoho-books/callback?state=s&code=c"]
)
async def test_a_refusal_is_one_sentence_and_what_to_do(
    path: str, fault: BotError, status: int, words: str
) -> None:
    """S12."""
    async with browser(FakeConnection(fault)) as visitor:
        answer = await visitor.get(path)
    assert answer.status_code == status
    assert words in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/connect/zoho-books?link=abc", "/oauth/zoho-books/callback?state=s&code=c"]
)
async def test_an_unforeseen_fault_gives_a_reference_and_no_secret(path: str) -> None:
    with structlog.testing.capture_logs() as log:
        async with browser(FakeConnection(RuntimeError("secret-code"))) as visitor:
            answer = await visitor.get(path)
    (line,) = log
    assert answer.status_code == 500
    assert f"reference {line['reference']}" in answer.text
    assert "secret-code" not in answer.text


async def test_an_unknown_software_is_not_found() -> None:
    """S10."""
    async with browser(FakeConnection()) as visitor:
        answer = await visitor.get("/connect/other-books?link=abc")
    assert answer.status_code == 404
    assert "not available" in answer.text


async def test_after_the_sign_in_the_page_leads_back_to_slack() -> None:
    """S12."""
    connection = FakeConnection()
    async with browser(connection) as visitor:
        answer = await visitor.get(
            "/oauth/zoho-books/callback?state=s&code=c", headers={"Cookie": f"{COOKIE}=mine"}
        )
    assert connection.asked == [("back", {"state": "s", "code": "c"}, "mine")]
    assert "Signed in. Go back to Slack to choose the organisation." in answer.text
    assert 'href="https://held.slack.com/"' in answer.text
    assert "Open Slack" in answer.text


# --- health


def health(*, redis_answers: bool) -> httpx.AsyncClient:
    async def ping() -> None:
        if not redis_answers:
            raise StorageUnavailable("Redis does not answer.")

    transport = httpx.ASGITransport(app=Starlette(routes=HealthRoutes(ping).routes()))
    return httpx.AsyncClient(transport=transport, base_url="http://bot.example")


async def test_alive_and_ready_while_redis_answers() -> None:
    async with health(redis_answers=True) as http:
        found = [(await http.get(path)).status_code for path in ("/healthz", "/readyz", "/metrics")]
    assert found == [200, 200, 200]


async def test_alive_but_not_ready_without_redis() -> None:
    async with health(redis_answers=False) as http:
        alive, ready = await http.get("/healthz"), await http.get("/readyz")
    assert (alive.status_code, ready.status_code) == (200, 503)
    assert ready.json() == {"status": "unavailable", "reason": "Redis does not answer."}
