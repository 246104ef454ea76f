"""Rules as a table, read back by the import of supplier lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import readers
from bot.domain.cells import plain, safe
from bot.domain.finding import ListSlice
from bot.domain.identity import BOT, EntryId, PersonId
from bot.domain.items import AutoPublish, Side
from bot.domain.kinds import OFFERED
from bot.domain.lists import EntryUse
from bot.domain.rule_rows import Plan, planned
from bot.domain.rule_table import HEADINGS, table
from bot.domain.rules import rule_key
from bot.domain.settings import DuplicateMode, SupplierRule
from tests.builders import ADA, BEN, NOON, an_entry, lists_of

LATER = NOON.replace(hour=18)
FORMULAS = (
    "=HYPERLINK(1)",
    "+44 20 Taxis",
    "-Minus",
    "@Home",
    "'t Hoff",
    "'=Odd",
    "''+Odder",
    "Anna & Ben; Sons",
)
CATEGORIES = {
    Side.COST: [
        an_entry("Office Supplies", id=EntryId("c429"), code="429", use=EntryUse.COST),
        an_entry("Travel, abroad", id=EntryId("c493"), code="493", use=EntryUse.COST),
        an_entry("=Odd", id=EntryId("c=")),
        an_entry("Twice", id=EntryId("c1")),
        an_entry("Twice", id=EntryId("c2")),
    ],
    Side.SALE: [an_entry("Sales", id=EntryId("c200"), code="200", use=EntryUse.SALE)],
}
TAXES = [an_entry("Standard Rate", id=EntryId("t20"), percentage="20"), an_entry("Exempt", id=EntryId("t0"))]
ACCOUNTS = [an_entry("Current Account", id=EntryId("b1")), an_entry("Visa “4242”", id=EntryId("b2"))]
LISTS = lists_of(
    categories=[*CATEGORIES[Side.COST], *CATEGORIES[Side.SALE]], taxes=TAXES, bank_accounts=ACCOUNTS
)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=60).map(str.strip)
NAMES = st.one_of(st.sampled_from(FORMULAS), WORDS.map(lambda text: f"A {text}".strip()))
DESCRIPTIONS = st.one_of(st.sampled_from(("", *FORMULAS)), WORDS)


def maybe(values: Sequence[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.sampled_from(values))


@st.composite
def rules(draw: st.DrawFn) -> SupplierRule:
    """A rule as the form can make it."""
    side = draw(st.sampled_from(Side))
    name = draw(NAMES)
    cap = draw(st.one_of(st.none(), st.decimals("0.01", 99999, places=draw(st.integers(0, 4)))))
    auto = draw(st.one_of(st.none(), st.just(AutoPublish(ADA, NOON, cap))))
    return SupplierRule(
        rule_key(side, name),
        name=name,
        side=side,
        category=draw(maybe([one.id for one in CATEGORIES[side]])),
        tax=draw(maybe([one.id for one in TAXES])),
        payment_account=draw(maybe([one.id for one in ACCOUNTS])),
        currency=draw(st.sampled_from(["", "GBP", "EUR", "JPY"])),
        due_days=draw(st.one_of(st.none(), st.integers(0, 730))),
        description=draw(DESCRIPTIONS),
        publish_as=draw(maybe(OFFERED[side])),
        duplicates=draw(maybe(list(DuplicateMode))),
        auto=auto,
    )


def read_back(
    content: str, standing: Sequence[SupplierRule] = (), by: PersonId = BEN, lists: ListSlice = LISTS
) -> Plan:
    reading = readers.read("rules.csv", content.encode("utf-8-sig"))
    assert reading.refused == ()
    return planned(reading.suppliers, {rule.supplier: rule for rule in standing}, lists, by, LATER)


@given(
    st.lists(
        rules().filter(lambda rule: rule.supplier and rule.sets_something), unique_by=lambda r: r.supplier
    )
)
def test_the_table_reads_back_to_the_same_rules(made: list[SupplierRule]) -> None:
    """C7: every field, into a business without rules; what goes by itself does so in the importer's name."""
    found = read_back(table(made, LISTS)) if made else Plan()
    expected = [
        replace(rule, auto=replace(rule.auto, by=BEN, since=LATER) if rule.auto else None) for rule in made
    ]
    assert found.refused == ()
    assert [after for _, after in found.changes] == expected


@given(
    st.lists(
        rules().filter(lambda rule: rule.supplier and rule.sets_something), unique_by=lambda r: r.supplier
    )
)
def test_read_back_over_the_same_rules_nothing_changes(made: list[SupplierRule]) -> None:
    """C7: not even who switched auto-publish on, and since when."""
    if made:
        found = read_back(table(made, LISTS), made)
        assert (found.changes, found.same, found.refused) == ((), len(made), ())


@given(st.one_of(NAMES, st.text()))
def test_a_cell_is_safe_and_comes_back(text: str) -> None:
    """C7 C30: no formula, and an apostrophe of its own stays."""
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert plain(safe(text)) == text


