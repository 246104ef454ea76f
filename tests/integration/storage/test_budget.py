"""How many calls an organisation allows: in any window, at once, in a day; across processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest
from redis.asyncio import Redis

from bot.errors import RateLimited
from storage import budget as budgets
from storage import client
from storage.budget import Allowance, RedisBudget
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA
from tests.redis_fixtures import BUSINESS

WINDOW = 0.6
SMALL = Allowance(calls=20, kept_for_people=0, window_seconds=WINDOW, slots=1000)
Grants = list[tuple[float, float]]


@dataclass(frozen=True)
class Watched(RedisBudget):
    """Notes for each grant when it was asked for and when it was heard: it was given in between."""

    grants: Grants = field(default_factory=list)

    async def _ask(self, call: str, urgent: bool) -> tuple[int, str]:
        asked = time.time()
        answer = await super()._ask(call, urgent)
        if answer[0] == 0:
            self.grants.append((asked, time.time()))
        return answer


def watched(store: RedisStore, allowance: Allowance) -> Watched:
    made = replace(store, allowance=allowance).budget("60001")
    return Watched(made.redis, made.keys, made.cipher, made.organisation, made.clock, made.allowance)


def most_in_a_window(grants: Iterable[tuple[float, float]], window: float) -> int:
    """The most grants that surely fell into one window, a millisecond (the server's unit) set aside."""
    ordered = sorted(grants)
    most = 0
    for place, (earliest, _) in enumerate(ordered):
        inside = [heard for _, heard in ordered[place:] if heard - earliest < window - 0.001]
        most = max(most, len(inside))
    return most


async def use(budget: RedisBudget, calls: int, *, urgent: bool = False) -> None:
    async def one() -> None:
        async with budget.call(urgent=urgent):
            pass

    await asyncio.gather(*(one() for _ in range(calls)))


def test_the_allowance_is_below_what_zoho_books_allows() -> None:
    """S45: https://www.zoho.com/books/api/v3/introduction/#api-call-limit"""
    assert Allowance() == Allowance(calls=95, kept_for_people=10, window_seconds=60, slots=5)


async def test_no_window_holds_more_calls_than_allowed_after_a_pause_either(store: RedisStore) -> None:
    """S45: a token bucket lets twice as many through after a pause."""
    budget = watched(store, SMALL)
    await use(budget, 5)
    await asyncio.sleep(WINDOW * 1.5)  # the pause is what is tested
    await use(budget, 50)
    assert len(budget.grants) == 55
    assert most_in_a_window(budget.grants, WINDOW) == SMALL.calls


async def test_two_processes_share_one_allowance(store: RedisStore, redis_url: str) -> None:
    """S45"""
    program = (
        "import asyncio, json, sys, datetime\n"
        "from storage import client\n"
        "from storage.crypto import Cipher\n"
        "from storage.store import RedisStorage\n"
        "from tests.integration.storage.test_budget import SMALL, BUSINESS, use, watched\n"
        "async def main():\n"
        "    redis = client.connect(sys.argv[1])\n"
        "    now = lambda: datetime.datetime.now(datetime.UTC)\n"
        "    storage = RedisStorage(redis, Cipher(['k' * 32]), now, namespace=sys.argv[2])\n"
        "    budget = watched(storage.of(BUSINESS), SMALL)\n"
        "    await use(budget, 30)\n"
        "    print(json.dumps(budget.grants))\n"
        "    await redis.aclose()\n"
        "asyncio.run(main())\n"
    )
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, redis_url, store.namespace, stdout=asyncio.subprocess.PIPE
    )
    budget = watched(store, SMALL)
    while other.returncode is None and not budget.grants:
        if await store.redis.exists(budget._key("minute")):
            await use(budget, 30)
        await asyncio.sleep(0.005)
    printed, _ = await other.communicate()
    theirs = [tuple(grant) for grant in json.loads(printed)]
    assert (len(theirs), len(budget.grants)) == (30, 30)
    assert most_in_a_window([*theirs, *budget.grants], WINDOW) <= SMALL.calls


async def test_the_last_calls_of_a_window_are_for_people_who_wait(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "LONGEST_WAIT_SECONDS", 0)
    budget = watched(store, replace(SMALL, kept_for_people=3, window_seconds=60))
    await use(budget, 17)
    with pytest.raises(RateLimited, match="in a minute are used up"):
        await use(budget, 1)
    await use(budget, 3, urgent=True)
    with pytest.raises(RateLimited) as caught:
        await use(budget, 1, urgent=True)
    assert 55 < caught.value.retry_after_seconds <= 60


async def test_never_more_at_once_than_there_are_slots(store: RedisStore) -> None:
    budget = watched(store, Allowance(calls=1000, slots=5))
    inside = most = 0

    async def call() -> None:
        nonlocal inside, most
        async with budget.call():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(call() for _ in range(20)))
    assert most == 5


async def test_a_call_that_fails_gives_its_slot_back(store: RedisStore, redis: Redis) -> None:
    budget = watched(store, Allowance())
    with pytest.raises(ZeroDivisionError):
        async with budget.call():
            raise ZeroDivisionError
    assert await redis.zcard(budget._key("slots")) == 0


async def test_a_dead_holders_slot_is_free_after_its_lease(store: RedisStore) -> None:
    budget = watched(store, Allowance(slots=2, lease_seconds=0.3))
    assert [await budget._ask(f"dead{n}", False) for n in range(2)] == [(0, "go"), (0, "go")]
    assert (await budget._ask("alive", False))[1] == "turn"
    began = time.time()
    await use(budget, 1)
    assert 0.15 < time.time() - began < 5


