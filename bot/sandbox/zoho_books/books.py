"""All that the simulated Zoho Books holds: people, organisations, records, tokens, trouble on order."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Row = dict[str, Any]
KINDS = (
    "accounts", "contacts", "taxes", "items", "projects", "currencies", "bills", "expenses", "locations",
    "vendorcredits", "vendorpayments", "invoices", "creditnotes", "salesreceipts",
    "tax_exemptions", "reporting_tags", "users",
)  # fmt: skip


@dataclass
class Organisation:
    """A company: its rows by kind, as the API shows them."""

    id: str
    name: str
    currency_code: str
    country: str
    time_zone: str
    plan: str = "PREMIUM"
    day_limit: int = 10_000
    lock_date: str = ""
    rows: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    has_locations: bool = False
    tax_rounding: str = "item_level"
    """`entity_level`: tax is rounded once for each tax of a document."""

    def find(self, kind: str, key: str, value: str) -> Row | None:
        return next((row for row in self.rows[kind] if str(row.get(key)) == value), None)


@dataclass
class Token:
    """A refresh token, or an access token made with one."""

    person: str
    scopes: list[str]
    client_id: str
    expires_at: float = 0.0
    refresh_token: str = ""
    accounts: str = ""
    """The one accounts server that knows it; empty: any."""
    api: str = ""
    """The one API server that takes it; empty: any."""


SIGN_IN = "/oauth"


@dataclass
class Trouble:
    """What goes wrong next: for calls whose path holds `path`, so many times, or until it is cleared."""

    status: int = 500
    code: int = 1000
    message: str = "An internal error occurred."
    times: int = 1
    path: str = ""
    after_write: bool = False
    """The write happens, its answer is lost."""
    delay_seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    method: str = ""
    """For calls of this method alone; with none, for all."""
    is_whole_path: bool = False
    """The path must be `path`, not only hold it."""
    is_lasting: bool = False
    """Goes on until it is cleared."""
    label: str = ""
    """In words, for the page that shows what is armed."""
    key: str = field(default_factory=lambda: secrets.token_hex(4))

    def fits(self, method: str, path: str) -> bool:
        """Sign-in is met only by trouble that names it."""
        if path.startswith(SIGN_IN) and not self.path.startswith(SIGN_IN):
            return False
        is_there = self.path == path if self.is_whole_path else self.path in path
        return is_there and self.method in ("", method)


@dataclass
class Call:
    """A call that came in."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    code: int
    body: Any
    message: str = ""
    at: float = 0.0


@dataclass
class Books:
    """The whole simulated service. `state_file` keeps records and tokens over a restart."""

    organisations: list[Organisation] = field(default_factory=list)
    people: dict[str, list[str]] = field(default_factory=dict)
    """Who may sign in, and the ids of their organisations."""
    client_name: str = "Dext for Slack"
    """The app that asks, as it was registered."""
    client_id: str = "1000.SANDBOX"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - of a simulation
    codes: dict[str, Row] = field(default_factory=dict)
    refresh_tokens: dict[str, Token] = field(default_factory=dict)
    access_tokens: dict[str, Token] = field(default_factory=dict)
    renewals: dict[str, list[float]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    """The bytes of attached files by document id; a record's `documents` name them."""
    next_id: int = 460000000026049
    state_file: Path | None = None
    clock: Callable[[], float] = time.time

    def new_id(self) -> str:
        self.next_id += 2
        return str(self.next_id)

    @property
    def now(self) -> str:
        """The time as records say it."""
        return datetime.fromtimestamp(self.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")

    def organisation(self, organisation_id: str) -> Organisation | None:
        return next((one for one in self.organisations if one.id == organisation_id), None)

    def due(self, method: str, path: str, *, after_write: bool) -> list[Trouble]:
        """What a call now meets, used up by being asked for: delays, then one failure at most."""
        fitting = [one for one in self.troubles if one.after_write == after_write and one.fits(method, path)]
        found = [one for one in fitting if not one.status] + [one for one in fitting if one.status][:1]
        for trouble in found:
            trouble.times -= 1
            if trouble.times <= 0 and not trouble.is_lasting:
                self.troubles.remove(trouble)
        return found

    def withdraw_consent(self, person: str = "") -> None:
        """The person removed the app: every token of theirs is dead."""
        for tokens in (self.refresh_tokens, self.access_tokens):
            for token in [name for name, one in tokens.items() if not person or one.person == person]:
                del tokens[token]
        self.save()

    def expire_access_tokens(self) -> None:
        self.access_tokens.clear()
        self.save()

    def save(self) -> None:
        if self.state_file is None:
            return
        state = {
            "organisations": [asdict(one) for one in self.organisations],
            "refresh_tokens": {name: asdict(one) for name, one in self.refresh_tokens.items()},
            "access_tokens": {name: asdict(one) for name, one in self.access_tokens.items()},
            "codes": self.codes,
            "renewals": self.renewals,
            "files": {name: base64.b64encode(content).decode() for name, content in self.files.items()},
            "next_id": self.next_id,
        }
        draft = self.state_file.with_suffix(".draft")
        draft.write_text(json.dumps(state))
        draft.replace(self.state_file)

    def load(self) -> None:
        if self.state_file is None or not self.state_file.exists():
            return
        state = json.loads(self.state_file.read_text())
        self.organisations = [Organisation(**one) for one in state["organisations"]]
        self.refresh_tokens = {name: Token(**one) for name, one in state["refresh_tokens"].items()}
        self.access_tokens = {name: Token(**one) for name, one in state["access_tokens"].items()}
        self.codes, self.renewals = state["codes"], state["renewals"]
        self.files = {name: base64.b64decode(content) for name, content in state.get("files", {}).items()}
        self.next_id = state["next_id"]
