"""The page about operations, the alerts and the Grafana dashboard name what there is."""

from __future__ import annotations

import json
import re

import pytest

from onemind.settings import ROOT
from onemind.telemetry import log, meters
from tests.support.told import families

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
DASHBOARD = json.loads((ROOT / "deploy" / "grafana-dashboard.json").read_text(encoding="utf-8"))
KINDS: dict[type, tuple[str, str]] = {
    meters.Counter: ("counter", "_total"),
    meters.Gauge: ("gauge", ""),
    meters.Histogram: ("histogram", ""),
    meters.Info: ("info", "_info"),
}
NAME = re.compile(r"\b(?:onemind|process)_[a-z_]+\b")


def numbers() -> dict[str, tuple[str, str, str]]:
    """Each number as the page lists it: kind, label, meaning."""
    found = {}
    for meter in meters.METERS:
        kind, ending = KINDS[type(meter)]
        found[meter.name + ending] = (kind, getattr(meter, "label", ""), meter.meaning)
    for family in families().values():
        if family.name.startswith("process_"):
            ending = "_total" if family.type == "counter" else ""
            found[family.name + ending] = (family.type, "", family.documentation)
    return found


def samples() -> set[str]:
    """Every name that a program can ask for."""
    parts = {"histogram": ("_bucket", "_count", "_sum")}
    return {
        name + part for name, (kind, _, _) in numbers().items() for part in parts.get(kind, ("",))
    }


def queries() -> list[str]:
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]


def base(name: str) -> str:
    return re.sub(r"_(bucket|count|sum)$", "", name)


def test_every_number_is_in_the_page_as_it_is_declared() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ?(\w*) ?\| (.+) \|$", PAGE, re.M)
    assert {name: tuple(rest) for name, *rest in rows} == numbers()


def test_every_declared_number_is_told() -> None:
    told = set(families())
    absent = {"onemind_backup_age_seconds"}
    for meter in meters.METERS:
        if isinstance(meter, meters.Counter | meters.Histogram):
            assert meter.name in told
        elif isinstance(meter, meters.Gauge) and meter.name not in absent:
            assert meter.name in told or meter.read() is None


def test_every_field_of_the_log_is_in_the_page() -> None:
    rows = dict(re.findall(r"^\| `([a-z]+)` \| ([^|]+) \|$", PAGE, re.M))
    assert rows == log.FIELDS


def test_the_examples_of_the_page_are_json_and_name_declared_fields() -> None:
    for block in re.findall(r"```json\n(.*?)```", PAGE, re.S):
        for line in block.splitlines():
            found = json.loads(line)
            assert "event" not in found or set(found) <= set(log.FIELDS)


def test_the_alerts_ask_for_numbers_there_are() -> None:
    expressions = re.findall(r"^ +expr: (.+)$", PAGE, re.M)
    assert len(expressions) == 3
    for expression in expressions:
        assert set(NAME.findall(expression)) <= samples(), expression
        assert expression.count("(") == expression.count(")")
    assert "> 26 * 3600" in expressions[0]
    assert "> 2.5" in expressions[2]


def test_every_number_that_the_page_names_exists() -> None:
    named = set(NAME.findall(re.sub(r"^\|.*$", "", PAGE, flags=re.M)))
    assert named - samples() - set(numbers()) == set()


def test_the_dashboard_asks_for_numbers_there_are_and_for_each_of_them() -> None:
    asked = {name for query in queries() for name in NAME.findall(query)}
    assert asked <= samples()
    assert {base(name) for name in asked} == set(numbers())


@pytest.mark.parametrize("query", queries())
def test_each_query_of_the_dashboard_is_whole_and_splits_by_what_there_is(query: str) -> None:
    for left, right in ("()", "{}", "[]"):
        assert query.count(left) == query.count(right)
    (label,) = {numbers()[base(name)][1] for name in NAME.findall(query)}
    split = {
        word.strip() for part in re.findall(r"by \(([^)]*)\)", query) for word in part.split(",")
    }
    assert split <= {"le", "instance", label}


def test_the_panels_have_names_and_places_of_their_own() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({panel["title"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
