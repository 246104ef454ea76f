"""`/dext publish`: what is ready, all of it at once; stop, go on, and retry by cause."""

from __future__ import annotations

import json

from bot.domain.many import Many, Wanted
from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import many as blocks
from handlers.kit import Answer, Call, Entry, Feature

PUBLISHING = "publish items"


async def show(call: Call, services: Services) -> None:
    ready = await services.many.ready(call.business)
    await call.whisper(blocks.offer(len(ready.items), ready.totals, ready.new_suppliers))


async def all_ready(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement, as with each of these buttons."""
    call.verdict = await services.many.ask(call.business, call.person, Wanted.READY)
    return None


async def retry(call: Call, services: Services) -> Answer | None:
    chosen = json.loads(call.value)
    call.verdict = await services.many.ask(
        call.business, call.person, Wanted.FAILED_OF, str(chosen["cause"]), str(chosen["many"])
    )
    return None


async def retry_cause(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.many.ask(call.business, call.person, Wanted.CAUSE, call.value)
    return None


async def asked(call: Call, services: Services) -> None:
    del services
    many: Many = call.verdict
    await call.whisper(blocks.asked(many.what))


async def stop(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.many.stop(call.business, call.value, call.person)
    return None


async def go_on(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.many.go_on(call.business, call.value, call.person)
    return None


async def redraw(call: Call, services: Services) -> None:
    """At once, where it was pressed; the run edits the same message."""
    del services
    many: Many = call.verdict
    if many.message is not None:
        await call.slack.update(many.message, blocks.progress(many))


FEATURE = Feature(
    name="publish",
    summary="What is ready: publish it all, or one by one",
    command=Entry(Role.APPROVER, PUBLISHING, show=show),
    actions={
        blocks.READY: Entry(Role.APPROVER, PUBLISHING, decide=all_ready, show=asked),
        blocks.RETRY: Entry(Role.APPROVER, PUBLISHING, decide=retry, show=asked),
        blocks.RETRY_CAUSE: Entry(Role.APPROVER, PUBLISHING, decide=retry_cause, show=asked),
        blocks.STOP: Entry(Role.APPROVER, PUBLISHING, decide=stop, show=redraw),
        blocks.GO_ON: Entry(Role.APPROVER, PUBLISHING, decide=go_on, show=redraw),
    },
)
