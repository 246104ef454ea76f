"""The words of a web page or HTML mail in the order they are read. Nothing is fetched, nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that begin a new line, as browsers show them."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "th"})
UNSEEN = frozenset(
    {
        "head",
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "select",
        "textarea",
    }
)
CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD, _CELL, _GAP_BELOW = "\x01", "\x02", "\x03"
_MARKS = str.maketrans("", "", _BOLD + _CELL + _GAP_BELOW)
SET_APART = HEADINGS - CELLS | {"p", "table", "ul", "ol", "pre"}
"""Blocks with an empty line after them."""
_GAP = "     "


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text; `headings` are the places of those in bold."""

    lines: tuple[str, ...]
    headings: frozenset[int] = frozenset()
    pictures: int = 0


def words_of(content: bytes) -> Words:
    """Empty where the page has none."""
    root = _parsed(content)
    if root is None:
        return Words(())
    pieces = list(_pieces(root))
    lines: list[str] = []
    headings: set[int] = set()
    for raw in "".join(pieces).split("\n"):
        line = _tidy(raw)
        if not line and (_GAP_BELOW not in raw or not lines or not lines[-1]):
            continue  # blocks within blocks are no empty lines
        if _BOLD in raw and line:
            headings.add(len(lines))
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    pictures = sum(1 for _ in root.iter("img"))
    return Words(tuple(lines), frozenset(headings), pictures)


def _parsed(content: bytes) -> etree._Element | None:
    try:
        content.decode("utf-8")
        encoding: str | None = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # as the page itself says
    parser = html.HTMLParser(encoding=encoding, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(content, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _pieces(root: etree._Element) -> Iterator[str]:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if _is_unseen(tag, element):
                walk.skip_subtree()
                continue
            yield "\n" if tag in BLOCKS else ""
            yield _BOLD if tag in HEADINGS else ""
            yield f"[{element.get('alt')}] " if tag == "img" and (element.get("alt") or "").strip() else ""
            yield _text(element.text, tag)
            continue
        yield "\n" if tag in BLOCKS and tag != "br" else ""
        yield f"{_GAP_BELOW}\n" if tag in SET_APART else ""
        yield _CELL if tag in CELLS else ""
        yield _text(element.tail, "")


def _is_unseen(tag: str, element: etree._Element) -> bool:
    return tag in UNSEEN or "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


def _text(text: str | None, tag: str) -> str:
    text = (text or "").translate(_MARKS)
    return text if tag == "pre" else re.sub(r"\s+", " ", text)


def _tidy(raw: str) -> str:
    cells = [" ".join(cell.translate(_MARKS).split()) for cell in raw.split(_CELL)]
    return _GAP.join(cell for cell in cells if cell)
