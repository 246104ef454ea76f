"""When two items are one document, and which of two alike must be answered for."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import duplicates, transitions
from bot.domain.duplicates import Answer, Finding, Strength, Verdict
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import DocumentType, Field, Item, ItemStage, Side
from bot.domain.lists import Lists
from bot.domain.matching import Alias
from bot.domain.settings import SupplierRule
from bot.readers import read
from tests.builders import ADA, BEN, NOON, an_entry, an_item, published, usual_lists

LISTS = usual_lists(suppliers=[an_entry("Kestrel Airport Cars", id=EntryId("s3"))])
DAY = dt.date(2026, 3, 3)
RECEIPT: dict[str, Any] = {"type": DocumentType.RECEIPT, "document_number": ""}


def found(
    one: Item, other: Item, aliases: Mapping[str, Alias] | None = None, lists: Lists = LISTS
) -> Finding | None:
    first = duplicates.facts(one, lists, aliases or {}, "GBP")
    return duplicates.compare(first, duplicates.facts(other, lists, aliases or {}, "GBP"))


def pair(**changes: Any) -> tuple[Item, Item]:
    """An item and one that came by another id and differs by so much."""
    return an_item(), an_item(id=ItemId("item2"), external_id="2", **changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "same supplier, number and total"),
        ({"supplier": "NORTHWIND PAPER LIMITED"}, "same supplier, number and total"),
        ({"document_number": "nw-1001 "}, "same supplier, number and total"),
        ({"date": None}, "same supplier, number and total"),
        ({"date": dt.date(2026, 6, 1)}, "same supplier, number and total"),
        ({"submitted_by": "Ben Li"}, "same supplier, number and total"),
        ({"currency": ""}, "same supplier, number and total"),
    ],
)
def test_an_invoice_with_supplier_number_and_total_of_another_is_it(
    changes: dict[str, Any], reason: str
) -> None:
    """C4: Dext's key of invoices."""
    assert found(*pair(**changes)) == Finding(Strength.CERTAIN, reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"document_number": "NW 1001"}, "and the number is written otherwise"),
        ({"document_number": "nw/01001"}, "and the number is written otherwise"),
        ({"date": dt.date(2025, 3, 3)}, "but of another year"),
        ({"type": DocumentType.RECEIPT}, "as another type of document"),
        ({"document_number": ""}, "same supplier, date and total"),
        ({"document_number": "", "date": dt.date(2026, 3, 4)}, "a day apart"),
        ({"document_number": "", "date": dt.date(2026, 2, 28)}, "3 days apart"),
    ],
)
def test_what_comes_near_is_suspected(changes: dict[str, Any], reason: str) -> None:
    """C5: numbers written otherwise, near dates, another year."""
    finding = found(*pair(**changes))
    assert finding is not None
    assert finding.strength is Strength.SUSPECTED
    assert reason in finding.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"total": "144.01"},
        {"currency": "EUR"},
        {"supplier": "Kestrel Taxis"},
        {"supplier": "Northwind Paper GmbH"},
        {"document_number": "NW-1002"},
        {"type": DocumentType.CREDIT_NOTE},
        {"side": Side.SALE, "customer": "Northwind Paper Ltd"},
        {"document_number": "", "date": None},
        {"document_number": "", "date": dt.date(2026, 3, 7)},
        {"total": None},
        {"total": "-144.00"},
    ],
)
def test_what_differs_in_a_key_is_another_document(changes: dict[str, Any]) -> None:
    """C4: a missing key field is not detected; nor is what only looks alike."""
    assert found(*pair(**changes)) is None


def test_a_missing_supplier_is_like_no_other() -> None:
    """C4: a missing key field on one side, or on both, is not detected."""
    one, other = an_item(supplier=""), an_item(id=ItemId("item2"), supplier="")
    assert found(one, other) is None


