"""How a record stands in the accounting software, and what happened to it there between two looks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain import money


class State(StrEnum):
    UNKNOWN = ""
    """The accounting software says nothing that we know."""
    DRAFT = "draft"
    WAITING = "waiting"
    """For somebody's approval, there."""
    APPROVED = "approved"
    REJECTED = "rejected"
    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    """Of a credit: partly used."""
    PAID = "paid"
    """Of a credit: used up."""
    VOID = "void"
    DELETED = "deleted"

    @property
    def is_gone(self) -> bool:
        """Nothing of it counts in the books any more."""
        return self in (State.VOID, State.DELETED)


@dataclass(frozen=True, slots=True)
class RecordStanding:
    """A record's head as text; what the accounting software leaves out is empty."""

    state: State = State.UNKNOWN
    number: str = ""
    date: str = ""
    total: str = ""
    party: str = ""
    """The supplier's or customer's id, its name in `party_name`."""
    party_name: str = ""
    balance: str = ""
    """What is left to pay, or of a credit to use."""
    currency: str = ""
    """ISO 4217."""
    changed_at: datetime | None = None
    """As the accounting software says."""
    edits: tuple[str, ...] = ()
    """What is not as it was published, in words: `total: 144.00 → 150.00`."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened; `what` is the end of its word in the log: `item.books_paid`."""

    what: str
    says: str = ""


_FIELDS: Mapping[str, str] = {"number": "number", "date": "date", "total": "total", "party": "supplier"}
_PAID = (State.PAID, State.PARTLY_PAID)
_BEFORE_OPEN = (State.WAITING, State.REJECTED)


def edits(before: RecordStanding, now: RecordStanding, party: str = "supplier") -> tuple[str, ...]:
    """What was changed from one to the other, in words; where either is silent, nothing was."""
    found = []
    for name, words in _FIELDS.items():
        old, new = getattr(before, name), getattr(now, name)
        if old and new and not _is_same(name, old, new):
            if name == "party":
                old, new = before.party_name or old, now.party_name or new
            if name == "total":
                old, new = amount(old, now.currency), amount(new, now.currency)
            found.append(f"{party if name == 'party' else words}: {old} → {new}")
    return tuple(found)


def amount(text: str, currency: str) -> str:
    """`£144.00`; without a currency the plain number."""
    return money.shown(Decimal(text), currency) if currency else text


def _is_same(name: str, old: str, new: str) -> bool:
    if name == "total":
        return Decimal(old) == Decimal(new)
    return " ".join(old.split()) == " ".join(new.split())


def since_left(left: RecordStanding, now: RecordStanding, party: str = "supplier") -> RecordStanding:
    """`now` with all that is not as we left it."""
    return replace(now, edits=edits(left, now, party))


def news(before: RecordStanding, now: RecordStanding, party: str = "supplier") -> tuple[News, ...]:
    """What happened between two looks, each once. A record that is gone has no other news."""
    state = _of_state(before, now)
    if now.state.is_gone:
        return state
    changed = edits(before, now, party)
    return (*state, News("changed", "; ".join(changed))) if changed else state


def _of_state(before: RecordStanding, now: RecordStanding) -> tuple[News, ...]:
    was, state = before.state, now.state
    if State.UNKNOWN in (was, state):
        return ()
    if was.is_gone and not state.is_gone:
        return (News("restored"), *_of_state(replace(before, state=State.OPEN), now))
    what = _moved(was, state)
    if was is state is State.PARTLY_PAID and _balance_moved(before, now):
        what = "partly_paid"
    if what == "partly_paid":
        return (News(what, f"{amount(now.balance, now.currency)} left" if now.balance else "in part"),)
    return (News(what),) if what else ()


def _moved(was: State, state: State) -> str:
    """The word for a step from one state to another; nothing where it says nothing."""
    if state is was:
        return ""
    if was in _PAID and state in (State.OPEN, State.PARTLY_PAID):
        return "payment_taken_back"
    if state is State.OPEN:
        # What was approved is open then by itself.
        return {State.DRAFT: "opened"}.get(was, "approved" if was in _BEFORE_OPEN else "")
    if state is State.APPROVED and was not in (*_BEFORE_OPEN, State.DRAFT):
        return ""
    return _WHAT.get(state, "")


_WHAT: Mapping[State, str] = {
    State.DRAFT: "made_draft",
    State.WAITING: "submitted",
    State.APPROVED: "approved",
    State.REJECTED: "rejected",
    State.PARTLY_PAID: "partly_paid",
    State.PAID: "paid",
    State.VOID: "void",
    State.DELETED: "deleted",
}


def _balance_moved(before: RecordStanding, now: RecordStanding) -> bool:
    return bool(before.balance and now.balance) and Decimal(before.balance) != Decimal(now.balance)
