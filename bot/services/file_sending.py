"""An item's files to the record that stands, one call each: before a bill's payment, and after publishing.

Each file's state is written down before the next step begins (waiting → sending → sent), so that a run which
is cut anywhere goes on from there. Found at *sending*, the record is looked at before the file is sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.attachments import Attachment, FileState, changed, unsent
from bot.domain.audit import LogEntry
from bot.domain.identity import BOT, ItemId
from bot.domain.items import Item, PublishAs, Published
from bot.domain.kinds import BILLS
from bot.domain.publication import Publication
from bot.domain.standing import State
from bot.errors import (
    AccountingError,
    AnswerLost,
    NotFound,
    RateLimited,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from bot.ports import AccountingSoftware, Clock, Ledger, Store

MOST_ATTEMPTS = 6
LOCK_SECONDS = 15.0
NOT_TAKEN = "file"
"""The cause of a refusal before anything was sent: the file itself is not one that is taken."""
ELSEWHERE = "Another organisation is connected now; the record is in the one from before."
GONE = "It is no longer kept: files are kept for 90 days after publishing."
PAID_THERE = "The bill is paid there and may take no more files: undo its payment there first."
PAID = (
    "The bill is paid and may take no more files. Press Undo and publish it again: its files then go before "
    "the payment."
)


class TryLater(Exception):
    """Files are left to be tried again; `is_limit`: nothing at all may be sent until then."""

    def __init__(self, seconds: float, *, is_limit: bool) -> None:
        super().__init__(seconds)
        self.seconds, self.is_limit = seconds, is_limit


@dataclass(frozen=True, slots=True)
class Target:
    """The record that an item's files go to."""

    item: ItemId
    kind: PublishAs
    record: str
    publication: str = ""
    """Where the item is not published yet: the publication whose record it is."""
    too_late: str = ""
    """Of a bill that is paid, which may take no more files: what to say where one is refused."""

    @classmethod
    def published(cls, item: ItemId, published: Published) -> Target:
        return cls(item, published.kind, published.record_id, too_late=_too_late(published))

    @classmethod
    def to_be_paid(cls, publication: Publication) -> Target | None:
        """Nothing where no record stands yet."""
        booked = publication.booked
        return Target(publication.item, booked.kind, booked.record_id, publication.id) if booked else None

    def is_of(self, item: Item) -> bool:
        """Not any more where the record was taken back, or the item was published anew meanwhile."""
        if item.published is None:
            return bool(self.publication) and item.publication == self.publication
        return item.published.record_id == self.record

    def item_with(
        self,
        item: Item,
        file: Attachment,
        state: FileState,
        *,
        says: str = "",
        attempts: int = 0,
        is_final: bool = False,
    ) -> Item:
        """The item with one file in another state."""
        if not self.is_of(item):
            return item
        files = changed(
            item.attachments, file.id, state, self.record, says=says, attempts=attempts, is_final=is_final
        )
        return replace(item, attachments=files)


def _too_late(published: Published) -> str:
    paid_by_us = published.kind is PublishAs.BILL_WITH_PAYMENT and not published.unpaid
    state = published.standing.state if published.standing else State.UNKNOWN
    is_paid = paid_by_us if state is State.UNKNOWN else state is State.PAID
    if published.kind not in BILLS or not is_paid:
        return ""
    return PAID if paid_by_us else PAID_THERE


def attach_lock(item: ItemId) -> str:
    """The name of what one run of an item's files holds: no two send them at once."""
    return f"attach-{item}"


def still_to_go(item: Item, record: str) -> bool:
    """Whether a file waits, also one that was refused only because another organisation was connected."""
    return bool(unsent(item.attachments, record)) or any(
        _is_elsewhere(one, record) for one in item.attachments
    )


def _is_elsewhere(file: Attachment, record: str) -> bool:
    return file.state_for(record) is FileState.REFUSED and file.says == ELSEWHERE


def keeper(item: ItemId, file: Attachment) -> ItemId:
    """Where a file's bytes lie: with the item, or with the receipt of a claim that it came with."""
    return ItemId(file.kept_with) or item


async def count_stumble(store: Store, target: Target, reference: str) -> Sequence[Attachment]:
    """A run ended in a fault nobody foresaw: counted on each file that is left. Those that are left still."""
    says = f"Something on our side broke (reference {reference})."

    def count(item: Item) -> Item:
        for file in unsent(item.attachments, target.record):
            attempts = file.attempts + 1
            if attempts >= MOST_ATTEMPTS:
                item = target.item_with(item, file, FileState.REFUSED, says=says)
            else:
                item = target.item_with(item, file, FileState.SENDING, attempts=attempts)
        return item

    return unsent((await store.items.change(target.item, count)).attachments, target.record)


