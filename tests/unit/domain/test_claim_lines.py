"""An expense claim's coding: one line per receipt, coded as the receipt alone would be."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.accounting.zoho_books import records
from bot.domain import claim_coding, line_edits
from bot.domain.claim_coding import Joined
from bot.domain.claim_lines import Receipt
from bot.domain.coding import Coding
from bot.domain.holds import fingerprint
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import DocumentType, Field, Item, ItemStage, ItemStatus, PublishAs
from bot.domain.items import Line as DocumentLine
from bot.domain.line_edits import LineChange
from bot.domain.lists import ListKind
from bot.domain.report import Line, spend, table
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings, SupplierRule
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_entry, published, usual_lists
from tests.unit.domain.resolved import DEFAULTS, coded, problems
from tests.unit.domain.test_claims import a_claim, a_receipt

KESTREL_RULE = SupplierRule(supplier="kestrel taxis", category=EntryId("c493"), tax=EntryId("t0"))
LISTS = usual_lists(
    suppliers=[an_entry("Ada Okafor", id=EntryId("s9"))],
    currencies=[an_entry("CHF", id=EntryId("chf"), rate="0.85", as_of="2026-03-01")],
)


def a_coded(item: Item, **more: Any) -> Receipt:
    return Receipt(item, coded(item, lists=LISTS, **more))


def claim_of(*receipts: Receipt, tolerance: int = 0, claim: Item | None = None, **changes: Any) -> Coding:
    """The coding of a claim with these receipts."""
    claim = claim or a_claim(receipts=tuple(one.item.id for one in receipts), **changes)
    own = coded(claim_coding.bare(claim), lists=LISTS)
    joined = Joined({one.item.id: one.item for one in receipts}, {one.item.id: one for one in receipts})
    return claim_coding.beside_others(claim, own, joined, "GBP", tolerance)


def lines(coding: Coding) -> list[tuple[str, str, str, str]]:
    return [(one.description, str(one.amount), one.category.text, one.tax.text) for one in coding.lines]


def test_each_receipt_is_a_line_coded_by_its_own_rule_and_document() -> None:
    """C25 S24: rule, document and default as for the receipt alone; the claim is one open bill."""
    taxi = a_coded(a_receipt(total="18.40", category="", document_number="KT-7"), rule=KESTREL_RULE)
    paper = a_coded(
        a_receipt("r1", 4, supplier="Northwind Paper Ltd", total="12.00", description="For the fair")
    )
    coding = claim_of(taxi, paper)
    assert lines(coding) == [
        ("Kestrel Taxis, 3 Mar 2026 (KT-7)", "18.40", "493 - Travel", "Zero Rate 0%"),
        (
            "Northwind Paper Ltd, 4 Mar 2026: For the fair",
            "12.00",
            "429 - Office Supplies",
            "Standard Rate 20%",
        ),
    ]
    assert (coding.publish_as, coding.total, coding.tax_amount) == (
        PublishAs.BILL,
        Decimal("30.40"),
        Decimal("2.00"),
    )
    assert (coding.is_ready, coding.lines_include_tax, str(coding.rounding)) == (True, True, "0")


def test_a_line_without_a_category_names_its_receipt() -> None:
    """C25: every line needs a category."""
    good = a_coded(a_receipt(total="18.40"))
    bad = a_coded(a_receipt("r1", 4, total="5.00", category=""))
    coding = claim_of(good, bad)
    assert problems(coding) == ["Kestrel Taxis, 4 Mar 2026: no category"]
    found = claim_coding.first_faulty([good, bad])
    assert found is not None
    assert found.item == "r1"


def test_what_only_matters_alone_keeps_no_claim_back() -> None:
    """C25: a receipt needs no payment account and no supplier of the list in a claim."""
    receipt = a_coded(a_receipt(total="18.40", paid=True, supplier=""))
    assert {problem.field for problem in receipt.coding.problems} == {Field.PAYMENT_ACCOUNT, Field.SUPPLIER}
    assert problems(claim_of(receipt)) == []


def test_a_receipt_that_may_be_a_duplicate_keeps_its_claim_back() -> None:
    """C25 C4."""
    receipt = replace(a_coded(a_receipt(total="18.40")), question="may be a duplicate of Kestrel Taxis")
    assert problems(claim_of(receipt)) == ["Kestrel Taxis, 3 Mar 2026: may be a duplicate of Kestrel Taxis"]


def test_a_stated_total_must_be_that_of_the_receipts() -> None:
    """C25 C22: the difference is shown; a few pence may be settled as elsewhere."""
    receipt = a_coded(a_receipt(total="18.40"))
    assert problems(claim_of(receipt, total="18.40")) == []
    (said,) = problems(claim_of(receipt, total="20.00"))
    assert said == "its receipts come to £18.40, £1.60 less than the claim: choose its receipts"
    settled = claim_of(receipt, total="18.42", tolerance=5)
    assert (problems(settled), settled.rounding, settled.total) == ([], Decimal("0.02"), Decimal("18.42"))


def test_a_claim_without_receipts_needs_them_or_a_category_by_hand() -> None:
    """C25: neither a rule nor a default makes a line of it."""
    bare = a_claim(total="36.80", category="429")
    rule = SupplierRule(supplier="ada okafor", category=EntryId("c493"))
    for coding in (coded(bare), coded(bare, rule=rule)):
        assert problems(claim_coding.beside_others(bare, coding, Joined(), "GBP", 0)) == [claim_coding.CHOOSE]
    by_hand = a_claim(total="36.80", manual={Field.CATEGORY: "c493"})
    assert problems(claim_coding.beside_others(by_hand, coded(by_hand), Joined(), "GBP", 0)) == []


def test_a_claim_that_states_its_lines_is_coded_by_them() -> None:
    """C25: as the item API sends it."""
    stated = a_claim(
        total="24.00",
        category="",
        lines=(
            DocumentLine("Taxi", amount=Decimal(10), category="493"),
            DocumentLine("Paper", amount=Decimal(10), category="429"),
        ),
    )
    coding = claim_coding.beside_others(stated, coded(stated), Joined(), "GBP", 0)
    assert (problems(coding), coding.publish_as, len(coding.lines)) == ([], PublishAs.BILL, 2)


def test_lines_by_hand_are_a_claims_lines_as_stated_ones_are() -> None:
    """C25: with all of them removed again, it needs receipts."""
    change = LineChange(description="Mileage", amount="50", category="c493", tax="t0")
    by_hand = line_edits.added(a_claim(total="50.00"), "+a", change, ADA, NOON)
    coding = claim_coding.beside_others(by_hand, coded(by_hand), Joined(), "GBP", 0)
    assert (problems(coding), [str(line.amount) for line in coding.lines]) == ([], ["50.00"])
    none = line_edits.removed(by_hand, "+a", ADA, NOON)
    assert problems(claim_coding.beside_others(none, coded(none), Joined(), "GBP", 0)) == [
        claim_coding.CHOOSE
    ]


def test_a_receipt_with_differing_lines_keeps_them_apart() -> None:
    """C25 C22: the lines of a receipt come to its total, with tax."""
    mixed = a_coded(
        a_receipt(
            total="22.00",
            category="",
            lines=(
                DocumentLine("Taxi", amount=Decimal(10), category="493", tax="t20"),
                DocumentLine("Tip", amount=Decimal(5), category="493", tax="t0"),
                DocumentLine("Toll", amount=Decimal(5), category="493", tax="t0"),
            ),
        )
    )
    coding = claim_of(mixed)
    assert [(str(line.amount), line.tax.text.split()[0]) for line in coding.lines] == [
        ("12.00", "Standard"),
        ("10.00", "Zero"),
    ]
    assert (coding.total, coding.tax_amount) == (Decimal("22.00"), Decimal("2.00"))


def test_a_project_of_a_receipts_line_is_that_of_the_claims_line() -> None:
    """C25: chosen at Edit lines, before the receipt's own; what has another project is a line by itself."""
    two = (DocumentLine("To the site", amount=Decimal(10)), DocumentLine("Home", amount=Decimal(5)))
    receipt = a_receipt(total="18.00", tax="t20", lines=two)
    receipt = line_edits.changed(receipt, "1", LineChange(project="p1"), ADA, NOON)
    coding = claim_of(a_coded(receipt))
    projects = [one.project.entry.id if one.project and one.project.entry else "" for one in coding.lines]
    assert [(str(one.amount), project) for one, project in zip(coding.lines, projects, strict=True)] == [
        ("12.00", "p1"), ("6.00", ""),
    ]  # fmt: skip
    whole = a_receipt(total="18.00", tax="t20", lines=two, project="Refit 2026")
    (line,) = claim_of(a_coded(line_edits.changed(whole, "1", LineChange(project="p1"), ADA, NOON))).lines
    assert line.project is not None
    assert line.project.entry is not None
    assert (line.project.entry.id, str(line.amount)) == ("p1", "18.00")


