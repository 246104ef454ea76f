"""Finding an element by what a person reads: its label, its placeholder, the words beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.sandbox.slack.models import Json
from bot.sandbox.slack.surfaces import Surface, shown_value
from bot.sandbox.slack.text import squeezed, text_of
from bot.sandbox.slack.values import has_value


class NotVisible(AssertionError):
    """The person cannot see it; the message holds what they can see."""


class Ambiguous(NotVisible):
    """Several of the same name lie before the person, and nothing says which."""


@dataclass(frozen=True)
class Found:
    """An element on a surface."""

    surface: Surface
    number: int
    block: Json
    element: Json

    @property
    def ids(self) -> tuple[str, str]:
        """Block id and action id."""
        return self.block["block_id"], self.element["action_id"]

    @property
    def value(self) -> Json:
        """What stands in it, live."""
        return self.surface.value_of(self.block, self.element)


def names(found: Found) -> list[list[str]]:
    """What an element may be called, nearest first: label or caption, placeholder, what stands in it."""
    workspace = found.surface.workspace
    block, element = found.block, found.element
    called = [
        text_of(workspace, element.get("text")) if element["type"] == "button" else "",
        text_of(workspace, block.get("label")),
        text_of(workspace, element.get("placeholder")),
        "⋯" if element["type"] == "overflow" else "",
        shown_value(found.surface, element, found.value) if has_value(element) else "",
    ]
    beside = [text_of(workspace, block.get("text"))]
    return [[squeezed(name) for name in group if name] for group in (called, beside)]


def is_called(found: Found, label: str) -> bool:
    """Whether a person would call the element by this name exactly."""
    return squeezed(label) in names(found)[0]


def is_beside(found: Found, label: str) -> bool:
    """Whether the words stand beside the element, in the section it belongs to."""
    return any(squeezed(label) in text for text in names(found)[1])


def find(
    surfaces: Iterable[Surface],
    label: str,
    fits: Callable[[Json], bool],
    *,
    within: str = "",
    nth: int | None = None,
    beside: bool = False,
) -> Found | None:
    """The first element of that name on the first surface that has one; None when there is none.

    `fits` says which kinds count, `within` must be readable on the surface and decides by nearness,
    `beside` also accepts the words of the section the element stands in. Raises `Ambiguous`.
    """
    for surface in surfaces:
        if within and not surface.contains(within):
            continue
        every = [Found(surface, *one) for one in surface.elements() if fits(one[2])]
        hits = [found for found in every if is_called(found, label)]
        if not hits and beside:
            hits = [found for found in every if is_beside(found, label)]
        if not hits:
            continue
        if within and len(hits) > 1:
            hits = _nearest(surface, hits, within)
        if nth is not None:
            if nth < len(hits):
                return hits[nth]
            continue
        if len(hits) > 1:
            raise Ambiguous(f"“{label}” is there {len(hits)} times in one place:\n{surface.text()}")
        return hits[0]
    return None


def _nearest(surface: Surface, hits: list[Found], within: str) -> list[Found]:
    """Those that stand in, or next below, a block that shows the text."""
    starts = [
        number
        for number, block in enumerate(surface.blocks)
        if squeezed(within) in squeezed(surface.block_text(block))
    ]
    distances = [
        (min((hit.number - start for start in starts if start <= hit.number), default=9999), hit)
        for hit in hits
    ]
    least = min(distance for distance, _ in distances)
    return [hit for distance, hit in distances if distance == least]


def pick_text(texts: list[str], wanted: str, *, exact: bool = False) -> int | None:
    """The one text meant: the same, else the only one that contains it. Raises `Ambiguous`."""
    seen = [squeezed(text) for text in texts]
    same = [number for number, text in enumerate(seen) if text == squeezed(wanted)]
    if not same and not exact:
        same = [number for number, text in enumerate(seen) if squeezed(wanted) in text]
    if len(same) > 1:
        raise Ambiguous(f"“{wanted}” is there {len(same)} times: {[texts[number] for number in same]}")
    return same[0] if same else None
