"""After another organisation was connected: what was carried over, and picking the rest list by list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.lists import ListKind
from bot.domain.mapping import ListMapping, MapLine
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    field,
    lookup,
    message,
    modal,
    section,
)
from bot.slack.text import brief, count

OPEN = "mapping.open"
SAVE = "mapping.save"
PICK = "mapping.pick."
SHOWN = 15
ON_A_PAGE = 25


def told(mapping: ListMapping) -> Message:
    """What was mapped by itself, shown; what is left has its button."""
    done = [line for line in mapping.lines if line.how.is_done]
    left = mapping.left()
    text = f"Rules, settings and items now point to the lists of {brief(mapping.to_name)}"
    mapped = f"{len(done)} of {len(mapping.lines)} mapped by themselves"
    blocks: list[Block] = [section(f"*{text}*\n{mapped}, by name, by code or as they were here before.")]
    if done:
        blocks.append(context("\n".join(_mapped(line) for line in done[:SHOWN])))
    if len(done) > SHOWN:
        blocks.append(context(f"… and {len(done) - SHOWN} more; the log has them all."))
    if left:
        names = ", ".join(f"{brief(line.old.label, 80)} ({line.kind.one})" for line in left[:SHOWN])
        more = f" and {len(left) - SHOWN} more" if len(left) > SHOWN else ""
        blocks += [
            section(f"🟡 Not in {brief(mapping.to_name)}: {names}{more}. What uses them needs attention."),
            actions(button("Map the rest", OPEN, "map", style="primary")),
        ]
    return message(f"{text}: {mapped}", *blocks)


def _mapped(line: MapLine) -> str:
    old, new = brief(line.old.label, 80), brief(line.new_label, 80)
    return f"✅ {line.kind.one} {old}" + (f" → {new}" if new != old else "")


def form(mapping: ListMapping, kind: ListKind, meta: Mapping[str, Any]) -> View:
    """One list: for each entry of the former organisation its counterpart; left empty, it is skipped."""
    lines = mapping.asked(kind, ON_A_PAGE)
    rest = len(mapping.kinds_left(after=kind))
    blocks: list[Block] = [
        section(
            f"*{kind.words.capitalize()}*: what stands for these of {brief(mapping.from_name)} "
            f"in {brief(mapping.to_name)}?"
        ),
        context("Leave one empty to skip it: what uses it needs attention until you choose."),
    ]
    blocks += [
        field(_label(line), f"map:{line.old.id}", lookup(f"{PICK}{kind.value}"), optional=True)
        for line in lines
    ]
    if rest:
        blocks.append(context(f"Then {count(rest, 'more list')}."))
    submit = "Next" if rest or len(mapping.left(kind)) > len(lines) else "Save"
    whole = {**meta, "kind": kind.value}
    return modal("Map lists", blocks, callback=SAVE, submit=submit, close="Cancel", meta=whole)


def _label(line: MapLine) -> str:
    return f"{line.old.label[:120]} ({count(len(line.places), 'use')})"


def done(mapping: ListMapping, meta: Mapping[str, Any]) -> View:
    left = mapping.left()
    text = "✅ Everything is mapped."
    if left:
        number = "1 is" if len(left) == 1 else f"{len(left)} are"
        text = f"{number} left as before; what uses them needs attention until you choose another."
    return modal("Map lists", [section(text), context(_undo(mapping))], meta=meta)


def _undo(mapping: ListMapping) -> str:
    return f"Connect {brief(mapping.from_name)} again, and everything points there as it did before."
