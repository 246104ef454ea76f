"""kill -9 of the bot at the moments of the main job: what was shown as saved is there after a restart."""

from __future__ import annotations

import asyncio

from bot.sandbox.zoho_books.books import Trouble
from tests.e2e.stage import NORTHWIND, Stage, export


async def test_a_kill_between_sign_in_and_finish_loses_nothing(stage: Stage) -> None:
    """S14: the organisation can still be chosen after a restart."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    await stage.kill_bot()
    await stage.start_bot()
    await stage.signs_in(str(link))
    await ada.sees_modal("Select organisation")
    await stage.kill_bot()
    await stage.start_bot()
    await ada.chooses("Organisation", "60001")
    await ada.clicks("Next")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await stage.kill_bot()
    await stage.start_bot()
    await ada.closes(everything=True)
    await ada.runs("/dext connections")
    await ada.sees("Zoho Books: Held Out Ltd")


async def test_a_kill_while_the_bill_is_being_sent_makes_one_bill(stage: Stage) -> None:
    """C3: killed after Zoho wrote and before we heard; the item is published once by the restarted bot."""
    ada = stage.person("ada")
    ada.patience = 60.0
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    stage.books.troubles.append(Trouble(path="/bills", after_write=True, delay_seconds=5))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    async with asyncio.timeout(15):
        while not stage.held_out.rows["bills"]:  # noqa: ASYNC110 - the books are plain data
            await asyncio.sleep(0.02)
    await stage.kill_bot()
    await stage.start_bot()
    await ada.sees("Published as bill NW-1001")
    assert len(stage.held_out.rows["bills"]) == 1


async def test_a_kill_in_the_midst_of_many_publishes_each_once(stage: Stage) -> None:
    """C2 C3: how far it was stands in Redis; the restarted bot goes on in the same message."""
    ada = stage.person("ada")
    ada.patience = 90.0
    await stage.connects(ada)
    numbers = [f"NW-{number}" for number in range(1001, 1026)]
    rows = [NORTHWIND.replace("9001", f"a{one}").replace("NW-1001", one) for one in numbers]
    await stage.imports(ada, export(*rows))
    await ada.clicks("Publish all")
    async with asyncio.timeout(30):
        while len(stage.held_out.rows["bills"]) < 5:  # noqa: ASYNC110 - the books are plain data
            await asyncio.sleep(0.02)
    await stage.kill_bot()
    assert len(stage.held_out.rows["bills"]) < len(numbers)
    await stage.start_bot()
    await ada.sees("25 published")
    assert sorted(row["bill_number"] for row in stage.held_out.rows["bills"]) == numbers
    shown = [one for one in stage.workspace.history if "asked by" in str(one.blocks)]
    assert len(shown) == 1


async def test_a_stop_finishes_what_has_begun_and_settings_survive(stage: Stage) -> None:
    """S18: SIGTERM, restart, the settings and the items are there."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.chooses("Default tax for costs", "Standard Rate 20%")
    await ada.clicks("Save")
    await ada.sees("Settings saved")
    await stage.imports(ada, export(NORTHWIND))
    await ada.sees("Northwind Paper Ltd")
    await stage.stop_bot()
    await stage.start_bot()
    await ada.runs("/dext connections")
    await ada.sees("Default tax for costs: Standard Rate 20%")
    await ada.closes(everything=True)
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
