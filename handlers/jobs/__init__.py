"""The jobs by their names, and what the clock looks for, with the seconds between looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.services import Services
from handlers.job_kit import Job
from handlers.jobs import (
    arrivals,
    auto,
    connection,
    daily,
    files,
    held,
    history,
    home,
    imports,
    log,
    publish,
    recoding,
    refresh,
    report,
    roles,
    rules,
    undo,
    watch,
)

JOBS: Mapping[str, Job] = {
    "refresh": refresh.refresh,
    "lists_mapped": refresh.lists_mapped,
    "publish": publish.publish,
    "auto_publish": auto.auto_publish,
    "publish_many": publish.publish_many,
    "role_changed": roles.role_changed,
    "export_log": log.export_log,
    "export_rules": rules.export_rules,
    "report": report.report,
    "probe": daily.probe,
    "probe_for": daily.probe_for,
    "check_sign_in": daily.check_sign_in,
    "digest": daily.digest,
    "watch": watch.watch,
    "watch_for": watch.watch_for,
    "own_digest": daily.own_digest,
    "homes": home.homes,
    "undo": undo.undo,
    "release_held": held.release_held,
    "signed_in": connection.signed_in,
    "sign_in_failed": connection.sign_in_failed,
    "switch_asked": connection.switch_asked,
    "switch_answered": connection.switch_answered,
    "second_admin_off": connection.second_admin_off,
    "connection_broken": connection.connection_broken,
    "withdraw_retired": connection.withdraw_retired,
    "look_at_file": imports.look_at_file,
    "look_at_dropped": imports.look_at_dropped,
    "import_file": imports.import_file,
    "items_arrived": arrivals.items_arrived,
    "item_added": arrivals.item_added,
    "attach_files": files.attach_files,
    "recoded": recoding.recoded,
    "tell_threads": history.tell_threads,
}


async def due_refreshes(services: Services) -> None:
    await services.refresh.run_due()


async def stuck_publications(services: Services) -> None:
    await services.publish.resume_stuck()


async def due_auto_publishes(services: Services) -> None:
    await services.auto.run_due()


async def stuck_many(services: Services) -> None:
    await services.many.resume_stuck()


async def due_probes(services: Services) -> None:
    await services.probe.run_due()


async def due_looks(services: Services) -> None:
    await services.watch.run_due()


async def due_digests(services: Services) -> None:
    await services.digest.run_due()
    await services.own_digest.run_due()


async def open_homes(services: Services) -> None:
    await services.status.run_homes()


async def stuck_files(services: Services) -> None:
    await services.attaching.resume_stuck()


async def threads_behind(services: Services) -> None:
    await services.history.run_due()


TICKS: Mapping[Callable[[Services], Awaitable[None]], int] = {
    due_refreshes: 15,
    stuck_publications: 20,
    due_auto_publishes: 10,
    stuck_many: 20,
    due_probes: 60,
    due_looks: 60,
    due_digests: 30,
    open_homes: 5,
    stuck_files: 20,
    threads_behind: 3,
}
