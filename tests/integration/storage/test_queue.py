"""The job queue: one job for a key, again after it ended, drained at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import StorageUnavailable
from storage.queue import DocketJobs, open_docket

DEADLINE_SECONDS = 10.0


@pytest.fixture
async def jobs(redis_url: str, namespace: str) -> AsyncIterator[DocketJobs]:
    async with open_docket(redis_url, namespace) as opened:
        yield opened


@asynccontextmanager
async def working(jobs: DocketJobs) -> AsyncIterator[None]:
    stop = asyncio.Event()
    work = asyncio.create_task(jobs.work(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(work, DEADLINE_SECONDS)


async def heard(queue: asyncio.Queue[str]) -> str:
    return await asyncio.wait_for(queue.get(), DEADLINE_SECONDS)


async def test_a_job_gets_its_ids(jobs: DocketJobs) -> None:
    done: asyncio.Queue[str] = asyncio.Queue()

    async def publish(business: str, item: str) -> None:
        done.put_nowait(f"{business} {item}")

    jobs.register({"publish": publish})
    await jobs.enqueue("publish", "T1:b1", "i1", key="publish:i1")
    async with working(jobs):
        assert await heard(done) == "T1:b1 i1"


async def test_a_second_job_of_a_key_that_waits_or_runs_is_dropped_and_later_welcome(
    jobs: DocketJobs, redis_url: str, namespace: str
) -> None:
    """S11, S30: two clicks, one job."""
    done: asyncio.Queue[str] = asyncio.Queue()
    may_end = asyncio.Event()

    async def refresh(which: str) -> None:
        done.put_nowait(f"began {which}")
        await may_end.wait()
        done.put_nowait(f"ended {which}")

    jobs.register({"refresh": refresh})
    await jobs.enqueue("refresh", "first", key="k")
    await jobs.enqueue("refresh", "while it waits", key="k")
    async with working(jobs):
        assert await heard(done) == "began first"
        async with open_docket(redis_url, namespace) as elsewhere:
            await elsewhere.enqueue("refresh", "while it runs", key="k")
        may_end.set()
        assert await heard(done) == "ended first"
        async with asyncio.timeout(DEADLINE_SECONDS):
            while done.empty():  # until the first is acknowledged, a third counts as a second
                await jobs.enqueue("refresh", "after it ended", key="k")
                await asyncio.sleep(0.02)
        assert await heard(done) == "began after it ended"
        assert await heard(done) == "ended after it ended"
    assert done.empty()


async def test_a_delayed_job_waits_its_time(jobs: DocketJobs) -> None:
    done: asyncio.Queue[str] = asyncio.Queue()

    async def note(which: str) -> None:
        done.put_nowait(which)

    jobs.register({"note": note})
    await jobs.enqueue("note", "later", key="a", after_seconds=0.4)
    await jobs.enqueue("note", "now", key="b")
    async with working(jobs):
        assert [await heard(done), await heard(done)] == ["now", "later"]


async def test_a_job_that_asks_for_it_runs_again_under_its_key(jobs: DocketJobs) -> None:
    """S39: throttled, so once more."""
    done: asyncio.Queue[str] = asyncio.Queue()
    attempts = 0

    class Throttled(Exception):
        pass

    async def publish(which: str) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            await jobs.enqueue("publish", "dropped, it runs", key="k")
            raise Throttled
        done.put_nowait(which)

    jobs.register({"publish": publish}, again=lambda fault: 0.01 if isinstance(fault, Throttled) else None)
    await jobs.enqueue("publish", "i1", key="k")
    async with working(jobs):
        assert await heard(done) == "i1"
    assert attempts == 3


async def test_a_job_that_fails_does_not_stop_the_others(
    jobs: DocketJobs, caplog: pytest.LogCaptureFixture
) -> None:
    done: asyncio.Queue[str] = asyncio.Queue()

    async def note(which: str) -> None:
        if which == "bad":
            raise ZeroDivisionError("on purpose")
        done.put_nowait(which)

    jobs.register({"note": note})
    await jobs.enqueue("note", "bad", key="a")
    await jobs.enqueue("note", "good", key="b")
    async with working(jobs):
        assert await heard(done) == "good"
    assert "on purpose" in caplog.text


async def test_at_the_end_what_runs_is_finished_and_what_waits_is_kept(
    jobs: DocketJobs, redis_url: str, namespace: str
) -> None:
    """S46: stopping loses no work."""
    done: asyncio.Queue[str] = asyncio.Queue()
    stop, may_end = asyncio.Event(), asyncio.Event()

    async def note(which: str) -> None:
        done.put_nowait(f"began {which}")
        await may_end.wait()
        done.put_nowait(f"ended {which}")

    jobs.register({"note": note})
    await jobs.enqueue("note", "running", key="a")
    work = asyncio.create_task(jobs.work(stop))
    assert await heard(done) == "began running"
    stop.set()
    await asyncio.sleep(0)
    assert not work.done()
    may_end.set()
    await asyncio.wait_for(work, DEADLINE_SECONDS)
    assert await heard(done) == "ended running"
    await jobs.enqueue("note", "waiting", key="b")
    async with open_docket(redis_url, namespace) as again:
        again.register({"note": note})
        async with working(again):
            assert await heard(done) == "began waiting"


async def test_a_queue_without_its_redis_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="Redis does not answer"):
        async with open_docket(f"unix://{tmp_path}/nobody.sock") as jobs:
            await jobs.enqueue("note", "x", key="k")
