"""The fixtures of a real Redis, and how many round trips something takes."""

from tests.integration.storage.conftest import round_trips
from tests.redis_fixtures import clock, encryption_key, namespace, redis, redis_url, storage, store

__all__ = ["clock", "encryption_key", "namespace", "redis", "redis_url", "round_trips", "storage", "store"]
