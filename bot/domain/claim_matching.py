"""Which receipts belong to which claim, where a file does not say: only when there is one answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from bot.domain.claims import MOST_RECEIPTS, is_open, may_join, owner_key, owner_of
from bot.domain.duplicates.facts import total_of
from bot.domain.identity import ItemId
from bot.domain.items import Item
from bot.domain.kinds import is_credit

MOST_STATES = 20_000
"""Of the search; beyond it nothing is guessed. A fraction of a second."""
_TWO = 2


def split(claims: Sequence[Decimal], receipts: Sequence[Decimal]) -> list[int] | None:
    """For each receipt the place of its claim, where exactly one way of dealing out all receipts makes every
    claim's total to the cent; else nothing. Looks at a bounded number of states."""
    if not claims or not receipts:
        return None
    if sum(claims) != sum(receipts):
        return None
    # The largest first: what fits nowhere is seen early.
    order = sorted(range(len(receipts)), key=lambda place: -abs(receipts[place]))
    search = _Search([receipts[place] for place in order])
    ways = search.ways(0, tuple(claims))
    if search.is_over or ways != 1:
        return None
    dealt = [0] * len(receipts)
    for place, claim in zip(order, search.only_way(tuple(claims)), strict=True):
        dealt[place] = claim
    return dealt


class _Search:
    """Counts the ways, no further than two, and remembers what it has seen."""

    def __init__(self, receipts: Sequence[Decimal]) -> None:
        self.receipts = receipts
        self.only_positive = all(amount > 0 for amount in receipts)
        self.seen: dict[tuple[int, tuple[Decimal, ...]], int] = {}
        self.is_over = False

    def ways(self, place: int, left: tuple[Decimal, ...]) -> int:
        if place == len(self.receipts):
            return int(not any(left))
        key = (place, left)
        if key in self.seen:
            return self.seen[key]
        if len(self.seen) >= MOST_STATES:
            self.is_over = True
            return 0
        self.seen[key] = 0
        found = 0
        for claim in range(len(left)):
            if (rest := self._given(place, left, claim)) is not None:
                found += self.ways(place + 1, rest)
            if found >= _TWO or self.is_over:
                break
        self.seen[key] = min(found, _TWO)
        return self.seen[key]

    def only_way(self, left: tuple[Decimal, ...]) -> list[int]:
        """After `ways` found one: where each receipt goes."""
        dealt = []
        for place in range(len(self.receipts)):
            for claim in range(len(left)):
                rest = self._given(place, left, claim)
                if rest is not None and self.ways(place + 1, rest):
                    dealt.append(claim)
                    left = rest
                    break
        return dealt

    def _given(self, place: int, left: tuple[Decimal, ...], claim: int) -> tuple[Decimal, ...] | None:
        """What is left of the claims' totals after one got the receipt; nothing where it is too much."""
        rest = left[claim] - self.receipts[place]
        if self.only_positive and rest < 0:
            return None
        return (*left[:claim], rest, *left[claim + 1 :])


def matched(items: Iterable[Item], base: str) -> dict[ItemId, list[ItemId]]:
    """For each claim without receipts those that are certainly its own: receipts marked as claimed, of the
    same person. `items` are claims and receipts that may be matched; the rest is passed over."""
    by_owner: dict[str, tuple[list[Item], list[Item]]] = {}
    for item in items:
        if owner := owner_key(owner_of(item)):
            claims, receipts = by_owner.setdefault(owner, ([], []))
            if is_open(item) and not item.receipts:
                claims.append(item)
            elif item.document.claimed and item.alone is None and may_join(item):
                receipts.append(item)
    found: dict[ItemId, list[ItemId]] = {}
    for claims, receipts in by_owner.values():
        found |= _of_one_owner(claims, receipts, base)
    return found


def _of_one_owner(
    claims: Sequence[Item], receipts: Sequence[Item], base: str
) -> Mapping[ItemId, list[ItemId]]:
    currencies = {claim.document.currency or base for claim in claims}
    if len(currencies) != 1 or len(receipts) > MOST_RECEIPTS:
        return {}
    (currency,) = currencies
    totals = [total_of(claim) for claim in claims]
    amounts = [_amount(receipt, currency, base) for receipt in receipts]
    known_totals = [total for total in totals if total is not None and total > 0]
    known = [amount for amount in amounts if amount is not None]
    if len(known_totals) < len(totals) or len(known) < len(amounts):
        return {}
    dealt = split(known_totals, known)
    if dealt is None:
        return {}
    found: dict[ItemId, list[ItemId]] = {claim.id: [] for claim in claims}
    for receipt, place in zip(receipts, dealt, strict=True):
        found[claims[place].id].append(receipt.id)
    return found


def _amount(receipt: Item, currency: str, base: str) -> Decimal | None:
    """In the claim's currency, as the file states it; nothing where it does not."""
    document, total = receipt.document, total_of(receipt)
    if total is not None and (document.currency or base) != currency:
        is_told = document.base_currency == currency and total == document.total
        total = document.base_total if is_told else None
    if total is None:
        return None
    return -abs(total) if is_credit(document) else abs(total)
