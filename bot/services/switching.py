"""Another organisation than before, where the settings want a second Admin's word for it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, PersonId
from bot.domain.roles import Role
from bot.errors import NotAllowed, SignInFailed
from bot.ports import Clock, Jobs, Storage
from bot.services.connection import Choice, ConnectionService, Finished
from bot.services.roles import RoleService
from bot.services.sign_in import SignInService

OVER = "This question is over: it was answered, or the sign-in has ended."
ASK_AGAIN = "Whoever wants the other organisation starts again with `/dext reconnect`."
SWITCHING = "connect another organisation"


@dataclass(frozen=True)
class Switch:
    """What a second Admin is asked, and who may answer."""

    asked_by: PersonId
    choice: Choice
    admins: Sequence[PersonId]


@dataclass(frozen=True)
class SwitchService:
    storage: Storage
    connection: ConnectionService
    sign_in: SignInService
    roles: RoleService
    jobs: Jobs
    clock: Clock

    async def asked(self, business: Business, asker: PersonId) -> Switch | None:
        """Nothing when it was answered, or the sign-in has ended."""
        sign_in = await self.storage.of(business).sign_ins.of(asker)
        if sign_in is None or not sign_in.asked_for:
            return None
        choice = await self.connection.choose(business, asker, sign_in.asked_for)
        others = [admin for admin in await self.roles.admins(business) if admin != asker]
        return Switch(asker, choice, others)

    async def agree(
        self, business: Business, admin: PersonId, asker: PersonId, organisation: str
    ) -> Finished:
        """Connects it for who asked, who must still be an Admin. Raises NotAllowed, SignInFailed."""
        switch = await self._answerable(business, admin, asker, organisation)
        await self.roles.require(business, asker, Role.ADMIN, SWITCHING)
        finished = await self.connection.finish(
            business, asker, switch.choice.organisation.id, agreed_by=admin
        )
        if not isinstance(finished, Finished):
            raise SignInFailed(OVER, advice=ASK_AGAIN)
        await self._tell(business, asker, admin, "agreed")
        return finished

    async def refuse(self, business: Business, admin: PersonId, asker: PersonId, organisation: str) -> Switch:
        """What is connected stays, and the sign-in is given back. Raises NotAllowed, SignInFailed."""
        switch = await self._answerable(business, admin, asker, organisation)
        entry = LogEntry(self.clock(), admin, "connection.switch_refused", asker, *switch.choice.labels)
        await self.storage.of(business).log.append(entry)
        await self._tell(business, asker, admin, "refused")
        await self.sign_in.cancel(business, asker)
        return switch

    async def _answerable(
        self, business: Business, admin: PersonId, asker: PersonId, organisation: str
    ) -> Switch:
        """Of the organisation that was shown: another one may have been asked for since."""
        if admin == asker:
            raise NotAllowed("You asked for this yourself: another Admin has to agree.")
        switch = await self.asked(business, asker)
        if switch is None or switch.choice.organisation.id != organisation:
            raise SignInFailed(OVER, advice=ASK_AGAIN)
        return switch

    async def _tell(self, business: Business, asker: PersonId, admin: PersonId, answer: str) -> None:
        key = f"switch_answered:{business}:{secrets.token_hex(4)}"
        await self.jobs.enqueue("switch_answered", str(business), asker, admin, answer, key=key)

    async def rule_taken_off(self, business: Business, by: PersonId) -> None:
        """Tells the other Admins that one alone may connect another organisation from now on."""
        key = f"second_admin_off:{business}:{secrets.token_hex(4)}"
        await self.jobs.enqueue("second_admin_off", str(business), by, key=key)