@pytest.mark.parametrize(
    ("changes", "strength"),
    [
        ({}, Strength.CERTAIN),
        ({"submitted_by": "Ada Okafor"}, None),
        ({"submitted_by": ""}, Strength.SUSPECTED),
        ({"submitted_by": "ben  LI"}, Strength.CERTAIN),
        ({"date": dt.date(2026, 3, 4)}, Strength.SUSPECTED),
        ({"document_number": "2"}, Strength.CERTAIN),
    ],
)
def test_a_receipt_with_supplier_date_total_and_owner_of_another_is_it(
    changes: dict[str, Any], strength: Strength | None
) -> None:
    """C4: Dext's key of receipts; two people in one taxi have two receipts."""
    usual = RECEIPT | {"submitted_by": "Ben Li"}
    finding = found(an_item(**usual), an_item(id=ItemId("item2"), **(usual | changes)))
    assert (finding.strength if finding else None) is strength


def test_receipts_without_owners_count_as_of_the_same_one() -> None:
    """C4."""
    finding = found(an_item(**RECEIPT), an_item(id=ItemId("item2"), **RECEIPT))
    assert finding == Finding(Strength.CERTAIN, "same supplier, date, total and owner")


def test_receipts_of_one_day_with_two_numbers_are_suspected_only() -> None:
    """C4: Dext's key has no number; two numbers speak against it."""
    one = an_item(**RECEIPT | {"document_number": "1"})
    finding = found(one, an_item(id=ItemId("item2"), **RECEIPT | {"document_number": "2"}))
    assert finding is not None
    assert (finding.strength, "another number" in finding.reason) == (Strength.SUSPECTED, True)


def test_sales_are_compared_by_their_customer() -> None:
    """C5: sales too."""
    sale: dict[str, Any] = {"side": Side.SALE, "supplier": "", "customer": "Harbour Books"}
    one, other = an_item(**sale), an_item(id=ItemId("item2"), **(sale | {"customer": "HARBOUR BOOKS LTD"}))
    assert found(one, other) == Finding(Strength.CERTAIN, "same customer, number and total")
    assert found(one, an_item(id=ItemId("item2"), **(sale | {"customer": "Lantern Theatre"}))) is None


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({"supplier": "", "document_number": ""}, True),
        ({"total": None, "date": None}, True),
        ({"document_number": "NW-1002"}, False),
        ({"document_number": "", "supplier": "Kestrel Taxis"}, False),
        ({"document_number": "", "submitted_by": "Ben Li"}, False),
        ({"total": "60.00"}, False),
        ({"date": dt.date(2026, 4, 3)}, False),
        ({"file_hash": "other", "supplier": "Kestrel Taxis"}, False),
    ],
)
def test_the_same_file_again_is_the_same_unless_it_holds_several(
    changes: dict[str, Any], is_found: bool
) -> None:
    """C5: file hash; the rows of one export share theirs."""
    one = an_item(file_hash="ABC1", submitted_by="Ada Okafor")
    finding = found(one, an_item(id=ItemId("item2"), **({"file_hash": "ABC1"} | changes)))
    assert (finding == Finding(Strength.CERTAIN, "the same file")) is is_found


@pytest.mark.parametrize("number", ["", "SUB-{}"])
@pytest.mark.parametrize("days", [7, 14, 28, 30, 31, 91, 365])
def test_a_subscription_is_not_flagged(number: str, days: int) -> None:
    """C5: recurring bills of one total are no duplicates."""
    months = [
        an_item(
            id=ItemId(f"i{place}"),
            document_number=number.format(place),
            date=DAY + dt.timedelta(days=days * place),
        )
        for place in range(4)
    ]
    assert [found(one, other) for one, other in combinations(months, 2)] == [None] * 6


@pytest.mark.parametrize(
    ("days", "others", "flagged"),
    [
        (2, (1,), ["i1"]),
        (2, (0, 1), []),
        (3, (1, 2), []),
        (1, (0, 2), []),
        (3, (0, 1), ["i0", "i1"]),
        (1, (1, 0, 2), ["i1"]),
    ],
)
def test_the_same_fare_day_after_day_is_no_duplicate(
    days: int, others: tuple[int, ...], flagged: list[str]
) -> None:
    """C5: at a regular interval; twice on one day is asked about all the same."""

    def fare(name: str, day: int) -> Item:
        return an_item(id=ItemId(name), **RECEIPT | {"date": DAY + dt.timedelta(days=day)})

    candidates = [(fare(f"i{day}", day), None) for day in others]
    suspects = duplicates.suspects(fare("this", days), candidates, LISTS, {}, "GBP")
    assert sorted(one.other.id for one in suspects) == flagged


def test_a_remembered_name_is_the_same_supplier() -> None:
    """C4 C8: by entry, whatever the document calls it."""
    alias = Alias("NW Stationers", EntryId("s1"), "Northwind Paper Ltd", ADA, NOON)
    one, other = pair(supplier="NW Stationers")
    assert found(one, other) is None
    assert found(one, other, {alias.key: alias}) == Finding(
        Strength.CERTAIN, "same supplier, number and total"
    )


def test_what_a_person_changed_is_what_counts() -> None:
    """C4: detection is redone when an item is edited, and edited back."""
    one, other = pair(document_number="NW-2", total="60.00", supplier="Kestrel Taxis")
    by_hand = {
        Field.SUPPLIER: "s1", Field.DOCUMENT_NUMBER: "NW-1001", Field.TOTAL: "144", Field.DATE: "2026-03-03",
    }  # fmt: skip
    edited = transitions.edit(other, by_hand, ADA, NOON)
    assert found(one, other) is None
    assert found(one, edited) == Finding(Strength.CERTAIN, "same supplier, number and total")
    assert found(one, transitions.edit(edited, dict.fromkeys(by_hand), ADA, NOON)) is None
    assert duplicates.terms(edited) & duplicates.terms(one)
    assert found(one, transitions.edit(edited, {Field.CURRENCY: "eur"}, ADA, NOON)) is None
    named = transitions.edit(edited, {Field.SUPPLIER: "new:Northwind  PAPER"}, ADA, NOON)
    assert found(one, named) is not None
    assert found(one, transitions.choose_supplier(edited, EntryId("s2"))) is None


def test_the_sample_export_has_the_duplicates_that_it_says() -> None:
    """C4: the groups of the sample's expected answers, and none besides."""
    folder = resources.files("bot").joinpath("sample_data")
    name = "costs_default_21col.csv"
    documents = read(name, folder.joinpath(name).read_bytes()).documents
    items = [an_item(id=ItemId(one.external_id), document=one) for one in documents]
    expected = json.loads(folder.joinpath("expected.json").read_text())[name]["duplicate_groups"]
    pairs = [sorted((one.id, other.id)) for one, other in combinations(items, 2) if found(one, other)]
    assert pairs == sorted(sorted(group) for group in expected)
    assert len(list(csv.reader(folder.joinpath(name).read_text().splitlines()))) > len(items)


@pytest.mark.parametrize(
    ("number", "other"),
    [
        ("2026/0042", "2026-42"),
        ("2026/0042", "20260042"),
        ("2026-42", "20260042"),
        ("2026 / 00 42", "2026/42"),
        ("0007/01", "7/1"),
        ("INV 007", "inv-7"),
        ("INV-2026-0042", "INV20260042"),
        ("№ 5", "no5"),
        ("A.12_3", "a123"),
        ("000", "0"),
    ],
)
def test_numbers_written_otherwise_are_one(number: str, other: str) -> None:
    """C5: spaces, slashes, dashes, leading zeros of each part, case; whichever has the signs."""
    assert duplicates.same_number(number, other)
    assert duplicates.same_number(other, number)
    one, two = pair(document_number=other)
    one = transitions.edit(one, {Field.DOCUMENT_NUMBER: number}, ADA, NOON)
    assert duplicates.terms(one) & duplicates.looked_for(two)
    written_otherwise = "same supplier and total, and the number is written otherwise"
    assert found(one, two) == Finding(Strength.SUSPECTED, written_otherwise)


