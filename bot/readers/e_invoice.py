"""E-invoices in XML: UBL and UN/CEFACT CII, alone or in the envelope that they travel in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from bot.domain.reading import NamedFile, Reading, RefusedRow
from bot.errors import WrongInput
from bot.readers import cii, invoices, ubl, xml

CONTENT_TYPE = "application/xml"
_ENVELOPE = "StandardBusinessDocument"


class Syntax(Protocol):
    """One way to write an invoice in XML."""

    def is_one(self, node: xml.Node) -> bool: ...
    def facts(self, root: xml.Node) -> invoices.Facts: ...
    def embedded(self, root: xml.Node) -> Iterator[NamedFile]: ...


_SYNTAXES: tuple[Syntax, ...] = (ubl, cii)


def read(filename: str, content: bytes) -> Reading | None:
    """The invoices of a file; nothing when it is no XML, or XML of something else. Raises WrongInput for XML
    that is broken or unsafe."""
    if not xml.is_xml(content):
        return None
    root = xml.root(filename, content)
    nodes = list(root) if xml.name(root) == _ENVELOPE else [root]
    file = NamedFile(filename, CONTENT_TYPE, content)
    found = [_one(node, syntax, file) for node in nodes for syntax in _SYNTAXES if syntax.is_one(node)]
    return _joined(found) if found else None


def _one(node: xml.Node, syntax: Syntax, file: NamedFile) -> Reading:
    try:
        document = invoices.document(syntax.facts(node))
    except WrongInput as fault:
        return Reading(refused=(RefusedRow(0, fault.says),))
    files = (file, *syntax.embedded(node))
    return Reading((document,), attachments={document.external_id: files})


def _joined(readings: Sequence[Reading]) -> Reading:
    """Several invoices of one envelope; one that stands in it twice is one."""
    documents = {one.external_id: one for reading in readings for one in reading.documents}
    return Reading(
        tuple(documents.values()),
        tuple(row for reading in readings for row in reading.refused),
        attachments={name: files for reading in readings for name, files in reading.attachments.items()},
    )
