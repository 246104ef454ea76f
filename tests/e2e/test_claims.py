"""An expense claim from a person's side: from a file and from ticked receipts to one bill in Zoho Books."""

from __future__ import annotations

from importlib import resources

from bot.sandbox.slack import Person
from tests.e2e.stage import Stage
from tests.e2e.test_item_api import PDF, until

SAMPLE = resources.files("bot").joinpath("sample_data", "costs_with_expense_claims.csv").read_bytes()


async def test_receipts_become_one_bill_of_who_spent_the_money(stage: Stage) -> None:
    """C25 S21: by `/dext claim`, and from a file whose claims need their receipts chosen."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, SAMPLE, look=True)
    await ada.sees("9 items")
    await ada.sees("3 of them are receipts of an expense claim")
    await _adds_a_receipt_with_its_file(ada)
    await _makes_a_claim_and_publishes_it(ada)
    await _stands_in_the_books(stage)
    await _chooses_for_the_claim_of_the_file(ada)
    await _takes_out_adds_and_dissolves(ada)


async def _adds_a_receipt_with_its_file(ada: Person) -> None:
    await ada.runs("/dext add")
    await ada.chooses("Type", "Receipt")
    await ada.chooses("Supplier", "Kestrel Taxis", typed="kest")
    await ada.fills("Date", "2026-06-17")
    await ada.fills("Total", "9.00")
    await ada.chooses("Category", "Travel", typed="trav")
    await ada.uploads("Files", PDF, "taxi.pdf")
    await ada.clicks("Add")
    await ada.sees("taxi.pdf")


async def _makes_a_claim_and_publishes_it(ada: Person) -> None:
    """The receipt without a category is named, and edited from the claim's card."""
    await ada.runs("/dext claim Ada Okafor")
    await ada.sees_modal("Expense claim")
    await ada.sees("2 receipts · together £26.60")
    await ada.chooses("Receipts", "Kestrel Taxis, 17 Jun 2026 · £9.00")
    await ada.sees("3 receipts · together £35.60")
    await ada.sees("Kestrel Taxis, 16 Jun 2026: no category")
    await ada.fills("Document number", "EC-ADA-6")
    await ada.clicks("Make claim")
    await ada.sees("Needs attention: Kestrel Taxis, 16 Jun 2026: no category")
    assert "Publish" not in ada.buttons()
    await ada.clicks("Edit Kestrel Taxis, 16 Jun 2026")
    await ada.chooses("Category", "Travel", typed="trav")
    await ada.clicks("Save")
    await ada.sees("✅ Ready")
    await ada.clicks("Publish", within="EC-ADA-6")
    await ada.clicks("Create supplier and publish")
    await ada.closes(everything=True)
    await ada.sees("Published as bill EC-ADA-6")


async def _stands_in_the_books(stage: Stage) -> None:
    (bill,) = stage.held_out.rows["bills"]
    assert (bill["vendor_name"], bill["total"], bill["bill_number"]) == ("Ada Okafor", 35.6, "EC-ADA-6")
    assert [(line["description"], line["rate"], line["account_name"]) for line in bill["line_items"]] == [
        ("Corner Grocer, 15 Jun 2026: For a claim that is made here", 5.6, "Entertainment"),
        ("Kestrel Taxis, 16 Jun 2026: For a claim that is made here", 21.0, "Travel"),
        ("Kestrel Taxis, 17 Jun 2026", 9.0, "Travel"),
    ]

    async def sent() -> bool:
        return bool(stage.books.files)

    await until(sent)
    assert [document["file_name"] for document in bill["documents"]] == ["taxi.pdf"]


async def _chooses_for_the_claim_of_the_file(ada: Person) -> None:
    """One of two claimed receipts is its own; the other one is let go alone."""
    await ada.runs("/dext items needs attention")
    await ada.sees("no receipts: choose them, or give the claim a category by hand")
    await ada.clicks("Choose receipts")
    await ada.sees_modal("Receipts")
    await ada.chooses("Receipts", "Kestrel Taxis, 12 Jun 2026 · £12.00")
    await ada.sees("1 receipt · together £12.00")
    await ada.clicks("Save")
    await ada.no_longer_sees("no receipts: choose them")
    await ada.clicks("Publish alone")
    await ada.confirms()
    await ada.no_longer_sees("claimed in Dext")
    await ada.closes(everything=True)


async def _takes_out_adds_and_dissolves(ada: Person) -> None:
    await ada.runs("/dext items in claim")
    await ada.sees("In an expense claim: EC-BEN-6 of Ben Li")
    await ada.clicks("Take out", within="EC-MEL-6", nth=0)
    await ada.no_longer_sees("In an expense claim: EC-MEL-6 of Mel Ortiz")
    await ada.closes(everything=True)
    await ada.runs("/dext items needs attention")
    await ada.clicks("Add to a claim")
    await ada.sees_modal("Add to a claim")
    await ada.clicks("Add")
    await ada.sees_modal("Items")
    await ada.no_longer_sees("claimed in Dext")
    await ada.closes(everything=True)
    await ada.runs("/dext items ready")
    await ada.clicks("Dissolve", within="EC-MEL-6", nth=0)
    await ada.confirms()
    await ada.no_longer_sees("EC-MEL-6")
