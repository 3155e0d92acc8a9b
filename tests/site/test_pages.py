"""Pages say what the numbers are, escape what people wrote, and carry the charts of the app."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from onemind import metrics, site
from onemind.campaign import EVERYTHING, Filter
from onemind.drawing import charts, maps, palette, tables
from onemind.drawing.tables.training import either
from onemind.metrics import OVERVIEW, Query
from onemind.narrative import events
from onemind.narrative.numbers import shown
from onemind.site import assets, pages
from onemind.site import map as site_map
from tests.conftest import TODAY, Campaign
from tests.site.conftest import edition, texts

FIGURE = re.compile(r'<script type="application/json">(.+?)</script>', re.S)
KNOWN = {"scatter", "bar", "choropleth", "scattergeo"}  # files/README.md


@pytest.fixture(scope="module")
def made(sample: Campaign, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("site") / "out"
    site.build(edition(sample), folder)
    return texts(folder)


def figures(made: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, text in made.items():
        for found in FIGURE.findall(text) if path.endswith(".html") else ():
            yield path, json.loads(found)


def test_the_cards_say_the_metrics(sample: Campaign, made: dict[str, str]) -> None:
    for name in OVERVIEW:
        asked = Query(name, (), Filter(as_of=TODAY))
        value = metrics.query(sample.store, asked, TODAY).rows[0][0]
        label = metrics.metric(name).label
        card = f'<p class="label">{label}</p><p class="value">{shown(name, value)}</p>'
        assert card in made["index.html"]


def test_every_department_is_in_the_list_with_its_stage(
    sample: Campaign, made: dict[str, str]
) -> None:
    rows = metrics.progress(sample.store, Filter(as_of=TODAY), TODAY).records()
    listed = re.findall(r'<tr data-stage="(\w+)".*?href="departments/([^"]+)\.html"',
                        made["departments.html"])  # fmt: skip
    assert sorted(listed) == sorted((row["stage"], row["department_id"]) for row in rows)


def test_a_page_has_one_title_a_way_past_the_menu_and_heads_on_its_tables(
    made: dict[str, str],
) -> None:
    for path, text in made.items():
        if not path.endswith(".html"):
            continue
        assert text.count("<h1>") == 1, path
        assert '<a class="skip" href="#main">' in text, path
        assert text.count("<table>") == text.count("<caption>"), path
        assert "<th>" not in text, path
        assert "As of June 30, 2026" in text, path
        assert "<strong>Sample campaign.</strong>" in text, path
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path
        assert not re.search(r"<script(?! defer src=| type=\"application/json\")", text), path
        assert not re.search(r'\son\w+="', text), path


def test_the_charts_are_of_kinds_that_the_script_can_draw(made: dict[str, str]) -> None:
    kinds = {trace["type"] for _, figure in figures(made) for trace in figure["data"]}
    assert kinds <= KNOWN
    assert {"scatter", "bar", "scattergeo"} <= kinds
    assert f"plotly.js {charts.prepared.engine()}," in assets.FILES.joinpath(
        "charts.min.js"
    ).read_text(encoding="utf-8")


def test_what_people_wrote_is_text(empty: Campaign, tmp_path: Path) -> None:
    bad = "</script><script>alert(1)</script>&<img src=x onerror=alert(2)>"
    empty.publish(
        departments=f'department_id,name,type,municipality,county,state\n'
        f'MA1,"{bad}",municipal,Lee,Berkshire,MA\n',
        pledges="department_id,pledged_on,source\nMA1,2024-05-06," + bad + "\n",
    )  # fmt: skip
    site.build(edition(empty), tmp_path / "out")
    made = texts(tmp_path / "out")
    for path, text in made.items():
        assert "<script>" not in text, path
        assert "<img src=x" not in text, path
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in made["departments/MA1.html"]


def recolored(value: dict[str, Any]) -> dict[str, Any]:
    """A figure as the browser draws it in the dark."""
    dark = palette.in_the_dark()
    text = re.sub(r'"(#[0-9a-f]{6})"', lambda found: f'"{dark.get(found[1], found[1])}"',
                  json.dumps(value))  # fmt: skip
    found: dict[str, Any] = json.loads(text)
    return found


def both(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    light, dark = (charts.prepared.plain(draw(is_dark)) for is_dark in (False, True))
    return recolored(light), dark


def test_a_figure_recolored_is_the_one_drawn_for_the_dark(sample: Campaign) -> None:
    shown = edition(sample)
    drawing = site_map.drawn(shown)
    known = tables.training.completion(shown.progress, either(shown.rules))
    rows = tables.training.groups(known, shown.progress, "county")
    ids = list(shown.progress["department_id"][::60])
    month = shown.query(OVERVIEW[0], "month")
    draws: list[Any] = [
        partial(charts.figure.funnel, shown.progress),
        partial(charts.pledges.cumulative, month, month, None),
        partial(charts.completion.pooled, rows),
        partial(charts.completion.completion, known.head(25)),
        partial(maps.areas.draw, drawing.place, shown.atlas, drawing.rows, drawing.looks),
    ]
    for dossier in metrics.dossiers(sample.store, ids, Filter(as_of=TODAY), TODAY):
        years = tables.department.outcome_years(dossier.outcomes)
        draws += [
            partial(charts.department.training, dossier.months, ("mhfa", "cit")),
            partial(charts.department.timeline, events(dossier), TODAY, TODAY),
            partial(charts.department.outcomes, years),
        ]
    for draw in draws:
        one, other = both(draw)
        assert one == other


def test_our_marks_become_html_and_nothing_else_does() -> None:
    said = pages.marked("One **bold** `<code>`.\n\n- first & [numbers](#numbers)\n- second")
    assert said == (
        "<p>One <strong>bold</strong> <code>&lt;code&gt;</code>.</p>\n<ul><li>first &amp; "
        '<a href="#numbers">numbers</a></li><li>second</li></ul>'
    )


def test_the_methodology_has_a_place_for_each_number_that_pages_link_to(
    made: dict[str, str],
) -> None:
    there = set(re.findall(r' id="([^"]+)"', made["methodology.html"]))
    asked = {
        name for text in made.values() for name in re.findall(r'methodology\.html#(\w+)"', text)
    }
    assert asked
    assert asked <= there
    assert set(re.findall(r'href="#([^"]+)"', made["methodology.html"])) - {"main"} <= there


def test_the_first_page_is_small(made: dict[str, str]) -> None:
    parts = ("index.html", assets.asset("site.css"), assets.asset("site.js"))
    files = {path: text.encode() for path, text in made.items()} | assets.assets()
    assert sum(len(gzip.compress(files[path])) for path in parts) < 250_000
    assert EVERYTHING.words() in made["index.html"]
