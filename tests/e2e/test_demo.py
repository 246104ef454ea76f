"""`dext-bot demo` as a newcomer runs it: the walk, the page, Ctrl-C, and going on the next time."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.e2e.stage import BOT

PATIENCE = 60.0


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
    process = await asyncio.create_subprocess_exec(
        str(BOT), "demo", *options, env=environment, cwd=folder,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def reads_to(process: asyncio.subprocess.Process, words: str) -> str:
    """What is printed, up to the line with these words."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(PATIENCE):
        while words not in said:
            line = (await process.stdout.readline()).decode()
            assert line, said
            said += line
    return said


async def ctrl_c(process: asyncio.subprocess.Process) -> str:
    """Ctrl-C; what is still printed. It must end by itself, and well."""
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(PATIENCE):
        rest, _ = await process.communicate()
    assert process.returncode == 0, rest.decode()
    return rest.decode()


async def test_the_walk_prints_the_job_and_the_page_goes_on(tmp_path: Path) -> None:
    """The main job on sample invoices, addresses that answer, and a clean end that leaves nothing behind."""
    async with demo(tmp_path, "--no-browser") as process:
        said = await reads_to(process, "Open this page in a browser: ")
        assert "Published as bill NW-1001" in said
        assert re.search(r"^Bill NW-1001 +Northwind Paper Ltd .* GBP 144\.00$", said, re.MULTILINE)
        addresses = re.findall(r"^  (Slack|Zoho Books|The bot) +(http\S+)$", said, re.MULTILINE)
        assert [name for name, _ in addresses] == ["Slack", "Zoho Books", "The bot"]
        async with httpx.AsyncClient(follow_redirects=True) as http:
            answers = [await http.get(address) for _, address in addresses[:2]]
            answers.append(await http.get(f"{addresses[2][1]}/readyz"))
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert "Traceback" not in await ctrl_c(process)
    assert [left for left in os.listdir(tmp_path) if left.startswith("dext-demo-")] == []  # noqa: PTH208


async def test_a_kept_sandbox_goes_on_where_it_was(tmp_path: Path) -> None:
    """The same messages, books and connection the next time, at the same addresses."""
    async with demo(tmp_path, "--no-browser", "--data-dir", "kept") as process:
        first = await reads_to(process, "Open this page in a browser: ")
        await ctrl_c(process)
    async with demo(tmp_path, "--no-browser", "--data-dir", "kept") as process:
        again = await reads_to(process, "Open this page in a browser: ")
        assert "── " not in again
        page = again.rpartition("browser: ")[2].strip()
        assert page in first
        async with httpx.AsyncClient() as http:
            screen = (await http.get(f"{page}sandbox/screen/ada")).text
            assert "Published as bill NW-1001" in screen
            ran = await http.post(
                f"{page}sandbox/people/ada/runs", json={"args": ["/dext connections"]}, timeout=30
            )
            assert ran.status_code == 200, ran.text
            seen = await http.post(
                f"{page}sandbox/people/ada/sees_modal", json={"args": ["Connections"]}, timeout=30
            )
            assert seen.status_code == 200, seen.text
            screen = (await http.get(f"{page}sandbox/screen/ada")).text
        assert "🟢 Zoho Books: Held Out Ltd" in screen
        await ctrl_c(process)


async def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    """Bad input: the sentence names the option."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, demo(tmp_path, "--no-browser", "--port", str(port)) as process:
        said = (await process.communicate())[0].decode()
    assert process.returncode == 1
    assert said == f"dext-bot: --port: port {port} is in use by another program. Choose another port.\n"
