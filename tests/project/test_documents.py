"""README, app.json, Procfile and the program say the same."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.config import Settings, variable

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = {variable(field): info for field, info in Settings.model_fields.items()}
COMMANDS = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def section(title: str) -> str:
    return README.split(f"## {title}\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]


def rows(title: str) -> dict[str, tuple[str, str]]:
    """First cell to the two others of the section's table."""
    found = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*) \|$", section(title), flags=re.MULTILINE)
    return {name: (default, meaning) for name, default, meaning in found}


def test_the_readme_has_a_row_for_each_setting_and_no_other() -> None:
    assert set(rows("Settings")) == set(SETTINGS)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_the_readme_gives_the_default_of_the_program(name: str) -> None:
    default = rows("Settings")[name][0]
    info = SETTINGS[name]
    if info.is_required():
        assert default == "required"
    elif info.default and name not in {"DATA_DIR", "PUBLIC_URL"}:
        assert default == f"`{info.default}`"
    else:
        assert default


def test_app_json_describes_every_setting_and_no_other() -> None:
    env = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))["env"]
    assert set(env) == set(SETTINGS)
    for name, entry in env.items():
        assert entry["description"].startswith(str(SETTINGS[name].description)), name
        if SETTINGS[name].is_required():
            assert entry.get("required") is True, name
            assert "value" not in entry, name


def test_app_json_is_as_heroku_reads_it() -> None:
    """https://devcenter.heroku.com/articles/app-json-schema"""
    described = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))
    assert set(described) <= {
        "name", "description", "keywords", "stack", "buildpacks", "addons", "formation", "env", "repository",
    }  # fmt: skip
    assert 3 <= len(described["name"]) <= 30
    assert len(described["description"]) <= 140
    assert any(addon["plan"].startswith("heroku-redis:") for addon in described["addons"])
    assert described["env"]["ENCRYPTION_KEYS"]["generator"] == "secret"
    for name, entry in described["env"].items():
        assert set(entry) <= {"description", "value", "required", "generator"}, name
        assert isinstance(entry.get("value", ""), str), name


def test_the_procfile_starts_the_three_processes() -> None:
    processes = dict(
        line.split(": ", maxsplit=1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    )
    assert set(processes) == {"web", "worker", "clock"}
    for name, line in processes.items():
        words = [word for word in shlex.split(line) if "=" not in word]
        assert words == ["python", "-m", "bot", name]
        assert name in COMMANDS


def test_app_json_starts_what_the_procfile_names() -> None:
    described = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))
    assert set(described["formation"]) == {"web", "worker", "clock"}


def test_every_terminal_command_is_in_the_readme_and_exists() -> None:
    assert set(re.findall(r"`dext-bot ([a-z-]+)", section("On a terminal"))) == COMMANDS


def test_every_option_the_readme_names_exists() -> None:
    named = set(re.findall(r"(--[a-z]+(?:-[a-z]+)*)", section("On a terminal")))
    known = {
        option
        for command in typer.main.get_command(app).commands.values()  # type: ignore[attr-defined]
        for parameter in command.params
        for option in parameter.opts
    }
    assert named == known - {"files", "items", "word"}


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(
        re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )
    assert set(re.findall(r"^make ([a-z]+)", README, flags=re.MULTILINE)) <= targets


def test_the_first_screen_says_what_it_is_and_gives_the_two_commands() -> None:
    screen = "\n".join(README.splitlines()[:20])
    assert "bookkeeping inbox in Slack" in screen
    assert "make demo\nmake test\n" in screen
    assert "](docs/images/" in screen


@pytest.mark.parametrize(
    "page", ["README.md", *[str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md")]]
)
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://)([^)#]+)", text)
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []
