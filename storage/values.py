"""Values as they lie in Redis: JSON with a schema version around domain objects."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from bot.errors import StorageUnavailable

VERSION = 1
T = TypeVar("T")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def dump(kind: type[T], value: T) -> bytes:
    """A domain object as versioned JSON."""
    return to_json({"v": VERSION, "is": _adapter(cast(Hashable, kind)).dump_python(value, mode="json")})


def load(kind: type[T], stored: bytes | str) -> T:
    """The opposite of `dump`. Raises StorageUnavailable for a version this program does not know."""
    value = from_json(stored)
    if value.get("v") != VERSION:
        raise StorageUnavailable(
            "Redis holds data of a newer version of this program.", advice="Start the newest version."
        )
    loaded: T = _adapter(cast(Hashable, kind)).validate_python(value["is"])
    return loaded
