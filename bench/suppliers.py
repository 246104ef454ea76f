"""`python -m bench.suppliers`: how well suppliers are known, and what it costs among very many.

Names of real documents in a list as Zoho Books has it, each written again in the ways documents write
names; and near misses, which are other suppliers. Printed: precision and recall of *known* (taken without a
question) and of *offered* (right one among the first five), and the time to know and to offer among 100,000
suppliers beside ten.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet

from bench import supplier_names
from bot.domain import matching, suppliers
from bot.domain.finding import TAX_NUMBER, ListSlice
from bot.domain.identity import Business, BusinessId, EntryId, WorkspaceId
from bot.domain.lists import Entry, ListKind
from bot.domain.matching import Named
from storage import client, embedded
from storage.crypto import Cipher
from storage.store import RedisStorage, RedisStore

MANY, FEW = 100_000, 10
ROUNDS = 15
REAL = "real-"
"""Before the id of a supplier of the labelled set, among invented ones."""
KIND = ListKind.SUPPLIERS


@dataclass
class Tally:
    """Answers of one way of writing."""

    asked: int = 0
    known: int = 0
    wrong: int = 0
    offered: int = 0
    close: int = 0


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--no-timing", action="store_true", help="quality only: a second")
    given = options.parse_args()
    print_quality()
    if not given.no_timing:
        print_timing()


# --- quality


def print_quality() -> None:
    entries = supplier_names.entries()
    lists = ListSlice([(KIND, entry) for entry in entries])
    tallies = {way: Tally() for way in supplier_names.WAYS}
    for way, written, tax_number, right in supplier_names.labelled():
        ask(tallies[way], lists, entries, written, tax_number, right)
    print(f"{'written':34}{'asked':>7}{'known':>7}{'wrong':>7}{'in 5':>7}{'close':>7}")
    for way, tally in tallies.items():
        print(f"{way:34}{tally.asked:7}{tally.known:7}{tally.wrong:7}{tally.offered:7}{tally.close:7}")
    print_totals(tallies)


def print_totals(tallies: dict[str, Tally]) -> None:
    """Two sums: ways that must be known, and all that have a right answer; near misses have none."""
    same = [tally for way, tally in tallies.items() if way in supplier_names.MUST_BE_KNOWN]
    real = [tally for way, tally in tallies.items() if way != supplier_names.NEAR_MISS]
    known = sum(tally.known for tally in tallies.values())
    wrong = sum(tally.wrong for tally in tallies.values())
    precision, recall = known / (known + wrong), _share(same, "known")
    print(f"\nknown: precision {precision:.4f}, recall {recall:.4f} of what must be known")
    print(f"known or right among five offered: recall {_share(real, 'known', 'offered'):.4f}")
    misses = tallies[supplier_names.NEAR_MISS]
    print(f"near misses taken for a supplier: {misses.wrong} of {misses.asked}")


def _share(tallies: Sequence[Tally], *names: str) -> float:
    asked = sum(tally.asked for tally in tallies)
    right: int = sum(getattr(tally, name) for tally in tallies for name in names)
    return right / asked


def ask(
    tally: Tally,
    lists: ListSlice,
    entries: Sequence[Entry],
    written: str,
    tax_number: str,
    right: EntryId | None,
) -> None:
    tally.asked += 1
    found = matching.match(lists, Named(written, (tax_number,)), None).entry
    if found is not None:
        tally.known += found.id == right
        tally.wrong += found.id != right
        return
    offered = matching.closest(written, entries)
    tally.offered += right in [one.id for one in offered]
    tally.close += bool(offered) and offered[0].id == right and offered[0].level.is_close


# --- time


def print_timing() -> None:
    with tempfile.TemporaryDirectory(prefix="dext-bench-") as folder:
        asyncio.run(_timing(Path(folder)))


async def _timing(folder: Path) -> None:
    async with embedded.server(folder) as url:
        redis = client.connect(url)
        storage = RedisStorage(redis, Cipher([Fernet.generate_key().decode()]), lambda: datetime.now(UTC))
        stores = {count: await _filled(storage, count) for count in (FEW, MANY)}
        cases: dict[str, Callable[[RedisStore], Awaitable[object]]] = {"know by name": _by_name}
        cases |= {"know by tax number": _by_tax_number, "offer the closest five": _closest}
        print(f"\n{'milliseconds, median':34}{f'{FEW}':>10}{f'{MANY:,}':>10}{'ratio':>8}")
        for name, case in cases.items():
            few, many = [await _median(case, stores[count]) for count in (FEW, MANY)]
            print(f"{name:34}{few * 1000:10.2f}{many * 1000:10.2f}{many / few:8.1f}")
        await print_offered(stores[MANY])
        await redis.aclose()


async def print_offered(store: RedisStore) -> None:
    """Whether the right one is among the five offered, when it hides among very many."""
    asked = right = 0
    for way, written, _, supplier in supplier_names.labelled():
        if way in (*supplier_names.MUST_BE_KNOWN, supplier_names.NEAR_MISS) or supplier is None:
            continue
        asked += 1
        offered = matching.closest(written, await store.lists.near(KIND, written))
        right += f"{REAL}{supplier}" in [one.id for one in offered]
    print(f"\nright among five offered of {MANY:,}: {right} of {asked}, {right / asked:.4f}")


async def _filled(storage: RedisStorage, count: int) -> RedisStore:
    store = storage.of(Business(WorkspaceId("TBENCH"), BusinessId(f"b{count}")))
    await store.lists.stage("g", KIND, _invented(count))
    await store.lists.commit("g", [KIND], datetime.now(UTC))
    return store


def _invented(count: int) -> Iterator[Entry]:
    """The one that is looked for, among names of two or three common words."""
    chance = random.Random(7)  # noqa: S311 - the same names each time
    yield Entry(EntryId("0"), "Nordwind Papers Ltd", tax_number="GB980780684")
    if count > len(supplier_names.NAMES):
        for one in supplier_names.entries():
            yield replace(one, id=EntryId(f"{REAL}{one.id}"), tax_number="")
    for number in range(1, count):
        words = chance.sample(supplier_names.WORDS, chance.choice((2, 3)))
        form = chance.choice(("Ltd", "GmbH", "SARL", "Inc", ""))
        yield Entry(EntryId(str(number)), " ".join([*words, str(number), form]).strip())


async def _median(case: Callable[[RedisStore], Awaitable[object]], store: RedisStore) -> float:
    taken = []
    for _ in range(ROUNDS):
        suppliers._parted.cache_clear()
        began = time.perf_counter()
        await case(store)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


async def _by_name(store: RedisStore) -> None:
    await _known(store, "NORDWIND PAPERS LIMITED", "")


async def _by_tax_number(store: RedisStore) -> None:
    await _known(store, "Nord", "980 7806 84")


async def _known(store: RedisStore, written: str, tax_number: str) -> None:
    wanted = [(KIND, written)] + ([(KIND, f"{TAX_NUMBER}{tax_number}")] if tax_number else [])
    lists = await store.lists.slice(wanted)
    assert matching.match(lists, Named(written, (tax_number,)), None).entry is not None


async def _closest(store: RedisStore) -> None:
    """As **New supplier** asks: few are compared with all, of very many with those near by."""
    written = "Nordwnd Paper"
    known = (await store.lists.state()).counts[KIND]
    near = await (store.lists.active(KIND) if known <= FEW else store.lists.near(KIND, written))
    assert matching.closest(written, near)[0].id == "0"


if __name__ == "__main__":
    main()
