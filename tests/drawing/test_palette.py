"""The colors hold for all eyes: contrast on every ground, and apart under color blindness."""

from __future__ import annotations

import math
import tomllib
from itertools import combinations

import pytest

from onemind.drawing import palette
from onemind.settings import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
GROUNDS = (palette.PAGE, palette.CARD)
SEEN = {  # linear RGB as seen with normal eyes, without red cones, without green cones
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
APART = 12.0  # in CIELAB; about 2 is the least difference that is noticed side by side


def linear(color: str) -> list[float]:
    values = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


def contrast(one: str, other: str) -> float:
    low, high = sorted(
        sum(part * value for part, value in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True))
        for c in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def lab(color: str, eyes: str) -> tuple[float, float, float]:
    """CIELAB of a color as it is seen (Machado, Oliveira and Fernandes, 2009)."""
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear(color), strict=True))))
        for row in SEEN[eyes]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    a, b, c = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * b - 16, 500 * (a - b), 200 * (b - c)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_is_readable_on_every_ground(dark: bool) -> None:
    for ground in GROUNDS:
        for text in (palette.INK, palette.QUIET, palette.LINK):
            assert contrast(text[dark], ground[dark]) >= 4.5, (text[dark], ground[dark])
    assert contrast("#ffffff", palette.ACCENT[dark]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("colors", ["STAGE_COLORS", "STATUS_COLORS"])
def test_marks_stand_out_from_every_ground_and_from_each_other(colors: str, dark: bool) -> None:
    pairs = {name: pair[dark] for name, pair in getattr(palette, colors).items()}
    for ground in GROUNDS:
        for name, color in pairs.items():
            assert contrast(color, ground[dark]) >= 3, (name, ground[dark])
    for (one, first), (other, second) in combinations(pairs.items(), 2):
        for eyes in SEEN:
            assert math.dist(lab(first, eyes), lab(second, eyes)) >= APART, (one, other, eyes)


def test_a_stage_has_a_shape_of_its_own_too() -> None:
    assert set(palette.STAGE_SYMBOLS) == set(palette.STAGE_COLORS)
    assert len(set(palette.STAGE_SYMBOLS.values())) == len(palette.STAGE_COLORS)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_theme_and_the_palette_are_the_same_colors(dark: bool) -> None:
    theme = THEME["dark" if dark else "light"]
    named = {
        "textColor": palette.INK,
        "backgroundColor": palette.PAGE,
        "secondaryBackgroundColor": palette.CARD,
        "borderColor": palette.LINE,
        "primaryColor": palette.ACCENT,
        "grayTextColor": palette.QUIET,
        "linkColor": palette.LINK,
    }
    assert {name: theme[name] for name in named} == {n: pair[dark] for n, pair in named.items()}
