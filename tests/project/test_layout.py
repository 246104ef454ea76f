"""The tree: what lies where, what is locked, and what a wheel holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_FOLDERS = {".ci", "bench", "bot", "docs", "handlers", "storage", "tests"}
LOCKS = ["requirements.txt", "requirements-dev.txt"]
MADE = {".venv", ".git", "__pycache__", "node_modules"}


def committed() -> list[Path]:
    """Every file of the project that git would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    else:  # a checkout without git, such as an unpacked archive
        found = [path for path in ROOT.rglob("*") if not MADE & set(path.relative_to(ROOT).parts)]
    return [path for path in found if path.is_file()]


def test_the_top_level_holds_the_agreed_folders_only() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in committed() if path.parent != ROOT} == TOP_FOLDERS


@pytest.mark.parametrize("package", ["bot", "handlers", "storage"])
def test_each_package_is_a_regular_one(package: str) -> None:
    """A namespace package would lose against a stray folder of the same name."""
    modules = [path for path in committed() if path.suffix == ".py" and path.is_relative_to(ROOT / package)]
    assert modules
    assert [path for path in modules if not (path.parent / "__init__.py").exists()] == []


def test_no_file_is_called_utils() -> None:
    assert [path for path in committed() if path.stem in {"utils", "helpers", "common"}] == []


def test_no_file_names_a_machine_or_a_promise_for_later() -> None:
    forbidden = re.compile("|".join(["/wor" + "k/(?:main|shared)", "TO" + "DO", "FIX" + "ME"]).encode())
    text = [
        path for path in committed() if path.suffix in {".py", ".md", ".toml", ".json", ".lua", ".js", ""}
    ]
    assert [str(path.relative_to(ROOT)) for path in text if forbidden.search(path.read_bytes())] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host(name: str) -> None:
    assert not re.search(r"://|index-url|find-links", (ROOT / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_pins_each_package_by_version_and_hash(name: str) -> None:
    text = re.sub(r"^\s*#.*\n", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]
    assert len(entries) > 40
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_lock_files_hold_every_direct_dependency_and_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = [
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), flags=re.MULTILINE))
        for name in LOCKS
    ]
    for needed in project["dependencies"]:
        assert re.split(r"[\[<>=;]", needed)[0] in pins[0]
    for needed in project["optional-dependencies"]["dev"]:
        assert re.split(r"[\[<>=;]", needed)[0] in pins[1]
    assert pins[0].items() <= pins[1].items()


def test_the_wheel_holds_the_three_packages_and_nothing_else(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
        entry_points = opened.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
        metadata = opened.read(next(name for name in names if name.endswith("METADATA"))).decode()
    folders = {name.split("/")[0] for name in names}
    assert {name for name in folders if not name.endswith(".dist-info")} == {"bot", "handlers", "storage"}
    assert "dext-bot = bot.cli:main" in entry_points
    assert "Classifier: Private :: Do Not Upload" in metadata
    shipped = {
        str(path.relative_to(ROOT)) for path in committed() if path.relative_to(ROOT).parts[0] in folders
    }
    assert shipped - set(names) == set()
