"""The body of each kind of record, with one line and with several, and that each comes to the total."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.accounting.zoho_books.readable import readable
from bot.accounting.zoho_books.records import booked, sent
from bot.domain import money
from bot.domain.coding import CodedLine, Coding, Layer, Value
from bot.domain.identity import EntryId
from bot.domain.items import Field, PublishAs
from bot.domain.lines import agreement, tax_of
from bot.domain.money import Precision
from bot.domain.publication import differences
from tests.builders import STANDARD_RATE, an_entry
from tests.unit.accounting.test_records import REFERENCE, a_coding, made, picked

KINDS = list(PublishAs)
LINED = [kind for kind in KINDS if kind is not PublishAs.EXPENSE]
NUMBERED_THERE = {PublishAs.VENDOR_CREDIT, PublishAs.INVOICE, PublishAs.CREDIT_NOTE, PublishAs.SALES_RECEIPT}


def body_of(kind: PublishAs, **changes: Any) -> dict[str, Any]:
    return dict(made(a_coding(publish_as=kind, **changes)).body)


def a_line(amount: str, rate: str = "20", category: str = "c429", text: str = "Paper") -> CodedLine:
    tax = (
        Value("Tax", Layer.DOCUMENT, an_entry("Tax", id=EntryId(f"t{rate}"), percentage=rate))
        if rate
        else None
    )
    found = Value("Category", Layer.DOCUMENT, an_entry("Category", id=EntryId(category)))
    none = Value("", Layer.NONE)
    return CodedLine(text, Decimal(1), Decimal(amount), Decimal(amount), found, tax or none)


HEAD = {
    PublishAs.VENDOR_CREDIT: {
        "vendor_id": "s1", "vendor_credit_number": "NW-1001", "reference_number": REFERENCE,
        "date": "2026-03-03", "is_inclusive_tax": True,
    },
    PublishAs.INVOICE: {
        "customer_id": "s1", "invoice_number": "NW-1001", "reference_number": REFERENCE,
        "date": "2026-03-03", "due_date": "2026-04-02", "is_inclusive_tax": True,
    },
    PublishAs.CREDIT_NOTE: {
        "customer_id": "s1", "creditnote_number": "NW-1001", "reference_number": REFERENCE,
        "date": "2026-03-03", "is_inclusive_tax": True,
    },
    PublishAs.SALES_RECEIPT: {
        "customer_id": "s1", "receipt_number": "NW-1001", "date": "2026-03-03", "payment_mode": "cash",
        "notes": REFERENCE,
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", HEAD)
def test_the_head_of_each_kind_with_our_reference_where_it_has_a_place(kind: PublishAs) -> None:
    """S1."""
    body = body_of(kind)
    (line,) = body.pop("line_items")
    assert body == HEAD[kind]
    rate = "120.00" if kind is PublishAs.SALES_RECEIPT else "144.00"
    assert line == {
        "account_id": "c429", "name": "Paper & pens", "quantity": "1", "rate": rate, "tax_id": "t20"
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_own_number_is_asked_for_where_zoho_books_numbers_by_itself(kind: PublishAs) -> None:
    asked = {"ignore_auto_number_generation": "true"}
    assert made(a_coding(publish_as=kind)).query == (asked if kind in NUMBERED_THERE else {})
    without = {Field.DOCUMENT_NUMBER: Value("", Layer.NONE)}
    unnumbered = made(a_coding(publish_as=kind, values=without))
    assert unnumbered.query == (asked if kind is PublishAs.SALES_RECEIPT else {})
    if kind is PublishAs.SALES_RECEIPT:
        assert unnumbered.body["receipt_number"] == REFERENCE


@pytest.mark.parametrize(
    ("account", "there", "receipts"),
    [
        ("bank", "Bank Transfer", "bank_transfer"),
        ("cash", "Cash", "cash"),
        ("credit_card", "Credit Card", "credit_card"),
    ],
)
def test_a_payment_mode_follows_from_the_account(account: str, there: str, receipts: str) -> None:
    """C21 S4."""
    values = {Field.PAYMENT_ACCOUNT: picked("Account", "b1", detail=account)}
    paid = made(a_coding(publish_as=PublishAs.BILL_WITH_PAYMENT, values=values))
    assert paid.payment["payment_mode"] == there
    receipt = made(a_coding(publish_as=PublishAs.SALES_RECEIPT, values=values))
    assert receipt.body["payment_mode"] == receipts


@pytest.mark.parametrize(
    ("mode", "receipts"),
    [("Credit Card", "credit_card"), ("bank transfer", "bank_transfer"), ("Firmenkarte", "Firmenkarte")],
)
def test_a_payment_mode_that_was_chosen_goes_before_the_account(mode: str, receipts: str) -> None:
    """C21: sales receipts spell Zoho's own modes otherwise; an organisation's own stays as it is."""
    values = {
        Field.PAYMENT_ACCOUNT: picked("Account", "b1", detail="cash"),
        Field.PAYMENT_MODE: Value(mode, Layer.REMEMBERED),
    }
    paid = made(a_coding(publish_as=PublishAs.BILL_WITH_PAYMENT, values=values))
    assert paid.payment["payment_mode"] == mode
    receipt = made(a_coding(publish_as=PublishAs.SALES_RECEIPT, values=values))
    assert receipt.body["payment_mode"] == receipts
    expense = made(a_coding(publish_as=PublishAs.EXPENSE, values=values))
    assert "payment_mode" not in expense.body


def test_a_bill_with_payment_is_the_bill_and_a_payment_with_its_own_reference() -> None:
    values = {Field.PAYMENT_ACCOUNT: picked("Current Account", "b1", detail="bank")}
    plain, paid = (
        made(a_coding(values=values)),
        made(a_coding(publish_as=PublishAs.BILL_WITH_PAYMENT, values=values)),
    )
    assert (paid.body, plain.payment) == (plain.body, {})
    assert paid.payment == {
        "vendor_id": "s1",
        "date": "2026-03-03",
        "amount": "144.00",
        "paid_through_account_id": "b1",
        "payment_mode": "Bank Transfer",
        "reference_number": f"{REFERENCE}-P",
        "description": "Payment of NW-1001",
    }
    foreign = made(
        a_coding(
            publish_as=PublishAs.BILL_WITH_PAYMENT,
            values=values,
            currency="EUR",
            exchange_rate=Decimal("0.86"),
        )
    )
    assert foreign.payment["exchange_rate"] == "0.86"


@pytest.mark.parametrize("kind", LINED)
def test_each_line_keeps_its_own_coding_and_rounding_is_settled(kind: PublishAs) -> None:
    """C22."""
    lines = (a_line("60.00"), a_line("59.98", "5", "c493", "Taxi"))
    body = body_of(kind, lines=lines, total=Decimal("135.00"), rounding=Decimal("0.02"))
    found = [(line["account_id"], line["rate"], line.get("tax_id")) for line in body["line_items"]]
    expected = [("c429", "60.00", "t20"), ("c493", "59.98", "t5")]
    if kind in (PublishAs.BILL, PublishAs.BILL_WITH_PAYMENT, PublishAs.INVOICE):
        assert (found, body["adjustment"], body["adjustment_description"]) == (expected, "0.02", "Rounding")
    else:
        assert found == [*expected, ("c429", "0.02", None)]
        assert "adjustment" not in body
    assert body.get("is_inclusive_tax") is (None if kind is PublishAs.SALES_RECEIPT else False)


def test_an_expense_has_lines_only_where_they_are_coded_differently() -> None:
    """C22: it holds one account, unless it is itemised."""
    alike = (a_line("60.00"), a_line("60.00"))
    body = body_of(PublishAs.EXPENSE, lines=alike)
    assert (body["amount"], body["account_id"], "line_items" in body) == ("144.00", "c429", False)
    unlike = (a_line("60.00"), a_line("59.99", "5", "c493", "Taxi"))
    body = body_of(PublishAs.EXPENSE, lines=unlike, total=Decimal("135.00"), rounding=Decimal("0.01"))
    assert body["line_items"] == [
        {"account_id": "c429", "description": "Paper", "amount": "60.00", "tax_id": "t20"},
        {"account_id": "c493", "description": "Taxi", "amount": "59.99", "tax_id": "t5"},
        {"account_id": "c429", "description": "Rounding", "amount": "0.01"},
    ]
    assert (body["amount"], body["is_inclusive_tax"]) == ("120.00", False)


def test_a_long_description_has_a_short_name_beside_it() -> None:
    values = {Field.DESCRIPTION: Value("word " * 60, Layer.DOCUMENT)}
    (line,) = body_of(PublishAs.INVOICE, values=values)["line_items"]
    assert (len(line["name"]), line["description"]) == (100, "word " * 60)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_can_be_read_by_people(kind: PublishAs) -> None:
    """C30: names instead of ids, every field, every line."""
    values = {Field.PAYMENT_ACCOUNT: picked("Current Account", "b1", detail="bank")}
    found = readable(made(a_coding(publish_as=kind, values=values)))
    said = " ".join(text for _, text in found.fields) + " ".join(found.lines)
    assert found.title == kind.words
    assert all(name in said for name in ("Northwind Paper Ltd", "Office Supplies", "2026-03-03", REFERENCE))
    assert "s1" not in said.split()
    assert bool(found.after) is (kind is PublishAs.BILL_WITH_PAYMENT)


# --- whatever the split, what Zoho Books computes is the total


def computed(body: dict[str, Any], rates: dict[str, str], currency: str) -> Decimal:
    """The total as Zoho Books makes it of a body: by the line, in the currency's smallest units."""
    includes_tax = body.get("is_inclusive_tax", False)
    whole = Decimal(body.get("adjustment", 0))
    if "line_items" not in body:
        lines = [(Decimal(body["amount"]), body.get("tax_id"))]
    else:
        lines = [
            (
                Decimal(line.get("amount") or Decimal(line["rate"]) * Decimal(line["quantity"])),
                line.get("tax_id"),
            )
            for line in body["line_items"]
        ]
    for given_amount, tax in lines:
        amount = money.rounded(given_amount, currency)
        whole += amount
        if not includes_tax:
            whole += tax_of(amount, rates.get(str(tax), ""), Precision.of(currency), includes_tax=False)
    return whole


@given(
    kind=st.sampled_from(KINDS),
    currency=st.sampled_from(["JPY", "GBP", "KWD"]),
    parts=st.lists(
        st.tuples(st.integers(1, 5_000_000), st.sampled_from(["", "5", "20"]), st.sampled_from(["c1", "c2"])),
        max_size=6,
    ),
    alone=st.integers(1, 5_000_000),
    off=st.integers(-5, 5),
)
def test_lines_tax_and_rounding_come_to_the_total_for_any_split(
    kind: PublishAs, currency: str, parts: list[tuple[int, str, str]], alone: int, off: int
) -> None:
    """C22 C19: for every kind, with and without lines, in yen, pounds and dinars."""
    precision = Precision.of(currency)
    unit = -precision.digits
    lines = tuple(a_line(str(Decimal(amount).scaleb(unit)), rate, account) for amount, rate, account in parts)
    taxed = [(line.amount, line.tax.entry.percentage if line.tax.entry else "") for line in lines]
    whole = sum(
        (amount + tax_of(amount, rate, precision, includes_tax=False) for amount, rate in taxed), Decimal(0)
    )
    total = whole + Decimal(off).scaleb(unit) if lines else Decimal(alone).scaleb(unit)
    agreed = agreement(taxed, total, precision, precision.units(5)) if lines else None
    coding: Coding = a_coding(
        publish_as=kind,
        total=total,
        currency=currency,
        precision=precision,
        lines=lines,
        lines_include_tax=bool(agreed and agreed.includes_tax),
        rounding=agreed.rounding if agreed else Decimal(0),
        values={Field.CURRENCY: Value(currency, Layer.DOCUMENT)},
    )
    record = made(coding, currencies={currency: EntryId(currency)})
    rates = {"t5": "5", "t20": "20"}
    includes = record.body.get("is_inclusive_tax", False)
    one_amount = kind is PublishAs.EXPENSE and "line_items" not in record.body
    assert includes or not one_amount
    assert computed(dict(record.body), rates, currency) == total
    assert record.expects["total"] == str(total)


