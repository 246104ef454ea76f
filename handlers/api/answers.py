"""What the API answers: items, results of a batch, problems (RFC 9457)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from bot.domain.attachments import FileState
from bot.domain.items import Item, ItemStatus
from bot.services.arriving import Arrived
from bot.services.items import ItemView


class WrongField(BaseModel):
    pointer: str = Field(description="Where, as a JSON pointer (RFC 6901) into what was sent.")
    detail: str = Field(description="What is wrong, in a sentence.")


class Problem(BaseModel):
    """RFC 9457, `application/problem+json`."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[WrongField] = Field(default=[], description="Every wrong field.")


class ItemResult(BaseModel):
    """An item that is in the inbox."""

    result: Literal["created", "known"] = Field(
        description="`known`: its `external_id` was there already; it is answered as it stands."
    )
    id: str
    external_id: str
    status: ItemStatus
    missing: list[str] = Field(description="What keeps it from being published, in words.")


class RefusedResult(BaseModel):
    """An item of a batch that did not come in."""

    result: Literal["refused"] = "refused"
    external_id: str | None = None
    errors: list[WrongField]


class Results(BaseModel):
    """One result for each item that was sent, in their order."""

    items: list[ItemResult | RefusedResult]


class PublicationState(BaseModel):
    """The record in the accounting software."""

    kind: str
    number: str
    record_id: str
    link: str
    published_at: dt.datetime


class FileStateAnswer(BaseModel):
    filename: str
    content_type: str
    size: int
    state: FileState
    reason: str | None = Field(None, description="Why the file was not sent.")


class ItemState(BaseModel):
    """An item as it stands."""

    id: str
    external_id: str
    status: ItemStatus
    missing: list[str]
    reason: str | None = Field(None, description="Why it waits, or why publishing failed.")
    received_at: dt.datetime
    publication: PublicationState | None = None
    link: str | None = Field(None, description="Where the record is, once there is one.")
    attachments: list[FileStateAnswer] = []


def missing(view: ItemView) -> list[str]:
    return [problem.says for problem in view.coding.problems]


def result(arrived: Arrived) -> ItemResult:
    view = arrived.view
    return ItemResult(
        result="created" if arrived.is_new else "known",
        id=view.item.id,
        external_id=view.item.document.external_id,
        status=view.status,
        missing=missing(view),
    )


def state(view: ItemView) -> ItemState:
    item, published = view.item, view.item.published
    return ItemState(
        id=item.id,
        external_id=item.document.external_id,
        status=view.status,
        missing=missing(view),
        reason=f"{item.hold.says} {item.hold.advice}".strip() if item.hold else None,
        received_at=item.received_at,
        publication=published
        and PublicationState(
            kind=published.kind.value,
            number=published.number,
            record_id=published.record_id,
            link=published.link,
            published_at=published.at,
        ),
        link=published.link if published else None,
        attachments=_files(item),
    )


def _files(item: Item) -> list[FileStateAnswer]:
    record = item.published.record_id if item.published else ""
    return [
        FileStateAnswer(
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            state=file.state_for(record),
            reason=file.says or None,
        )
        for file in item.attachments
    ]
