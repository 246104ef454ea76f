"""**Choose columns**: which column of a table is the supplier, the category and so on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.columns import MEANINGS, NAME
from bot.slack.blocks.parts import (
    Message,
    View,
    actions,
    button,
    context,
    field,
    message,
    modal,
    option,
    section,
    select,
)
from bot.slack.limits import BUTTON_VALUE, cut
from bot.slack.text import brief

CHOOSE = "columns.choose"
SAVE = "columns.save"
_LONGEST_HEADING = 60


def question(filename: str, file: str, key: str, headings: Sequence[str]) -> Message:
    """For a table whose headings nobody knows."""
    text = f"The columns of {brief(filename)} are not known."
    return message(
        text,
        section(
            f"🟡 *{text}* Is it a list of suppliers? Say which column is what, and it becomes supplier rules."
        ),
        context("Columns: " + brief(", ".join(headings), 500)),
        actions(button("Choose columns", CHOOSE, value(file, key, headings), style="primary")),
    )


def remembered(filename: str, file: str, key: str, headings: Sequence[str]) -> Message:
    """Beside the preview: a choice that was wrong must not be one for ever."""
    text = f"The columns of {brief(filename)} are read as they were chosen for these headings."
    return message(text, section(text, button("Choose again", CHOOSE, value(file, key, headings))))


def form(chosen: str, meta: Mapping[str, Any]) -> View:
    """`chosen` is the button's value."""
    found = json.loads(chosen)
    headings = [str(heading) for heading in found["headings"]]
    options = [option(heading or f"Column {place + 1}", str(place)) for place, heading in enumerate(headings)]
    blocks = [
        field(label, meaning, select(options), optional=meaning != NAME)
        for meaning, label in MEANINGS.items()
    ]
    blocks.append(
        context("Remembered for lists with the same headings. What they would change is shown first.")
    )
    whole = {**meta, "file": found["file"], "key": found["key"], "headings": headings}
    return modal("Choose columns", blocks, callback=SAVE, submit="Read the list", close="Cancel", meta=whole)


def value(file: str, key: str, headings: Sequence[str]) -> str:
    """Within what a button carries, and then the form: headings are cut until all of them fit, at last to
    nothing, and stand as `Column 7`."""
    said = ""
    for longest in range(_LONGEST_HEADING, -1, -1):
        named = [cut(" ".join(heading.split()), longest) if longest else "" for heading in headings]
        whole = {"file": file, "key": key, "headings": named}
        said = json.dumps(whole, separators=(",", ":"))
        if len(said) <= BUTTON_VALUE:
            break
    return said


def places(values: Mapping[str, str | None]) -> dict[str, int]:
    """Of what was chosen in the form."""
    return {meaning: int(chosen) for meaning in MEANINGS if (chosen := values.get(meaning)) is not None}
