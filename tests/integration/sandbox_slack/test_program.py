"""The workspace as a program of its own, driven from another process."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import httpx

from tests.integration.sandbox_slack.fake_bot import FakeBot

ROOT = Path(__file__).parents[3]


async def test_another_process_lets_people_act_and_reads_their_screens(tmp_path: Path) -> None:
    bot = FakeBot("secret")
    await bot.start()

    async def answer(_body: dict[str, object]) -> dict[str, str]:
        return {"text": "Hello from the bot"}

    bot.on("command", answer)
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-P", "-m", "bot.sandbox.slack", "--port", "0", "--ready-file", str(ready)]
    command += ["--bot-url", "http://127.0.0.1:1", "--signing-secret", "secret", "--bot-token", "xoxb-1"]
    program = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert program.stdout is not None
        said = await asyncio.wait_for(program.stdout.readline(), 20)
        where = json.loads(ready.read_text())
        assert where["base_url"] in said.decode()
        async with httpx.AsyncClient(base_url=where["root_url"]) as http:
            await http.post("sandbox/bot", json={"url": bot.url})
            ran = await http.post("sandbox/people/ada/runs", json={"args": ["/dext"]})
            assert ran.json() == {"ok": True, "result": None}
            assert "Hello from the bot" in (await http.get("sandbox/screen/ada")).text
            dropped = ["#finance", "a.pdf", {"base64": "JVBERg=="}]
            assert (await http.post("sandbox/people/ada/drops_file", json={"args": dropped})).json()["ok"]
            unseen = await http.post(
                "sandbox/people/ada/sees", json={"args": ["Nothing"], "kwargs": {"within_seconds": 0.01}}
            )
            assert unseen.status_code == 409
            assert "Hello from the bot" in unseen.json()["error"]
            assert (await http.post("sandbox/people/ada/flies")).status_code == 404
            assert (await http.post("sandbox/people/nobody/screen")).status_code == 400
            journal = (await http.get("sandbox/journal")).json()
            assert journal["refusals"] == []
            assert [one["kind"] for one in journal["deliveries"]] == ["command", "event"]
        program.terminate()
        assert await asyncio.wait_for(program.wait(), 10) == 0
    finally:
        if program.returncode is None:
            program.kill()
        await program.communicate()
        await bot.stop()


async def test_a_port_in_use_is_one_clear_line() -> None:
    bot = FakeBot("secret")
    await bot.start()
    port = bot.url.rpartition(":")[2]
    program = await asyncio.create_subprocess_exec(
        *[sys.executable, "-P", "-m", "bot.sandbox.slack", "--port", port, "--bot-url", bot.url],
        *["--signing-secret", "s", "--bot-token", "t"],
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(program.communicate(), 20)
    await bot.stop()
    assert program.returncode == 1
    assert said.decode().startswith("The simulated Slack cannot listen on 127.0.0.1:")
    assert said.count(b"\n") == 1
