"""docs/architecture.md holds: its picture, its names, its glossary, and what it says to add."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from docs.draw_packages import (
    ORDER,
    PAGE,
    PICTURE,
    arrows,
    below,
    packages,
    page,
    picture,
    rows,
    uses,
)
from onemind.settings import ROOT

TEXT = PAGE.read_text(encoding="utf-8")
SECTION = TEXT.partition("## Where to add something")[2].partition("## Glossary")[0]
BLOCKS = re.findall(r"^```(\w+) ([\w./]+)\n(.*?)^```", SECTION, re.M | re.S)
GLOSSARY = re.findall(r"^\| (.+?) \| (.+) \|$", TEXT.partition("## Glossary")[2], re.M)[1:]


# --- the packages ---------------------------------------------------------------------------------


def test_the_picture_and_the_table_are_those_of_the_imports() -> None:
    drawn, graph = PICTURE.read_text(encoding="utf-8"), uses()
    hint = "run: python -m docs.draw_packages"
    assert drawn == picture(graph), hint
    assert page(TEXT, graph) == TEXT, hint


def test_every_package_is_in_the_table_and_imports_only_from_those_above_it() -> None:
    listed = list(packages())
    assert sorted(listed) == sorted(set(ORDER) - {"__main__"})
    for name, others in uses().items():
        assert others <= set(listed[: listed.index(name)]), name


def test_an_import_that_comes_or_goes_changes_picture_and_table() -> None:
    graph = uses()
    fewer = {**graph, "cli": graph["cli"] - {"server"}}
    more = {**graph, "narrative": graph["narrative"] | {"ingest"}}
    assert picture(fewer) != picture(graph) != picture(more)
    assert page(TEXT, fewer) != TEXT != page(TEXT, more)


def test_an_arrow_is_left_out_only_where_a_longer_way_leads_there() -> None:
    graph = {name: set[str]() for name in packages()} | {
        "campaign": {"words"}, "store": {"campaign", "words"}, "metrics": {"store", "words"},
    }  # fmt: skip
    drawn = arrows(graph)
    assert drawn == [("campaign", "words"), ("store", "campaign"), ("metrics", "store")]
    assert below(graph)["metrics"] == {"words", "campaign", "store"}
    row = rows(graph)
    assert row["words"] < row["campaign"] < row["store"] < row["metrics"]


def test_the_picture_fits_a_phone_and_knows_the_dark() -> None:
    drawn = PICTURE.read_text(encoding="utf-8")
    assert int(re.findall(r'viewBox="0 0 (\d+) ', drawn)[0]) <= 430
    assert "prefers-color-scheme: dark" in drawn
    boxes = [tuple(map(float, box)) for box in re.findall(r'<rect x="(\S+)" y="(\S+)"', drawn)]
    wide, high = (float(re.findall(rf'<rect .*?{side}="(\d+)"', drawn)[0]) for side in SIDES)
    assert len(boxes) == len(packages())
    for at, (x, y) in enumerate(boxes):
        assert 0 <= x <= 420 - wide
        assert not [1 for a, b in boxes[:at] if abs(a - x) < wide and abs(b - y) < high]


SIDES = ("width", "height")


# --- the routes -----------------------------------------------------------------------------------


def routes() -> str:
    return TEXT.partition("## Four routes")[2].partition("## Where to add something")[0]


def resolved(name: str) -> Any:
    """Return what a dotted name within onemind is; raises where there is no such thing."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            value: Any = import_module(".".join(["onemind", *parts[:end]]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            value = getattr(value, part)
        return value
    raise ModuleNotFoundError(name)


NAMES = sorted(set(re.findall(r"`([a-z]\w*(?:\.\w+)+)`", routes())) - {"package.module.function"})


def test_each_route_names_several_functions() -> None:
    for route in routes().split("\n### ")[1:]:
        assert len(set(re.findall(r"`([a-z]\w*(?:\.\w+)+)`", route))) >= 4, route[:40]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_route_names_exists(name: str) -> None:
    assert resolved(name) is not None


@pytest.mark.parametrize("name", ["store.publish.comit", "stores.publish", "ui.frame.view.of"])
def test_a_name_that_is_gone_is_noticed(name: str) -> None:
    with pytest.raises((AttributeError, ModuleNotFoundError)):
        resolved(name)


# --- the glossary ---------------------------------------------------------------------------------


def test_each_term_is_there_once_in_order() -> None:
    terms = [term for term, _ in GLOSSARY]
    assert terms == sorted(set(terms))
    assert all(meaning for _, meaning in GLOSSARY)


@cache
def words_in_use() -> str:
    """All names and texts of the code, its tests and the other documents, as words."""
    texts = [*ROOT.glob("onemind/**/*.toml"), *ROOT.glob("tests/architecture/rules.py")]
    others = (path for path in ROOT.glob("docs/*.md") if path != PAGE)
    return " ".join(
        re.sub(r"[^a-z]+", " ", f"{path.stem} {path.read_text('utf-8')}".lower())
        for path in [*ROOT.glob("onemind/**/*.py"), *texts, *others]
    )