async def test_a_block_stops_every_process_and_the_longer_one_counts(
    store: RedisStore, redis_url: str, storage: RedisStorage
) -> None:
    """S45: 429 with Retry-After."""
    await watched(store, Allowance()).block(300, "minute")
    await watched(store, Allowance()).block(2, "minute")
    elsewhere = client.connect(redis_url)
    other = replace(storage, redis=elsewhere).of(BUSINESS).budget("60001")
    with pytest.raises(RateLimited, match="asked us to wait") as caught:
        await use(other, 1, urgent=True)
    assert 295 < caught.value.retry_after_seconds <= 300
    assert caught.value.until
    assert 295 < (caught.value.until - store.clock()).total_seconds() <= 300
    await use(replace(storage, redis=elsewhere).of(BUSINESS).budget("another organisation"), 1)
    await elsewhere.aclose()


async def test_a_short_block_is_waited_out(store: RedisStore) -> None:
    budget = watched(store, Allowance())
    await budget.block(0.1, "at once")
    began = time.time()
    await use(budget, 1)
    assert time.time() - began > 0.09


async def test_the_days_quota_is_learned_counted_and_kept(store: RedisStore) -> None:
    """S45: X-Rate-Limit headers."""
    budget = watched(store, Allowance())
    assert await budget.used_today() is None
    await budget.learn(day_limit=2000, day_remaining=2, reset_seconds=3600)
    await use(budget, 2)
    assert await budget.used_today() == (2000, 2000)
    with pytest.raises(RateLimited, match="no more calls today") as caught:
        await use(budget, 1)
    assert 3500 < caught.value.retry_after_seconds <= 3600
    await budget.learn(day_limit=2000, day_remaining=1500, reset_seconds=3600)
    assert await budget.used_today() == (500, 2000)
    await use(budget, 1)


@dataclass
class Waits:
    """Background work that notes what it waits for instead of waiting."""

    told: list[str] = field(default_factory=list)
    limits: list[RateLimited] = field(default_factory=list)
    gives_up: bool = True

    async def tell(self, says: str, until: object) -> None:
        self.told.append(says)

    async def wait(self, limit: RateLimited) -> None:
        self.limits.append(limit)
        if self.gives_up:
            raise limit


async def test_background_work_leaves_a_reserve_of_the_day_to_publishing(store: RedisStore) -> None:
    """S47: the message says until when; a person's call still goes."""
    waits = Waits()
    people, background = store.budget("60001"), store.budget("60001", waits)
    await people.learn(day_limit=1000, day_remaining=202, reset_seconds=3600)
    for _ in range(2):
        async with background.call(urgent=True):
            pass
    with pytest.raises(RateLimited, match="kept for publishing") as caught:
        async with background.call(urgent=True):
            pass
    assert 3590 < caught.value.retry_after_seconds <= 3600
    assert caught.value.until is not None
    async with people.call(urgent=True):
        pass
    assert await people.used_today() == (801, 1000)


async def test_background_work_never_takes_the_last_calls_of_a_minute(store: RedisStore) -> None:
    """S47: also where it calls itself urgent."""
    small = replace(store, allowance=replace(SMALL, kept_for_people=3, window_seconds=2.5))
    waits = Waits()
    background = small.budget("60001", waits)
    await use(background, 17, urgent=True)
    async with background.call(urgent=True):
        pass
    assert waits.told == ["The calls that the accounting software allows in a minute are used up."]
    assert waits.limits == []


async def test_a_limit_an_answer_told_of_is_waited_out_by_background_work_alone(store: RedisStore) -> None:
    """S47."""
    limit = RateLimited("Too many.", retry_after_seconds=60)
    with pytest.raises(RateLimited):
        await store.budget("60001").wait_out(limit)
    waits = Waits(gives_up=False)
    await store.budget("60001", waits).wait_out(limit)
    assert waits.limits == [limit]


async def test_a_plan_that_is_paid_for_lets_more_run_at_once(
    store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S47: five, or ten where the plan shows it; for all processes."""
    monkeypatch.setattr(budgets, "LONGEST_WAIT_SECONDS", 0)
    budget = store.budget("60001")

    async def at_once() -> int:
        async with contextlib.AsyncExitStack() as stack:
            for held in range(20):
                try:
                    await stack.enter_async_context(budget.call(urgent=True))
                except RateLimited:
                    return held
        return 20

    assert await at_once() == 5
    await budget.allow_at_once(10)
    assert await at_once() == 10
    await budget.allow_at_once(5)
    assert await at_once() == 5


async def test_never_more_renewals_than_zoho_gives_tokens(store: RedisStore) -> None:
    """S34: ten in ten minutes, whoever asks; the eleventh hears when."""
    tokens = store.connection.tokens
    for _ in range(10):
        await tokens.count_renewal(10, 600)
    with pytest.raises(RateLimited) as caught:
        await tokens.count_renewal(10, 600)
    assert 590 < caught.value.retry_after_seconds <= 600
    await tokens.count_renewal(11, 600)
    quick = store.sign_ins.tokens(ADA)
    await quick.count_renewal(1, 0.05)
    await asyncio.sleep(0.06)
    await quick.count_renewal(1, 0.05)
