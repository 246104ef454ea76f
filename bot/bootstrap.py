"""Joins settings, storage, clients and services: the only place that knows all. Read it from the top."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp
import httpx
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import ASGIApp

from bot import accounting, readers
from bot.config import Settings
from bot.domain.identity import BOT, Business, BusinessId, WorkspaceId
from bot.errors import SettingMissing, WrongInput
from bot.readers import columns as table_columns
from bot.services import Services
from bot.services.aliases import AliasService
from bot.services.answers import AnswerService
from bot.services.api_keys import ApiKeyService
from bot.services.arriving import ArrivingService
from bot.services.attaching import AttachingService
from bot.services.auto_publish import AutoPublishService
from bot.services.claims import ClaimService
from bot.services.columns import ColumnService
from bot.services.connection import ConnectionService
from bot.services.digest import DigestService
from bot.services.duplicates import DuplicateService
from bot.services.history import HistoryService
from bot.services.importing import Imported, ImportingService
from bot.services.items import ItemService
from bot.services.lines import LineService
from bot.services.log import LogService
from bot.services.many import ManyService
from bot.services.mapping import MappingService
from bot.services.own_digest import OwnDigestService
from bot.services.payment_methods import PaymentMethodService
from bot.services.probe import ProbeService
from bot.services.publish import PublishService
from bot.services.recoding import RecodingService
from bot.services.refresh import RefreshService
from bot.services.report import ReportService
from bot.services.roles import RoleService
from bot.services.rule_book import RuleBook
from bot.services.rules import RuleService
from bot.services.settings import SettingsService
from bot.services.sign_in import SignInService
from bot.services.status import StatusService
from bot.services.switching import SwitchService
from bot.services.tax_exceptions import TaxExceptionService
from bot.services.undo import UndoService
from bot.services.watch import WatchService
from bot.slack.client import Slack
from bot.slack.people import SlackPeople
from handlers import events, home, web_app
from handlers.commands import FEATURES
from handlers.job_kit import Context
from handlers.jobs import JOBS, TICKS, imports
from handlers.kit import FIRST_BUSINESS, Table
from handlers.routes.connect import ConnectRoutes
from handlers.routes.health import HealthRoutes
from handlers.routes.items_api import ItemsApiRoutes
from handlers.slack_app import SlackApp
from storage import client, embedded
from storage.crypto import Cipher
from storage.queue import DocketJobs, open_docket
from storage.rotation import rotate_keys
from storage.store import RedisStorage

RATE_LIMIT_RETRIES = 5


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class App:
    """The bot, joined together."""

    services: Services
    asgi: ASGIApp
    bolt: AsyncApp
    jobs: DocketJobs
    storage: RedisStorage
    settings: Settings
    web: AsyncWebClient
    context: Context

    async def work(self, stop: asyncio.Event) -> None:
        """Runs jobs until `stop`, then finishes those that have begun."""
        await self.jobs.work(stop)

    async def tick(self, stop: asyncio.Event) -> None:
        """Looks for what is due until `stop`. Each look claims, so that any number of clocks may run."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        for look, seconds in TICKS.items():
            scheduler.add_job(
                look, "interval", args=[self.services], seconds=seconds, coalesce=True, max_instances=1
            )
        scheduler.start()
        try:
            await stop.wait()
        finally:
            scheduler.shutdown(wait=False)

    async def socket_mode(self, stop: asyncio.Event) -> None:
        """Receives Slack's requests over a socket of our own until `stop`."""
        if self.settings.slack_app_token is None:
            return
        handler = AsyncSocketModeHandler(self.bolt, self.settings.slack_app_token.get_secret_value())
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            await stop.wait()
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def rotate_keys(self) -> int:
        """Encrypts everything again with the newest key; how many secrets."""
        return await rotate_keys(self.storage)

    async def import_file(self, filename: str, content: bytes, *, workspace: str, business: str) -> Imported:
        """A file from a terminal. Empty ids mean the only business."""
        of = await self.business(workspace, business)
        imported = await self.services.importing.run(of, filename, content, BOT)
        await imports.announce(self.context, of, imported)
        return imported

    async def business(self, workspace: str, business: str) -> Business:
        """The business that a terminal names; empty ids mean the only one. Raises WrongInput."""
        team = workspace or str((await self.web.auth_test())["team_id"])
        of = Business(WorkspaceId(team), BusinessId(business or FIRST_BUSINESS))
        if of.id != FIRST_BUSINESS:
            raise WrongInput(f"There is no business {business}.", advice=f"There is {FIRST_BUSINESS}.")
        return of


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[App]:
    """Opens everything, and closes it in reverse. Raises StorageUnavailable, SettingMissing."""
    if settings.slack_bot_token is None:
        raise SettingMissing(
            "SLACK_BOT_TOKEN",
            "SLACK_BOT_TOKEN is missing.",
            advice="Installing into many workspaces is not there yet: give the bot token of one workspace.",
        )
    async with AsyncExitStack() as stack:
        url = (
            settings.redis_url.get_secret_value()
            if settings.redis_url
            else await stack.enter_async_context(embedded.server(settings.data_dir))
        )
        redis = client.connect(url)
        stack.push_async_callback(redis.aclose)
        await client.ping(redis)
        cipher = Cipher([key.get_secret_value() for key in settings.encryption_keys])
        storage = RedisStorage(redis, cipher, now)
        jobs = await stack.enter_async_context(open_docket(url))
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        web = _slack_client(settings, session)
        slack = Slack(web, partial(_download, http))
        people = SlackPeople(lambda _: web, storage.people)
        services = _services(settings, storage, jobs, people, http)
        context = Context(services, lambda _: slack)
        jobs.register({name: _named(name, partial(job, context)) for name, job in JOBS.items()})
        app = SlackApp(
            Table.of(FEATURES),
            services,
            lambda _: slack,
            storage.seen.first_time,
            home.opened,
            events.file_dropped,
        )
        # Bolt warns that a token in the environment is not its to use: it is ours, and so meant.
        logging.getLogger("slack_bolt.AsyncApp").addFilter(_is_no_token_warning)
        bolt = app.bolt(settings.slack_signing_secret.get_secret_value(), _authorizer(web))
        connect = ConnectRoutes(services, is_secure=settings.public_url.startswith("https://"))
        health = HealthRoutes(partial(client.ping, redis))
        items_api = ItemsApiRoutes(services, settings.public_url)
        asgi = web_app.create(bolt, [*connect.routes(), *items_api.routes(), *health.routes()])
        yield App(services, asgi, bolt, jobs, storage, settings, web, context)
        await app.drain()


