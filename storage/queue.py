"""The job queue on Redis: pydocket, with ids as the only arguments (it pickles them).

A job with a key that still waits or runs is not added a second time; a key whose job has ended is free again
(`docket/lua/schedule.lua`). A job runs at least once: what a killed worker held runs elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from docket import CurrentExecution, Docket, Execution, Worker
from redis.exceptions import RedisError

from bot.errors import StorageUnavailable

Task = Callable[..., Awaitable[None]]
Again = Callable[[Exception], float | None]
"""After how many seconds a job that raised is to run again; nothing: it failed for good."""

QUEUE = "dext-jobs"
CONCURRENCY = 16
REDELIVERY = timedelta(seconds=30)
"""A killed worker's jobs run elsewhere after so long; a living one renews its hold."""


def _never(_: Exception) -> float | None:
    return None


async def _work_of_another_process(*ids: str) -> None:
    """Stands for a job that this process only enqueues: pydocket wants to know every name."""
    raise LookupError(f"this process cannot do the job of {ids}")


class DocketJobs:
    """`Jobs` of bot/ports, and the worker that runs them."""

    def __init__(self, docket: Docket) -> None:
        self._docket = docket

    async def enqueue(self, name: str, *ids: str, key: str, after_seconds: float = 0) -> None:
        """Raises StorageUnavailable when Redis does not take it."""
        when = datetime.now(UTC) + timedelta(seconds=after_seconds) if after_seconds > 0 else None
        if name not in self._docket.tasks:
            self._docket.register(_work_of_another_process, names=[name])
        try:
            await self._docket.add(name, when=when, key=key)(*ids)
        except (RedisError, OSError) as fault:
            raise StorageUnavailable(f"Redis does not answer ({type(fault).__name__}).") from fault

    def register(self, tasks: Mapping[str, Task], again: Again = _never) -> None:
        """The functions that do the work, by the names jobs are enqueued under.

        Where `again` gives a time for what a job raised, the same job runs once more after it, under the
        same key; enqueuing the key from within the job would be dropped, since the job still runs.
        """
        for name, task in tasks.items():
            self._docket.register(self._repeated(name, task, again), names=[name])

    def _repeated(self, name: str, task: Task, again: Again) -> Task:
        # pydocket reads the signature of what it runs: ids, and the execution that it fills in.
        async def run(*ids: str, execution: Execution = CurrentExecution()) -> None:  # noqa: B008
            try:
                await task(*ids)
            except Exception as fault:
                seconds = again(fault)
                if seconds is None:
                    raise
                when = datetime.now(UTC) + timedelta(seconds=seconds)
                await self._docket.replace(name, when=when, key=execution.key)(*ids)

        run.__name__ = name
        return run

    async def work(self, stop: asyncio.Event) -> None:
        """Runs jobs until `stop`, then finishes those that have begun."""
        async with Worker(
            self._docket,
            concurrency=CONCURRENCY,
            redelivery_timeout=REDELIVERY,
            reconnection_delay=timedelta(seconds=1),
            minimum_check_interval=timedelta(milliseconds=100),
            scheduling_resolution=timedelta(milliseconds=250),
            schedule_automatic_tasks=False,
        ) as worker:
            running = asyncio.create_task(worker.run_forever())
            stopping = asyncio.create_task(stop.wait())
            try:
                await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                stopping.cancel()
                running.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await running


@asynccontextmanager
async def open_docket(url: str, name: str = QUEUE) -> AsyncIterator[DocketJobs]:
    """The queue of that name at a Redis address; everybody who opens it shares it."""
    async with Docket(name=name, url=url, execution_ttl=timedelta(0)) as docket:
        yield DocketJobs(docket)
