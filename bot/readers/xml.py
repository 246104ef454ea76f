"""XML from outside, read safely: no entities, no document types, no network; limits on size and depth.

https://lxml.de/parsing.html; what is guarded against: OWASP's XML External Entity Prevention Cheat Sheet.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from lxml import etree

from bot.domain.reading import NamedFile
from bot.errors import WrongInput

Node = etree._Element
MOST_TAGS = 400_000
"""A tag takes a hundred times its bytes in memory."""
_DECLARES = ("<!DOCTYPE", "<!ENTITY")
_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
_HEAD = 4000


def head(content: bytes) -> bytes:
    """The beginning of a file as far as it is ASCII, in any of XML's usual encodings."""
    return content[:_HEAD].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")


def is_xml(content: bytes) -> bool:
    return head(content).lstrip().startswith((b"<?xml", b"<!--")) or bool(
        re.match(rb"\s*<[A-Za-z_][\w.-]*(:[\w.-]+)?[^<>]*\sxmlns", head(content))
    )


def root(filename: str, content: bytes) -> Node:
    """The root of a document. Raises WrongInput where it is not well-formed or not safe."""
    if any(word.encode(encoding) in content for word in _DECLARES for encoding in _ENCODINGS):
        raise _unsafe(filename)
    if content.count(b"<") > MOST_TAGS:
        raise WrongInput(f"{filename} holds more than {MOST_TAGS:,} tags.", advice="Split it.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        found = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as fault:
        said = str(fault).partition(", line")[0].split("\n")[0][:120]
        line = getattr(fault, "lineno", None)
        where = f", line {line}" if line else ""
        raise WrongInput(
            f"{filename} cannot be read as XML ({said}{where}).", advice="Ask its sender for it again."
        ) from None
    if found.getroottree().docinfo.doctype:
        raise _unsafe(filename)
    return found


def _unsafe(filename: str) -> WrongInput:
    return WrongInput(
        f"{filename} declares a document type or entities, which is not safe to read.",
        advice="An e-invoice has none. Ask its sender for it again.",
    )


def name(node: Node) -> str:
    """A tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def namespace(node: Node) -> str:
    return str(node.tag).rpartition("}")[0].lstrip("{")


def each(node: Node | None, path: str) -> Iterator[Node]:
    """The nodes at a path of local names, in the document's order; `A|B` in it is one or the other."""
    if node is None:
        return
    step, _, rest = path.partition("/")
    names = step.split("|")
    for child in node:
        if isinstance(child.tag, str) and name(child) in names:
            if rest:
                yield from each(child, rest)
            else:
                yield child


def first(node: Node | None, *paths: str) -> Node | None:
    """The first node at the first of the paths that leads anywhere."""
    return next((found for path in paths for found in each(node, path)), None)


def text(node: Node | None, *paths: str) -> str:
    """The text at the first of the paths that has one, its spaces folded; with no path the node's own."""
    if node is None:
        return ""
    if not paths:
        return " ".join((node.text or "").split())
    return next((said for path in paths for one in each(node, path) if (said := text(one))), "")


def file(node: Node | None, called: str) -> NamedFile | None:
    """The file that a node holds as Base64; nothing where it does not."""
    if node is None:
        return None
    try:
        content = base64.b64decode("".join((node.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    name = node.get("filename") or called or "attachment"
    return NamedFile(name[:200], node.get("mimeCode") or "application/octet-stream", content)