def test_a_lines_project_that_is_gone_keeps_the_claim_back() -> None:
    """C25: it would be left out without a word."""
    receipt = a_receipt(total="12.00", lines=(DocumentLine("Taxi", amount=Decimal(10)),))
    receipt = line_edits.changed(receipt, "1", LineChange(project="gone"), ADA, NOON)
    (said,) = problems(claim_of(a_coded(receipt)))
    assert "line 1 (“Taxi”): " in said
    assert said.endswith("the chosen project is not in the accounting software")


@given(st.lists(st.tuples(st.decimals("0.01", 500, places=2), st.booleans()), min_size=1, max_size=8))
def test_the_lines_come_to_the_total_of_the_claim(amounts: list[tuple[Decimal, bool]]) -> None:
    """C25: refunds are taken off; the total is the sum of the receipts, exactly."""
    receipts = [
        a_coded(
            a_receipt(
                f"r{place}",
                total=amount,
                type=DocumentType.CREDIT_NOTE if is_refund else DocumentType.RECEIPT,
            )
        )
        for place, (amount, is_refund) in enumerate(amounts)
    ]
    coding = claim_of(*receipts)
    signed = sum((-amount if is_refund else amount for amount, is_refund in amounts), Decimal(0))
    assert coding.total == sum(line.amount for line in coding.lines) == signed
    assert coding.is_ready == (signed > 0)


