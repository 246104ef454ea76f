"""The fixtures of a real Redis."""

from tests.redis_fixtures import clock, encryption_key, namespace, redis, redis_url, storage, store

__all__ = ["clock", "encryption_key", "namespace", "redis", "redis_url", "storage", "store"]
