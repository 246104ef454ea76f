"""Signing in at Zoho: address, exchange, renewal, revocation. authlib speaks OAuth, the checks are ours.

https://www.zoho.com/books/api/v3/oauth/
"""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client.errors import OAuthError

from bot.accounting.zoho_books.hosts import accounts_of, api_of, trusted
from bot.domain.connection import Credentials
from bot.errors import RateLimited, ReconnectNeeded, SignInFailed, Unavailable
from bot.ports import Clock

# authlib prefers httpx's successor and says so on standard error; the switch is to be one deliberate step.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

SCOPES = tuple(
    f"ZohoBooks.{name}"
    for name in (
        "settings.READ", "accountants.READ", "contacts.READ", "contacts.CREATE", "projects.READ",
        "banking.READ", "bills.READ", "bills.CREATE", "expenses.READ", "expenses.CREATE", "expenses.DELETE",
        "debitnotes.READ", "debitnotes.CREATE", "invoices.READ", "invoices.CREATE", "invoices.DELETE",
        "creditnotes.READ", "creditnotes.CREATE",
        "vendorpayments.READ", "vendorpayments.CREATE", "vendorpayments.DELETE",
    )
)  # fmt: skip
TOKEN_SECONDS = 3600
RENEWALS, TOO_MANY_SECONDS = 10, 600.0
"""Ten access tokens in ten minutes, then none for so long."""
BAD_REQUEST = 400
"""The answer to a revocation: Zoho knows no such token (any more)."""
TIMEOUT = httpx.Timeout(15.0, connect=5.0)
_AGAIN = "Start again with `/dext connect`."