@pytest.mark.parametrize(
    ("kind", "type_", "total"),
    [
        (PublishAs.VENDOR_CREDIT, DocumentType.RECEIPT, "96.00"),
        (PublishAs.BILL, DocumentType.CREDIT_NOTE, "144.00"),
    ],
)
def test_what_somebody_set_a_receipt_to_decides_its_sign(
    kind: PublishAs, type_: DocumentType, total: str
) -> None:
    """C25 C21: as it does for the receipt alone; its tax goes the same way."""
    usual = a_receipt(total="120.00", tax="t20", tax_amount="20.00")
    manual = {Field.PUBLISH_AS: kind.value}
    other = a_receipt("r1", 4, total="24.00", tax="t20", tax_amount="4.00", type=type_, manual=manual)
    coding = claim_of(a_coded(usual), a_coded(other))
    assert (str(coding.total), coding.tax_amount) == (total, Decimal(total) / 6)
    assert problems(coding) == []


# --- the tax


def test_the_tax_of_the_receipts_is_booked_where_the_bill_takes_it() -> None:
    """C25 S1: of one tax, as the receipts say it; more than pennies are told."""
    one = a_coded(a_receipt(total="12.00", tax_amount="1.50", tax="t20"))
    two = a_coded(a_receipt("r1", 4, total="12.00", tax="t0", tax_amount="0.00"))
    coding = claim_of(one, two)
    assert (str(coding.tax_amount), coding.own_tax and coding.own_tax.id, problems(coding)) == (
        "1.50",
        "t20",
        [],
    )
    (said,) = coding.warnings
    assert said == "tax is £1.50 by its receipts, £2.00 by their rates; £1.50 is booked"
    refund = a_coded(a_receipt(total="12.00", type=DocumentType.CREDIT_NOTE, tax_amount="1.50", tax="t20"))
    assert problems(claim_of(two, replace(refund, item=replace(refund.item, id=ItemId("r2"))))) == [
        "its receipts come to nothing that is owed"
    ]


