"""One check per line: is this installation able to work, and what mends it when not. Shows no secret."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import redis.asyncio
from redis.exceptions import AuthenticationError, RedisError

from bot import config
from bot.accounting.zoho_books.hosts import trusted
from bot.config import Settings
from bot.errors import BotError

PACKAGES = ("bot", "handlers", "storage")
DISTRIBUTION = "dext-for-slack"
OLDEST_REDIS = (6, 2)
PATIENCE_SECONDS = 10.0
SAFE_HOSTS = {"localhost", "127.0.0.1", "::1", None}


class Mark(Enum):
    """How a check ended; only `WRONG` makes the doctor's exit status 1."""

    RIGHT = "✓ right"
    NOTE = "• note"
    WRONG = "✗ wrong"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what was found, and how to mend it."""

    mark: Mark
    subject: str
    says: str
    advice: str = ""

    @property
    def line(self) -> str:
        """As a person reads it."""
        return f"{self.mark.value}  {self.subject}: {self.says} {self.advice}".rstrip()


async def examine() -> AsyncIterator[Finding]:
    """Every check in turn: packages, settings, Redis, Slack, Zoho Books."""
    for finding in rivals(importlib.metadata.packages_distributions()):
        yield finding
    wrong = config.problems()
    if wrong:
        for problem in wrong:
            yield Finding(Mark.WRONG, "Settings", problem.says, problem.advice)
        yield Finding(Mark.NOTE, "Redis, Slack, Zoho Books", "not checked until the settings are right.")
        return
    try:
        settings = config.load()
    except BotError as error:
        yield Finding(Mark.WRONG, "Settings", error.says, error.advice)
        return
    yield Finding(Mark.RIGHT, "Settings", "all there.")
    yield await redis_answers(settings)
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        yield await slack_answers(settings, client)
        yield await zoho_answers(settings, client)


def rivals(distributions: Mapping[str, list[str]]) -> list[Finding]:
    """Other installed distributions with a package of our names: they overwrite each other's files."""
    found = []
    home = Path(__file__).resolve().parent.parent
    for name in PACKAGES:
        others = sorted({other for other in distributions.get(name, []) if other != DISTRIBUTION})
        spec = importlib.util.find_spec(name)
        origin = Path(spec.origin).resolve().parent.parent if spec and spec.origin else None
        if others:
            says = f"{', '.join(others)} also brings a package named {name}."
        elif origin != home:
            says = f"the package {name} is taken from {origin or 'nowhere'}, not from {home}."
        else:
            continue
        found.append(
            Finding(
                Mark.WRONG, "Packages", says, "Install the bot in an environment of its own: `make setup`."
            )
        )
    return found or [Finding(Mark.RIGHT, "Packages", "no rival for bot, handlers and storage.")]


async def redis_answers(settings: Settings) -> Finding:
    """Redis answers, is new enough and is not open to the network."""
    if settings.redis_url is None:
        return await _embedded_answers(settings)
    url = settings.redis_url.get_secret_value()
    try:
        client = redis.asyncio.Redis.from_url(
            url, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS
        )
        async with client:
            return judge_redis(url, await client.info("server"))
    except AuthenticationError:
        return Finding(
            Mark.WRONG, "Redis", "it does not accept the password.", "Mend the password in REDIS_URL."
        )
    except (RedisError, OSError, ValueError):
        return Finding(
            Mark.WRONG,
            "Redis",
            f"no answer from {_place(url)}.",
            "Start it, or mend the address in REDIS_URL.",
        )


def judge_redis(url: str, info: Mapping[str, object]) -> Finding:
    """What to say about a Redis that answers, from its address and `INFO server`."""
    version = str(info.get("redis_version", "0"))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < OLDEST_REDIS:
        return Finding(
            Mark.WRONG, "Redis", f"version {version} is too old.", "Use Redis 6.2 or newer, or Valkey."
        )
    parts = urlsplit(url)
    lacks = []
    if parts.scheme != "unix" and parts.hostname not in SAFE_HOSTS:
        lacks += [] if parts.password else ["a password"]
        lacks += [] if parts.scheme.startswith("rediss") else ["TLS"]
    if lacks:
        return Finding(
            Mark.NOTE,
            "Redis",
            f"{version} answers at {_place(url)}, without {' and '.join(lacks)}.",
            "Who can write to Redis can run code in the bot: use rediss:// with a password.",
        )
    return Finding(Mark.RIGHT, "Redis", f"{version} answers at {_place(url)}.")


