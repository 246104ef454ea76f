"""What reaches an accounting software, and what it leans on while it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.coding import Coding
from bot.domain.connection import Credentials, Organisation
from bot.domain.identity import EntryId
from bot.domain.items import PublishAs
from bot.domain.lists import Entry, ListKind, TaxPart
from bot.domain.publication import Booked, Paid, Readable, Record, Upload
from bot.domain.watch import BooksRecord, Sheet
from bot.errors import RateLimited


class TokenStore(Protocol):
    """One connection's credentials, encrypted where they lie."""

    async def read(self) -> Credentials | None: ...
    async def write(self, credentials: Credentials) -> None: ...
    def renewing(self) -> AbstractAsyncContextManager[None]:
        """Held by one process at a time; read the credentials again inside it."""
        ...

    async def count_renewal(self, most: int, seconds: float) -> None:
        """One more renewal. Raises RateLimited where `most` were made within so many seconds."""
        ...


class Patience(Protocol):
    """What background work does about limits: it says what it waits for, and goes on by itself."""

    async def tell(self, says: str, until: datetime) -> None:
        """A wait of some seconds begins."""
        ...

    async def wait(self, limit: RateLimited) -> None:
        """Says so and waits the limit out; raises it again when that would take too long."""
        ...


class CallBudget(Protocol):
    """How many calls an organisation still allows, across all processes."""

    def call(self, *, urgent: bool = False) -> AbstractAsyncContextManager[None]:
        """Waits for its turn and holds one of the slots. Raises RateLimited when the wait would be longer
        than a minute and a half, or the day's quota is used up. `urgent`: a person waits."""
        ...

    async def wait_out(self, limit: RateLimited) -> None:
        """Background work waits a limit out that an answer told of; else it is raised again."""
        ...

    async def allow_at_once(self, calls: int) -> None:
        """How many calls the organisation's plan lets run at once."""
        ...

    async def learn(self, *, day_limit: int, day_remaining: int, reset_seconds: int) -> None: ...
    async def block(self, seconds: float, why: str) -> None:
        """No call by any process for so long."""
        ...

    async def used_today(self) -> tuple[int, int] | None:
        """(used, allowed) as last heard, or nothing."""
        ...


class Ledger(Protocol):
    """One sign-in's way into an accounting software; with an organisation, into its books.

    Every method may raise ReconnectNeeded, RateLimited, Unavailable, Refused.
    """

    async def organisations(self) -> Sequence[Organisation]: ...
    async def look(self, area: str) -> None:
        """One cheap read in an area of rights. Raises NotFound where the organisation has not switched it
        on."""
        ...

    def fetch(self, kind: ListKind, since: datetime | None = None) -> AsyncIterator[Sequence[Entry]]:
        """A list, page by page, inactive entries too; of a list in `changes_since` only what changed since a
        time, at least. Raises NotFound when the organisation has not switched this list on."""
        ...

    async def tax_parts(self, group: EntryId) -> Sequence[TaxPart]:
        """The taxes that a tax group is made of; one call. Raises NotFound."""
        ...

    async def find_supplier(self, name: str) -> Entry | None:
        """An existing supplier of exactly that name, whatever case, active or not."""
        ...

    async def create_supplier(self, name: str, currency: str) -> Entry:
        """Raises Refused with cause `name_used` when a contact has that name."""
        ...

    async def find_customer(self, name: str) -> Entry | None:
        """As `find_supplier`, for the sale side."""
        ...

    async def create_customer(self, name: str, currency: str) -> Entry:
        """As `create_supplier`, for the sale side."""
        ...

    async def find(self, record: Record) -> Booked | None:
        """The record that carries our reference, when an earlier send got through."""
        ...

    async def send(self, record: Record) -> Booked:
        """One POST, never repeated by itself. Raises AnswerLost when it may have got through."""
        ...

    async def holder_of_number(self, record: Record) -> Booked | None:
        """The record, whoever made it, that has the number of this one already; one call."""
        ...

    async def undo(self, kind: PublishAs, record_id: str, payment_id: str = "") -> None:
        """Void, or deleted where the kind cannot be void; a bill's payment first. Safe to ask again. Raises
        Refused when it says no."""
        ...

    async def find_payment(self, record: Record) -> Paid | None:
        """The payment of a bill, when an earlier one got through; found by its own reference."""
        ...

    async def pay(self, record: Record, booked: Booked) -> Paid:
        """The payment of a bill that is booked: one POST. Raises AnswerLost when it may have got through."""
        ...

    async def changed(self, kind: PublishAs, since: datetime, page: int) -> Sheet:
        """One page, from 1, of the records of a kind in `tells_changes` that changed since a time, whoever
        made them; one call. What changes meanwhile moves no record to an earlier page. Raises NotFound where
        there is no such list."""
        ...

    async def newest(self, kind: PublishAs) -> Sheet:
        """The records of a kind that were made last, one page of them; one call. Raises NotFound."""
        ...

    async def standing(self, kind: PublishAs, record_id: str) -> BooksRecord | None:
        """One record as it stands now; nothing where it was deleted."""
        ...

    async def attach(self, upload: Upload) -> None:
        """One POST of one file, never repeated by itself. Raises AnswerLost as `send` does."""
        ...

    async def has_attached(self, upload: Upload) -> bool:
        """Whether the record has the file already: an earlier try may have got through."""
        ...


