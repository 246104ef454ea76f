"""The accounting software on offer, one line each."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

import httpx

from bot.accounting.zoho_books import ZohoBooks
from bot.accounting.zoho_books.auth import ZohoSignIn
from bot.accounting.zoho_books.hosts import trusted
from bot.config import Settings
from bot.errors import SettingMissing
from bot.ports import AccountingSoftware, Clock


def on_offer(settings: Settings, http: httpx.AsyncClient, clock: Clock) -> Mapping[str, AccountingSoftware]:
    """Every accounting software by its slug. Raises SettingMissing where a sign-in server is not Zoho's."""
    if trusted(settings.zoho_accounts_url, settings.extra_hosts) is None:
        raise SettingMissing(
            "ZOHO_ACCOUNTS_URL",
            "ZOHO_ACCOUNTS_URL is none of Zoho's data centres.",
            advice="Use one such as https://accounts.zoho.eu; a sandbox goes into ZOHO_EXTRA_HOSTS too.",
        )
    context = ssl.create_default_context()
    zoho = ZohoSignIn(
        client_id=settings.zoho_client_id,
        client_secret=settings.zoho_client_secret.get_secret_value(),
        accounts_url=settings.zoho_accounts_url,
        extra_hosts=settings.extra_hosts,
        ssl_context=context,
        clock=clock,
    )
    softwares: list[AccountingSoftware] = [ZohoBooks(http, zoho)]
    return {software.slug: software for software in softwares}
