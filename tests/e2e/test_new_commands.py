"""Journeys of roles, publishing many at once, the log and the status."""

from __future__ import annotations

from tests.e2e.stage import KESTREL, NORTHWIND, Stage, export


async def test_a_member_is_refused_then_made_approver_and_publishes(stage: Stage) -> None:
    """S5 C12: refused with who could, told of the new role, and the log has it all."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ben.clicks("Publish", within="Northwind Paper Ltd")
    await ben.sees("Only an Approver can publish items. @ada and @tom are Approvers.")
    assert stage.held_out.rows["bills"] == []

    await ada.runs("/dext roles")
    await ada.sees_modal("Roles")
    await ada.chooses("Approvers", "@ben")
    await ada.clicks("Save")
    await ada.sees("@ben is an Approver now (was a member)")
    ben.goes_to("dm")
    await ben.sees("@ada made you an Approver in Dext")
    ben.goes_to("#finance")
    await ben.clicks("Publish", within="Northwind Paper Ltd")
    await ben.sees("Published as bill NW-1001 by @ben")

    await ben.runs("/dext log")
    await ben.sees("Only an Admin can read the log.")
    await ada.runs("/dext log publish")
    await ada.sees_modal("Log")
    await ada.sees("@ben published bill NW-1001")
    await ada.sees("was refused, not being an Approver: publish items")
    await ada.sees("chain unbroken")
    await ada.clicks("Export CSV")
    await ada.closes(everything=True)
    ada.goes_to("dm")
    await ada.sees("dext-log.csv")
    (file,) = [one for one in stage.workspace.files.values() if one.name == "dext-log.csv"]
    rows = file.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("At (UTC),Who,Name,What")
    assert any("published bill NW-1001" in row for row in rows)
    assert file.channels == [stage.workspace.direct(ada.member.id).id]
    said = await stage.runs_on_a_terminal("log", "--verify")
    assert "chain unbroken" in said
    assert "published bill NW-1001" in await stage.runs_on_a_terminal("log", "NW-1001")


async def test_publish_all_with_one_failure_and_its_retry(stage: Stage) -> None:
    """C2 C15: one failure blocks no other; when its cause is mended it is tried again from the summary."""
    ada = stage.person("ada")
    await stage.connects(ada)
    bills = [
        NORTHWIND.replace("9001", f"91{number:02}").replace("NW-1001", f"NW-20{number:02}")
        for number in range(12)
    ]
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    same_number = NORTHWIND.replace("9001", "9099").replace("24.00,144.00", "25.00,150.00")
    await stage.imports(ada, export(same_number, *bills, KESTREL))
    await ada.sees("14 items from costs.csv")
    await ada.runs("/dext publish")
    await ada.sees("14 items are ready")
    await ada.clicks("Publish all", within="14 items are ready")
    await ada.sees("13 published · 🔴 1 failed")
    await ada.sees("number already used (1)")
    assert len(stage.held_out.rows["bills"]) == 13
    assert len(stage.held_out.rows["expenses"]) == 1

    await ada.runs("/dext status")
    await ada.sees_modal("Status")
    await ada.sees("number already used (1): The number NW-1001 has already been used for this supplier")
    await ada.sees("rights just now: nothing is missing")
    await ada.closes(everything=True)
    stage.held_out.rows["bills"] = [
        bill for bill in stage.held_out.rows["bills"] if bill["bill_number"] != "NW-1001"
    ]
    await ada.clicks("Retry these")
    await ada.sees("✅ 1 published")
    assert [bill["bill_number"] for bill in stage.held_out.rows["bills"]].count("NW-1001") == 1


async def test_app_home_is_ticked_live(stage: Stage) -> None:
    """S2 S8: what is missing is listed, and ticked without opening Home again."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.opens_home()
    await ada.sees("🟡 Default tax for costs is not set")
    tom = stage.person("tom")
    await tom.runs("/dext settings")
    await tom.chooses("Default tax for costs", "Standard Rate 20%")
    await tom.chooses("Default tax for sales", "Standard Rate 20%")
    await tom.clicks("Save")
    await ada.sees("Everything that publishing needs is there")