@pytest.mark.parametrize(
    ("number", "other"),
    [
        ("INV-7", "INV-70"), ("A1", "B1"), ("10", "1"), ("1-11", "11-1"), ("2026-10", "20261"),
        ("2026/0042", "20264200"), ("", ""), ("-", "/"), ("", "0"),
    ],
)  # fmt: skip
def test_other_numbers_are_not(number: str, other: str) -> None:
    assert not duplicates.same_number(number, other)
    assert not duplicates.same_number(other, number)


PARTS = st.lists(st.from_regex(r"[1-9][0-9]{0,3}|[A-Z]{1,2}", fullmatch=True), min_size=1, max_size=4)


@given(PARTS, st.data())
def test_signs_and_leading_zeros_make_no_other_number(parts: list[str], data: st.DataObject) -> None:
    """C5: written with any signs, or with none, and with zeros before each part."""
    zeros = [data.draw(st.sampled_from(["", "0", "00"])) if part.isdigit() else "" for part in parts]
    padded = [zero + part for zero, part in zip(zeros, parts, strict=True)]
    signed = data.draw(st.sampled_from(["-", "/", " ", " - "])).join(parts)
    assert duplicates.same_number(signed, "".join(padded))
    assert duplicates.same_number(signed, "/".join(padded))


DOCUMENTS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(list(DocumentType)),
        "side": st.sampled_from(list(Side)),
        "supplier": st.sampled_from(
            ["", "Northwind Paper Ltd", "northwind paper", "Kestrel Taxis", "Acme GmbH"]
        ),
        "customer": st.sampled_from(["", "Harbour Books"]),
        "document_number": st.sampled_from(["", "NW-1", "nw 01", "2"]),
        "date": st.sampled_from([None, DAY, DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=30)]),
        "total": st.sampled_from([None, "1.00", "1", "-1"]),
        "currency": st.sampled_from(["", "GBP", "EUR"]),
        "submitted_by": st.sampled_from(["", "ben", "Ada"]),
        "file_hash": st.sampled_from(["", "a"]),
    }
)


