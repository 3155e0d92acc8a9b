"""The house rules, read from the code itself; below them, each is seen to fail on purpose.

A rule is a function from sources (path -> text) to sentences, one for each place that breaks it.
"""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

Sources = Mapping[str, str]
Rule = Callable[[Sources], Iterator[str]]
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)

ROOT = Path(__file__).resolve().parents[1]

# Lowest first: a module imports from its own floor and those before it. `store_publish` lives on
# the floor of `store`.
FLOORS = (
    "words",
    *("problem", "errors", "settings", "contract", "rules", "places", "boundaries", "diff"),
    *("filters", "scope", "store", "state", "access", "links", "ingest", "models", "metrics"),
    *("headline", "preview", "timeline"),
    *("palette", "charts", "maps", "tables", "report", "exports", "watch", "templates"),
    *("ui", "web", "doctor", "cli", "__main__"),
)
# Who may import a library. Tests and benchmarks may import all of them.
OWNERS = {
    "argon2": {"access", "web"},
    "authlib": {"access", "web"},
    "duckdb": {"store"},
    "filelock": {"store"},
    "httpx2": {"web"},
    "openpyxl": {"ingest"},
    "plotly": {"charts", "maps"},
    "pyarrow": {"ingest"},
    "python_calamine": {"ingest"},
    "rapidfuzz": {"ingest"},
    "segno": {"ui"},
    "shapefile": {"boundaries"},
    "sqlalchemy": {"state"},
    "starlette": {"web"},
    "streamlit": {"ui", "web", "pages", "dashboard"},
    "typst": {"report"},
    "xlsxwriter": {"templates", "exports"},
}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
FILE_LINES = {"onemind": 250, "pages": 60, "dashboard": 60, "tests": 500}
FUNCTION_LINES = 30
VAGUE = {
    *("common", "handler", "handlers", "helper", "helpers", "manager", "managers"),
    *("process", "service", "services", "util", "utils"),
}
APP = ("onemind", "pages", "dashboard")
CODE = (*APP, "tests", "bench")

STAR = re.compile(r"\bselect(\s+distinct)?\s*\*|,\s*\*|[a-z_]\w*\"?\.\*|\bcolumns\s*\(\s*\*", re.I)
SQL = re.compile(
    r"\s*(select\b.+\bfrom\b|insert\s+into\b|delete\s+from\b|update\b.+\bset\b"
    r"|with\b.+\bas\s*\(|(create|drop|alter)\s+(table|view)\b)",
    re.I | re.S,
)
# Places that mean something on one machine only. The patterns do not match themselves.
ELSEWHERE = re.compile(
    r"\.\./shared|(?<![\w.])/(?:work|root)/|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)"
    r"|(?:deb|security)\.debian\.org|archive\.ubuntu\.com|proxy\.golang\.org|crates\.io"
)


@cache
def parsed(text: str) -> ast.Module:
    return ast.parse(text)


