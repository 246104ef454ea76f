"""Expense claims from a Dext export: their receipts are put in where there is only one answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.audit import LogEntry
from bot.domain.claim_coding import ASKED, CHOOSE
from bot.domain.items import DocumentType, Field, ItemStatus
from bot.services import claim_matching
from bot.services.claims import ClaimService
from bot.services.importing import item_id
from storage.store import RedisStorage
from tests.builders import ADA
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

ROW = {
    "Receipt ID": "1", "Type": "Receipt", "Date": "03-Mar-2026", "Invoice Number": "",
    "Supplier": "Kestrel Taxis", "Category": "493 - Travel", "Total": "18.40", "Currency": "GBP",
    "Status": "claimed", "Owner": "Ada Okafor",
}  # fmt: skip
CLAIM = {
    "Receipt ID": "100", "Type": "Expense claim", "Date": "31-Mar-2026", "Invoice Number": "EC-7",
    "Supplier": "Ada Okafor", "Category": "", "Total": "30.40", "Currency": "GBP", "Status": "processed",
    "Owner": "Ada Okafor",
}  # fmt: skip
TAXI, PAPER = ROW, ROW | {"Receipt ID": "2", "Supplier": "Northwind Paper Ltd", "Total": "12.00"}


def export(*rows: Mapping[str, str]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, ROW.keys())
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


async def test_a_claim_comes_in_with_its_receipts_as_lines(inbox: Inbox) -> None:
    """C25 C28: as the preview says before."""
    file = export(CLAIM, TAXI, PAPER)
    preview = await inbox.importing.look(OF, "costs.csv", file)
    assert (preview.ready, preview.in_claims) == (1, 2)
    assert {name: str(total) for name, total in preview.totals.items()} == {"GBP": "30.40"}
    done = await inbox.importing.run(OF, "costs.csv", file, ADA)
    assert (len(done.new), done.ready, done.needs_attention, done.in_claims) == (3, 1, 0, 2)
    (claim,) = (await inbox.items.page(OF, None)).views
    assert claim.item.document.type is DocumentType.EXPENSE_CLAIM
    assert [line.description for line in claim.coding.lines] == [
        "Kestrel Taxis, 3 Mar 2026", "Northwind Paper Ltd, 3 Mar 2026",
    ]  # fmt: skip
    joined = [what for what, *_ in await inbox.said()]
    assert joined == ["item.joined_claim", "item.joined_claim", "items.imported"]


async def test_receipts_that_came_in_before_are_found_too(inbox: Inbox) -> None:
    """C25: the claim's export may be a month later."""
    await inbox.importing.run(OF, "march.csv", export(TAXI, PAPER), ADA)
    before = await inbox.items.page(OF, None)
    assert all(ASKED in [one.says for one in view.coding.problems] for view in before.views)
    await inbox.importing.run(OF, "april.csv", export(CLAIM), ADA)
    (claim,) = (await inbox.items.page(OF, None)).views
    assert (claim.status, len(claim.item.receipts)) == (ItemStatus.READY, 2)


async def test_a_sum_that_does_not_agree_is_for_a_person(inbox: Inbox) -> None:
    """C25: nothing is guessed, nothing is booked twice."""
    done = await inbox.importing.run(OF, "costs.csv", export(CLAIM | {"Total": "31.00"}, TAXI, PAPER), ADA)
    assert (done.ready, done.needs_attention, done.in_claims) == (0, 3, 0)
    views = {view.item.document.external_id: view for view in (await inbox.items.page(OF, None)).views}
    assert [one.says for one in views["100"].coding.problems] == [CHOOSE]
    assert ASKED in [one.says for one in views["1"].coding.problems]


async def test_published_as_one_line_only_with_a_category_by_hand(inbox: Inbox) -> None:
    """C25."""
    await inbox.importing.run(OF, "costs.csv", export(CLAIM), ADA)
    claim = item_id(OF, "100")
    view = await inbox.items.edit(OF, claim, ADA, {Field.CATEGORY: "c493"})
    assert (view.status, view.coding.lines, str(view.coding.total)) == (ItemStatus.READY, (), "30.40")


async def test_again_it_brings_nothing_in_and_puts_nothing_back(inbox: Inbox) -> None:
    """C25 C28: what a person took out stays out."""
    file = export(CLAIM, TAXI, PAPER)
    await inbox.importing.run(OF, "costs.csv", file, ADA)
    claims = ClaimService(inbox.storage, inbox.clock)
    await claims.take_out(OF, item_id(OF, "1"), ADA)
    done = await inbox.importing.run(OF, "costs.csv", file, ADA)
    assert (done.new, done.known) == ((), 3)
    claim = await inbox.items.view(OF, item_id(OF, "100"))
    assert claim.item.receipts == (item_id(OF, "2"),)
    assert "£18.40 less" in claim.coding.problems[0].says


async def test_cut_between_bringing_in_and_putting_in_it_goes_on(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C25 C3: the job runs again."""

    async def dies(*_: Any) -> None:
        raise ConnectionError

    file = export(CLAIM, TAXI, PAPER)
    with monkeypatch.context() as cut:
        cut.setattr(claim_matching, "match", dies)
        with pytest.raises(ConnectionError):
            await inbox.importing.run(OF, "costs.csv", file, ADA)
    await inbox.importing.run(OF, "costs.csv", file, ADA)
    (claim,) = (await inbox.items.page(OF, None)).views
    assert len(claim.item.receipts) == 2
    entries: list[LogEntry] = [entry async for entry in inbox.store.log.all()]
    assert [entry.what for entry in entries].count("item.joined_claim") == 2
