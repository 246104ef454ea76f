"""Zoho's sign-in: consent page, tokens, renewal, revocation (ZOHO: https://www.zoho.com/accounts/protocol/oauth/)."""

from __future__ import annotations

import asyncio
import base64
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.zoho_books.books import Books, Organisation, Token
from bot.sandbox.zoho_books.web import show
from bot.sandbox.zoho_books.web.answers import page

CODE_SECONDS = 120
ACCESS_SECONDS = 3600
RENEWALS, RENEWAL_SECONDS = 10, 600
REFRESH_TOKENS = 20
SEE_OTHER = 303
_WANTED = ("response_type", "client_id", "scope", "redirect_uri", "access_type", "prompt", "state")


@dataclass
class Accounts:
    books: Books
    origin: str = ""
    home: str = ""
    """The accounts server of the person's own data centre, where it is another one."""
    api: str = ""
    """The API server of this data centre, where it is another one."""

    def routes(self) -> list[Route]:
        return [
            Route("/oauth/v2/auth", self.consent, methods=["GET"]),
            Route("/oauth/v2/auth", self.decided, methods=["POST"]),
            Route("/oauth/v2/token", self.token, methods=["POST"]),
            Route("/oauth/v2/token/revoke", self.revoke, methods=["POST"]),
            Route("/oauth/v2/revoke/token", self.revoke_newer, methods=["POST"]),
        ]

    async def consent(self, request: Request) -> Response:
        """The page a person sees: who they are, what is asked, Accept or Reject."""
        asked = {name: request.query_params.get(name, "") for name in _WANTED}
        fault = self._fault(asked)
        return page(
            "consent.html",
            400 if fault else 200,
            asked=asked,
            people={person: self._organisations_of(person) for person in self.books.people},
            rights=show.rights([scope for scope in asked["scope"].split(",") if scope]),
            fault=fault,
            app_name=self.books.client_name,
            back_to=_host(asked["redirect_uri"]),
        )

    def _organisations_of(self, person: str) -> list[Organisation]:
        return [one for one in self.books.organisations if one.id in self.books.people[person]]

    def _fault(self, asked: dict[str, str]) -> str:
        if asked["client_id"] != self.books.client_id:
            return "invalid_client"
        if not _host(asked["redirect_uri"]):
            return "invalid_redirect_uri"
        if asked["response_type"] != "code":
            return "invalid_response_type"
        return "" if asked["scope"] else "invalid_scope"

    async def decided(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if self._fault({name: form.get(name, "") for name in _WANTED}):
            return HTMLResponse("invalid request", 400)
        answer = {"state": form.get("state", "")}
        person = form.get("person", "")
        if form.get("decision") != "accept" or person not in self.books.people:
            answer["error"] = "access_denied"
        else:
            code = f"1000.{secrets.token_hex(16)}"
            consented = any(token.person == person for token in self.books.refresh_tokens.values())
            lasting = form.get("access_type") == "offline" and (
                form.get("prompt") == "consent" or not consented
            )
            self.books.codes[code] = {
                "person": person,
                "scopes": form["scope"].split(","),
                "redirect_uri": form["redirect_uri"],
                "expires_at": self.books.clock() + CODE_SECONDS,
                "lasting": lasting,
                "accounts": self.home,
            }
            self.books.save()
            answer |= {"code": code, "location": "us", "accounts-server": self.home or self.origin}
        mark = "&" if "?" in form["redirect_uri"] else "?"
        return RedirectResponse(f"{form['redirect_uri']}{mark}{urlencode(answer)}", SEE_OTHER)

    async def token(self, request: Request) -> Response:
        """Failures come with status 200, as Zoho's do."""
        for trouble in self.books.due("POST", request.url.path, after_write=False):
            await asyncio.sleep(trouble.delay_seconds)
            if trouble.status:
                said = {"error": "general_error", "error_description": trouble.message}
                return JSONResponse(said, trouble.status, trouble.headers)
        form = {name: str(value) for name, value in (await request.form()).items()}
        if form.get("client_id") != self.books.client_id:
            return JSONResponse({"error": "invalid_client"})
        if form.get("client_secret") != self.books.client_secret:
            return JSONResponse({"error": "invalid_client_secret"})
        if form.get("grant_type") == "authorization_code":
            return self._exchanged(form)
        if form.get("grant_type") == "refresh_token":
            return self._renewed(form)
        return JSONResponse({"error": "unsupported_grant_type"})

    def _exchanged(self, form: dict[str, str]) -> Response:
        code = self.books.codes.pop(form.get("code", ""), None)
        self.books.save()
        if code is None or code["expires_at"] < self.books.clock():
            return JSONResponse({"error": "invalid_code"})
        if code.get("accounts") not in (None, "", self.origin):
            return JSONResponse({"error": "invalid_code"})
        if code["redirect_uri"] != form.get("redirect_uri"):
            return JSONResponse({"error": "invalid_redirect_uri"})
        accounts = code.get("accounts") or ""
        token = Token(code["person"], code["scopes"], form["client_id"], accounts=accounts, api=self.api)
        answer: dict[str, object] = {}
        if code["lasting"]:
            refresh_token = f"1000.{secrets.token_hex(24)}"
            own = [name for name, one in self.books.refresh_tokens.items() if one.person == token.person]
            for dropped in own[: max(0, len(own) - REFRESH_TOKENS + 1)]:
                del self.books.refresh_tokens[dropped]
            self.books.refresh_tokens[refresh_token] = token
            token = replace(token, refresh_token=refresh_token)
            answer["refresh_token"] = refresh_token
        return JSONResponse({**self._access(token), **answer})

    def _renewed(self, form: dict[str, str]) -> Response:
        name = form.get("refresh_token", "")
        token = self.books.refresh_tokens.get(name)
        if token is None or token.accounts not in ("", self.origin):
            return JSONResponse({"error": "invalid_code"})
        now = self.books.clock()
        recent = [at for at in self.books.renewals.get(name, []) if at > now - RENEWAL_SECONDS]
        if len(recent) >= RENEWALS:
            says = "You have made too many requests continuously. Please try again after some time."
            return JSONResponse({"error": "Access Denied", "error_description": says}, 400)
        self.books.renewals[name] = [*recent, now]
        return JSONResponse(self._access(replace(token, refresh_token=name)))

    def _access(self, token: Token) -> dict[str, object]:
        name = f"1000.{secrets.token_hex(24)}"
        token.expires_at = self.books.clock() + ACCESS_SECONDS
        self.books.access_tokens[name] = token
        self.books.save()
        return {
            "access_token": name,
            "scope": " ".join(token.scopes),
            "api_domain": self.api or self.origin,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
        }

    async def revoke(self, request: Request) -> Response:
        form = await request.form()
        return self._revoked(str(request.query_params.get("token") or form.get("token") or ""))

    async def revoke_newer(self, request: Request) -> Response:
        """The newer spelling wants the client's Basic credentials."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        expected = base64.b64encode(f"{self.books.client_id}:{self.books.client_secret}".encode()).decode()
        if kind.lower() != "basic" or given != expected:
            return JSONResponse({"error": "invalid_client"}, 401)
        return self._revoked(str((await request.form()).get("token") or ""))

    def _revoked(self, name: str) -> Response:
        known = self.books.refresh_tokens.get(name)
        if known is None or known.accounts not in ("", self.origin):
            return JSONResponse({"error": "invalid_token"}, 400)
        del self.books.refresh_tokens[name]
        for access in [one for one, token in self.books.access_tokens.items() if token.refresh_token == name]:
            del self.books.access_tokens[access]
        self.books.save()
        return JSONResponse({"status": "success"})


def _host(address: str) -> str:
    """Where a web address leads; nothing for what is no web address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in {"http", "https"} else ""