@given(DOCUMENTS, DOCUMENTS)
def test_one_is_like_the_other_as_the_other_is_like_it_and_is_found_by_the_index(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """C4: no order; whatever compares as alike shares a term, so that storage finds it."""
    first, second = an_item(**one), an_item(id=ItemId("item2"), **other)
    finding = found(first, second)
    assert finding == found(second, first)
    if finding:
        assert duplicates.looked_for(first) & duplicates.terms(second)
        assert duplicates.looked_for(second) & duplicates.terms(first)
    # By its number alone it is found by records of the books, not by items.
    filed = {term for term in duplicates.terms(first) if not term.startswith("b:")}
    assert filed <= duplicates.looked_for(first)


STAGES = st.sampled_from(list(ItemStage))


@given(STAGES, STAGES, st.sampled_from([0, 1, 60_000_000]), st.booleans())
def test_of_two_alike_at_most_one_asks_and_never_what_is_settled(
    stage: ItemStage, other_stage: ItemStage, apart: int, same_file: bool
) -> None:
    """C6: an item with an open question is not published; two never block each other."""
    one = an_item(stage=stage, received_from="a.csv")
    other = an_item(
        id=ItemId("item2"),
        stage=other_stage,
        received_at=NOON + dt.timedelta(microseconds=apart),
        received_from="a.csv" if same_file else "b.csv",
    )
    asking = duplicates.asks(one, other), duplicates.asks(other, one)
    assert asking != (True, True)
    settled = {ItemStage.PUBLISHED, ItemStage.REJECTED}
    if stage in settled:
        assert not asking[0]
    if ItemStage.PUBLISHED in (stage, other_stage) and not {stage, other_stage} <= settled:
        assert any(asking)
    if not {stage, other_stage} & settled:
        assert any(asking)


def test_the_second_row_of_a_file_asks_not_the_first() -> None:
    """C6: within a file the first row counts as the newest, but came first."""
    first = an_item(received_from="a.csv")
    second = an_item(
        id=ItemId("item0"), received_at=NOON - dt.timedelta(microseconds=1), received_from="a.csv"
    )
    assert (duplicates.asks(first, second), duplicates.asks(second, first)) == (False, True)


def verdict(answer: Answer) -> Verdict:
    return Verdict(answer, BEN, NOON)


@pytest.mark.parametrize(
    ("answer", "stage", "asks"),
    [
        (Answer.DIFFERENT, ItemStage.INBOX, False),
        (Answer.SAME, ItemStage.REJECTED, False),
        (Answer.SAME, ItemStage.INBOX, True),
        (Answer.REPLACED, ItemStage.INBOX, True),
    ],
)
def test_an_answer_stands_until_what_it_rejected_is_put_back(
    answer: Answer, stage: ItemStage, asks: bool
) -> None:
    """C6: remembered and reversible."""
    other = an_item(received_at=NOON - dt.timedelta(hours=1), stage=stage)
    item = an_item(id=ItemId("item2"))
    (suspect,) = duplicates.suspects(item, [(other, verdict(answer))], LISTS, {}, "GBP")
    assert suspect.asks is asks
    assert (suspect.verdict is None) is asks


def test_what_asks_comes_first_and_the_certain_before_the_suspected() -> None:
    """C6."""
    item = an_item(id=ItemId("item9"))
    hour = dt.timedelta(hours=1)
    answered = an_item(id=ItemId("a"), received_at=NOON - hour)
    suspected = an_item(id=ItemId("b"), received_at=NOON - hour, document_number="NW 1001")
    rejected = an_item(id=ItemId("c"), received_at=NOON - hour, stage=ItemStage.REJECTED)
    booked = an_item(id=ItemId("d"), received_at=NOON, stage=ItemStage.PUBLISHED, published=published())
    unlike = an_item(id=ItemId("e"), total="7.00")
    candidates = [
        (answered, verdict(Answer.DIFFERENT)),
        *((one, None) for one in (suspected, rejected, booked, unlike, item)),
    ]
    order = duplicates.suspects(item, candidates, LISTS, {}, "GBP")
    assert [one.other.id for one in order] == ["d", "c", "b", "a"]
    assert [one.asks for one in order] == [True, True, True, False]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"stage": ItemStage.PUBLISHED, "published": published(at=dt.datetime(2026, 3, 3, tzinfo=dt.UTC))},
            "may be a duplicate of Northwind Paper Ltd NW-1001, published 3 Mar: "
            "same supplier, number and total",
        ),
        ({"stage": ItemStage.REJECTED}, "rejected, received 5 Oct"),
        ({"stage": ItemStage.INBOX}, "in the inbox since 5 Oct"),
        ({"stage": ItemStage.PUBLISHING}, "being published, received 5 Oct"),
        ({"received_at": dt.datetime(2025, 12, 31, tzinfo=dt.UTC)}, "in the inbox since 31 Dec 2025"),
    ],
)
def test_the_reason_names_the_other_item_and_where_it_stands(changes: dict[str, Any], words: str) -> None:
    """C6: the reason in words."""
    other = replace(an_item(), **changes)
    suspects = duplicates.suspects(an_item(id=ItemId("item2")), [(other, None)], LISTS, {}, "GBP")
    assert words in duplicates.says(suspects[0], NOON.date())


def test_of_two_ids_there_is_one_pair() -> None:
    assert duplicates.pair(ItemId("b"), ItemId("a")) == duplicates.pair(ItemId("a"), ItemId("b"))


def test_a_document_without_a_currency_is_compared_in_that_of_its_rule() -> None:
    """C4 C7: not in the organisation's."""
    euros, silent = an_item(currency="EUR"), an_item(id=ItemId("item2"), external_id="2", currency="")
    rule = SupplierRule("northwind paper", name="Northwind", currency="EUR")
    lists = usual_lists()

    def alike(rules: dict[str, SupplierRule]) -> Finding | None:
        return duplicates.compare(
            duplicates.facts(euros, lists, {}, "GBP", rules),
            duplicates.facts(silent, lists, {}, "GBP", rules),
        )

    assert alike({}) is None
    assert alike({rule.supplier: rule}) == Finding(Strength.CERTAIN, "same supplier, number and total")
