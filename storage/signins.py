"""Sign-ins under way. Links and states are secrets: as keys only their hashes are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

from bot.domain.connection import SIGN_IN_LIFETIME, SignIn, SignInStage
from bot.domain.identity import PersonId
from bot.ports import Clock
from storage import values
from storage.base import Base
from storage.connections import RedisTokens

TIME_TO_CHOOSE = timedelta(minutes=30)
"""From the return of the sign-in to **Finish**."""
TIME_TO_FINISH = timedelta(minutes=2)
"""How long the credentials of a sign-in can still be read after it was taken by **Finish**."""
_STAGES = list(SignInStage)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _milliseconds(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


@dataclass(frozen=True)
class RedisSignIns(Base):
    """The sign-in lies encrypted under its person; link and state lead to the person.

    The browser stands beside it, so that who saves a sign-in read earlier cannot undo the binding.
    """

    clock: Clock

    def _of(self, person: str) -> str:
        return self.keys("sign-in", "person", person)

    def _link(self, hashed: str) -> str:
        return self.keys("sign-in", "link", hashed)

    def _state(self, state: str) -> str:
        return self.keys("sign-in", "state", _hashed(state))

    async def save(self, sign_in: SignIn) -> None:
        left = sign_in.started_at + SIGN_IN_LIFETIME - self.clock()
        if sign_in.stage is SignInStage.SIGNED_IN:
            left = TIME_TO_CHOOSE
        if left <= timedelta(0):
            return
        link = _hashed(sign_in.id)
        await self.run(
            "save_sign_in",
            [
                self._of(sign_in.person),
                self._link(link),
                self._state(sign_in.state),
                self.keys(*_credentials(sign_in.person)),
            ],
            self.cipher.encrypt(values.dump(SignIn, sign_in)),
            link,
            _STAGES.index(sign_in.stage),
            _milliseconds(left),
            f"{link} {sign_in.person}",
            sign_in.browser,
        )

    def _opened(self, found: Sequence[bytes | None]) -> SignIn | None:
        if not found or found[0] is None:
            return None
        sign_in = values.load(SignIn, self.cipher.decrypt(found[0]))
        if not found[1]:
            return sign_in
        began = sign_in.stage is SignInStage.LINK_MADE
        stage = SignInStage.IN_BROWSER if began else sign_in.stage
        return replace(sign_in, browser=found[1].decode(), stage=stage)

    async def of(self, person: PersonId) -> SignIn | None:
        return self._opened(
            await cast(
                "Awaitable[list[bytes | None]]", self.redis.hmget(self._of(person), ["sealed", "browser"])
            )
        )

    async def by_link(self, link: str) -> SignIn | None:
        return await self._open_link(link, "")

    async def bind(self, link: str, browser: str) -> SignIn | None:
        return await self._open_link(link, browser)

    async def _open_link(self, link: str, browser: str) -> SignIn | None:
        return self._opened(await self.run("open_link", [self._link(_hashed(link))], self._of(""), browser))

    async def take(self, state: str) -> SignIn | None:
        return self._opened(await self.run("take_state", [self._state(state)], self._of(""), self._link("")))

    async def forget(self, person: PersonId) -> SignIn | None:
        keys = [self._of(person), self.keys(*_credentials(person))]
        return self._opened(await self.run("forget_sign_in", keys, _milliseconds(TIME_TO_FINISH)))

    def tokens(self, person: PersonId) -> RedisTokens:
        """Gone with the time to choose, or two minutes after **Finish** took the sign-in."""
        return RedisTokens(
            self.redis, self.keys, self.cipher, _credentials(person), _milliseconds(TIME_TO_CHOOSE)
        )


def _credentials(person: str) -> tuple[str, str, str]:
    return "sign-in", "credentials", person