async def _embedded_answers(settings: Settings) -> Finding:
    from storage import embedded  # noqa: PLC0415 - only without REDIS_URL

    try:
        async with embedded.server(settings.data_dir) as url:
            client = redis.asyncio.Redis.from_url(url, socket_timeout=PATIENCE_SECONDS)
            async with client:
                info = await client.info("server")
    except BotError as error:
        return Finding(Mark.WRONG, "Redis", error.says, error.advice)
    except (RedisError, OSError):
        return Finding(
            Mark.WRONG,
            "Redis",
            f"the embedded server does not start in {settings.data_dir}.",
            "Point DATA_DIR at a folder this user may write to, or set REDIS_URL.",
        )
    version = info.get("valkey_version", info.get("redis_version", ""))
    return Finding(Mark.RIGHT, "Redis", f"embedded, Valkey {version}, data in {settings.data_dir}.")


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname or 'localhost'}:{parts.port or 6379}"


async def slack_answers(settings: Settings, client: httpx.AsyncClient) -> Finding:
    """The bot token works and has the manifest's scopes. https://docs.slack.dev/reference/methods/auth.test"""
    from bot.manifest import SCOPES  # noqa: PLC0415 - loads every feature

    if settings.slack_bot_token is None:
        return Finding(
            Mark.WRONG,
            "Slack",
            "SLACK_BOT_TOKEN is missing; installing into many workspaces is not part of this version.",
            config.how_to_get("SLACK_BOT_TOKEN"),
        )
    token = settings.slack_bot_token.get_secret_value()
    try:
        answer = await client.post(
            f"{settings.slack_api_url}auth.test", headers={"Authorization": f"Bearer {token}"}
        )
        said = answer.json()
    except (httpx.HTTPError, ValueError):
        host = urlsplit(settings.slack_api_url).netloc
        return Finding(
            Mark.WRONG, "Slack", f"no usable answer from {host}.", "Mend the network, or SLACK_API_URL."
        )
    if not isinstance(said, dict) or not said.get("ok"):
        reason = said.get("error", "an unknown fault") if isinstance(said, dict) else "an unknown fault"
        return Finding(
            Mark.WRONG,
            "Slack",
            f"the bot token is refused ({reason}).",
            f"Set SLACK_BOT_TOKEN anew: {config.how_to_get('SLACK_BOT_TOKEN')}",
        )
    granted = {
        scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",") if scope.strip()
    }
    missing = [scope for scope in SCOPES if scope not in granted]
    if granted and missing:
        return Finding(
            Mark.WRONG,
            "Slack",
            f"the bot token lacks {', '.join(missing)}.",
            "Add them under OAuth & Permissions → Scopes and install the app again.",
        )
    return Finding(Mark.RIGHT, "Slack", f"signed in to {said.get('team', 'the workspace')}.")


async def zoho_answers(settings: Settings, client: httpx.AsyncClient) -> Finding:
    """Zoho knows our client: a made-up code is answered `invalid_code` then, and `invalid_client` otherwise.

    https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html
    """
    host = urlsplit(settings.zoho_accounts_url).netloc
    if trusted(settings.zoho_accounts_url, settings.extra_hosts) is None:
        return Finding(
            Mark.WRONG,
            "Zoho Books",
            f"ZOHO_ACCOUNTS_URL: {host} is none of Zoho's data centres.",
            f"{config.how_to_get('ZOHO_ACCOUNTS_URL')} A sandbox goes into ZOHO_EXTRA_HOSTS.",
        )
    form = {
        "grant_type": "authorization_code",
        "code": "1000.doctor",
        "client_id": settings.zoho_client_id,
        "client_secret": settings.zoho_client_secret.get_secret_value(),
        "redirect_uri": f"{settings.public_url}/oauth/zoho-books/callback",
    }
    try:
        answer = await client.post(f"{settings.zoho_accounts_url}/oauth/v2/token", data=form)
        said = answer.json()
    except (httpx.HTTPError, ValueError):
        return Finding(
            Mark.WRONG,
            "Zoho Books",
            f"no usable answer from {host}.",
            "Mend the network, or ZOHO_ACCOUNTS_URL.",
        )
    reason = str(said.get("error", "")) if isinstance(said, dict) else ""
    if reason == "invalid_code":
        return Finding(Mark.RIGHT, "Zoho Books", f"{host} knows our client.")
    setting = {
        "invalid_client": "ZOHO_CLIENT_ID",
        "invalid_client_secret": "ZOHO_CLIENT_SECRET",
        "invalid_redirect_uri": "PUBLIC_URL",
    }.get(reason)
    if setting == "PUBLIC_URL":
        return Finding(
            Mark.WRONG,
            "Zoho Books",
            f"{form['redirect_uri']} is no redirect address of our client.",
            "Add it at api-console.zoho.com → your client → Authorized Redirect URIs.",
        )
    if setting:
        return Finding(
            Mark.WRONG,
            "Zoho Books",
            f"{host} does not accept {setting}.",
            f"How to get it: {config.how_to_get(setting)}",
        )
    return Finding(
        Mark.NOTE, "Zoho Books", f"{host} answers, but not as expected ({reason or answer.status_code})."
    )
