"""What an Admin sets for a business, and the plain supplier rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from bot.domain.identity import ChannelId, EntryId


class RefreshSchedule(IntEnum):
    """Hours between refreshes by themselves."""

    OFF = 0
    EVERY_6_HOURS = 6
    EVERY_12_HOURS = 12
    EVERY_24_HOURS = 24
    EVERY_48_HOURS = 48

    @property
    def words(self) -> str:
        return "Off" if self is RefreshSchedule.OFF else f"Every {self.value} hours"


@dataclass(frozen=True, slots=True)
class BusinessSettings:
    """A business's settings; they outlive the connection."""

    warn_new_supplier: bool = True
    default_tax_costs: EntryId | None = None
    default_tax_sales: EntryId | None = None
    channel: ChannelId | None = None
    refresh_schedule: RefreshSchedule = RefreshSchedule.EVERY_24_HOURS


@dataclass(frozen=True, slots=True)
class SupplierRule:
    """What items of one supplier get when nobody set it by hand."""

    supplier: str
    """The supplier's name as `suppliers.key` folds it."""
    category: EntryId | None = None
    tax: EntryId | None = None
    name: str = ""
    """The supplier as people read it."""