async def _download(http: httpx.AsyncClient, address: str, headers: Mapping[str, str]) -> tuple[str, bytes]:
    """A file from Slack; no redirect is followed, since the token must not travel on."""
    try:
        answer = await http.get(address, headers=dict(headers), follow_redirects=False)
    except httpx.HTTPError:
        return "", b""
    kind = answer.headers.get("Content-Type", "application/octet-stream")
    return (kind, answer.content) if answer.is_success else ("", b"")


def _is_no_token_warning(record: logging.LogRecord) -> bool:
    return "will be ignored" not in str(record.msg)


def _slack_client(settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """One session for the process: slack_sdk opens one a call otherwise."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    handlers = [AsyncRateLimitErrorRetryHandler(RATE_LIMIT_RETRIES), AsyncConnectionErrorRetryHandler()]
    return AsyncWebClient(token, base_url=settings.slack_api_url, session=session, retry_handlers=handlers)


def _authorizer(web: AsyncWebClient) -> Callable[..., Awaitable[AuthorizeResult]]:
    """One workspace's bot; Slack is asked once who it is."""
    found: list[AuthorizeResult] = []

    async def authorize(**_: Any) -> AuthorizeResult:
        if not found:
            who = await web.auth_test()
            found.append(
                AuthorizeResult(
                    enterprise_id=None,
                    team_id=str(who["team_id"]),
                    bot_token=web.token,
                    bot_id=str(who.get("bot_id") or ""),
                    bot_user_id=str(who["user_id"]),
                )
            )
        return found[0]

    return authorize


def _services(
    settings: Settings, storage: RedisStorage, jobs: DocketJobs, people: SlackPeople, http: httpx.AsyncClient
) -> Services:
    softwares = accounting.on_offer(settings, http, now)
    roles = RoleService(people, storage, now, jobs)
    refresh = RefreshService(storage, softwares, jobs, now)
    items = ItemService(storage, now)
    connection = ConnectionService(storage, softwares, jobs, refresh, now, settings.public_url)
    sign_in = SignInService(storage, connection, jobs, people, roles, now)
    publish = PublishService(storage, softwares, jobs, roles, now)
    auto = AutoPublishService(storage, jobs, publish, now)
    items, many = ItemService(storage, now), ManyService(storage, publish, jobs, now)
    digest = DigestService(storage, items, many, jobs, now)
    importing = ImportingService(storage, readers.read, jobs, auto, now)
    return Services(
        connection=connection,
        sign_in=sign_in,
        switching=SwitchService(storage, connection, sign_in, roles, jobs, now),
        refresh=refresh,
        settings=SettingsService(storage, now),
        tax_exceptions=TaxExceptionService(storage, now),
        mapping=MappingService(storage, now),
        auto=auto,
        items=items,
        lines=LineService(storage, now),
        publish=publish,
        undo=UndoService(storage, softwares, jobs, roles, now),
        importing=importing,
        columns=ColumnService(storage, table_columns.headings, table_columns.rename, now),
        arriving=ArrivingService(storage, importing, jobs, now),
        attaching=AttachingService(storage, softwares, jobs, now),
        api_keys=ApiKeyService(storage, now),
        answers=AnswerService(storage),
        roles=roles,
        rules=RuleService(storage, jobs, now),
        rule_book=RuleBook(storage, jobs, now),
        duplicates=DuplicateService(storage, items, now),
        aliases=AliasService(storage, jobs, now),
        payment_methods=PaymentMethodService(storage, now),
        claims=ClaimService(storage, now),
        log=LogService(storage, people, jobs, now),
        history=HistoryService(storage, jobs),
        report=ReportService(storage, jobs, now),
        recoding=RecodingService(storage, now),
        many=many,
        status=StatusService(storage, items, many, jobs, now),
        probe=ProbeService(storage, softwares, jobs, now),
        watch=WatchService(storage, softwares, jobs, now),
        digest=digest,
        own_digest=OwnDigestService(storage, digest, people, jobs, now),
    )


def _named(name: str, job: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The queue tells functions by their names and reads their signatures; every argument is an id."""

    async def run(*ids: str) -> None:
        await job(*ids)

    run.__name__ = name
    return run
