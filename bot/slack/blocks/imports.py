"""The import modal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.blocks.parts import View, context, field, modal

TAKE = "import.take"
MOST_FILES = 5


def form(meta: Mapping[str, Any]) -> View:
    element = {"type": "file_input", "action_id": "value", "filetypes": ["csv"], "max_files": MOST_FILES}
    blocks = [
        field("File", "files", element, hint="A CSV export of costs from Dext"),
        context("Columns are found by their headings. What is here already is not brought in twice."),
    ]
    return modal("Import items", blocks, callback=TAKE, submit="Import", close="Cancel", meta=meta)
