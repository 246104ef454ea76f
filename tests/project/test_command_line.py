"""`dext-bot` as a person runs it: exit statuses, one line on standard error, no traceback."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.errors import BotError, NotConnected

COMMANDS = ["demo", "run", "web", "worker", "clock", "doctor", "manifest", "import", "publish", "rotate-keys"]
ENOUGH = {
    "SLACK_SIGNING_SECRET": "signing-secret",
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "ZOHO_CLIENT_ID": "1000.CLIENT",
    "ZOHO_CLIENT_SECRET": "client-secret",
}
HEADER = "Receipt ID,Type,Date,Invoice Number,Supplier,Tax,Total,Currency\n"


@pytest.fixture
def dext_bot(tmp_path: Path):
    """Runs the command in an empty folder with nothing of this machine in the environment."""

    def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        kept = {
            name: os.environ[name]
            for name in ("PATH", "LANG", "COVERAGE_PROCESS_CONFIG")
            if name in os.environ
        }
        home = {
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "DATA_DIR": str(tmp_path / "d"),
        }
        return subprocess.run(
            [str(Path(sys.executable).with_name("dext-bot")), *arguments],
            env={**kept, **home, **env},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def the_one_line(result: subprocess.CompletedProcess[str], status: int) -> str:
    assert result.returncode == status, result
    assert result.stderr.count("\n") == 1, result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    return result.stderr


def test_without_a_command_it_shows_what_there_is(dext_bot) -> None:
    result = dext_bot()
    assert result.returncode == 0
    assert [command for command in COMMANDS if f"  {command} " not in result.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(dext_bot, command: str) -> None:
    result = dext_bot(command, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"Usage: dext-bot {command}" in result.stdout


def test_the_module_is_the_same_program() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0
    assert "Usage: dext-bot" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [("publsh",), ("run", "--fast"), ("import",), ("import", "not-there.csv"), ("manifest", "--url")],
)
def test_wrong_use_is_one_line_and_status_2(dext_bot, arguments: tuple[str, ...]) -> None:
    assert the_one_line(dext_bot(*arguments), 2).startswith("dext-bot: ")


@pytest.mark.parametrize("command", ["run", "web", "worker", "clock", "rotate-keys"])
def test_a_missing_setting_is_one_line_and_status_1(dext_bot, command: str) -> None:
    line = the_one_line(dext_bot(command), 1)
    assert line.startswith("dext-bot: SLACK_SIGNING_SECRET is missing. How to get it: ")


def test_many_workspaces_are_refused_as_long_as_they_cannot_be_served(dext_bot) -> None:
    env = {**ENOUGH, "SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "secret"}
    assert "not part of this version" in the_one_line(dext_bot("web", **env), 1)


@pytest.mark.parametrize("command", ["run", "web"])
def test_a_port_in_use_is_one_line_and_status_1(dext_bot, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = the_one_line(dext_bot(command, PORT=str(port), **ENOUGH), 1)
    assert line.startswith(f"dext-bot: PORT: {port} on 127.0.0.1 is in use by another program.")


def test_an_address_of_another_machine_is_one_line_and_status_1(dext_bot) -> None:
    line = the_one_line(dext_bot("web", HOST="192.0.2.1", **ENOUGH), 1)
    assert line.startswith("dext-bot: HOST: 192.0.2.1 is no address of this machine.")


def test_a_redis_that_does_not_answer_is_one_line_and_status_1(dext_bot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    env = {**ENOUGH, "REDIS_URL": f"redis://:redis-password@127.0.0.1:{free}", "ENCRYPTION_KEYS": "k" * 32}
    line = the_one_line(dext_bot("worker", **env), 1)
    assert "Redis" in line
    assert "redis-password" not in line


def test_the_manifest_goes_to_standard_output_alone(dext_bot) -> None:
    result = dext_bot("manifest", "--url", "https://dext.example.com/")
    assert (result.returncode, result.stderr) == (0, "")
    (command,) = json.loads(result.stdout)["features"]["slash_commands"]
    assert command["url"] == "https://dext.example.com/slack/events"


def test_a_manifest_slack_cannot_reach_says_so(dext_bot) -> None:
    result = dext_bot("manifest")
    assert json.loads(result.stdout)
    assert "Slack cannot reach http://localhost:3000" in the_one_line(result, 0)


def test_a_wrong_address_for_the_manifest_is_named(dext_bot) -> None:
    assert "PUBLIC_URL is wrong" in the_one_line(dext_bot("manifest", "--url", "dext"), 1)


def test_the_doctor_names_what_is_missing_and_fails(dext_bot) -> None:
    result = dext_bot("doctor")
    assert result.returncode == 1
    wrong = [line for line in result.stdout.splitlines() if line.startswith("✗ wrong")]
    assert [line.split()[3] for line in wrong] == [
        "SLACK_SIGNING_SECRET",
        "ZOHO_CLIENT_ID",
        "ZOHO_CLIENT_SECRET",
    ]


def test_a_dry_run_shows_what_would_come_in_and_needs_no_setting(dext_bot, tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text(
        HEADER + "R-1,Invoice,03-Nov-2026,HS-1,Held & Sons,20.00,120.00,GBP\n"
        "R-2,Invoice,31-Feb-2026,HS-2,Held & Sons,0.00,1.00,GBP\n",
        encoding="utf-8",
    )
    result = dext_bot("import", "--dry-run", "--json", str(file))
    assert (result.returncode, result.stderr) == (0, "")
    seen = json.loads(result.stdout)
    assert [(item["external_id"], item["supplier"], item["total"]) for item in seen["items"]] == [
        ("R-1", "Held & Sons", "120.00")
    ]
    assert [(refused["row"], set(refused)) for refused in seen["refused"]] == [(3, {"row", "reason"})]
    assert "1 would come in, 1 refused." in dext_bot("import", "--dry-run", str(file)).stdout


def test_a_file_that_is_no_csv_is_one_line_and_status_1(dext_bot, tmp_path: Path) -> None:
    file = tmp_path / "picture.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)))
    assert str(file) in the_one_line(dext_bot("import", "--dry-run", str(file)), 1)


def test_a_foreseen_failure_is_its_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise NotConnected

    assert cli.guarded(fail) == 1
    assert capsys.readouterr().err == f"dext-bot: {NotConnected().sentence}\n"


def test_a_sentence_over_several_lines_becomes_one(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise BotError("First.\nSecond.")

    assert cli.guarded(fail) == 1
    assert capsys.readouterr().err == "dext-bot: First. Second.\n"


def test_an_unforeseen_failure_is_a_reference_and_its_detail_is_written_down(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("platformdirs.user_log_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr("bot.crashes.has_log", lambda: False)

    def fail() -> None:
        raise ZeroDivisionError("xoxb-1234-secret divided")

    assert cli.guarded(fail) == 1
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "ZeroDivisionError" not in line
    reference = line.split("reference ")[1].split(")")[0]
    written = (tmp_path / "crashes.log").read_text()
    assert f" {reference} ZeroDivisionError: [hidden] divided at " in written
    assert (tmp_path / "crashes.log").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, asyncio.CancelledError])
def test_ctrl_c_is_no_failure_with_words(
    capsys: pytest.CaptureFixture[str], stopped: type[BaseException]
) -> None:
    def fail() -> None:
        raise stopped

    assert cli.guarded(fail) == cli.INTERRUPTED
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("arguments", [("publish",), ("publish", "item1")])
def test_publishing_on_a_terminal_is_only_shown(dext_bot, arguments: tuple[str, ...]) -> None:
    """C30: an Approver publishes in Slack; here nothing could say who asked."""
    line = the_one_line(dext_bot(*arguments, **ENOUGH), 2)
    assert "--dry-run" in line
    assert "/dext publish" in line
