"""Who is connected to what, and the steps on the way there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.identity import ChannelId, PersonId

SIGN_IN_LIFETIME = timedelta(minutes=10)
"""How long a **Connect software** link and its state live."""
CALLS_AT_ONCE, CALLS_AT_ONCE_PAID = 5, 10
_FREE_PLANS = {"FREE", "TRIAL"}


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company in the accounting software."""

    id: str
    name: str
    currency: str
    country: str = ""
    time_zone: str = ""
    edition: str = ""
    plan: str = ""
    tax_by_document: bool | None = None
    """Tax is rounded once for each tax of a document; else line by line, also where that is not known."""

    @property
    def calls_at_once(self) -> int:
        """How many calls may run at once: more where the plan shows that it is paid for."""
        is_paid = self.plan and self.plan.upper() not in _FREE_PLANS
        return CALLS_AT_ONCE_PAID if is_paid else CALLS_AT_ONCE

    @property
    def label(self) -> str:
        """Tells two of one name apart: `Held Out Ltd · GBP · United Kingdom · 60001`."""
        return " · ".join(part for part in (self.name, self.currency, self.country, self.id) if part)


def as_known(organisation: Organisation, before: Organisation | None) -> Organisation:
    """With what was learned of the same organisation before and a sign-in does not tell."""
    if organisation.tax_by_document is not None or before is None or before.id != organisation.id:
        return organisation
    return replace(organisation, tax_by_document=before.tax_by_document)


class ConnectionState(StrEnum):
    CONNECTED = "connected"
    RECONNECT_NEEDED = "reconnect_needed"


@dataclass(frozen=True, slots=True)
class Connection:
    """A business's link to one organisation in one accounting software."""

    software: str
    organisation: Organisation
    connected_by: PersonId
    connected_at: datetime
    state: ConnectionState = ConnectionState.CONNECTED
    reason: str = ""
    """Why it is broken, in words; empty while it works."""

    @property
    def works(self) -> bool:
        return self.state is ConnectionState.CONNECTED


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an accounting software gave us at sign-in. Encrypted before it is stored, never shown."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    accounts_url: str
    api_url: str
    scope: str = ""


class SignInStage(StrEnum):
    LINK_MADE = "link_made"
    IN_BROWSER = "in_browser"
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One person's way through the sign-in: from **Connect software** to **Finish**.

    `id` is the random part of the link (stored only as its key), `state` the single-use value sent
    through the accounting software, `browser` the hash of the cookie of the browser that opened the
    link first. `view_id` is the modal that turns into **Select organisation**.
    """

    id: str = field(repr=False)
    state: str = field(repr=False)
    software: str
    person: PersonId
    channel: ChannelId
    started_at: datetime
    stage: SignInStage = SignInStage.LINK_MADE
    view_id: str = ""
    browser: str = ""
    reconnecting: bool = False
    place: str = ""
    """Where the sign-in starts, of several places that the software has; empty: it finds the right one."""
    organisations: tuple[Organisation, ...] = ()
    asked_for: str = ""
    """The id of another organisation than before, while a second Admin is asked about it."""

    def is_expired(self, now: datetime) -> bool:
        return now - self.started_at > SIGN_IN_LIFETIME