class AccountingSoftware(Protocol):
    """What a connection can be made to."""

    slug: str
    name: str
    summary: str
    rights: str
    """What we ask for, in one sentence."""
    lists: tuple[ListKind, ...]
    """The lists it has, in the order a refresh reads them."""
    changes_since: frozenset[ListKind]
    """Those of which it can tell what changed since a time."""
    tells_changes: tuple[PublishAs, ...]
    """Kinds of records of which it can tell what changed since a time, each list once."""
    tells_newest: tuple[PublishAs, ...]
    """The other kinds: of these only the newest are looked at."""
    areas: tuple[str, ...]
    """What a sign-in may read, each a right of its own, in people's words."""

    places: Sequence[tuple[str, str]]
    """Where people's sign-ins are kept, with a name for each; empty where there is but one place."""

    def sign_in_url(self, state: str, redirect_uri: str, place: str = "") -> str:
        """`place`: one of `places`; without one the software leads people on to their own."""
        ...

    async def exchange(self, callback: Mapping[str, str], redirect_uri: str, place: str = "") -> Credentials:
        """What the sign-in's return says into credentials. Raises SignInFailed, Unavailable."""
        ...

    async def revoke(self, credentials: Credentials) -> None:
        """Quietly does nothing when it is withdrawn already; raises Unavailable."""
        ...

    def rights_missing(self, credentials: Credentials) -> Sequence[str]:
        """Areas of which the sign-in's own answer says that a right is missing."""
        ...

    def ledger(self, tokens: TokenStore, budget: CallBudget, organisation: str = "") -> Ledger: ...
    def record(
        self,
        coding: Coding,
        supplier: Entry,
        organisation: Organisation,
        currencies: Mapping[str, EntryId],
        reference: str,
    ) -> Record:
        """Pure: the body as it will be sent; `supplier` is a sale's customer. `currencies` maps ISO codes to
        entries of the list."""
        ...

    def readable(self, record: Record) -> Readable:
        """Pure: the record as people read it, in the order of the form."""
        ...

    def call(self, record: Record) -> tuple[str, bytes]:
        """Pure: where the record is sent (`POST /bills`), and the body in exactly the bytes it is sent in."""
        ...

    def upload(
        self, kind: PublishAs, record_id: str, filename: str, content: bytes, *, of_several: bool
    ) -> Upload:
        """A file as it will be sent, converted where its type is not taken; the same each time. Takes its
        time: keep it off the event loop. Raises Refused when it can in no way be sent."""
        ...
