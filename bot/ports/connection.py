"""Kept of a business's connection: sign-ins, settings, rules, roles, and what is done once a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.connection import Connection, Credentials, Organisation, SignIn
from bot.domain.digest import OwnDigest, Sent
from bot.domain.identity import PersonId
from bot.domain.probe import Probe
from bot.domain.recoding import Recoding
from bot.domain.roles import Roles
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.domain.status import OpenPage
from bot.ports.accounting import TokenStore


class ConnectionStore(Protocol):
    async def read(self) -> Connection | None: ...
    async def save(self, connection: Connection, credentials: Credentials) -> None:
        """Both at once: there is never a connection without its credentials."""
        ...

    async def mark(self, change: Callable[[Connection], Connection]) -> Connection | None:
        """Change atomically; returns the new one, nothing when there is none."""
        ...

    async def organisation(self) -> Organisation | None:
        """The one connected now or last: whose lists, rules and codings these are."""
        ...

    async def forget(self) -> None:
        """Connection and credentials."""
        ...

    @property
    def tokens(self) -> TokenStore: ...


class SignInStore(Protocol):
    """Sign-ins under way; each forgotten by itself when its ten minutes are over. A person has at most
    one: saving another forgets the first."""

    async def save(self, sign_in: SignIn) -> None:
        """Keeps the time left of the sign-in; refreshes it for SIGNED_IN (30 minutes to choose)."""
        ...

    async def by_link(self, link: str) -> SignIn | None: ...
    async def bind(self, link: str, browser: str) -> SignIn | None:
        """The first browser to open the link owns it; nothing for any other browser, or when gone."""
        ...

    async def take(self, state: str) -> SignIn | None:
        """Consumes the state: the second time there is nothing."""
        ...

    async def of(self, person: PersonId) -> SignIn | None: ...
    async def forget(self, person: PersonId) -> SignIn | None:
        """Atomically: of two who forget, one gets it."""
        ...

    def tokens(self, person: PersonId) -> TokenStore:
        """The credentials of a sign-in not finished yet."""
        ...


class SettingsStore(Protocol):
    async def read(self) -> BusinessSettings: ...
    async def change(
        self, change: Callable[[BusinessSettings], BusinessSettings]
    ) -> tuple[BusinessSettings, BusinessSettings]:
        """Atomically; returns (before, after)."""
        ...


class RuleStore(Protocol):
    async def of(self, supplier_key: str) -> SupplierRule | None: ...
    async def save(self, *rules: SupplierRule, before: Sequence[Recoding] = ()) -> None:
        """In one step with what is still to be told of it."""
        ...

    async def all(self) -> Sequence[SupplierRule]: ...


class GivenRoles(Protocol):
    """Who was made Admin and Approver."""

    async def read(self) -> Roles | None:
        """Nothing before it was ever said."""
        ...

    async def save(self, roles: Roles) -> Roles | None:
        """Returns what was said before."""
        ...


class ProbeStore(Protocol):
    async def read(self) -> Probe | None: ...
    async def save(self, probe: Probe) -> None: ...


class DigestStore(Protocol):
    async def last(self) -> Sent | None: ...
    async def save(self, sent: Sent) -> None: ...
    async def own(self, person: PersonId) -> OwnDigest | None: ...
    async def save_own(self, own: OwnDigest, due_at: datetime) -> None:
        """With when the next one is due."""
        ...

    async def forget_own(self, person: PersonId) -> None: ...


class HomeStore(Protocol):
    """Who opened App Home or the Connections page lately, and what each of them sees there."""

    async def opened(self, person: PersonId, seen: str, at: datetime) -> None:
        """`seen` tells one state of the page from another."""
        ...

    async def openers(self) -> Mapping[PersonId, str]: ...
    async def shown(self, person: PersonId, seen: str) -> None:
        """Somebody's page was brought up to date."""
        ...

    async def page_opened(self, page: OpenPage, at: datetime) -> None: ...
    async def pages(self) -> Sequence[OpenPage]:
        """Connections pages that may still stand open in a window."""
        ...

    async def page_shown(self, before: OpenPage, after: OpenPage | None) -> None:
        """Its window shows a newer state of it, or nothing of it any more."""
        ...

    async def head(self) -> str:
        """Of which entry of the log the pages know."""
        ...

    async def knows(self, head: str) -> None: ...


class DueStore(Protocol):
    """When one kind of daily work is due for the business."""

    async def schedule(self, at: datetime | None) -> None:
        """Nothing: never."""
        ...

    async def plan(self, at: datetime) -> None:
        """Only where nothing is planned yet."""
        ...

    async def due_at(self) -> datetime | None: ...
