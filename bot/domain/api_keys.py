"""Keys of the item API: what one says of itself, and what is kept of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.identity import Business, BusinessId, PersonId, WorkspaceId

_TOKEN = re.compile(
    r"dxt_(?P<workspace>[A-Za-z0-9]+)_(?P<business>[A-Za-z0-9]+)_(?P<id>[a-z2-7]{8})_(?P<secret>[a-z2-7]{52})"
)
LONGEST_NAME = 50
SECRET_BYTES = 32


class KeyRight(StrEnum):
    """What a key may do."""

    ADD = "add"
    """Bring items in, and read what became of them."""
    READ = "read"

    @property
    def words(self) -> str:
        return {"add": "adds items and reads them", "read": "only reads items"}[self.value]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: of its secret only a hash, which is enough for 256 random bits."""

    id: str
    name: str
    secret_hash: str
    last_four: str
    made_by: PersonId
    made_at: datetime
    right: KeyRight = KeyRight.ADD
    used_at: datetime | None = None

    def fits(self, secret: str) -> bool:
        """Takes as long for a wrong secret as for the right one."""
        return hmac.compare_digest(self.secret_hash, hashed(secret))


@dataclass(frozen=True, slots=True)
class Token:
    """What is sent: it names its business, so that a key is looked for there and nowhere else."""

    business: Business
    id: str
    secret: str

    def __str__(self) -> str:
        return f"dxt_{self.business.workspace}_{self.business.id}_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"Token({self.business}, {self.id}, …)"

    @classmethod
    def parse(cls, text: str) -> Token | None:
        """Nothing when it is no key of ours."""
        found = _TOKEN.fullmatch(text)
        if found is None:
            return None
        business = Business(WorkspaceId(found["workspace"]), BusinessId(found["business"]))
        return cls(business, found["id"], found["secret"])

    @classmethod
    def new(cls, business: Business) -> Token:
        return cls(business, _random(5), _random(SECRET_BYTES))


def _random(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode().rstrip("=").lower()


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