def test_a_sales_receipt_says_in_its_notes_where_its_document_is() -> None:
    """C14: it takes no files; our reference stays the first word, by which it is found."""
    papers = ("Image: https://dext.example/x", "In Slack: till.pdf")
    receipt = made(a_coding(publish_as=PublishAs.SALES_RECEIPT, papers=papers))
    assert receipt.body["notes"] == f"{receipt.reference}\nImage: https://dext.example/x\nIn Slack: till.pdf"
    assert "notes" not in made(a_coding(publish_as=PublishAs.INVOICE, papers=papers)).body


# --- a tax amount of its own


def own_tax(kind: PublishAs, amount: str, **changes: Any) -> dict[str, Any]:
    paid = {Field.PAYMENT_ACCOUNT: picked("Current Account", "b1")}
    return {
        "publish_as": kind,
        "own_tax": STANDARD_RATE,
        "tax_amount": Decimal(amount),
        "values": paid,
    } | changes


@pytest.mark.parametrize("kind", [PublishAs.BILL, PublishAs.BILL_WITH_PAYMENT, PublishAs.EXPENSE])
def test_a_tax_amount_of_the_document_is_sent_and_expected(kind: PublishAs) -> None:
    """S1: `taxes` carries the amount, as text on a bill and as a number on an expense."""
    record = made(a_coding(**own_tax(kind, "10.00")))
    assert record.body["taxes"] == [{"tax_id": "t20", "tax_amount": "10.00"}]
    assert record.expects["tax amount"] == "10.00"
    number = b'"tax_amount": 10.00' if kind is PublishAs.EXPENSE else b'"tax_amount": "10.00"'
    assert number in sent(record)
    assert ("Tax amount", "10.00 · Standard Rate 20%") in readable(record).fields


