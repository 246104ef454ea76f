"""The fixtures of a real Redis, and how many round trips something takes."""

from __future__ import annotations

from tests.redis_fixtures import clock, encryption_key, namespace, redis, redis_url, storage, store
from tests.round_trips import round_trips

__all__ = ["clock", "encryption_key", "namespace", "redis", "redis_url", "round_trips", "storage", "store"]
