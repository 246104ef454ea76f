"""Bytes of files in Redis: encrypted, for as long as they are needed, nobody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from cryptography.fernet import Fernet
from redis.asyncio import Redis

from bot.domain.identity import Business, BusinessId, ItemId, WorkspaceId
from storage.crypto import Cipher
from storage.rotation import rotate_keys
from storage.store import RedisStorage, RedisStore
from tests.redis_fixtures import Clock

ITEM = ItemId("item1")
CONTENT = bytes(range(256)) * 40_000


async def test_bytes_come_back_as_they_went_in_and_lie_encrypted(store: RedisStore, redis: Redis) -> None:
    """C14: documents are confidential; ten megabytes of them."""
    await store.attachments.stage(ITEM, [("f1", CONTENT), ("f2", b"")])
    assert await store.attachments.read(ITEM, "f1") == CONTENT
    assert await store.attachments.read(ITEM, "f2") == b""
    assert await store.attachments.read(ITEM, "f3") is None
    assert CONTENT[:256] not in await redis.get(store.attachments._key(ITEM, "f1"))  # type: ignore[operator]


async def test_what_never_came_in_goes_by_itself_and_what_came_in_stays_as_long_as_it_is_told(
    store: RedisStore, redis: Redis
) -> None:
    key = store.attachments._key(ITEM, "f1")
    await store.attachments.stage(ITEM, [("f1", b"1")])
    assert 6 * 86_400 < await redis.ttl(key) <= 7 * 86_400
    await store.attachments.keep(ITEM, ["f1"])
    await store.attachments.stage(ITEM, [("f1", b"1")])
    assert await redis.ttl(key) == -1
    await store.attachments.keep(ITEM, ["f1"], dt.datetime.now(dt.UTC) + dt.timedelta(days=90))
    assert 89 * 86_400 < await redis.ttl(key) <= 90 * 86_400
    await store.attachments.keep(ITEM, ["gone"])
    await store.attachments.keep(ITEM, [])


async def test_another_business_has_other_files(storage: RedisStorage, store: RedisStore) -> None:
    """C26."""
    other = storage.of(Business(WorkspaceId("T9"), BusinessId("b1")))
    await store.attachments.stage(ITEM, [("f1", b"1")])
    assert await other.attachments.read(ITEM, "f1") is None


async def test_items_whose_files_are_under_way_are_found_when_their_time_is_over(
    store: RedisStore, clock: Clock
) -> None:
    """C15: the longest ago first, until they are done."""
    await store.attachments.begin(ItemId("i2"), clock() + dt.timedelta(seconds=5))
    await store.attachments.begin(ITEM, clock())
    assert list(await store.attachments.under_way(clock() - dt.timedelta(seconds=1))) == []
    assert list(await store.attachments.under_way(clock() + dt.timedelta(minutes=1))) == [ITEM, "i2"]
    await store.attachments.end(ITEM)
    assert list(await store.attachments.under_way(clock() + dt.timedelta(minutes=1))) == ["i2"]


async def test_files_are_encrypted_again_with_a_new_key_and_keep_their_time(
    storage: RedisStorage, store: RedisStore, redis: Redis, encryption_key: str
) -> None:
    """C26: rotate-keys, then the old key may go."""
    await store.attachments.stage(ITEM, [("f1", b"bytes")])
    new = Fernet.generate_key().decode()
    assert await rotate_keys(replace(storage, cipher=Cipher([new, encryption_key]))) == 1
    only_new = replace(storage, cipher=Cipher([new])).of(store.business)
    assert await only_new.attachments.read(ITEM, "f1") == b"bytes"
    assert await redis.ttl(store.attachments._key(ITEM, "f1")) > 0
