"""What the log says of each item, and how far the threads have told it."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.audit import LogEntry
from bot.domain.connection import Connection, Credentials
from bot.domain.identity import Business, BusinessId, ItemId, WorkspaceId
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA, GBP_ORGANISATION, NOON

ONE, ELEVEN = ItemId("i1"), ItemId("i11")


def said(item: str, number: int = 0, what: str = "item.kept_back") -> LogEntry:
    return LogEntry(NOON, ADA, what, item, after=str(number))


async def test_an_item_has_its_own_entries_only_in_the_order_of_the_log(
    store: RedisStore, round_trips: Callable[[], int]
) -> None:
    """C12: also where many fall into one moment; what is about no item is in no history."""
    entries = [said(ONE, number) for number in range(25)]
    await store.log.append(
        said(ELEVEN), *entries, said("Channel", what="settings.changed"), said("i2", what="supplier.created")
    )
    round_trips()
    assert await store.history.of(ONE) == entries
    assert round_trips() == 2
    assert await store.history.of(ELEVEN) == [said(ELEVEN)]
    assert await store.history.of(ItemId("Channel")) == []
    assert await store.history.of(ItemId("")) == []


async def test_an_item_is_behind_until_all_that_was_logged_is_told(store: RedisStore) -> None:
    await store.log.append(said(ONE), said(ELEVEN))
    assert sorted(await store.history.behind(10)) == [ONE, ELEVEN]
    await store.log.append(said(ONE, 2))
    assert await store.history.tell(ONE, 0, 1, 1)
    assert ONE in await store.history.behind(10)
    assert await store.history.told(ONE) == 1
    assert await store.history.tell(ONE, 1, 2, 2)
    assert await store.history.behind(10) == [ELEVEN]


async def test_of_two_who_tell_one_does(store: RedisStore) -> None:
    await store.log.append(said(ONE))
    assert [await store.history.tell(ONE, 0, 1, 1) for _ in range(2)] == [True, False]


async def test_what_slack_did_not_take_is_behind_again(store: RedisStore) -> None:
    await store.log.append(said(ONE))
    await store.history.tell(ONE, 0, 1, 1)
    await store.history.put_behind(ONE, 0)
    assert (await store.history.behind(10), await store.history.told(ONE)) == ([ONE], 0)


async def test_the_clock_finds_the_businesses_with_something_to_tell(storage: RedisStorage) -> None:
    assert await storage.with_threads_behind() == []
    ours = Business(WorkspaceId("T1"), BusinessId("b1"))
    for workspace in ("T1", "T2"):
        of = Business(WorkspaceId(workspace), BusinessId("b1"))
        await _connected(storage, of)
    await storage.of(ours).log.append(said(ONE))
    assert await storage.with_threads_behind() == [ours]


async def _connected(storage: RedisStorage, business: Business) -> None:
    credentials = Credentials("access", "refresh", NOON, "https://a", "https://b")
    connection = Connection("zoho-books", GBP_ORGANISATION, ADA, NOON)
    await storage.of(business).connection.save(connection, credentials)
