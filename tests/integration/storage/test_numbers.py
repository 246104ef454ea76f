"""Numbers that are used, by business."""

from __future__ import annotations

from bot.domain.identity import Business, BusinessId, WorkspaceId
from storage.store import RedisStorage, RedisStore

NUMBER = "bill:s1:nw-1001"


async def test_a_number_is_used_until_it_is_forgotten(store: RedisStore) -> None:
    """S3."""
    assert not await store.numbers.is_used(NUMBER)
    for _ in range(2):
        await store.numbers.remember(NUMBER)
    assert await store.numbers.is_used(NUMBER)
    assert not await store.numbers.is_used("bill:s2:nw-1001")
    await store.numbers.forget(NUMBER)
    assert not await store.numbers.is_used(NUMBER)


async def test_another_businesss_numbers_are_its_own(store: RedisStore, storage: RedisStorage) -> None:
    """C26."""
    await store.numbers.remember(NUMBER)
    other = storage.of(Business(WorkspaceId("T999"), BusinessId("b1")))
    assert not await other.numbers.is_used(NUMBER)