def test_another_tax_amount_there_is_a_difference() -> None:
    """S1: should the books pass it over, it is seen."""
    record = made(a_coding(**own_tax(PublishAs.BILL, "10.00")))
    there = booked(PublishAs.BILL, {"bill_id": "1", "tax_total": 24.0}, "")
    assert "tax amount is 24.0, we sent 10.00" in differences(record, there)


# --- notes


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_field_says_stands_in_the_notes(kind: PublishAs) -> None:
    """S1: a sales receipt's begin with our reference; an expense has none."""
    body = body_of(kind, notes="Order PO-9")
    wanted = {PublishAs.SALES_RECEIPT: f"{REFERENCE}\nOrder PO-9", PublishAs.EXPENSE: None}
    assert body.get("notes") == wanted.get(kind, "Order PO-9")


@pytest.mark.parametrize(
    ("kind", "link"), [(PublishAs.VENDOR_CREDIT, "bill_id"), (PublishAs.CREDIT_NOTE, "invoice_id")]
)
def test_a_credit_names_what_it_corrects_beside_the_body(kind: PublishAs, link: str) -> None:
    """C20: and people see its number."""
    record = made(a_coding(publish_as=kind, corrects="NW-1000", corrected="7001"))
    assert record.query[link] == "7001"
    assert ("Tied to", "NW-1000") in readable(record).fields
    assert link not in made(a_coding(publish_as=kind, corrects="NW-1000")).query


def test_what_is_no_credit_is_tied_to_nothing() -> None:
    assert made(a_coding(corrected="7001")).query == {}
