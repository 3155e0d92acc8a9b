"""This house keeps its rules (rules.py); below that, each rule is seen to fail on purpose."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.rules import (
    CODE,
    FILE_LINES,
    FUNCTION_LINES,
    MODULES,
    MODULES_OF,
    RULES,
    Rule,
    Sources,
    files_stay_small,
    functions_stay_small,
    models_name_their_columns,
    names_are_nouns_of_the_field,
    no_module_imports_its_own_face,
    no_name_repeats_its_package,
    nothing_points_elsewhere,
    packages_are_met_by_their_face,
    packages_have_a_face,
    packages_stay_small,
    pages_are_linked_in_one_place,
    pages_compose_no_sql,
    pages_lie_one_level_down,
    pages_use_streamlit_only,
    the_page_is_set_up_in_one_place,
    what_is_public_has_a_docstring,
)

ROOT = Path(__file__).resolve().parents[2]


# --- this house keeps them ------------------------------------------------------------------------


def listed() -> list[str]:
    """What git keeps, or would keep once added; without git, what is in the folders of code."""
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"]
    try:
        answer = subprocess.run(git, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        paths = [*ROOT.glob("*.py"), *(path for top in CODE for path in (ROOT / top).rglob("*"))]
        wanted = (path for path in paths if path.suffix in {".py", ".sql"})
        return [path.relative_to(ROOT).as_posix() for path in wanted]
    return [path for path in answer.stdout.decode().split("\0") if path]


@cache
def house() -> Sources:
    """Every text file of this checkout."""
    sources = {}
    for path in listed():
        try:
            sources[path] = (ROOT / path).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):  # a picture; a file deleted just now
            continue
    return sources


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    broken = list(rule(house()))
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("folder", "ending"),
    [("onemind", ".py"), ("onemind/metrics/models", ".sql"), ("pages", ".py"), ("tests", ".py")],
)
def test_the_rules_read_all_the_code_there_is(folder: str, ending: str) -> None:
    there = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob(f"*{ending}")}
    assert there or not (ROOT / folder).is_dir()
    assert there <= set(house())


# --- and each is seen to fail ---------------------------------------------------------------------

LONG = "def work():\n" + "    x = 1\n" * FUNCTION_LINES

SOUND: Sources = {
    "dashboard.py": "import streamlit as st\nst.set_page_config()\n"
    "from onemind.ui.shell import script",
    "onemind/__init__.py": '"""The map of the house."""',
    "onemind/__main__.py": '"""Runs."""\nfrom onemind.cli import main',
    "onemind/settings.py": '"""Settings."""\nimport os\nSTORE = os.environ["ONEMIND_STORE"]',
    "onemind/runtime.py": '"""Holds open."""\nfrom onemind.access import links',
    "onemind/store/__init__.py": '"""Keeps."""\nfrom .store import Store\n__all__ = ["Store"]',
    "onemind/store/store.py": '"""Keeps."""\nfrom onemind.store.lake import opened',
    "onemind/store/lake.py": '"""Opens."""\nimport duckdb\nfrom onemind import settings, __doc__',
    "onemind/access/__init__.py": '"""Lets in."""\n__all__ = ["links"]',
    "onemind/access/links.py": '"""Shared."""\nimport argon2\ndef _private(): ...',
    "onemind/metrics/__init__.py": '"""Counts."""\n__all__: list[str] = []',
    "onemind/metrics/counts.py": '"""Counts."""\nfrom onemind.store import Store',
    "onemind/metrics/models/a.sql": "-- select * in words\nselect count(*) as n, b * 2 as c from a",
    "onemind/ingest/__init__.py": '"""Reads."""\nfrom onemind.ingest import staging\n__all__ = []',
    "onemind/ingest/reading/__init__.py": '"""Reads."""\n__all__ = ["grid"]',
    "onemind/ingest/reading/grid.py": '"""Reads."""\nimport pyarrow',
    "onemind/ingest/matching/__init__.py": '"""Matches."""\n__all__ = []',
    "onemind/ingest/staging/__init__.py": '"""Types."""\n__all__ = []',
    "onemind/ingest/staging/keys.py": '"""Types."""\nfrom onemind.ingest.reading.grid import rows',
    "onemind/drawing/__init__.py": '"""Draws."""\n__all__ = ["maps", "palette"]',
    "onemind/drawing/palette.py": '"""Colors."""',
    "onemind/drawing/charts/__init__.py": '"""Draws."""\n__all__ = []',
    "onemind/drawing/maps/__init__.py": '"""Draws."""\n__all__ = ["place"]',
    "onemind/drawing/maps/place.py": '"""Draws."""\nimport plotly\nfrom .. import palette',
    "onemind/drawing/tables/__init__.py": '"""Lists."""\n__all__ = []',
    "onemind/ui/__init__.py": '"""Asks."""\nfrom onemind.ui.base.view import View\n'
    '__all__ = ["View", "explore", "shell"]',
    "onemind/ui/base/__init__.py": '"""Shared."""',
    "onemind/ui/base/view.py": '"""Shown."""\nimport streamlit\nclass View: ...',
    "onemind/ui/base/links.py": '"""Looks first."""\nst.switch_page("a.py")',
    "onemind/ui/explore/__init__.py": '"""Shows."""\n__all__ = ["map"]',
    "onemind/ui/explore/map.py": '"""Shows."""\nfrom onemind.drawing.maps.place import Place\n'
    "from onemind.ui.base import view\nfrom onemind import ui\nfrom onemind.ui import View",
    "onemind/ui/publish/__init__.py": '"""Asks."""\n__all__ = []',
    "onemind/ui/shell/__init__.py": '"""Frames."""\n__all__ = ["script"]',
    "onemind/ui/shell/script.py": '"""Frames."""\nst.page_link("a.py")',
    "onemind/server/__init__.py": '"""Serves."""\n__all__ = []',
    "onemind/server/exchange/__init__.py": '"""Asked, answered."""\n__all__ = []',
    "onemind/server/guard/__init__.py": '"""Refuses."""\n__all__ = []',
    "onemind/server/app.py": '"""Serves."""\nimport starlette\nfrom onemind.server import guard',
    "onemind/cli/__init__.py": '"""Runs."""\nfrom onemind.store import Store\n__all__ = ["main"]',
    "pages/explore/map.py": "from onemind.ui.explore import map\n"
    "from onemind.access.links import made\n"
    'f"Select a town from {county}" + "update the map"',
    "data/generator/sample.py": "from onemind.store import Store",
    "tests/test_store.py": f"import duckdb, os\nimport onemind.store.lake\nos.environ\n{LONG}",
    "README.md": "Open http://localhost:8501 and work/on/it.",
}


def importing(rule: Rule, *pairs: tuple[str, str]) -> list[tuple[Rule, Sources]]:
    """A case for each pair: a file, and the line by which it breaks the rule."""
    return [(rule, {path: line}) for path, line in pairs]


def holding(folder: str, count: int) -> Sources:
    return {f"{folder}/module{number}.py": "" for number in range(count)}


BROKEN: list[tuple[Rule, Sources]] = [
    *importing(
        no_module_imports_its_own_face,
        ("onemind/store/lake.py", "from onemind.store import Store"),
        ("onemind/store/lake.py", "from . import Store"),
        ("onemind/ingest/reading/grid.py", "def f():\n    from onemind.ingest import __all__"),
        ("onemind/ui/base/view.py", "from onemind.ui import View"),
    ),
    *importing(
        packages_have_a_face,
        ("onemind/store/__init__.py", '"""Keeps."""'),
        ("onemind/narrative/news.py", ""),
        ("onemind/ui/shell/__init__.py", "from onemind.ui import __all__"),
    ),
    *importing(
        packages_are_met_by_their_face,
        ("onemind/metrics/counts.py", "from onemind.store.lake import opened"),
        ("onemind/metrics/counts.py", "from onemind.store import lake"),
        ("onemind/metrics/counts.py", "import onemind.store.lake"),
        ("onemind/metrics/counts.py", "from onemind.store import Store, _opened"),
        ("onemind/metrics/counts.py", "from onemind.store import *"),
        ("onemind/metrics/counts.py", "from ..store.lake import opened"),
        ("onemind/ingest/staging/keys.py", "from onemind.ingest.matching.names import Roster"),
        ("onemind/ingest/__init__.py", "from onemind.ingest.staging.keys import keys"),
        ("onemind/ui/explore/map.py", "from onemind.drawing.charts import figure"),
        ("onemind/ui/explore/map.py", "from onemind.drawing.maps.areas import areas"),
        ("onemind/server/app.py", "from onemind.ui.base import view"),
        ("pages/explore/map.py", "from onemind.ui.base.view import View"),
        ("pages/explore/map.py", "from onemind.ui.explore.play import play"),
        ("dashboard.py", "from onemind.ui.shell.style import style"),
        ("data/generator/sample.py", "from onemind.store.lake import opened"),
    ),
    *importing(
        pages_use_streamlit_only,
        ("pages/explore/map.py", "import duckdb"),
        ("pages/explore/map.py", "def f():\n    from plotly import express"),
        ("dashboard.py", "import sqlalchemy"),
    ),
    (pages_lie_one_level_down, {"pages/overview.py": ""}),
    *(
        (files_stay_small, {path: "x = 1\n" * (FILE_LINES[top] + 1)})
        for top, path in [
            ("onemind", "onemind/store/lake.py"),
            ("pages", "pages/explore/map.py"),
            ("dashboard", "dashboard.py"),
            ("tests", "tests/test_store.py"),
        ]
    ),
    (functions_stay_small, {"onemind/store/lake.py": LONG}),
    (functions_stay_small, {"onemind/store/lake.py": f"async {LONG}"}),
    (functions_stay_small, {"pages/explore/map.py": LONG}),
    (packages_stay_small, holding("onemind/narrative", MODULES + 1)),
    *((packages_stay_small, holding(folder, limit + 1)) for folder, limit in MODULES_OF.items()),
    (the_page_is_set_up_in_one_place, {"pages/explore/map.py": "st.set_page_config()"}),
    (
        the_page_is_set_up_in_one_place,
        {"onemind/server/app.py": "from streamlit import set_page_config"},
    ),
    (pages_are_linked_in_one_place, {"pages/explore/map.py": "st.switch_page('a.py')"}),
    (pages_are_linked_in_one_place, {"onemind/ui/explore/links.py": "st.page_link('a.py')"}),
    (models_name_their_columns, {"onemind/metrics/models/a.sql": "select *\nfrom training"}),
    (
        models_name_their_columns,
        {"onemind/metrics/models/a.sql": "SELECT DISTINCT * FROM training"},
    ),
    (models_name_their_columns, {"onemind/metrics/models/a.sql": "select\n  t.*, 1 as one from t"}),
    (models_name_their_columns, {"onemind/metrics/models/a.sql": "select 1 as one, * from t"}),
    (what_is_public_has_a_docstring, {"onemind/store/store.py": "x = 1"}),
    (
        what_is_public_has_a_docstring,
        {"onemind/store/store.py": '"""A store."""\ndef publish(): ...'},
    ),
    (names_are_nouns_of_the_field, {"onemind/store/utils.py": ""}),
    (names_are_nouns_of_the_field, {"onemind/store/row_helpers.py": ""}),
    (names_are_nouns_of_the_field, {"pages/common/map.py": ""}),
    (no_name_repeats_its_package, {"onemind/store/store_lake.py": ""}),
    (no_name_repeats_its_package, {"onemind/ingest/ingest_reading/grid.py": ""}),
    (pages_compose_no_sql, {"pages/explore/map.py": 'f"select name from {table}"'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"SELECT name FROM %s" % table'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"select name from " + table + " limit 1"'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"delete from {}".format(table)'}),
    (pages_compose_no_sql, {"dashboard.py": 'f"""\n  with a as (select {b}) from a"""'}),
    (nothing_points_elsewhere, {"README.md": "/".join(["see ..", "shared", "design.md"])}),
    (nothing_points_elsewhere, {"Makefile": "/".join(["cp ", "work", "main"])}),
    (nothing_points_elsewhere, {"onemind/cli/people.py": "/".join(["x = '", "root", ".cache'"])}),
    (nothing_points_elsewhere, {"pyproject.toml": ".".join(["https://pypi", "org/simple"])}),
    (nothing_points_elsewhere, {"tests/cli/test_cli.py": ".".join(["registry", "npmjs", "org"])}),
]


@pytest.mark.parametrize(
    ("rule", "sources"), BROKEN, ids=[f"{rule.__name__}-{next(iter(s))}" for rule, s in BROKEN]
)
def test_a_rule_is_seen_to_fail(rule: Rule, sources: Sources) -> None:
    assert list(rule({**SOUND, **sources}))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_lets_sound_code_pass(rule: Rule) -> None:
    assert list(rule(SOUND)) == []


def test_every_rule_is_seen_to_fail() -> None:
    assert {rule for rule, _ in BROKEN} == set(RULES)