@dataclass(frozen=True)
class ZohoSignIn:
    """Zoho's OAuth for one client of ours. `transport` is httpx's, for one pool a process."""

    client_id: str
    client_secret: str
    accounts_url: str
    extra_hosts: AbstractSet[str]
    ssl_context: ssl.SSLContext
    clock: Clock

    def address(self, state: str, redirect_uri: str, place: str = "") -> str:
        """Where the browser goes. `offline` and `consent` both: without either no refresh token comes."""
        address, _ = self._client(redirect_uri).create_authorization_url(
            f"{self._origin(accounts_of(place) or self.accounts_url)}/oauth/v2/auth",
            state=state,
            scope=",".join(SCOPES),
            access_type="offline",
            prompt="consent",
        )
        return str(address)

    async def exchange(self, callback: Mapping[str, str], redirect_uri: str, place: str = "") -> Credentials:
        """The callback's code into credentials. Raises SignInFailed, Unavailable.

        `error` and `code` are looked at first: authlib would take a refusal for another kind of grant.
        """
        if error := callback.get("error"):
            raise _refused(error)
        code = callback.get("code", "")
        if not code:
            raise SignInFailed("Zoho sent no code back.", advice=_AGAIN)
        accounts = self._origin(callback.get("accounts-server") or accounts_of(place) or self.accounts_url)
        client = self._client(redirect_uri)
        token = await self._ask(
            client,
            lambda: client.fetch_token(
                f"{accounts}/oauth/v2/token", code=code, grant_type="authorization_code"
            ),
            _refused,
        )
        refresh_token = token.get("refresh_token")
        if not refresh_token:
            raise SignInFailed("Zoho gave no lasting permission.", advice=_AGAIN)
        api = self._origin(str(token.get("api_domain") or api_of(accounts)), what="API server")
        return self._credentials(token, str(refresh_token), accounts, api)

    async def renew(self, credentials: Credentials) -> Credentials:
        """A new access token. Raises ReconnectNeeded, RateLimited, Unavailable."""
        accounts = trusted(credentials.accounts_url, self.extra_hosts)
        if accounts is None:
            raise _not_renewed("untrusted")
        client = self._client("")
        token = await self._ask(
            client,
            lambda: client.refresh_token(
                f"{accounts}/oauth/v2/token", refresh_token=credentials.refresh_token
            ),
            _not_renewed,
        )
        renewed = self._credentials(token, credentials.refresh_token, accounts, credentials.api_url)
        return replace(renewed, scope=renewed.scope or credentials.scope)

    async def revoke(self, credentials: Credentials, http: httpx.AsyncClient) -> None:
        """Withdraws the refresh token; quiet when it is withdrawn already. Both of Zoho's spellings are
        tried. Raises Unavailable, also when neither says that the token is none (it may live on)."""
        accounts = self._origin(credentials.accounts_url)
        form = {"token": credentials.refresh_token}
        newer = {**form, "token_type": "refresh_token"}
        calls: list[tuple[str, dict[str, str], tuple[str | bytes, str | bytes] | None]] = [
            ("/oauth/v2/token/revoke", form, None),
            ("/oauth/v2/revoke/token", newer, (self.client_id, self.client_secret)),
        ]
        is_dead = False
        for path, data, auth in calls:
            try:
                answer = await http.post(
                    f"{accounts}{path}", data=data, auth=auth or httpx.USE_CLIENT_DEFAULT, timeout=TIMEOUT
                )
            except httpx.HTTPError as fault:
                raise Unavailable(f"Zoho's sign-in does not answer ({type(fault).__name__}).") from fault
            if answer.is_success and "error" not in answer.text.casefold():
                return
            if answer.is_server_error:
                raise Unavailable(f"Zoho's sign-in answers with status {answer.status_code}.")
            is_dead = is_dead or answer.status_code == BAD_REQUEST or "invalid_token" in answer.text
        if not is_dead:
            raise Unavailable("Zoho's sign-in did not withdraw our access.")

    def _client(self, redirect_uri: str) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
            redirect_uri=redirect_uri or None,
            verify=self.ssl_context,
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
        )

    def _origin(self, address: str, *, what: str = "sign-in server") -> str:
        """Only addresses of Zoho's table are ever told the client secret or a token."""
        origin = trusted(address, self.extra_hosts)
        if origin is None:
            raise SignInFailed(
                f"The answer names a {what} that is not Zoho's.",
                advice="Nothing was sent there. Start again with `/dext connect`.",
            )
        return origin

    @staticmethod
    async def _ask(
        client: AsyncOAuth2Client, ask: Callable[[], Any], refused: Callable[[str], Exception]
    ) -> dict[str, Any]:
        """One question; `client` is closed after it."""
        try:
            async with client:
                token = await ask()
        except OAuthError as fault:
            if _is_throttled(f"{fault.error} {fault.description}".casefold()):
                raise RateLimited(
                    "Zoho gives no more sign-ins for some minutes.", retry_after_seconds=TOO_MANY_SECONDS
                ) from fault
            raise refused(str(fault.error or "")) from fault
        except (httpx.HTTPError, ValueError) as fault:
            raise Unavailable(f"Zoho's sign-in does not answer ({type(fault).__name__}).") from fault
        if not isinstance(token, dict) or "access_token" not in token:
            raise refused(str(token.get("error", "")) if isinstance(token, dict) else "")
        return dict(token)

    def _credentials(
        self, token: Mapping[str, Any], refresh_token: str, accounts: str, api: str
    ) -> Credentials:
        seconds = int(token.get("expires_in") or TOKEN_SECONDS)
        return Credentials(
            access_token=str(token["access_token"]),
            refresh_token=refresh_token,
            expires_at=self.clock() + timedelta(seconds=seconds),
            accounts_url=accounts,
            api_url=api,
            scope=str(token.get("scope") or ""),
        )


def _is_throttled(said: str) -> bool:
    """`Access Denied`, “too many requests”: later, not reconnect. A person's own no is `access_denied`."""
    return "too many" in said or said.startswith("access denied")


def _refused(error: str) -> SignInFailed:
    says = {
        "access_denied": "You did not allow access at Zoho, so nothing was connected.",
        "invalid_code": "Zoho no longer accepts this sign-in: its code was used or is too old.",
        "invalid_client": "Zoho does not know this app (ZOHO_CLIENT_ID) in that data centre.",
        "invalid_client_secret": "Zoho refuses this app's secret (ZOHO_CLIENT_SECRET).",
        "invalid_redirect_uri": "Zoho does not accept our address to return to (PUBLIC_URL).",
    }.get(error, f"Zoho refused the sign-in ({error[:60] or 'no reason given'}).")
    return SignInFailed(says, advice=_AGAIN)


def _not_renewed(error: str) -> Exception:
    if error in ("general_error", ""):
        return Unavailable("Zoho's sign-in answers with a fault of its own.", code=error)
    return ReconnectNeeded(
        "Zoho Books no longer accepts our sign-in.",
        advice="An Admin can sign in again with `/dext reconnect`; nothing is lost.",
    )
