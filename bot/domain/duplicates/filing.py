"""What items are filed under, so that those which may be one document find each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.domain.duplicates.comparing import NEAR_DAYS
from bot.domain.duplicates.facts import date_of, hashes, number_of, total_of
from bot.domain.duplicates.numbers import number_term
from bot.domain.identity import is_in_books
from bot.domain.items import Item

MOST_OF_ONE_TERM = 100
"""So many of one day and total, the newest, are compared with an item."""


def terms(item: Item) -> frozenset[str]:
    """What an item is filed under; an item that may be the same is filed under one of `looked_for`."""
    return frozenset([*_terms(item, (0,)), *_by_number_alone(item, looks=False)])


def looked_for(item: Item) -> frozenset[str]:
    around = range(-NEAR_DAYS, NEAR_DAYS + 1)
    return frozenset([*_terms(item, around), *_by_number_alone(item, looks=True)])


def among(items: Sequence[Item]) -> Sequence[Sequence[Item]]:
    """For each item the others of these that share something with it: what storage tells of stored ones."""
    filed: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda one: (one.received_at, one.id), reverse=True):
        for term in terms(item):
            filed.setdefault(term, []).append(item)
    found = []
    for item in items:
        others = (one for term in looked_for(item) for one in filed.get(term, [])[:MOST_OF_ONE_TERM])
        found.append(list({one.id: one for one in others if one.id != item.id}.values()))
    return found


def _terms(item: Item, days: Iterable[int]) -> Iterable[str]:
    total, number, date = total_of(item), number_term(number_of(item)), date_of(item)
    yield from (f"h:{one}" for one in hashes(item))
    if total is None:
        return
    amount = f"{total.normalize():f}"
    if number:
        yield f"n:{number}:{amount}"
    if date:
        yield from (f"d:{_shifted(date, day).isoformat()}:{amount}" for day in days)


def _by_number_alone(item: Item, *, looks: bool) -> Iterable[str]:
    """Between an item and a record that we did not make the number is enough: a second one is refused."""
    if number := number_term(number_of(item)):
        yield f"{'f' if is_in_books(item.id) is not looks else 'b'}:{number}"


def _shifted(date: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(min(max(date.toordinal() + days, 1), dt.date.max.toordinal()))
