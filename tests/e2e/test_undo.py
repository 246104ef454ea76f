"""A journey of second thoughts: what was published is taken back and published anew."""

from __future__ import annotations

from tests.e2e.stage import KESTREL, NORTHWIND, Stage, export


async def test_a_bill_is_undone_and_published_again_as_a_new_record(stage: Stage) -> None:
    """C24: void in the books, in the inbox here, and a second bill when it is published once more."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    await ada.picks("⋯", "Undo", within="Published as bill NW-1001")
    await ada.sees_modal("Undo publishing")
    await ada.sees("The bill NW-1001 is made void in Zoho Books")
    await ada.clicks("Undo")
    await ada.no_longer_sees("Published as bill NW-1001")
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    assert [bill["status"] for bill in stage.held_out.rows["bills"]] == ["void", "open"]


async def test_an_expense_is_deleted_and_a_member_is_refused(stage: Stage) -> None:
    """C24 S5."""
    ada, mel = stage.person("ada"), stage.person("mel")
    await stage.connects(ada)
    await stage.imports(ada, export(KESTREL))
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as expense")
    await mel.picks("⋯", "Undo", within="Published as expense")
    await mel.clicks("Undo")
    await mel.sees("Approver")
    assert len(stage.held_out.rows["expenses"]) == 1
    await ada.picks("⋯", "Undo", within="Published as expense")
    await ada.sees("is deleted in Zoho Books")
    await ada.clicks("Undo")
    await ada.no_longer_sees("Published as expense")
    assert stage.held_out.rows["expenses"] == []
