"""Ratios against their marks as an SVG picture: how far each figure is from what is asked of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

from benchmarks.figures import Ratio, Report

_ROW: Final = 22  # pixels
_LABEL: Final = 430
_BAR: Final = 420
_DECADES: Final = 2.0  # shown on either side of the mark
_COLOURS: Final = {"moonshot": "#1a7f37", "mark": "#57ab5a", "missed": "#cf222e"}


def svg(reports: Sequence[Report]) -> str:
    """Every ratio that has a mark; bars to the right of the line have reached theirs."""
    ratios = [(report.suite, each) for report in reports for each in report.ratios if each.state]
    height = _ROW * (len(ratios) + 2)
    middle = _LABEL + _BAR // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LABEL + _BAR + 90}" height="{height}" '
        'font-family="sans-serif" font-size="12" fill="#57606a">',
        f'<text x="{middle}" y="14" text-anchor="middle">the mark; each tick is ten times</text>',
    ]
    for decade in range(-int(_DECADES), int(_DECADES) + 1):
        x = _place(10.0**decade)
        dash = "" if decade == 0 else ' stroke-dasharray="2 4"'
        parts.append(f'<path d="M{x} 20V{height - 4}" stroke="#8c959f"{dash}/>')
    for number, (suite, ratio) in enumerate(ratios):
        parts += _row(_ROW * (number + 1) + 4, f"{suite}: {ratio.what}", ratio)
    return "\n".join([*parts, "</svg>\n"])


def _row(top: int, label: str, ratio: Ratio) -> list[str]:
    start, end = sorted((_place(1.0), _place(_reached(ratio))))
    text = f"{ratio.value:,.3g} {ratio.unit}"
    return [
        f'<text x="{_LABEL - 8}" y="{top + 14}" text-anchor="end">{escape(label[:70])}</text>',
        f'<rect x="{start}" y="{top + 3}" width="{max(end - start, 2)}" height="{_ROW - 8}" '
        f'fill="{_COLOURS[ratio.state]}"/>',
        f'<text x="{_LABEL + _BAR + 8}" y="{top + 14}">{escape(text)}</text>',
    ]


def _reached(ratio: Ratio) -> float:
    """How many times the mark: above 1 it is reached."""
    goal = ratio.mark if ratio.mark is not None else ratio.moonshot
    if not goal or ratio.value <= 0:
        return 10.0**_DECADES
    return goal / ratio.value if ratio.at_most else ratio.value / goal


def _place(times: float) -> int:
    """Where on the picture a figure of `times` its mark stands."""
    share = max(-_DECADES, min(_DECADES, math.log10(times))) / _DECADES
    return round(_LABEL + _BAR / 2 * (1 + share))
