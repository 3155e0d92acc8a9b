"""Draws docs/architecture.svg from the imports, and writes the table of packages beside it.

Run: python -m docs.draw_packages. A test fails when either is out of date.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import onemind
from tests.architecture.rules import ties

ROOT = Path(__file__).resolve().parent.parent
RULES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = RULES["contracts"]
ORDER = next(each["layers"] for each in CONTRACTS if each.get("containers") == ["onemind"])[::-1]
PICTURE = ROOT / "docs" / "architecture.svg"
PAGE = ROOT / "docs" / "architecture.md"
TABLE = re.compile(r"(<!-- packages -->\n).*?(<!-- end of packages -->)", re.S)

WIDTH, ROW, BOX_WIDTH, BOX_HEIGHT, LANE, GAP, MARGIN = 420, 62, 106, 34, 4, 10, 16  # pixels
ABREAST, SWEEPS = 2, 12
STYLE = """
  svg { background: #ffffff; font: 600 14px system-ui, sans-serif; }
  rect { fill: #e8f0fb; stroke: #2a5a9c; stroke-width: 1.5; }
  text { fill: #10243e; text-anchor: middle; dominant-baseline: central; }
  path { fill: none; stroke: #6b7c93; stroke-width: 1.6; }
  #tip path { fill: #6b7c93; stroke: none; }
  .note { font-size: 12.5px; font-weight: 400; }
  @media (prefers-color-scheme: dark) {
    svg { background: #0f1722; }
    rect { fill: #1d3350; stroke: #7fb0ee; }
    text { fill: #e9f1fb; }
    path { stroke: #8fa3bd; }
    #tip path { fill: #8fa3bd; }
  }"""
NOTES = (
    "A package imports only from those below it.",
    "No arrow where a longer way leads there too.",
)

Uses = dict[str, set[str]]


@dataclass
class Spot:
    """Something that takes room in a row: a package, or an arrow that passes by."""

    row: int
    width: float
    package: str = ""
    x: float = WIDTH / 2
    near: list[Spot] = field(default_factory=list, repr=False)


def packages() -> dict[str, str]:
    """Return each package with its promise, lowest first, as `onemind/__init__.py` has them."""
    return dict(re.findall(r"^([a-z]+) {2,}(\S.*)$", onemind.__doc__ or "", re.M))


def uses() -> Uses:
    """Return what each package imports of the others."""
    files = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "onemind").rglob("*.py"))
    }
    graph: Uses = {name: set() for name in packages()}
    for _, own, other in ties(files):
        mine, theirs = own.split(".")[1], other.split(".")[1]
        if mine != theirs and {mine, theirs} <= graph.keys():
            graph[mine].add(theirs)
    return graph


def owners() -> dict[str, list[str]]:
    """Return the libraries that only one package, or two, may import."""
    return {
        library: [place.removeprefix("onemind.") for place in contract["allowed_importers"]]
        for contract in CONTRACTS
        if contract["type"] == "protected"
        for library in contract["protected_modules"]
    }


def in_order(names: Iterable[str]) -> list[str]:
    """Return packages lowest first."""
    return sorted(names, key=ORDER.index)


def below(graph: Uses) -> Uses:
    """Return all that each package rests on, directly or through others."""
    reached: Uses = {}
    for name in in_order(graph):
        reached[name] = graph[name].union(*(reached[other] for other in graph[name]))
    return reached


def arrows(graph: Uses) -> list[tuple[str, str]]:
    """Return the imports that no longer way says too."""
    reached = below(graph)
    return [
        (name, other)
        for name in in_order(graph)
        for other in in_order(graph[name])
        if not any(other in reached[via] for via in graph[name])
    ]


def rows(graph: Uses) -> dict[str, int]:
    """Return the row of each package: above what it rests on, and no row too full for a phone."""
    row: dict[str, int] = {}
    for name in in_order(graph):
        row[name] = 1 + max((row[other] for other in graph[name]), default=-1)
        while Counter(row.values())[row[name]] > ABREAST:
            row[name] += 1
    return row


def laid_out(graph: Uses) -> tuple[dict[str, Spot], list[list[Spot]]]:
    """Return the spot of each package, and for each arrow the spots it leads through."""
    row = rows(graph)
    boxes = {name: Spot(row[name], BOX_WIDTH, name) for name in in_order(graph)}
    ways = []
    for name, other in arrows(graph):
        lanes = [Spot(at, LANE) for at in range(row[name] - 1, row[other], -1)]
        ways.append([boxes[name], *lanes, boxes[other]])
    for way in ways:
        for upper, lower in pairwise(way):
            upper.near.append(lower)
            lower.near.append(upper)
    lanes_of = (spot for way in ways for spot in way[1:-1])
    _settle([*boxes.values(), *lanes_of])
    return boxes, ways


def _settle(spots: list[Spot]) -> None:
    """Move each spot toward what it is tied to, row by row, so that arrows run straight."""
    levels = [[spot for spot in spots if spot.row == at] for at in range(_height(spots))]
    for level in levels:
        _place(level)
    for sweep in range(SWEEPS):
        for level in levels if sweep % 2 else reversed(levels):
            for spot in level:
                if spot.near:
                    spot.x = sum(other.x for other in spot.near) / len(spot.near)
            _place(level)


def _place(level: list[Spot]) -> None:
    """Put the spots of a row side by side in the order of where they want to be."""
    level.sort(key=lambda spot: spot.x)
    edge = float(MARGIN)
    for spot in level:
        spot.x = max(spot.x, edge + spot.width / 2)
        edge = spot.x + spot.width / 2 + GAP
    edge = WIDTH - MARGIN
    for spot in reversed(level):
        spot.x = min(spot.x, edge - spot.width / 2)
        edge = spot.x - spot.width / 2 - GAP


def _height(spots: Iterable[Spot]) -> int:
    return 1 + max(spot.row for spot in spots)


def picture(graph: Uses) -> str:
    """Return the packages as an SVG: the highest on top, an arrow for each import."""
    boxes, ways = laid_out(graph)
    top = _height(boxes.values()) - 1
    bottom = (top + 1) * ROW + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom + 46}" role="img">',
        "<title>The packages of onemind and what each imports</title>",
        f"<style>{STYLE}\n</style>",
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6"'
        ' orient="auto"><path d="M0 0 8 4 0 8z"/></marker>',
        *(_arrow(way, top) for way in ways),
        *(_box(spot, top) for spot in boxes.values()),
        *(
            f'<text class="note" x="{WIDTH // 2}" y="{bottom + 8 + 18 * at}">{note}</text>'
            for at, note in enumerate(NOTES)
        ),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _box(spot: Spot, top: int) -> str:
    y = 10 + (top - spot.row) * ROW
    return (
        f'<rect x="{spot.x - BOX_WIDTH / 2:.1f}" y="{y}" width="{BOX_WIDTH}"'
        f' height="{BOX_HEIGHT}" rx="7"/>'
        f'<text x="{spot.x:.1f}" y="{y + BOX_HEIGHT // 2}">{spot.package}</text>'
    )


def _arrow(way: list[Spot], top: int) -> str:
    """Draw a way from the bottom of a box, beside the boxes between, to the top of another."""
    at = 10 + (top - way[0].row) * ROW + BOX_HEIGHT
    steps = [f"M{way[0].x:.1f} {at}"]
    for before, spot in pairwise(way):
        y, bend = 10 + (top - spot.row) * ROW, (ROW - BOX_HEIGHT) / 2
        steps.append(f"C{before.x:.1f} {y - bend:.0f} {spot.x:.1f} {y - bend:.0f} {spot.x:.1f} {y}")
        if not spot.package:
            steps.append(f"V{y + BOX_HEIGHT}")
    return f'<path d="{"".join(steps)}" marker-end="url(#tip)"/>'


def table(graph: Uses) -> str:
    """Return the packages as a table, lowest first: promise, what each imports, its libraries."""
    lines = ["| package | promise | imports | only here |", "|---|---|---|---|"]
    for name, promise in packages().items():
        owned = sorted(library for library, places in owners().items() if name in places)
        cells = (f"`{name}`", promise, ", ".join(in_order(graph[name])), ", ".join(owned))
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


def page(text: str, graph: Uses) -> str:
    """Return the page with its table of packages as it is now."""
    return TABLE.sub(lambda marks: f"{marks[1]}{table(graph)}{marks[2]}", text)


if __name__ == "__main__":
    now = uses()
    PICTURE.write_text(picture(now), encoding="utf-8")
    if PAGE.exists():
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), now), encoding="utf-8")
