"""Encrypting everything again with the newest key, while the bot runs."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import cast

from storage.scripts import source
from storage.store import RedisStorage

SCANNED = 500
_FIELD = "sealed"


@dataclass(frozen=True, slots=True)
class _Secret:
    """Where secrets lie: keys that end so, as a plain value or in a field of a hash."""

    pattern: str
    field: str = ""


SECRETS = (
    _Secret("credentials"),
    _Secret("sign-in:credentials:*"),
    _Secret("attachment:*"),
    _Secret("sign-in:person:*", _FIELD),
)


async def rotate_keys(storage: RedisStorage) -> int:
    """Encrypts every secret again with the newest key; returns how many there were.

    Each is swapped only if nobody changed it meanwhile, else read again. Raises SettingMissing when one was
    encrypted with a key that is not given.
    """
    rotated = 0
    for secret in SECRETS:
        pattern = f"{storage.namespace}:{{*}}:{secret.pattern}"
        async for key in storage.redis.scan_iter(match=pattern, count=SCANNED):
            rotated += await _rotate(storage, key, secret.field)
    return rotated


async def _rotate(storage: RedisStorage, key: bytes, field: str) -> int:
    swap = storage.redis.register_script(source("swap_secret"))
    while True:
        reading = storage.redis.hget(key, field) if field else storage.redis.get(key)
        stored = await cast("Awaitable[bytes | None]", reading)
        if stored is None:
            return 0
        if await swap(keys=[key], args=[field, stored, storage.cipher.rotate(stored)]):
            return 1
