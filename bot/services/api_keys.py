"""Keys of the item API: made, listed, withdrawn, and who a caller is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.api_keys import LONGEST_NAME, ApiKey, KeyRight, Token, hashed
from bot.domain.audit import LogEntry
from bot.domain.identity import Business, PersonId
from bot.errors import AlreadyDone, FieldErrors
from bot.ports import Clock, Storage

MOST_KEYS = 20
CALLS_A_MINUTE = 120


@dataclass(frozen=True)
class Holder:
    """Who calls: a key, and the one business that it opens."""

    business: Business
    key: ApiKey


@dataclass(frozen=True)
class ApiKeyService:
    storage: Storage
    clock: Clock
    calls_a_minute: int = CALLS_A_MINUTE

    async def make(self, business: Business, person: PersonId, name: str, right: KeyRight) -> Token:
        """A new key. The token is nowhere but in the answer. Raises FieldErrors."""
        name = " ".join(name.split())
        if not name:
            raise FieldErrors({"name": "Give the key a name: what will use it."})
        if len(name) > LONGEST_NAME:
            raise FieldErrors({"name": f"The name of a key has at most {LONGEST_NAME} characters."})
        store, token, now = self.storage.of(business), Token.new(business), self.clock()
        key = ApiKey(token.id, name, hashed(token.secret), token.secret[-4:], person, now, right)
        if not await store.api_keys.add(key, MOST_KEYS):
            raise FieldErrors({"name": f"There are {MOST_KEYS} keys already. Withdraw one first."})
        await store.log.append(LogEntry(now, person, "api_key.made", about=name, after=right.words))
        return token

    async def all(self, business: Business) -> Sequence[ApiKey]:
        return await self.storage.of(business).api_keys.all()

    async def withdraw(self, business: Business, person: PersonId, key_id: str) -> ApiKey:
        """It opens nothing from now on. Raises AlreadyDone."""
        store = self.storage.of(business)
        key = await store.api_keys.remove(key_id)
        if key is None:
            raise AlreadyDone("This key was withdrawn already.")
        await store.log.append(LogEntry(self.clock(), person, "api_key.withdrawn", about=key.name))
        return key

    async def holder(self, text: str) -> Holder | None:
        """Whose key this is; nothing when it is none, or withdrawn. Looks in the business that the key names
        and nowhere else."""
        token = Token.parse(text)
        if token is None:
            return None
        key = await self.storage.of(token.business).api_keys.get(token.id)
        return Holder(token.business, key) if key is not None and key.fits(token.secret) else None

    async def turn(self, holder: Holder) -> int:
        """Counts a call: 0, or after how many seconds the next one fits."""
        return await self.storage.of(holder.business).api_keys.turn(holder.key.id, self.calls_a_minute)
