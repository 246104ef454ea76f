"""Pictures that are shown in Slack, and their texts for who does not see them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal

from anyascii import anyascii

from bot.domain import money
from bot.domain.report import Month, Spend

MOST_BARS = 8
LONGEST_NAME = 34
INK, SOFT, BAR = "#1d1c1d", "#616061", "#2e6da4"


def spend(found: Spend, month: Month, organisation: str, currency: str) -> bytes:
    """A PNG: what was published in a month by category and by supplier, the largest first.

    Drawing takes some tenths of a second and 40 MB of libraries, so they are loaded here: only for a job.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.font_manager import findfont, get_font  # noqa: PLC0415

    font = get_font(findfont("DejaVu Sans"))

    def drawable(text: str) -> str:
        """In letters that the font has; it comes with the library and knows no ideographs."""
        return "".join(one if font.get_char_index(ord(one)) else anyascii(one) for one in text)

    sides = (("By category", found.by_category), ("By supplier", found.by_supplier))
    rows = max(len(_bars(sums)) for _, sums in sides)
    figure = Figure(figsize=(11, 1.6 + 0.42 * max(rows, 1)), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    total = money.shown(found.total, currency)
    figure.suptitle(
        drawable(f"{organisation}: {month.words}, {total}"), color=INK, fontsize=14, parse_math=False
    )
    for axes, (title, sums) in zip(figure.subplots(1, 2), sides, strict=True):
        bars = _bars(sums)
        names, amounts = (
            [drawable(_short(name)) for name in bars],
            [float(amount) for amount in bars.values()],
        )
        places = range(rows, rows - len(bars), -1)
        drawn = axes.barh(list(places), amounts, color=BAR, height=0.62)
        axes.bar_label(
            drawn,
            [money.shown(amount, currency) for amount in bars.values()],
            padding=4,
            color=INK,
            fontsize=9,
        )
        axes.set_yticks(list(places), names, color=INK, fontsize=10, parse_math=False)
        axes.set_title(title, loc="left", color=SOFT, fontsize=11)
        axes.set_xticks([])
        axes.margins(x=0.22)
        axes.set_ylim(0.4, rows + 0.6)
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=110)
    return png.getvalue()


def spend_in_words(found: Spend, month: Month, currency: str) -> str:
    """The picture's text: the same figures for a screen reader."""
    said = [
        f"{title}: " + ", ".join(f"{name or 'none'} {money.shown(amount, currency)}" for name, amount in bars)
        for title, bars in (
            ("By category", _bars(found.by_category).items()),
            ("By supplier", _bars(found.by_supplier).items()),
        )
    ]
    return f"Published in {month.words}: {money.shown(found.total, currency)}. {'. '.join(said)}."[:1000]


def _bars(sums: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The largest, and all others in one."""
    named = list(sums.items())
    if len(named) <= MOST_BARS:
        return dict(named)
    rest = sum((amount for _, amount in named[MOST_BARS - 1 :]), Decimal(0))
    others = f"{len(named) - MOST_BARS + 1} others"
    return dict([*named[: MOST_BARS - 1], (others, rest)])


def _short(name: str) -> str:
    name = name or "none"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