@pytest.mark.parametrize("term", [term for term, _ in GLOSSARY])
def test_each_term_is_a_word_of_the_code(term: str) -> None:
    assert re.search(rf"\b{term.replace(' of a file', '')}", words_in_use()), term


# --- where to add something -----------------------------------------------------------------------

DEPARTMENTS = """department_id,name,type,state,sworn_officers
A,Avon Police,municipal,MA,100
B,Bath Police,municipal,ME,99
C,Cary Police,municipal,MA,250
"""
CSVS = {
    "departments": DEPARTMENTS,
    "pledges": "department_id,pledged_on\nA,2018-01-01\nB,2018-01-01\n",
    "training": "department_id,officer_id,course,completed_on,hours\nA,A-1,CIT,2018-03-01,400\n",
    "grants": "Dept ID,Grant Date,amount\nA,2018-02-01,5000\nB,2018-02-01,700\n",
    "wrong": "department_id,granted_on,amount\nX,2018-02-01,0\n",
}
PROGRAM = """
import contextlib, io, json
from onemind import cli
from onemind.ui.base import visitor
from onemind.access.roles import local_admin
from streamlit.testing.v1 import AppTest

def said(*words):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = cli.main(words)
    return [code, out.getvalue()]

files = ["departments.csv", "pledges.csv", "training.csv", "grants.csv"]
answers = {
    "publish": said("publish", *files, "-m", "All", "--json"),
    "export": said("export", "grants"),
    "wrong": said("check", "wrong.csv", "--dataset", "grants", "--json"),
    "check": said("check", "training.csv"),
    "query": said("query", "large_pledged", "--by", "state", "--json"),
}
visitor.user = local_admin
app = AppTest.from_file("dashboard.py", default_timeout=60)
app.switch_page("pages/explore/large.py")
app.run()
answers["page"] = [
    [item.message for item in app.exception], app.title[0].value, app.metric[0].value,
    app.dataframe[0].value["name"].tolist(),
]
print(json.dumps(answers))
"""


def applied(folder: Path, kind: str, name: str, block: str) -> None:
    """Do what a block of the page says: change a file, add to its end, or write a new one."""
    path = folder / name
    if kind != "diff":
        before = path.read_text("utf-8") + "\n" if path.exists() else ""
        path.write_text(before + block, "utf-8")
        return
    lines = block.splitlines()
    old, new = ("\n".join(line[1:] for line in lines if line[:1] != other) + "\n" for other in "+-")
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{name} has these lines {text.count(old)} times:\n{old}"
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the project answers once all examples are applied to it."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("onemind", "pages", ".streamlit"):
        ignored = shutil.ignore_patterns("__pycache__", "secrets.toml")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "dashboard.py", folder)
    (folder / "data").symlink_to(ROOT / "data")
    for kind, name, block in BLOCKS:
        applied(folder, kind, name, block)
    for name, text in CSVS.items():
        (folder / f"{name}.csv").write_text(text)
    environment = {**os.environ, "ONEMIND_STORE": str(folder / "store"), "PYTHONPATH": str(folder)}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_the_page_has_an_example_of_each_and_new_files_are_sound() -> None:
    new = [name for kind, name, _ in BLOCKS if kind != "diff" and not (ROOT / name).exists()]
    assert {Path(name).parts[1] for name in new} == {"campaign", "explore"}
    assert set(re.findall(r"^### A (\w+)", SECTION, re.M)) == {
        "dataset", "number", "page", "check",
    }  # fmt: skip
    for kind, _, block in BLOCKS:
        if kind == "python":
            ast.parse(block)


def test_a_dataset_is_published_exported_and_checked(answers: dict[str, Any]) -> None:
    assert answers["publish"][0] == 0
    code, exported = answers["export"]
    assert code == 0
    assert exported.splitlines() == [
        "department_id,granted_on,amount", "A,2018-02-01,5000", "B,2018-02-01,700",
    ]  # fmt: skip
    code, wrong = answers["wrong"]
    assert code == 1
    assert "foreign-key" in wrong and "minimum" in wrong


def test_a_number_is_counted_and_split(answers: dict[str, Any]) -> None:
    code, counted = answers["query"]
    assert code == 0
    assert {row["state"]: row["value"] for row in json.loads(counted)} == {"MA": 1, "ME": 0}


def test_a_page_is_in_the_menu_and_shows_the_number(answers: dict[str, Any]) -> None:
    assert answers["page"] == [[], "Large", "1", ["Avon Police"]]


def test_a_check_names_the_row_and_lets_the_file_in(answers: dict[str, Any]) -> None:
    code, said = answers["check"]
    assert code == 0
    assert "Row 2: the course took 400.0 hours. Check the number. [long-course]" in said
    assert "courses are unusually long: 1" in said
