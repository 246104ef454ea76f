"""A person at the simulated Slack's page, in a real browser: acts by the words that can be read."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from playwright.async_api import ElementHandle, Locator, Page, expect

FIND = Path(__file__).with_name("slack_page.js").read_text(encoding="utf-8")
_DROP = """([target, name, content, type]) => {
  const transfer = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  transfer.items.add(new File([bytes], name, { type }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }
}"""


class SlackPage:
    """Verbs look at the question in front first, then at the modal, then at the newest message.

    Each waits as long as the browser's page does (`page.set_default_timeout`); acting verbs return once the
    bot has acknowledged, or Slack's three seconds are over.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    # --- where -----------------------------------------------------------------------------------------

    async def opens(self, person: str = "") -> None:
        """Open the page, and sit down as this person (“Tom Admin”)."""
        await self.page.goto(self.address)
        await self.page.get_by_role("log").first.wait_for()
        if person:
            await self.switches_to(person)

    async def switches_to(self, person: str) -> None:
        """Take another person's seat, in the first channel."""
        seat = self.page.get_by_role("button", name=re.compile("^You are"))
        await seat.click()
        await self.page.get_by_role("menuitemradio", name=re.compile(f"^{re.escape(person)}")).click()
        await expect(seat).to_contain_text(person)
        await self.page.get_by_role("log").first.wait_for()

    async def goes_to(self, place: str) -> None:
        """Open a channel (`#general`) or the direct messages with the bot (`dm`)."""
        if place == "dm":
            await self._place(".place:has(.avatar)").click()
            await self.page.get_by_role("main").get_by_role("button", name="Messages").click()
            return
        await self._place(".place:has(.hash)", place.lstrip("#")).click()
        await self.page.get_by_role("heading", name=place.lstrip("#")).wait_for()

    async def opens_home(self) -> None:
        """Open the app's Home."""
        await self._place(".place:has(.avatar)").click()
        await self.page.get_by_role("region", name="Home").wait_for()

    def _place(self, kind: str, name: str = "") -> Locator:
        return self.page.locator(f".sidebar {kind}").filter(has_text=name)

    # --- saying ----------------------------------------------------------------------------------------

    @property
    def box(self) -> Locator:
        """The message box."""
        return self.page.get_by_role("main").locator("textarea[data-draft]")

    async def runs(self, line: str) -> None:
        """Type a slash command where the person is, and Enter."""
        await self.writes(line)

    async def writes(self, text: str) -> None:
        """Type a message, and Enter."""
        await self.box.click()
        await self.box.fill(text)
        await self.box.press("Escape")
        await self.box.press("Enter")
        await self._acknowledged()

    async def drops_file(self, name: str, content: bytes, mimetype: str = "") -> None:
        """Drag a file from the desktop into the conversation."""
        target = await self.page.wait_for_selector("main[data-drop]")
        assert target is not None
        await self._drops(target, name, content, mimetype)

    async def drops_into(self, field: str, name: str, content: bytes, mimetype: str = "") -> None:
        """Drag a file from the desktop into a form's file field."""
        found = await self._find("file", field)
        zone = (await found.evaluate_handle("(one) => one.closest('[data-drop]')")).as_element()
        assert zone is not None
        await self._drops(zone, name, content, mimetype)

    async def _drops(self, target: ElementHandle, name: str, content: bytes, mimetype: str) -> None:
        await self.page.evaluate(_DROP, [target, name, base64.b64encode(content).decode(), mimetype])

    async def shares_sample(self, name: str) -> None:
        """Choose one of the sample files from the tray."""
        await self.page.get_by_role("button", name="Sample files").click()
        await self.page.get_by_role("button", name=f"Share {name}").click()

    # --- acting ----------------------------------------------------------------------------------------

    async def clicks(self, label: str, *, within: str = "", nth: int | None = None) -> None:
        """Press a button or a link by its label; `within` are words it stands beside or below."""
        await (await self._find("button", label, within=within, nth=nth)).click()
        await self._acknowledged()

    async def follows(self, label: str, *, within: str = "", nth: int | None = None) -> Page:
        """Press a link button, or a link in a text; the tab that opens."""
        found = await self._find("button", label, within=within, nth=nth)
        async with self.page.context.expect_page() as opened:
            await found.click()
        await self._acknowledged()
        return await opened.value

    async def picks(self, option: str, *, within: str = "", nth: int | None = None) -> None:
        """Choose from an overflow menu, by the words it stands beside."""
        await (await self._find("menu", "", within=within, nth=nth)).click()
        await self.page.get_by_role("menuitem", name=option).click()
        await self._acknowledged()

    async def chooses(
        self, field: str, option: str, *, typed: str | None = None, within: str = "", nth: int | None = None
    ) -> None:
        """Choose in a select or among radio buttons; `typed` is what is typed into the select first."""
        found = await self._find("choice", field, within=within, nth=nth)
        if await found.get_attribute("role") == "combobox":
            await found.click()
            if typed is not None:
                await found.fill(typed)
            words = re.compile(rf"^{re.escape(option)}|{re.escape(option)}")
            await self.page.get_by_role("option", name=words).first.click()
        else:
            await self._box(found, option)
        await self._acknowledged()

    async def options(self, field: str, typed: str = "") -> list[str]:
        """What a select offers after typing; it is closed again."""
        found = await self._find("choice", field)
        await found.click()
        if typed:
            await found.fill(typed)
        await self.page.locator("#options .option-name").first.wait_for()
        offered = await self.page.locator("#options .option-name").all_inner_texts()
        await found.press("Escape")
        return offered

    async def ticks(self, text: str, *, on: bool = True) -> None:
        """Tick a checkbox (or take its tick away) by part of its text."""
        await self._front().get_by_role("checkbox", name=text).set_checked(on)
        await self._acknowledged()

    async def _box(self, group: ElementHandle, text: str) -> None:
        for label in await group.query_selector_all("label"):
            if text in await label.inner_text():
                await label.click()
                return
        raise AssertionError(f"“{text}” is not among: {await group.inner_text()}")

    async def fills(self, field: str, text: str, *, within: str = "") -> None:
        """Type into a field; a date as YYYY-MM-DD, a time as HH:MM."""
        await (await self._find("field", field, within=within)).fill(text)
        await self._acknowledged()

    async def uploads(self, field: str, name: str, content: bytes, mimetype: str = "text/plain") -> None:
        """Choose a file in a form's file field."""
        found = await self._find("file", field)
        given: Any = {"name": name, "mimeType": mimetype, "buffer": content}
        await found.set_input_files(given)
        await self.sees(name)

    async def closes(self) -> None:
        """Press Escape on the modal in front."""
        before = await self.page.locator("#modal-title").inner_text()
        await self.page.keyboard.press("Escape")
        await expect(self.page.locator("#modal-title").filter(has_text=before)).to_have_count(0)

    # --- seeing ----------------------------------------------------------------------------------------

    async def sees(self, text: str) -> None:
        """Wait until the text can be read; what stands in fields counts."""
        await self._waits("sees", text)

    async def no_longer_sees(self, text: str) -> None:
        """Wait until the text cannot be read."""
        await self._waits("misses", text)

    async def sees_modal(self, title: str) -> None:
        """Wait until the modal in front has this title."""
        await expect(self.page.locator("#modal[open] #modal-title")).to_have_text(title)

    async def sees_no_modal(self) -> None:
        """Wait until no modal is open."""
        await expect(self.page.locator("#modal[open]")).to_have_count(0)

    async def sees_nothing_unsupported(self) -> None:
        """Nothing on the page says that it cannot be shown."""
        assert await self.page.locator(".unsupported").all_inner_texts() == []

    async def value(self, field: str) -> str:
        """What stands in a field."""
        return await (await self._find("field", field)).input_value()

    async def _acknowledged(self) -> None:
        """Nothing that was done is still under way."""
        await self.page.wait_for_selector("#app:not([data-busy])")

    def _front(self) -> Locator:
        return self.page.locator(
            "#confirm[open], #modal[open]:not(:has(~ #confirm[open])), body:not(:has(dialog[open]))"
        )

    async def _find(
        self, kind: str, label: str, *, within: str = "", nth: int | None = None
    ) -> ElementHandle:
        asked = {"kind": kind, "label": label, "within": within, "nth": nth}
        found = (await self.page.wait_for_function(FIND, arg=asked)).as_element()
        assert found is not None
        return found

    async def _waits(self, kind: str, text: str) -> None:
        try:
            await self.page.wait_for_function(FIND, arg={"kind": kind, "label": text})
        except Exception as fault:
            read = await self.page.evaluate(FIND, {"kind": "read"})
            raise AssertionError(f"{kind} {json.dumps(text, ensure_ascii=False)} failed: {read}") from fault
