"""This house keeps its rules (rules.py); below that, each rule is seen to fail on purpose."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.rules import (
    CODE,
    FUNCTION_LINES,
    MODULES,
    OWNERS,
    RULES,
    Rule,
    Sources,
    a_library_has_one_owner,
    everything_has_its_place,
    files_stay_small,
    functions_stay_small,
    imports_go_one_way,
    imports_make_no_circle,
    models_name_their_columns,
    names_are_nouns_of_the_field,
    no_name_repeats_its_package,
    nothing_points_elsewhere,
    only_settings_read_the_environment,
    packages_are_met_by_their_face,
    packages_have_a_face,
    packages_stay_small,
    pages_are_linked_in_one_place,
    pages_compose_no_sql,
    pages_lie_one_level_down,
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
LAKE, MODEL = "onemind/store/lake.py", "onemind/metrics/models/a.sql"

BROKEN: list[tuple[Rule, Sources]] = [
    (everything_has_its_place, {"onemind/weather.py": ""}),
    (everything_has_its_place, {"onemind/weather/rain.py": ""}),
    (everything_has_its_place, {"onemind/ui/weather/rain.py": ""}),
    (imports_go_one_way, {LAKE: "from onemind.metrics import query"}),
    (imports_go_one_way, {LAKE: "import onemind.metrics.query"}),
    (imports_go_one_way, {LAKE: "def f():\n    from onemind.cli import main"}),
    (imports_go_one_way, {LAKE: "from .. import cli"}),
    (imports_go_one_way, {"onemind/__init__.py": "from onemind import settings"}),
    (imports_go_one_way, {"onemind/ui/base/view.py": "from pages.explore import overview"}),
    (imports_go_one_way, {"onemind/ui/base/view.py": "from onemind.ui.shell import script"}),
    (imports_go_one_way, {"onemind/cli/parser.py": "from onemind.ui import view"}),
    (
        imports_make_no_circle,
        {
            "onemind/store/__init__.py": "from onemind.store.publish import commit",
            "onemind/store/publish.py": "from onemind.store.lake import connect",
            LAKE: "from onemind.store import publish",
        },
    ),
    (packages_have_a_face, {"onemind/store/__init__.py": '"""A store."""'}),
    (packages_have_a_face, {"onemind/access/links.py": ""}),
    (packages_are_met_by_their_face, {"onemind/cli/parser.py": "from onemind.store.lake import a"}),
    (packages_are_met_by_their_face, {"onemind/cli/parser.py": "from onemind.store import hidden"}),
    (packages_are_met_by_their_face, {"pages/explore/map.py": "import onemind.store.lake.a"}),
    (packages_are_met_by_their_face, {"dashboard.py": "from onemind.store import lake"}),
    *(
        (a_library_has_one_owner, {"onemind/narrative/news.py": f"import {library}"})
        for library in OWNERS
    ),
    (a_library_has_one_owner, {LAKE: "from plotly import graph_objects"}),
    (a_library_has_one_owner, {LAKE: "def f():\n    import plotly.express as px"}),
    (a_library_has_one_owner, {"pages/explore/map.py": "import duckdb"}),
    (a_library_has_one_owner, {"dashboard.py": "import sqlalchemy"}),
    (only_settings_read_the_environment, {LAKE: "import os\nos.environ['HOME']"}),
    (only_settings_read_the_environment, {"onemind/cli/x.py": "import os\nos.getenv('HOME')"}),
    (only_settings_read_the_environment, {"pages/admin/links.py": "from os import environ"}),
    (pages_lie_one_level_down, {"pages/overview.py": ""}),
    (files_stay_small, {LAKE: "x = 1\n" * 401}),
    (files_stay_small, {"pages/explore/map.py": "x = 1\n" * 61}),
    (files_stay_small, {"dashboard.py": "x = 1\n" * 61}),
    (files_stay_small, {"tests/test_store.py": "x = 1\n" * 501}),
    (functions_stay_small, {LAKE: LONG}),
    (functions_stay_small, {LAKE: f"async {LONG}"}),
    (functions_stay_small, {"pages/explore/map.py": LONG}),
    (packages_stay_small, {f"onemind/store/m{number}.py": "" for number in range(MODULES + 1)}),
    (the_page_is_set_up_in_one_place, {"pages/explore/map.py": "st.set_page_config()"}),
    (
        the_page_is_set_up_in_one_place,
        {"onemind/server/app.py": "from streamlit import set_page_config"},
    ),
    (pages_are_linked_in_one_place, {"pages/explore/map.py": "st.switch_page('a.py')"}),
    (models_name_their_columns, {MODEL: "select *\nfrom training"}),
    (
        models_name_their_columns,
        {MODEL: "SELECT DISTINCT * FROM training"},
    ),
    (models_name_their_columns, {MODEL: "select\n  t.*, 1 as one from t"}),
    (models_name_their_columns, {MODEL: "select 1 as one, * from t"}),
    (what_is_public_has_a_docstring, {LAKE: "x = 1"}),
    (what_is_public_has_a_docstring, {LAKE: '"""A store."""\ndef publish(): ...'}),
    (names_are_nouns_of_the_field, {"onemind/utils.py": ""}),
    (names_are_nouns_of_the_field, {"onemind/store/publish_helpers.py": ""}),
    (names_are_nouns_of_the_field, {"pages/common/map.py": ""}),
    (no_name_repeats_its_package, {"onemind/store/store_lake.py": ""}),
    (pages_compose_no_sql, {"pages/explore/map.py": 'f"select name from {table}"'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"SELECT name FROM %s" % table'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"select name from " + table + " limit 1"'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"delete from {}".format(table)'}),
    (pages_compose_no_sql, {"dashboard.py": 'f"""\n  with a as (select {b}) from a"""'}),
    (nothing_points_elsewhere, {"README.md": "/".join(["see ..", "shared", "design.md"])}),
    (nothing_points_elsewhere, {"Makefile": "/".join(["cp ", "work", "main"])}),
    (nothing_points_elsewhere, {"onemind/cli/x.py": "/".join(["x = '", "root", ".cache'"])}),
    (nothing_points_elsewhere, {"pyproject.toml": ".".join(["https://pypi", "org/simple"])}),
    (nothing_points_elsewhere, {"tests/test_cli.py": ".".join(["registry", "npmjs", "org"])}),
]

SOUND: Sources = {
    "dashboard.py": "import streamlit as st\nst.set_page_config()",
    "onemind/__init__.py": '"""The map of the house."""',
    "onemind/settings.py": '"""Settings."""\nimport os\nSTORE = os.environ["ONEMIND_STORE"]',
    "onemind/store/__init__.py": (
        '"""Keeps."""\nfrom onemind.store.publish import commit\n__all__ = ["commit", "publish"]'
    ),
    LAKE: '"""Opens."""\nimport duckdb\nfrom onemind import settings, __doc__',
    "onemind/store/publish.py": '"""P."""\nimport onemind.store.lake\ndef _private(): ...',
    "onemind/metrics/__init__.py": '"""Counts."""\n__all__ = ["query"]',
    "onemind/metrics/query.py": '"""Asks."""\nfrom onemind.store.publish import anything',
    "onemind/narrative/__init__.py": '"""Says."""\n__all__ = []',
    "onemind/narrative/news.py": '"""News."""\nfrom onemind.store import commit',
    "onemind/ui/__init__.py": '"""Shows."""\nfrom onemind.ui.base import view\n__all__ = ["view"]',
    "onemind/ui/base/__init__.py": '"""Shares."""',
    "onemind/ui/base/view.py": '"""Views."""\nimport streamlit',
    "onemind/ui/shell/__init__.py": '"""Frames."""\n__all__ = ["script"]',
    "onemind/ui/shell/script.py": '"""Runs."""\nfrom onemind.ui import view',
    "onemind/cli/__init__.py": '"""Scripts."""\nfrom .parser import main\n__all__ = ["main"]',
    "onemind/cli/parser.py": '"""Parses."""\nfrom onemind.store import publish',
    "onemind/__main__.py": '"""Runs."""\nfrom onemind.cli import main',
    MODEL: "-- select * in words\nselect count(*) as n, a.b * 2 as t from a",
    "pages/explore/map.py": 'f"Select a town from {county}" + "update the map"',
    "tests/test_store.py": f"import duckdb, os\nos.environ\n{LONG}",
    "README.md": "Open http://localhost:8501 and work/on/it.",
}


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