@dataclass(frozen=True)
class FileSending:
    """One run of one item's files."""

    store: Store
    software: AccountingSoftware
    ledger: Ledger
    target: Target
    clock: Clock

    async def send_all(self, item: Item, alive: Callable[[], Awaitable[None]]) -> Item:
        """Each that is still to go, whatever becomes of the others; `alive` says before each that this run
        lives. Raises TryLater, ReconnectNeeded."""
        seconds, is_limit, of_several = 0.0, False, len(item.attachments) > 1
        for file in unsent(item.attachments, self.target.record):
            await alive()
            try:
                item = await self._one(file, of_several=of_several)
            except TryLater as fault:
                seconds, is_limit = max(seconds, fault.seconds), fault.is_limit
            if is_limit:
                break
        if seconds:
            raise TryLater(seconds, is_limit=is_limit)
        return item

    async def take_up(self, item: Item) -> Item:
        """The record's own organisation is connected again: what was refused elsewhere is to go. Its answer
        may have been lost before: *sending* has the record looked at first."""
        for file in item.attachments:
            if _is_elsewhere(file, self.target.record):
                item = await self._set(file, FileState.SENDING)
        return item

    async def refuse_all(self, item: Item, says: str) -> Item:
        """None of them can go."""
        for file in unsent(item.attachments, self.target.record):
            item = await self._refused(file, says)
        return item

    async def _one(self, file: Attachment, *, of_several: bool) -> Item:
        content = await self.store.attachments.read(keeper(self.target.item, file), file.id)
        if content is None:
            return await self._refused(file, GONE, is_final=True)
        try:
            return await self._send(file, content, of_several=of_several)
        except NotFound as fault:
            return await self._refused(file, fault.says)
        except Refused as fault:
            return await self._refused(file, fault.says, is_final=fault.cause == NOT_TAKEN)

    async def _send(self, file: Attachment, content: bytes, *, of_several: bool) -> Item:
        target = self.target
        upload = await asyncio.to_thread(
            self.software.upload, target.kind, target.record, file.filename, content, of_several=of_several
        )
        may_be_there = file.state_for(target.record) is FileState.SENDING
        try:
            if may_be_there and await self.ledger.has_attached(upload):
                return await self._sent(file)
        except (RateLimited, Unavailable) as fault:
            raise await self._later(file, FileState.SENDING, fault) from fault
        await self._set(file, FileState.SENDING, attempts=file.attempts)
        try:
            await self.ledger.attach(upload)
        except AnswerLost as fault:
            raise await self._later(file, FileState.SENDING, fault) from fault
        except (RateLimited, Unavailable) as fault:
            raise await self._later(file, FileState.WAITING, fault) from fault
        except ReconnectNeeded:
            await self._set(file, FileState.WAITING, attempts=file.attempts)
            raise
        except Refused as fault:
            return await self._refused(file, f"{fault.says} {target.too_late}".strip())
        return await self._sent(file)

    async def _later(self, file: Attachment, state: FileState, fault: AccountingError) -> TryLater | Refused:
        """Counts an attempt; what to raise: a later try, or after too many the fault itself."""
        is_limit = isinstance(fault, RateLimited)
        attempts = file.attempts + (0 if is_limit else 1)
        if attempts >= MOST_ATTEMPTS:
            return Refused(f"{fault.says} We tried {attempts} times.", cause="unavailable")
        await self._set(file, state, attempts=attempts)
        seconds = fault.retry_after_seconds if isinstance(fault, RateLimited) else 2.0**attempts
        return TryLater(seconds, is_limit=is_limit)

    async def _sent(self, file: Attachment) -> Item:
        await self._log("item.file_sent", file.filename)
        return await self._set(file, FileState.SENT)

    async def _refused(self, file: Attachment, says: str, *, is_final: bool = False) -> Item:
        await self._log("item.file_refused", f"{file.filename}: {says}")
        return await self._set(file, FileState.REFUSED, says=says, is_final=is_final)

    async def _log(self, what: str, after: str) -> None:
        await self.store.log.append(LogEntry(self.clock(), BOT, what, self.target.item, after=after))

    async def _set(
        self,
        file: Attachment,
        state: FileState,
        *,
        says: str = "",
        attempts: int = 0,
        is_final: bool = False,
    ) -> Item:
        return await self.store.items.change(
            self.target.item,
            lambda item: self.target.item_with(
                item, file, state, says=says, attempts=attempts, is_final=is_final
            ),
        )
