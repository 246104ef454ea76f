"""One real Chromium, a window of its own for each test; what it showed is kept when the test fails."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

FAILURES = Path(__file__).with_name("failures")
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
_failed = pytest.StashKey[bool]()


def chromium() -> str:
    """Where Chromium lies. Without one these tests cannot run; in CI that is a failure."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("CI has no Chromium: .ci/run installs it")
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in the browser's own event loop."""
    in_browser = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(in_browser, append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        # As root, in a container, Chromium starts only without its own sandbox.
        options = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=chromium(), args=options)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A wide page; a fault in its console fails the test."""
    context = await browser.new_context(viewport=WIDE, locale="en-GB", timezone_id="Europe/London")  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    if request.node.stash.get(_failed, False):
        FAILURES.mkdir(exist_ok=True)
        name = re.sub(r"[^\w-]+", "-", request.node.name)
        for number, one in enumerate(context.pages):
            await one.screenshot(path=FAILURES / f"{name}-{number}.png", full_page=True)
    await context.close()
    assert faults == []
