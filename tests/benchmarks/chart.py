"""The picture: how long each way takes per claim, next to the baseline, on a scale of ratios.

The drawing takes the colours of the page it stands in, so that it serves light and dark pages.
"""

from __future__ import annotations

import math
from html import escape
from typing import NamedTuple

_ROW, _LEFT, _PLOT, _RIGHT, _TOP = 26, 300, 420, 80, 34
_WIDTH = _LEFT + _PLOT + _RIGHT
_BLUE = "#4f7cd1"  # as legible on white as on near-black


class Bar(NamedTuple):
    """One line of the picture."""

    label: str
    ratio: float
    is_own: bool
    """Whether it is Allegata's."""
    writes: bool
    """Whether it writes what it reads; else its dot is hollow."""


def chart(bars: list[Bar], title: str) -> str:
    """The bars as an SVG element, with a dot for each ratio and a line from it to 1.

    >>> "<circle" in chart([Bar("a", 1.0, True, True), Bar("b", 20.0, False, False)], "t")
    True
    """
    low = min(0.5, *(bar.ratio for bar in bars))
    high = max(2.0, *(bar.ratio for bar in bars))
    ticks = [
        tick for tick in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if low <= tick <= high
    ]
    height = _TOP + _ROW * len(bars) + 10

    def x(ratio: float) -> float:
        share = math.log(ratio / low) / math.log(high / low)
        return round(_LEFT + 10 + share * (_PLOT - 20), 1)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        'fill="currentColor" font-size="13">',
        f"<title>{escape(title)}</title>",
        *(_tick(tick, x(tick), height) for tick in ticks),
        *(
            _line(bar, _TOP + _ROW * nth + _ROW / 2, x(bar.ratio), x(1))
            for nth, bar in enumerate(bars)
        ),
        "</svg>",
    ]
    return "\n".join(parts)


def _tick(ratio: float, x: float, height: int) -> str:
    strong = "0.5" if ratio == 1 else "0.15"
    return (
        f'<line x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height - 8}" stroke="currentColor" '
        f'stroke-opacity="{strong}"/>'
        f'<text x="{x}" y="{_TOP - 14}" text-anchor="middle" fill-opacity="0.7">{ratio:g}×</text>'
    )


def _line(bar: Bar, y: float, x: float, one: float) -> str:
    colour = _BLUE if bar.is_own else "currentColor"
    weight = ' font-weight="bold"' if bar.is_own else ""
    hollow = "" if bar.writes else f' fill-opacity="0.2" stroke="{colour}" stroke-width="1.5"'
    return (
        f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end"{weight}>{escape(bar.label)}</text>'
        f'<line x1="{one}" x2="{x}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3" '
        'stroke-opacity="0.5"/>'
        f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"{hollow}/>'
        f'<text x="{max(x, one) + 10}" y="{y + 4}"{weight}>{said(bar.ratio)}</text>'
    )


def said(ratio: float) -> str:
    """A ratio with as many digits as mean something.

    >>> said(1.234), said(12.34), said(123.4)
    ('1.23×', '12.3×', '123×')
    """
    digits = 2 if ratio < 10 else 1 if ratio < 100 else 0
    return f"{ratio:.{digits}f}×"
