"""Encryption, sign-ins and connections: single use, first browser, nothing readable in Redis."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest
from cryptography.fernet import Fernet
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from bot.domain.connection import (
    Connection,
    ConnectionState,
    Credentials,
    Organisation,
    SignIn,
    SignInStage,
)
from bot.domain.identity import Business, BusinessId, ChannelId, PersonId, WorkspaceId
from bot.errors import SettingMissing, StorageUnavailable
from storage import base, values
from storage.crypto import Cipher
from storage.rotation import rotate_keys
from storage.store import RedisStorage, RedisStore
from tests.redis_fixtures import BUSINESS, Clock

ANA, BEN = PersonId("U1"), PersonId("U2")
ORGANISATION = Organisation("60001", "Held Out Ltd", "GBP")
SECRET = "secret-refresh-token"


def credentials(token: str = "secret-access-token") -> Credentials:
    return Credentials(
        token, SECRET, dt.datetime(2026, 11, 1, tzinfo=dt.UTC), "https://accounts.test", "https://api.test"
    )


def connection() -> Connection:
    return Connection("zoho-books", ORGANISATION, ANA, dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


def sign_in(clock: Clock, person: PersonId = ANA, number: str = "1") -> SignIn:
    return SignIn(
        f"secret-link-{number}", f"secret-state-{number}", "zoho-books", person, ChannelId("C1"), clock()
    )


async def everything_in(redis: Redis, namespace: str) -> bytes:
    """All keys and values of a namespace, as they lie in Redis."""
    found: list[bytes] = []
    async for key in redis.scan_iter(match=f"{namespace}:*", count=1000):
        found += [key, await redis.dump(key) or b""]
        kind = await redis.type(key)
        if kind == b"string":
            found.append(cast(bytes, await redis.get(key)))
        elif kind == b"hash":
            held = cast("dict[bytes, bytes]", await redis.hgetall(key))
            found += [part for pair in held.items() for part in pair]
    return b"\n".join(found)


# --- the cipher


def test_a_secret_is_read_with_any_key_and_written_with_the_newest() -> None:
    old, new = Fernet.generate_key().decode(), "a passphrase of more than 32 characters"
    stored = Cipher([old]).encrypt(b"token")
    both = Cipher([new, old])
    assert both.decrypt(stored) == b"token"
    assert Cipher([new]).decrypt(both.encrypt(b"token")) == b"token"
    assert Cipher([new]).decrypt(both.rotate(stored)) == b"token"


@pytest.mark.parametrize("keys", [[], ["too-short-a-key"], [Fernet.generate_key().decode(), "short"]])
def test_a_bad_key_is_named_without_being_shown(keys: list[str]) -> None:
    with pytest.raises(SettingMissing) as caught:
        Cipher(keys)
    assert caught.value.name == "ENCRYPTION_KEYS"
    assert not any(key in str(caught.value) for key in keys)


def test_a_secret_of_another_key_is_a_clear_error() -> None:
    stored = Cipher([Fernet.generate_key().decode()]).encrypt(b"token")
    other = Cipher([Fernet.generate_key().decode()])
    for read in (other.decrypt, other.rotate):
        with pytest.raises(SettingMissing, match="ENCRYPTION_KEYS"):
            read(stored)


def test_a_long_text_that_looks_like_base64_is_a_passphrase() -> None:
    almost = Fernet.generate_key().decode()[:-1] + "!"
    assert Cipher([almost]).decrypt(Cipher([almost]).encrypt(b"token")) == b"token"
    assert Cipher(["x" * 41]).decrypt(Cipher(["x" * 41]).encrypt(b"token")) == b"token"


def test_a_value_of_a_newer_version_is_refused() -> None:
    with pytest.raises(StorageUnavailable, match="newer version"):
        values.load(Organisation, b'{"v": 99, "is": {}}')


# --- the connection


async def test_a_connection_comes_and_goes_with_its_credentials(store: RedisStore) -> None:
    """S9"""
    assert (await store.connection.read(), await store.connection.tokens.read()) == (None, None)
    await store.connection.save(connection(), credentials())
    assert await store.connection.read() == connection()
    assert await store.connection.tokens.read() == credentials()
    await store.connection.forget()
    assert (await store.connection.read(), await store.connection.tokens.read()) == (None, None)


async def test_a_renewed_token_of_a_forgotten_connection_is_not_kept(store: RedisStore) -> None:
    await store.connection.save(connection(), credentials())
    await store.connection.tokens.write(credentials("renewed"))
    assert await store.connection.tokens.read() == credentials("renewed")
    await store.connection.forget()
    await store.connection.tokens.write(credentials("late"))
    assert await store.connection.tokens.read() is None


async def test_of_many_that_mark_a_connection_broken_one_is_first(store: RedisStore) -> None:
    await store.connection.save(connection(), credentials())
    first = []

    def broken(before: Connection) -> Connection:
        return replace(before, state=ConnectionState.RECONNECT_NEEDED, reason=before.reason + "x")

    async def mark() -> None:
        after = await store.connection.mark(broken)
        first.append(after.reason if after else "")

    await asyncio.gather(*(mark() for _ in range(10)))
    assert sorted(first) == ["x" * count for count in range(1, 11)]


async def test_marking_nothing_gives_nothing(store: RedisStore) -> None:
    assert await store.connection.mark(lambda before: before) is None
    assert await store.connection.read() is None


async def test_businesses_are_those_with_a_connection_and_apart(storage: RedisStorage) -> None:
    other = Business(WorkspaceId("T9"), BusinessId("b2"))
    await storage.of(BUSINESS).connection.save(connection(), credentials())
    await storage.of(other).connection.save(connection(), credentials())
    assert set(await storage.businesses()) == {BUSINESS, other}
    await storage.of(other).connection.forget()
    assert await storage.businesses() == [BUSINESS]
    assert await storage.of(BUSINESS).connection.read() == connection()


async def test_one_process_at_a_time_renews(store: RedisStore) -> None:
    inside = most = 0

    async def renew() -> None:
        nonlocal inside, most
        async with store.connection.tokens.renewing():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(renew() for _ in range(8)))
    assert most == 1


async def test_a_lock_of_a_dead_process_frees_itself(store: RedisStore, redis: Redis) -> None:
    await redis.set(f"{store.namespace}:{{{store.business}}}:lock:x", "dead", px=60)
    async with store.lock("x", 5):
        assert await redis.get(f"{store.namespace}:{{{store.business}}}:lock:x") != b"dead"
    assert await redis.get(f"{store.namespace}:{{{store.business}}}:lock:x") is None


async def test_a_lock_outlives_its_time_while_its_holder_lives(store: RedisStore, redis: Redis) -> None:
    key = f"{store.namespace}:{{{store.business}}}:lock:long"
    async with store.lock("long", 0.15):
        token = await redis.get(key)
        await asyncio.sleep(0.4)  # more than twice its time
        assert await redis.get(key) == token
    assert await redis.get(key) is None


async def test_who_cannot_have_a_lock_is_told(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "LOCK_WAIT_SECONDS", 0.05)
    async with store.lock("x", 5):
        with pytest.raises(StorageUnavailable, match="busy"):
            async with store.lock("x", 5):
                pass


# --- sign-ins


async def test_a_state_raced_by_twenty_is_taken_once(store: RedisStore, clock: Clock) -> None:
    """S7"""
    await store.sign_ins.save(sign_in(clock))
    taken = await asyncio.gather(*(store.sign_ins.take("secret-state-1") for _ in range(20)))
    assert [one for one in taken if one] == [sign_in(clock)]
    assert await store.sign_ins.by_link("secret-link-1") is None
    assert await store.sign_ins.of(ANA) == sign_in(clock)


async def test_the_first_browser_owns_the_link(store: RedisStore, clock: Clock) -> None:
    """S7"""
    await store.sign_ins.save(sign_in(clock))
    bound = await asyncio.gather(*(store.sign_ins.bind("secret-link-1", f"b{n}") for n in range(10)))
    (owner,) = [one for one in bound if one]
    assert owner.stage is SignInStage.IN_BROWSER
    assert await store.sign_ins.bind("secret-link-1", owner.browser) == owner
    assert await store.sign_ins.by_link("secret-link-1") == owner
    assert await store.sign_ins.bind("unknown", owner.browser) is None


async def test_a_save_of_what_was_read_before_does_not_undo_the_browser(
    store: RedisStore, clock: Clock
) -> None:
    began = sign_in(clock)
    await store.sign_ins.save(began)
    await store.sign_ins.bind(began.id, "b1")
    await store.sign_ins.save(replace(began, view_id="V1"))
    kept = await store.sign_ins.of(ANA)
    assert kept == replace(began, view_id="V1", browser="b1", stage=SignInStage.IN_BROWSER)
    await store.sign_ins.save(replace(kept, stage=SignInStage.SIGNED_IN, organisations=(ORGANISATION,)))
    await store.sign_ins.save(began)
    kept = await store.sign_ins.of(ANA)
    assert kept
    assert kept.stage is SignInStage.SIGNED_IN
    assert kept.organisations == (ORGANISATION,)


async def test_another_sign_in_of_a_person_forgets_the_first(store: RedisStore, clock: Clock) -> None:
    await store.sign_ins.save(sign_in(clock, number="1"))
    await store.sign_ins.tokens(ANA).write(credentials())
    await store.sign_ins.save(sign_in(clock, number="2"))
    await store.sign_ins.save(sign_in(clock, BEN, "3"))
    assert await store.sign_ins.by_link("secret-link-1") is None
    assert await store.sign_ins.take("secret-state-1") is None
    assert await store.sign_ins.tokens(ANA).read() is None
    assert await store.sign_ins.take("secret-state-2") == sign_in(clock, number="2")
    assert await store.sign_ins.of(BEN) == sign_in(clock, BEN, "3")


async def test_a_sign_in_lives_ten_minutes_and_thirty_once_signed_in(
    store: RedisStore, redis: Redis, clock: Clock, namespace: str
) -> None:
    async def longest() -> float:
        lives = [await redis.pttl(key) async for key in redis.scan_iter(match=f"{namespace}:*")]
        assert min(lives) > 0
        return max(lives) / 60_000

    await store.sign_ins.save(sign_in(clock))
    assert 9.9 < await longest() <= 10
    later = sign_in(clock)
    clock.forward(minutes=4)
    await store.sign_ins.save(replace(later, id="secret-link-9"))
    person = f"{namespace}:{{{BUSINESS}}}:sign-in:person:{ANA}"
    assert 5.9 < await redis.pttl(person) / 60_000 <= 6
    await store.sign_ins.save(replace(later, id="secret-link-9", stage=SignInStage.SIGNED_IN))
    await store.sign_ins.tokens(ANA).write(credentials())
    assert 29.9 < await longest() <= 30
    clock.forward(minutes=20)
    await store.sign_ins.save(sign_in(Clock(later.started_at), BEN, "5"))
    assert await store.sign_ins.of(BEN) is None


async def test_of_two_who_forget_one_gets_it_and_its_credentials_go_soon(
    store: RedisStore, redis: Redis, clock: Clock, namespace: str
) -> None:
    """S9: the second Finish has no effect."""
    await store.sign_ins.save(sign_in(clock))
    await store.sign_ins.tokens(ANA).write(credentials())
    forgotten = await asyncio.gather(*(store.sign_ins.forget(ANA) for _ in range(5)))
    assert [one for one in forgotten if one] == [sign_in(clock)]
    assert await store.sign_ins.tokens(ANA).read() == credentials()
    left = await redis.pttl(f"{namespace}:{{{BUSINESS}}}:sign-in:credentials:{ANA}")
    assert 0 < left <= 120_000


async def test_each_step_of_a_sign_in_is_one_round_trip(
    store: RedisStore, clock: Clock, round_trips: Callable[[], int]
) -> None:
    for _ in range(2):  # the first time the server learns the scripts
        for step in (
            store.sign_ins.save(sign_in(clock)),
            store.sign_ins.bind("secret-link-1", "b"),
            store.sign_ins.take("secret-state-1"),
            store.sign_ins.of(ANA),
            store.sign_ins.forget(ANA),
        ):
            round_trips()
            await step
            counted = round_trips()
    assert counted == 1


# --- nothing readable, and new keys


async def test_no_secret_lies_readable_in_redis(
    store: RedisStore, redis: Redis, clock: Clock, namespace: str
) -> None:
    await store.connection.save(connection(), credentials())
    await store.sign_ins.save(sign_in(clock))
    await store.sign_ins.bind("secret-link-1", "hash-of-the-cookie")
    await store.sign_ins.tokens(ANA).write(credentials())
    lying = await everything_in(redis, namespace)
    assert ORGANISATION.name.encode() in lying
    assert b"secret-" not in lying


async def test_new_keys_take_over_while_the_bot_runs(
    storage: RedisStorage, store: RedisStore, encryption_key: str, clock: Clock
) -> None:
    redis, namespace = storage.redis, storage.namespace
    await store.connection.save(connection(), credentials())
    await store.sign_ins.save(sign_in(clock))
    await store.sign_ins.tokens(BEN).write(credentials())
    before = await redis.pttl(f"{namespace}:{{{BUSINESS}}}:sign-in:credentials:{BEN}")
    newest = Fernet.generate_key().decode()
    both = replace(storage, cipher=Cipher([newest, encryption_key]))
    running = asyncio.Event()

    async def renew() -> None:
        while not running.is_set():
            await both.of(BUSINESS).connection.tokens.write(credentials("renewed"))

    renewing = asyncio.create_task(renew())
    assert await rotate_keys(both) == 3
    running.set()
    await renewing
    alone = replace(storage, cipher=Cipher([newest])).of(BUSINESS)
    assert await alone.connection.tokens.read() == credentials("renewed")
    assert await alone.sign_ins.of(ANA) == sign_in(clock)
    assert await alone.sign_ins.tokens(BEN).read() == credentials()
    after = await redis.pttl(f"{namespace}:{{{BUSINESS}}}:sign-in:credentials:{BEN}")
    assert 0 < after <= before
    with pytest.raises(SettingMissing):
        await store.connection.tokens.read()


async def test_a_secret_that_changes_while_it_is_rotated_is_rotated_as_it_is_then(
    storage: RedisStorage, encryption_key: str, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    store = storage.of(BUSINESS)
    await store.connection.save(connection(), credentials())
    key = store.connection.keys("credentials")
    new = Fernet.generate_key().decode()
    newest = Cipher([new, encryption_key])
    rotate, late = newest.rotate, [store.connection.tokens.sealed(credentials("late"))]

    def rotate_late(stored: bytes) -> bytes:
        if late:
            with SyncRedis.from_url(redis_url) as elsewhere:
                elsewhere.set(key, late.pop())
        return rotate(stored)

    monkeypatch.setattr(newest, "rotate", rotate_late)
    assert await rotate_keys(replace(storage, cipher=newest)) == 1
    alone = replace(storage, cipher=Cipher([new])).of(BUSINESS)
    assert await alone.connection.tokens.read() == credentials("late")