def test_a_tax_by_hand_on_a_claim_has_the_decimals_of_its_currency() -> None:
    """C25: a receipt's own is rounded as its amounts are."""
    receipt = a_coded(a_receipt(total="12.00", tax="t20", tax_amount="1.987"))
    assert (problems(claim_of(receipt)), str(claim_of(receipt).tax_amount)) == ([], "1.99")
    assert problems(claim_of(receipt, manual={Field.TAX_AMOUNT: "1.987"})) == [
        "tax amount 1.987 has more decimals than GBP has"
    ]


def by_document(*receipts: Item) -> Coding:
    """The coding of a claim with these receipts, where tax is rounded once for each tax of a document."""
    organisation = replace(GBP_ORGANISATION, tax_by_document=True)
    claim = a_claim(receipts=tuple(one.id for one in receipts))
    own, *coded_receipts = [
        resolve(item, None, DEFAULTS, LISTS, organisation) for item in (claim_coding.bare(claim), *receipts)
    ]
    found = [Receipt(item, coding) for item, coding in zip(receipts, coded_receipts, strict=True)]
    return claim_coding.coded(claim, own, found, base="GBP", tolerance=5)


def test_a_tax_nobody_stated_is_the_rates_also_where_it_is_rounded_by_document() -> None:
    """C25 S1: 20 receipts of £0.99 hold £3.30, though each alone holds £0.17; nobody said £3.40."""
    receipts = [a_receipt(f"r{place}", total="0.99", tax="t20") for place in range(20)]
    coding = by_document(*receipts)
    assert (str(coding.tax_amount), coding.own_tax, coding.warnings) == ("3.30", None, ())
    mixed = by_document(*receipts, a_receipt("r20", total="0.99", tax="t5"))
    assert (problems(mixed), str(mixed.tax_amount), mixed.own_tax) == ([], "3.35", None)


def test_a_stated_tax_counts_beside_those_that_state_none_where_it_is_rounded_by_document() -> None:
    """C25 S1: what is stated is compared with what the rates make of just these receipts."""
    silent = [a_receipt(f"r{place}", total="0.99", tax="t20") for place in range(20)]
    coding = by_document(*silent, a_receipt("r20", total="12.00", tax="t20", tax_amount="1.50"))
    assert (str(coding.rate_tax), str(coding.tax_amount)) == ("5.30", "4.80")
    assert coding.own_tax is not None
    all_say = by_document(*(a_receipt(one.id, total="0.99", tax="t20", tax_amount="0.17") for one in silent))
    assert (str(all_say.tax_amount), all_say.own_tax and all_say.own_tax.id) == ("3.40", "t20")


def test_of_two_taxes_a_difference_stops_until_what_is_booked_is_accepted() -> None:
    """C25: nobody can tell which tax the amount is of."""
    one = a_coded(a_receipt(total="12.00", tax_amount="1.50", tax="t20"))
    two = a_coded(a_receipt("r1", 4, total="10.50", tax="t5"))
    coding = claim_of(one, two)
    assert problems(coding) == [
        "tax is £2.00 by its receipts, £2.50 by their rates: change the tax of a receipt, or accept £2.50"
    ]
    assert str(coding.rate_tax) == "2.50"
    accepted = claim_of(one, two, manual={Field.TAX_AMOUNT: "2.50"})
    assert (problems(accepted), accepted.own_tax, str(accepted.tax_amount)) == ([], None, "2.50")
    pennies = a_coded(a_receipt(total="12.00", tax_amount="1.99", tax="t20"))
    assert (problems(claim_of(pennies, two, tolerance=5)), claim_of(pennies, two, tolerance=5).warnings) == (
        [],
        (),
    )


