"""Slack's numbers, each with its page, and the limiter that answers 429.

Sizes: https://docs.slack.dev/reference/block-kit/ ; rates: https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3000
SECTION_FIELD = 2000
SECTION_FIELDS = 10
HEADER_TEXT = 150
CONTEXT_TEXT = 2000
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
MARKDOWN_TEXT = 12_000
TITLE = 24
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
BUTTON_URL = 3000
ACCESSIBILITY_LABEL = 75
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_DESCRIPTION = 75
OPTION_URL = 3000
SELECT_OPTIONS = 100
SELECT_GROUPS = 100
GROUP_LABEL = 75
CHOICES = 10
OVERFLOW_OPTIONS = 5
LABEL = 2000
HINT = 2000
PLACEHOLDER = 150
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
IDENTIFIER = 255
PRIVATE_METADATA = 3000
INPUT_LENGTH = 3000
IMAGE_URL = 3000
ALT_TEXT = 2000
FILE_ALT_TEXT = 1000
"""https://docs.slack.dev/reference/methods/files.getUploadURLExternal"""
IMAGE_TITLE = 2000
FILES_IN_INPUT = 10
VIEW_BYTES = 250_000
MESSAGE_TEXT = 40_000
STACK = 3

ACKNOWLEDGE_SECONDS = 3.0
TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5

POST_PER_SECOND = 1.0
POST_BURST = 5

TIERS: dict[str, int] = {
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "users.info": 100,
    "users.list": 20,
    "conversations.open": 50,
    "conversations.info": 50,
    "conversations.list": 20,
    "conversations.members": 100,
    "conversations.join": 50,
    "files.info": 100,
    "files.getUploadURLExternal": 100,
    "files.completeUploadExternal": 100,
    "reactions.add": 50,
}
"""Calls a minute and workspace. Methods that are not here have a limit too high to meet."""


@dataclass
class _Bucket:
    level: float
    at: float


@dataclass
class RateLimiter:
    """Token buckets: about one message a second and channel with short bursts, tiers for the rest."""

    clock: Callable[[], float]
    on: bool = True
    post_per_second: float = POST_PER_SECOND
    post_burst: int = POST_BURST
    tiers: dict[str, int] = field(default_factory=lambda: dict(TIERS))
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def wait(self, method: str, channel: str | None) -> int:
        """Whole seconds to wait before this call is accepted; 0 means it is accepted (and counted)."""
        if not self.on:
            return 0
        if method == "chat.postMessage":
            return self._take(f"{method}:{channel}", self.post_burst, self.post_per_second)
        tier = self.tiers.get(method)
        return self._take(method, tier, tier / 60) if tier else 0

    def _take(self, key: str, capacity: int, per_second: float) -> int:
        now = self.clock()
        bucket = self._buckets.setdefault(key, _Bucket(float(capacity), now))
        bucket.level = min(float(capacity), bucket.level + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.level >= 1:
            bucket.level -= 1
            return 0
        return max(1, ceil((1 - bucket.level) / per_second))
