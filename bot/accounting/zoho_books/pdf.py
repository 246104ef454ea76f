"""Pictures into PDF, page by page; the same picture always gives the same bytes."""

from __future__ import annotations

import io

import img2pdf
from PIL import Image, ImageSequence, UnidentifiedImageError

from bot.errors import Refused

MOST_PIXELS = 100_000_000
"""Of all pages together; a page of A4 at 300 dpi has 9 million."""
MOST_PAGES = 100
_FAITHFUL = {"1", "L", "P"}
"""Scans in black and white or few colours stay as they are; photographs become JPEG."""


def as_pdf(content: bytes) -> bytes:
    """Each page of the picture as a page. Raises Refused when it cannot be read or is too large."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return _pdf(_pages(picture))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Refused("The picture cannot be read, so it cannot become a PDF.", cause="file") from fault


def _pages(picture: Image.Image) -> list[bytes]:
    pages: list[bytes] = []
    pixels = 0
    for frame in ImageSequence.Iterator(picture):
        pixels += frame.width * frame.height
        if pixels > MOST_PIXELS or len(pages) == MOST_PAGES:
            raise Refused("The picture is too large to become a PDF.", cause="file")
        pages.append(_page(frame))
    return pages


def _page(frame: Image.Image) -> bytes:
    """Without transparency, which a page of paper has not."""
    page = io.BytesIO()
    if frame.mode.startswith("I"):  # 16 bits of grey: Pillow would cut, not scale, them
        frame = frame.convert("I").point(lambda grey: grey * (1 / 256) + 0).convert("L")
    if frame.mode in _FAITHFUL and "transparency" not in frame.info:
        frame.save(page, "PNG")
        return page.getvalue()
    clear = frame.convert("RGBA")
    white = Image.new("RGB", clear.size, "white")
    white.paste(clear, mask=clear.getchannel("A"))
    white.save(page, "JPEG", quality=90)
    return page.getvalue()


def _pdf(pages: list[bytes]) -> bytes:
    made = img2pdf.convert(pages, nodate=True, engine=img2pdf.Engine.internal)
    if not isinstance(made, bytes):
        raise Refused("The picture cannot become a PDF.", cause="file")
    return made