def modules(sources: Sources, tops: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    """The Python files under the folders named (or, as `dashboard`, at the top), parsed."""
    for path, text in sources.items():
        if path.endswith(".py") and path.removesuffix(".py").split("/")[0] in tops:
            yield path, parsed(text)


def module_of(path: str) -> str:
    """`store_publish` for onemind/store_publish.py."""
    return path.split("/")[1].removesuffix(".py")


def floor_of(module: str) -> str:
    """`store` for store_publish."""
    return module if module in FLOORS else module.split("_")[0]


def home_of(path: str) -> str:
    """The floor of a module of onemind; else the top folder, or `dashboard`."""
    top = path.removesuffix(".py").split("/")[0]
    return floor_of(module_of(path)) if top == "onemind" and "/" in path else top


def imports(path: str, tree: ast.Module) -> Iterator[str]:
    """Every dotted name a file imports, wherever it does, relative ones made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.split("/")[: -node.level] if node.level else []
            base = [*package, *filter(None, [node.module])]
            yield from (".".join([*base, alias.name]) for alias in node.names)


def neighbors(path: str, tree: ast.Module) -> set[str]:
    """The modules of onemind that a file imports."""
    names = (name.split(".") for name in imports(path, tree))
    found = {parts[1] for parts in names if parts[0] == "onemind" and len(parts) > 1}
    return {module for module in found if floor_of(module) in FLOORS}


def names_used(tree: ast.Module) -> Iterator[str]:
    """Attributes read, and names imported from a module: `environ` for os.environ."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, FUNCTION):
            yield node


# --- the rules ------------------------------------------------------------------------------------


def imports_go_one_way(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, ("onemind",)):
        own = module_of(path)
        if own != "__init__" and floor_of(own) not in FLOORS:
            yield f"{path} has no floor: name it after one (store_publish), or add it to FLOORS"
            continue
        reach = -1 if own == "__init__" else FLOORS.index(floor_of(own))
        for other in sorted(neighbors(path, tree)):
            if FLOORS.index(floor_of(other)) > reach:
                yield f"{path} imports {other}, which is on a floor above it"
        for name in imports(path, tree):
            if name.split(".")[0] in {"pages", "dashboard", "tests", "bench"}:
                yield f"{path} imports {name}, which stands on top of onemind"


def imports_make_no_circle(sources: Sources) -> Iterator[str]:
    graph = {
        module_of(path): neighbors(path, tree) for path, tree in modules(sources, ("onemind",))
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        yield f"modules of onemind import each other: {' -> '.join(circle.args[1])}"


def a_library_has_one_owner(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        for library in sorted({name.split(".")[0] for name in imports(path, tree)}):
            if library in OWNERS and home_of(path) not in OWNERS[library]:
                yield f"{path} imports {library}, which belongs to {sorted(OWNERS[library])}"


def only_settings_read_the_environment(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        if home_of(path) != "settings" and ENVIRONMENT & set(names_used(tree)):
            yield f"{path} touches the environment: only onemind/settings.py does"


def pages_lie_one_level_down(sources: Sources) -> Iterator[str]:
    """Streamlit serves a file right in pages/ without running dashboard.py first."""
    for path, _ in modules(sources, ("pages",)):
        if path.count("/") == 1:
            yield f"{path} lies right in pages/: move it into a folder there"


def files_stay_small(sources: Sources) -> Iterator[str]:
    for path, _ in modules(sources, tuple(FILE_LINES)):
        lines = len(sources[path].splitlines())
        limit = FILE_LINES[path.removesuffix(".py").split("/")[0]]
        if lines > limit:
            yield f"{path} has {lines} lines, and {limit} is the most: split it by noun"


def functions_stay_small(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        for function in functions(tree):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{path}: {function.name} has {lines} lines, and {FUNCTION_LINES} is the most"


def the_page_is_set_up_in_one_place(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, APP):
        if home_of(path) not in {"dashboard", "ui"} and "set_page_config" in names_used(tree):
            yield f"{path} calls st.set_page_config: only dashboard.py and ui do"


def pages_are_linked_in_one_place(sources: Sources) -> Iterator[str]:
    """Streamlit ends a page that links to one its viewer may not open: ui_go looks first."""
    for path, tree in modules(sources, APP):
        if path not in {"onemind/ui_go.py", "onemind/ui_main.py"}:
            for name in sorted({"page_link", "switch_page"} & set(names_used(tree))):
                yield f"{path} calls st.{name}: use ui_go, which looks whether one may go there"


def models_name_their_columns(sources: Sources) -> Iterator[str]:
    for path, text in sources.items():
        if path.startswith("onemind/models/") and path.endswith(".sql"):
            bare = re.sub(r"--[^\n]*|/\*.*?\*/|'[^']*'", " ", text, flags=re.S)
            if found := STAR.search(bare):
                yield f"{path} has '{found.group()}': name the columns"


def what_is_public_has_a_docstring(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, ("onemind",)):
        if not ast.get_docstring(tree):
            yield f"{path} has no docstring: say in one sentence what it promises"
        for node in tree.body:
            if (
                isinstance(node, FUNCTION)
                and not node.name.startswith("_")
                and not ast.get_docstring(node)
            ):
                yield f"{path}: {node.name} has no docstring"


def names_are_nouns_of_the_field(sources: Sources) -> Iterator[str]:
    for path, _ in modules(sources, CODE):
        if vague := VAGUE & set(re.split(r"[/_.]", path)):
            yield f"{path} is named {sorted(vague)}: name it after what it holds"


def pages_compose_no_sql(sources: Sources) -> Iterator[str]:
    for path, tree in modules(sources, ("pages", "dashboard")):
        for text in composed(tree):
            # "Select a town from the list" is a sentence; keywords are of one case.
            verb = text.split(maxsplit=1)[:1]
            if SQL.match(text) and (verb[0].islower() or verb[0].isupper()):
                yield f"{path} puts SQL together ({text.strip()[:30]!r}): SQL lives in onemind"


def composed(tree: ast.Module) -> Iterator[str]:
    """The literal parts of each text put together: f-strings, %, + and .format()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "?".join(literals(node))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            yield from literals(node.left)
        elif isinstance(node, ast.Attribute) and node.attr == "format":
            yield from literals(node.value)


def literals(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def nothing_points_elsewhere(sources: Sources) -> Iterator[str]:
    for path, text in sources.items():
        for found in ELSEWHERE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{line} names {found.group()}, which is nothing to whoever reads it"


RULES: tuple[Rule, ...] = (
    imports_go_one_way,
    imports_make_no_circle,
    a_library_has_one_owner,
    only_settings_read_the_environment,
    pages_lie_one_level_down,
    files_stay_small,
    functions_stay_small,
    the_page_is_set_up_in_one_place,
    pages_are_linked_in_one_place,
    models_name_their_columns,
    what_is_public_has_a_docstring,
    names_are_nouns_of_the_field,
    pages_compose_no_sql,
    nothing_points_elsewhere,
)


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
    [("onemind", ".py"), ("onemind/models", ".sql"), ("pages", ".py"), ("tests", ".py")],
)
def test_the_rules_read_all_the_code_there_is(folder: str, ending: str) -> None:
    there = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob(f"*{ending}")}
    assert there or not (ROOT / folder).is_dir()
    assert there <= set(house())


# --- and each is seen to fail ---------------------------------------------------------------------

LONG = "def work():\n" + "    x = 1\n" * FUNCTION_LINES

BROKEN: list[tuple[Rule, Sources]] = [
    (imports_go_one_way, {"onemind/store.py": "from onemind import metrics"}),
    (imports_go_one_way, {"onemind/store.py": "import onemind.store_sql, onemind.charts_line"}),
    (imports_go_one_way, {"onemind/store_sql.py": "from onemind.ui import main"}),
    (imports_go_one_way, {"onemind/store.py": "def f():\n    from .cli import main"}),
    (imports_go_one_way, {"onemind/store.py": "from . import cli"}),
    (imports_go_one_way, {"onemind/__init__.py": "from onemind import errors"}),
    (imports_go_one_way, {"onemind/ui.py": "from pages.explore import overview"}),
    (imports_go_one_way, {"onemind/weather.py": ""}),
    (
        imports_make_no_circle,
        {
            "onemind/store.py": "from onemind.store_publish import publish",
            "onemind/store_publish.py": "from onemind.store_open import connect",
            "onemind/store_open.py": "from onemind import store",
        },
    ),
    *((a_library_has_one_owner, {"onemind/tables.py": f"import {library}"}) for library in OWNERS),
    (a_library_has_one_owner, {"onemind/tables.py": "from plotly import graph_objects"}),
    (a_library_has_one_owner, {"onemind/tables.py": "def f():\n    import plotly.express as px"}),
    (a_library_has_one_owner, {"pages/explore/map.py": "import duckdb"}),
    (a_library_has_one_owner, {"dashboard.py": "import sqlalchemy"}),
    (only_settings_read_the_environment, {"onemind/store.py": "import os\nos.environ['HOME']"}),
    (only_settings_read_the_environment, {"onemind/cli.py": "import os\nos.getenv('HOME')"}),
    (only_settings_read_the_environment, {"pages/admin/links.py": "from os import environ"}),
    (pages_lie_one_level_down, {"pages/overview.py": ""}),
    (files_stay_small, {"onemind/store.py": "x = 1\n" * 251}),
    (files_stay_small, {"pages/explore/map.py": "x = 1\n" * 61}),
    (files_stay_small, {"dashboard.py": "x = 1\n" * 61}),
    (files_stay_small, {"tests/test_store.py": "x = 1\n" * 501}),
    (functions_stay_small, {"onemind/store.py": LONG}),
    (functions_stay_small, {"onemind/store.py": f"async {LONG}"}),
    (functions_stay_small, {"pages/explore/map.py": LONG}),
    (the_page_is_set_up_in_one_place, {"pages/explore/map.py": "st.set_page_config()"}),
    (the_page_is_set_up_in_one_place, {"onemind/web.py": "from streamlit import set_page_config"}),
    (pages_are_linked_in_one_place, {"pages/explore/map.py": "st.switch_page('a.py')"}),
    (models_name_their_columns, {"onemind/models/a.sql": "select *\nfrom training"}),
    (models_name_their_columns, {"onemind/models/a.sql": "SELECT DISTINCT * FROM training"}),
    (models_name_their_columns, {"onemind/models/a.sql": "select\n  t.*, 1 as one from t"}),
    (models_name_their_columns, {"onemind/models/a.sql": "select 1 as one, * from t"}),
    (what_is_public_has_a_docstring, {"onemind/store.py": "x = 1"}),
    (what_is_public_has_a_docstring, {"onemind/store.py": '"""A store."""\ndef publish(): ...'}),
    (names_are_nouns_of_the_field, {"onemind/utils.py": ""}),
    (names_are_nouns_of_the_field, {"onemind/store_helpers.py": ""}),
    (names_are_nouns_of_the_field, {"pages/common/map.py": ""}),
    (pages_compose_no_sql, {"pages/explore/map.py": 'f"select name from {table}"'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"SELECT name FROM %s" % table'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"select name from " + table + " limit 1"'}),
    (pages_compose_no_sql, {"pages/explore/map.py": '"delete from {}".format(table)'}),
    (pages_compose_no_sql, {"dashboard.py": 'f"""\n  with a as (select {b}) from a"""'}),
    (nothing_points_elsewhere, {"README.md": "/".join(["see ..", "shared", "design.md"])}),
    (nothing_points_elsewhere, {"Makefile": "/".join(["cp ", "work", "main"])}),
    (nothing_points_elsewhere, {"onemind/cli.py": "/".join(["x = '", "root", ".cache'"])}),
    (nothing_points_elsewhere, {"pyproject.toml": ".".join(["https://pypi", "org/simple"])}),
    (nothing_points_elsewhere, {"tests/test_cli.py": ".".join(["registry", "npmjs", "org"])}),
]

SOUND: Sources = {
    "dashboard.py": "import streamlit as st\nst.set_page_config()",
    "onemind/__init__.py": '"""The map of the house."""',
    "onemind/settings.py": '"""Settings."""\nimport os\nSTORE = os.environ["ONEMIND_STORE"]',
    "onemind/store_open.py": '"""Opens."""\nimport duckdb\nfrom onemind import settings, __doc__',
    "onemind/store.py": '"""Keeps."""\nimport onemind.store_open\ndef _private(): ...',
    "onemind/ui_upload.py": '"""Asks."""\nimport streamlit\nfrom .store import publish',
    "onemind/__main__.py": '"""Runs."""\nfrom onemind.cli import main',
    "onemind/models/a.sql": "-- select * in words\nselect count(*) as n, a.b * 2 as twice from a",
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
