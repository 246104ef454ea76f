"""The doctor's findings: what is wrong, in one line, and what mends it; never a secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import doctor
from bot.config import Settings
from bot.doctor import Finding, Mark
from bot.manifest import SCOPES

GIVEN: dict[str, Any] = {
    "slack_signing_secret": "signing-secret",
    "slack_bot_token": "xoxb-made-up",
    "zoho_client_id": "1000.CLIENT",
    "zoho_client_secret": "client-secret",
}
Answer = Callable[[httpx.Request], httpx.Response]


def settings(**more: Any) -> Settings:
    return Settings(**{**GIVEN, **more})


def answering(answer: Answer) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


def fits(finding: Finding, mark: Mark, words: str) -> None:
    assert finding.mark is mark, finding
    assert words in finding.line
    assert "\n" not in finding.line
    assert not [secret for secret in settings().secrets() if secret in finding.line]
    if mark is Mark.WRONG:
        assert finding.advice


def slack(said: dict[str, object] | str, scopes: str = ",".join(SCOPES)) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer xoxb-made-up"
        assert request.url.path == "/api/auth.test"
        headers = {"x-oauth-scopes": scopes}
        if isinstance(said, str):
            return httpx.Response(502, text=said, headers=headers)
        return httpx.Response(200, json=said, headers=headers)

    return answer


@pytest.mark.parametrize(
    ("answer", "mark", "words"),
    [
        (slack({"ok": True, "team": "Held Out"}), Mark.RIGHT, "signed in to Held Out"),
        (slack({"ok": False, "error": "invalid_auth"}), Mark.WRONG, "refused (invalid_auth)"),
        (slack({"ok": True}, "commands,chat:write"), Mark.WRONG, "lacks chat:write.public, users:read"),
        (slack("<html>"), Mark.WRONG, "no usable answer from slack.com"),
        (silent, Mark.WRONG, "no usable answer from slack.com"),
    ],
)
async def test_slack_is_judged_by_its_answer(answer: Answer, mark: Mark, words: str) -> None:
    async with answering(answer) as client:
        fits(await doctor.slack_answers(settings(), client), mark, words)


def zoho(said: dict[str, str] | str) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://accounts.zoho.com/oauth/v2/token"
        return httpx.Response(200, **({"text": said} if isinstance(said, str) else {"json": said}))

    return answer


@pytest.mark.parametrize(
    ("answer", "mark", "words"),
    [
        (zoho({"error": "invalid_code"}), Mark.RIGHT, "accounts.zoho.com knows our client"),
        (zoho({"error": "invalid_client"}), Mark.WRONG, "does not accept ZOHO_CLIENT_ID"),
        (zoho({"error": "invalid_client_secret"}), Mark.WRONG, "does not accept ZOHO_CLIENT_SECRET"),
        (
            zoho({"error": "invalid_redirect_uri"}),
            Mark.WRONG,
            "/oauth/zoho-books/callback is no redirect address",
        ),
        (zoho({"error": "general_error"}), Mark.NOTE, "not as expected (general_error)"),
        (zoho("<html>"), Mark.WRONG, "no usable answer from accounts.zoho.com"),
        (silent, Mark.WRONG, "no usable answer from accounts.zoho.com"),
    ],
)
async def test_zoho_is_judged_by_what_it_says_to_a_made_up_code(
    answer: Answer, mark: Mark, words: str
) -> None:
    async with answering(answer) as client:
        fits(await doctor.zoho_answers(settings(), client), mark, words)


async def test_no_secret_goes_to_a_host_that_is_not_zohos() -> None:
    def never(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    async with answering(never) as client:
        found = await doctor.zoho_answers(
            settings(zoho_accounts_url="https://accounts.zoho.com.evil.test"), client
        )
    fits(found, Mark.WRONG, "ZOHO_ACCOUNTS_URL: accounts.zoho.com.evil.test is none of Zoho's data centres")


async def test_a_host_named_as_a_sandbox_is_asked() -> None:
    async with answering(lambda _: httpx.Response(200, json={"error": "invalid_code"})) as client:
        trusted = settings(zoho_accounts_url="http://127.0.0.1:8090", extra_hosts="127.0.0.1:8090")
        fits(await doctor.zoho_answers(trusted, client), Mark.RIGHT, "127.0.0.1:8090 knows our client")


@pytest.mark.parametrize(
    ("url", "version", "mark", "words"),
    [
        ("redis://localhost:6379", "7.2.4", Mark.RIGHT, "7.2.4 answers at localhost:6379"),
        ("unix:///run/redis.sock", "6.2.14", Mark.RIGHT, "/run/redis.sock"),
        ("rediss://:pa55word@redis.test", "7.2.4", Mark.RIGHT, "redis.test:6379"),
        ("redis://:pa55word@redis.test", "7.2.4", Mark.NOTE, "without TLS"),
        ("redis://redis.test", "7.2.4", Mark.NOTE, "without a password and TLS"),
        ("redis://localhost", "6.0.9", Mark.WRONG, "version 6.0.9 is too old"),
    ],
)
def test_redis_is_judged_by_version_and_by_who_may_reach_it(
    url: str, version: str, mark: Mark, words: str
) -> None:
    finding = doctor.judge_redis(url, {"redis_version": version})
    fits(finding, mark, words)
    assert "pa55word" not in finding.line


async def test_a_redis_that_is_not_there_is_named_without_its_password(unused_tcp_port: int) -> None:
    url = f"redis://:pa55word@127.0.0.1:{unused_tcp_port}"
    finding = await doctor.redis_answers(settings(redis_url=url, encryption_keys="k" * 32))
    fits(finding, Mark.WRONG, f"no answer from 127.0.0.1:{unused_tcp_port}")
    assert "pa55word" not in finding.line


async def test_the_embedded_redis_is_started_and_asked(tmp_path: Path) -> None:
    fits(await doctor.redis_answers(settings(data_dir=tmp_path / "data")), Mark.RIGHT, "embedded, Valkey")


def test_a_rival_package_is_named() -> None:
    (finding,) = doctor.rivals({"storage": ["dext-for-slack", "django-storage"], "bot": ["dext-for-slack"]})
    fits(finding, Mark.WRONG, "django-storage also brings a package named storage")


def test_without_rivals_it_says_so() -> None:
    (finding,) = doctor.rivals({"bot": ["dext-for-slack"], "requests": ["requests"]})
    fits(finding, Mark.RIGHT, "no rival")
