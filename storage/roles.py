"""Who is Admin and Approver of a business."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.roles import Roles
from storage.base import Base


@dataclass(frozen=True)
class RedisRoles(Base):
    async def read(self) -> Roles | None:
        return await self.value(Roles, "roles")

    async def save(self, roles: Roles) -> Roles | None:
        """Returns what was said before."""
        before, _ = await self.change_value(Roles, self.keys("roles"), lambda _: roles)
        return before
