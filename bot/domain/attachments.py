"""The files of an item: what is known of each, and how far it has come on its way to the record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath

MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024
"""10 MB as most programs count them; what Zoho Books takes too."""
LONGEST_NAME = 200


class FileState(StrEnum):
    """How far a file is on its way to a record; written down before the next step begins."""

    WAITING = "waiting"
    SENDING = "sending"
    """It may be at the record already: look before sending again."""
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of an item; its bytes lie elsewhere, under `id`."""

    id: str
    filename: str
    content_type: str
    size: int
    digest: str = ""
    """SHA-256 of the bytes, in hex."""
    state: FileState = FileState.WAITING
    record: str = ""
    """The record that `state` is about; an item that is published anew has another one."""
    says: str = ""
    """Why it was refused, a sentence."""
    attempts: int = 0
    kept_with: str = ""
    """The item that its bytes lie with, where it is another one: a receipt's file, sent with its claim."""
    is_final: bool = False
    """Refused for what it is: sending it again would change nothing."""

    def state_for(self, record: str) -> FileState:
        return self.state if self.record == record else FileState.WAITING


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it comes in."""

    filename: str
    content_type: str
    content: bytes


def described(files: Sequence[FileContent]) -> tuple[tuple[Attachment, bytes], ...]:
    """Each file with what is known of it. The same name and bytes twice are one file; names are made
    different, since by its name a file is found again at the record."""
    found: dict[str, tuple[Attachment, bytes]] = {}
    names: set[str] = set()
    for file in files:
        name, digest = tidy(file.filename), hashlib.sha256(file.content).hexdigest()
        file_id = hashlib.sha256(f"{name.casefold()}\0{digest}".encode()).hexdigest()[:20]
        if file_id in found:
            continue
        name = _unlike(names, name)
        names.add(name.casefold())
        one = Attachment(file_id, name, file.content_type, len(file.content), digest)
        found[file_id] = one, file.content
    return tuple(found.values())


def added(files: Iterable[Attachment], others: Iterable[tuple[str, Attachment]]) -> tuple[Attachment, ...]:
    """An item's files and those of other items that go with it, each with the item it lies with; the same
    one twice is one, and names are made different."""
    found = {file.id: file for file in files}
    names = {file.filename.casefold() for file in found.values()}
    for item, file in others:
        if file.id not in found:
            name = _unlike(names, file.filename)
            names.add(name.casefold())
            found[file.id] = Attachment(
                file.id, name, file.content_type, file.size, file.digest, kept_with=item
            )
    return tuple(found.values())


def _unlike(names: set[str], name: str) -> str:
    path, number, chosen = PurePath(name), 2, name
    while chosen.casefold() in names:
        chosen = f"{path.stem} ({number}){path.suffix}"
        number += 1
    return chosen


def tidy(name: str) -> str:
    """A file's name without folders and signs that name nothing, at most 200 characters, its ending kept."""
    # A quotation mark is written otherwise in a form's header, and the name would not be found again.
    last = name.replace("\\", "/").rsplit("/", 1)[-1].replace('"', "'")
    path = PurePath("".join(sign for sign in last if sign.isprintable()).strip(" .") or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix[:20])] + path.suffix[:20]


def unsent(files: Iterable[Attachment], record: str) -> list[Attachment]:
    """Those that are still to go to a record."""
    over = (FileState.SENT, FileState.REFUSED)
    return [file for file in files if file.state_for(record) not in over]


def changed(
    files: Iterable[Attachment],
    file_id: str,
    state: FileState,
    record: str,
    *,
    says: str = "",
    attempts: int = 0,
    is_final: bool = False,
) -> tuple[Attachment, ...]:
    """The files, one of them in another state."""
    return tuple(
        replace(file, state=state, record=record, says=says, attempts=attempts, is_final=is_final)
        if file.id == file_id
        else file
        for file in files
    )