def test_every_field_of_a_rule_has_a_column() -> None:
    """C7: by who it is of, or by one of its own."""
    fields = set(SupplierRule.__dataclass_fields__) - {"supplier"}
    columns = {
        "name": "Name", "side": "Side", "category": "Category", "tax": "Tax Name", "due_days": "Due Days",
        "payment_account": "Payment Account", "currency": "Currency Code", "description": "Description",
        "publish_as": "Publish As", "duplicates": "Possible Duplicates", "auto": "Auto-publish",
    }  # fmt: skip
    assert set(columns) == fields
    assert {*columns.values(), "Auto-publish Limit"} == set(HEADINGS)


def test_an_entry_that_is_gone_stands_by_its_id_and_stays() -> None:
    """C7 S41: over the same rules nothing is refused; elsewhere it is, by its row."""
    gone = SupplierRule("acme", EntryId("c99"), name="Acme", due_days=3)
    (row,) = csv.DictReader(io.StringIO(table([gone], LISTS)))
    assert row["Category"] == "c99"
    assert read_back(table([gone], LISTS), [gone]).same == 1
    found = read_back(table([gone], LISTS))
    assert [one.reason for one in found.refused] == ["Acme: category “c99” is not in the chart of accounts"]
    assert [after.due_days for _, after in found.changes] == [3]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Acme,,Sales,,,,,,,,,", "Acme: category “Sales” is not for costs"),
        ("Acme,Customer,Office Supplies,,,,,,,,,", "Acme: category “Office Supplies” is not for sales"),
        ("Acme,,,Nothing,,,,,,,,", "Acme: tax “Nothing” is not in the taxes"),
        ("Acme,,,,,Nowhere,,,,,,", "Acme: payment account “Nowhere” is not in the bank accounts"),
        ("Acme,,,,,,,,,,Yes,", "Acme: it cannot go by itself without a category in its rule"),
        ("Acme,,,,,,,,,,,50", "Acme: a limit without auto-publish"),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_row(row: str, reason: str) -> None:
    """C7."""
    found = read_back(f"{','.join(HEADINGS)}\n{row}\n")
    assert [(one.row, one.reason) for one in found.refused] == [(2, reason)]
    assert found.changes == ()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Acme,Both,,,,,,,,,,", "side “Both” is none of"),
        ("Acme,,,,soon,,,,,,,", "due days “soon” is not a number from 0 to 730"),
        ("Acme,,,,731,,,,,,,", "due days “731” is not"),
        ("Acme,,,,,,XYZ,,,,,", "currency “XYZ” is not known"),
        ("Acme,,,,,,,,Invoice,,,", "publish as “Invoice” is none of bill, expense"),
        ("Acme,Customer,,,,,,,Bill,,,", "publish as “Bill” is none of invoice"),
        ("Acme,,,,,,,,,Perhaps,,", "possible duplicates “Perhaps” is none of"),
        ("Acme,,,,,,,,,,Maybe,", "auto-publish “Maybe” is none of"),
        ("Acme,,,,,,,,,,Yes,0", "auto-publish limit “0” is not an amount above zero"),
        (f"Acme,,,,,,,{'x' * 501},,,,", "the description is longer than 500 characters"),
    ],
)
def test_a_cell_that_says_nothing_known_is_refused(row: str, reason: str) -> None:
    """C7 C28."""
    reading = readers.read("rules.csv", f"{','.join(HEADINGS)}\n{row}\n".encode())
    (refused,) = reading.refused
    assert refused.reason.startswith(reason)


def test_a_list_switches_off_what_it_says_no_to() -> None:
    """C7."""
    standing = SupplierRule("acme", EntryId("c429"), name="Acme", auto=AutoPublish(ADA, NOON))
    ((_, after),) = read_back("Name,Auto-publish\nAcme,No\n", [standing]).changes
    assert after == replace(standing, auto=None)


def test_nothing_goes_by_itself_in_the_name_of_a_terminal() -> None:
    """C7 S26: somebody must answer for it."""
    found = read_back("Name,Category,Auto-publish\nAcme,429,Yes\n", by=BOT)
    assert found.refused[0].reason.startswith("Acme: auto-publish is switched on in Slack")
    assert [after.auto for _, after in found.changes] == [None]


def test_a_supplier_and_a_customer_of_one_name_have_two_rules() -> None:
    """C7."""
    found = read_back("Name,Side,Category\nAcme,Supplier,429\nAcme,Customer,200\n")
    assert [(after.supplier, after.category) for _, after in found.changes] == [
        ("acme", "c429"), ("sale/acme", "c200"),
    ]  # fmt: skip


def test_repeated_names_merge_and_zero_days_are_days() -> None:
    """C28: what only one row says holds for both."""
    found = read_back("Name,Due Days,Description\nAcme Ltd,0,\nACME LIMITED,,Paper\n")
    assert [(after.due_days, after.description) for _, after in found.changes] == [(0, "Paper")]
    refused = readers.read("rules.csv", b"Name,Due Days\nAcme,0\nAcme,5\n").refused
    assert [one.reason for one in refused] == ["Acme has “0” in row 2 already, not “5”"]
