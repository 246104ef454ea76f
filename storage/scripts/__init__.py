"""Lua scripts: where a check and a change belong together."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def source(name: str) -> str:
    """The text of `name.lua` beside this file."""
    return (Path(__file__).parent / f"{name}.lua").read_text()