def test_a_tax_nobody_chose_is_told_and_not_booked() -> None:
    """C25: as for the receipt alone."""
    none = a_coded(a_receipt(total="12.00", tax_amount="2.00"), settings=BusinessSettings())
    coding = claim_of(none)
    assert (problems(coding), str(coding.tax_amount)) == ([], "0.00")
    assert coding.warnings == (
        "Kestrel Taxis, 3 Mar 2026: tax is £2.00, but no tax is chosen: none is booked",
    )


def test_which_record_takes_the_tax_of_a_receipt_alone_says_nothing_in_a_claim() -> None:
    """C25: a refund alone would be a vendor credit, which books the rate's; an impossible tax is a fault."""
    refund = a_coded(a_receipt(total="12.00", type=DocumentType.CREDIT_NOTE, tax_amount="1.00", tax="t20"))
    assert problems(refund.coding)
    whole = a_coded(a_receipt("r1", 4, total="60.00", tax="t20"))
    assert problems(claim_of(refund, whole)) == []
    wrong = a_coded(a_receipt(total="12.00", tax_amount="13.00", tax="t20"))
    assert "not between zero and the total" in problems(claim_of(wrong, whole))[0]


# --- currencies


def test_another_currency_is_converted_with_the_documents_rate_and_said() -> None:
    """C25 C19."""
    told = a_receipt(total="20.00", currency="EUR", base_currency="GBP", base_total="17.09")
    coding = claim_of(a_coded(told))
    assert (coding.total, problems(coding)) == (Decimal("17.09"), [])
    assert coding.warnings == ("Kestrel Taxis, 3 Mar 2026: €20.00 as the document says is £17.09",)


def test_another_currency_is_converted_with_the_lists_rate_and_said() -> None:
    """C25 C19: with where the rate came from."""
    coding = claim_of(a_coded(a_receipt(total="20.00", currency="CHF")))
    assert coding.total == Decimal("17.00")
    (said,) = coding.warnings
    assert said.startswith(
        "Kestrel Taxis, 3 Mar 2026: CHF 20.00 at 0.85 (the accounting software, 1 Mar 2026)"
    )


@pytest.mark.parametrize("told", [{}, {"base_currency": "IDR", "base_total": "158251.30"}])
def test_what_is_converted_has_the_decimals_that_the_organisation_keeps(told: dict[str, Any]) -> None:
    """C25 C19: whatever ISO 4217 has."""
    organisation = replace(GBP_ORGANISATION, currency="IDR")
    currencies = [
        an_entry("IDR", id=EntryId("idr"), decimals="0"), an_entry("USD", id=EntryId("usd"), rate="15000.123")
    ]  # fmt: skip
    receipt = a_receipt(total="10.55", currency="USD", tax="t0", **told)
    claim = a_claim(receipts=(receipt.id,), currency="")
    own, coding = (
        resolve(item, None, DEFAULTS, usual_lists(currencies=currencies), organisation)
        for item in (claim_coding.bare(claim), receipt)
    )
    found = claim_coding.coded(claim, own, [Receipt(receipt, coding)], base="IDR")
    assert ([str(line.amount) for line in found.lines], str(found.total)) == (["158251"], "158251")


@pytest.mark.parametrize(("claims_in", "receipt_in"), [("EUR", "GBP"), ("GBP", "USD")])
def test_without_a_rate_it_is_refused_in_words(claims_in: str, receipt_in: str) -> None:
    """C25 C19."""
    coding = claim_of(a_coded(a_receipt(total="20.00", currency=receipt_in)), currency=claims_in)
    assert f"it is in {receipt_in} and there is no rate to {claims_in}" in " ".join(problems(coding))


# --- the record, and what is said afterwards


def test_the_bill_has_a_line_per_receipt_with_its_project_and_customer() -> None:
    """C25 S1: what a receipt is for is not lost in the claim."""
    one = a_coded(a_receipt(total="18.40", project="Refit 2026", customer="Harbour Books"))
    two = a_coded(a_receipt("r1", 4, total="5.00"))
    party = LISTS.by_id(ListKind.SUPPLIERS, EntryId("s9"))
    assert party is not None
    record = records.record(claim_of(one, two), party, GBP_ORGANISATION, {}, "DXT-1")
    assert record.body["is_inclusive_tax"] is True
    assert [
        (line["rate"], line.get("project_id"), line.get("customer_id")) for line in record.body["line_items"]
    ] == [("18.40", "p1", "k1"), ("5.00", None, None)]
    assert {record.names["p1"], record.names["k1"]} == {"Refit 2026", "Harbour Books"}


def test_another_category_of_a_line_does_away_with_a_failure() -> None:
    """C25 C15: what would be sent is something else then."""
    before = claim_of(a_coded(a_receipt(total="18.40", category="429")))
    after = claim_of(a_coded(a_receipt(total="18.40", category="493")))
    assert fingerprint(before, "category") != fingerprint(after, "category")


def test_of_a_receipt_only_what_its_claim_waits_for_is_said_and_nothing_once_it_is_booked() -> None:
    """C25."""
    receipt = a_receipt(total=None, paid=True, stage=ItemStage.IN_CLAIM, claim=ItemId("claim"))
    claim = a_claim(receipts=(receipt.id,))
    said = claim_coding.beside_others(receipt, coded(receipt), Joined({claim.id: claim}), "GBP", 0)
    assert problems(said) == ["no total"]
    booked = replace(claim, stage=ItemStage.PUBLISHED, published=published())
    over = claim_coding.beside_others(receipt, coded(receipt), Joined({claim.id: booked}), "GBP", 0)
    assert problems(over) == []


def test_a_receipt_that_was_claimed_elsewhere_is_not_ready_by_itself() -> None:
    """C25: so that nothing is booked twice."""
    receipt = a_receipt(claimed=True, type=DocumentType.INVOICE)
    said = claim_coding.beside_others(receipt, coded(receipt), Joined(), "GBP", 0)
    assert problems(said) == [claim_coding.ASKED]


def test_the_report_counts_a_claim_by_its_lines_and_its_receipts_not_again() -> None:
    """C25 C29: the claim is an expense claim, its receipts are claimed."""
    taxi = a_coded(a_receipt(total="18.40", category="493"))
    paper = a_coded(a_receipt("r1", 4, total="12.00", category="429"))
    claim = a_claim(receipts=("r0", "r1"), stage=ItemStage.PUBLISHED, published=published())
    booked = Line(claim, claim_of(taxi, paper), ItemStatus.PUBLISHED)
    inside = Line(replace(taxi.item, stage=ItemStage.IN_CLAIM), taxi.coding, ItemStatus.IN_CLAIM)
    found = spend([booked, inside], "GBP")
    assert {name: str(amount) for name, amount in found.by_category.items()} == {
        "493 - Travel": "18.40", "429 - Office Supplies": "12.00",
    }  # fmt: skip
    assert {name: str(amount) for name, amount in found.by_supplier.items()} == {"Ada Okafor": "30.40"}
    rows = list(csv.DictReader(io.StringIO(table([booked, inside], "GBP"))))
    assert [(row["Type"], row["Status"], row["Total"]) for row in rows] == [
        ("Expense claim", "published", "30.40"), ("Receipt", "claimed", "18.40"),
    ]  # fmt: skip


def test_what_a_claim_is_called_stands_in_the_notes_of_its_bill() -> None:
    """C25 S1: its lines are described by their receipts."""
    coding = claim_of(a_coded(a_receipt(total="18.40")), description="Trade fair", note="Ask Mel")
    assert coding.notes == "Trade fair\nAsk Mel"
