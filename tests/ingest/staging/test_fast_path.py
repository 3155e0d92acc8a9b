"""The fast path of staging says just what the checked path says: equal problems, rows, values.

So it does whether DuckDB reads the file or, as a large one, Arrow.
"""

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onemind import ingest, publishing
from onemind.campaign import contract
from onemind.ingest import CheckFailed, Problem, match, read, stage_plain
from onemind.ingest.readings import Terms
from onemind.ingest.staging import arrow
from onemind.settings import ROOT
from onemind.store import Connection, Store, is_temporary_view
from onemind.store.publish import Delta
from tests.conftest import TODAY, Campaign, campaigning
from tests.ingest.test_corpus import BAD, BASE, HERE, UGLY
from tests.ingest.test_fuzz import Case, fuzzed

OPTIONS = publishing.Options(today=TODAY)
TRAINING = "department_id,officer_id,course,completed_on,sworn,expires_on,hours,provider"
MANY = 250_000  # rows, enough for DuckDB to read them in several threads


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store that holds BASE; nothing here publishes."""
    with campaigning(tmp_path_factory.mktemp("plain")) as found:
        found.publish(**BASE)
        yield found


Outcome = tuple[tuple[Problem, ...], dict[str, Any], list[Any]]


def drafted(store: Store, uploads: list[ingest.Upload], options: publishing.Options) -> Outcome:
    """The problems of a draft, the rows it would publish, and what it says of the difference."""
    with publishing.draft(store, uploads, options) as (made, con):
        rows = {delta.diff.dataset: rows_of(con, delta) for delta in made.deltas}
        return made.problems, rows, [made.diffs, made.taken]


def rows_of(con: Connection, delta: Delta) -> list[Any]:
    """The rows of a difference in no order; of a large one, only what they add up to."""
    if delta.diff.added < 1000:
        return sorted(con.execute(f"from {delta.table}").fetchall(), key=repr)
    summed = f"select count(*), sum(hash(d)::hugeint) from {delta.table} d"
    return con.execute(summed).fetchall()


LARGE = arrow.LARGE
WAYS = ((True, LARGE, arrow.BLOCK), (True, 0, 4096), (False, LARGE, 0))


def assert_same(store: Store, uploads: list[ingest.Upload], options: publishing.Options) -> None:
    """Prove that all ways come to the same, also where they refuse."""
    found = []
    for short, large, block in WAYS:
        with patch.multiple(arrow, LARGE=large, BLOCK=block):
            try:
                found.append(drafted(store, uploads, replace(options, fast_path=short)))
            except CheckFailed as refused:
                found.append(((), {}, [str(refused)]))
    assert found[0] == found[1] == found[2]


def takes_fast_path(store: Store, path: Path, dataset: str) -> bool:
    """Whether a file takes the fast path."""
    source = read(path, path.name, path.parent, 1 << 30)
    with store.cursor() as con:
        return bool(stage_plain(con, source, match(source, dataset), store.rules, 0, Terms(TODAY)))


def is_registered(store: Store, path: Path, large: int = 0) -> bool:
    """Whether Arrow reads a file of certificates, as one of so many bytes or more."""
    source = read(path, path.name, path.parent, 1 << 30)
    with store.cursor() as con, patch.object(arrow, "LARGE", large):
        stage_plain(con, source, match(source, "training"), store.rules, 0, Terms(TODAY))
        return is_temporary_view(con, "part_0")


def written(folder: Path, rows: list[list[str]], header: str = TRAINING) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header.split(","), *rows])
    path = folder / "training.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def test_the_files_of_the_readme_go_the_way_it_says(tmp_path: Path) -> None:
    text = (ROOT / "onemind" / "ingest" / "README.md").read_text("utf-8")
    clean, edited = re.findall(r"```csv\n(.*?)```", text, re.S)
    path = tmp_path / "training.csv"
    with campaigning(tmp_path / "store") as town:
        town.publish(departments="department_id,name,type,state\nLEE,Lee,municipal,MA\n")
        path.write_text(clean)
        assert takes_fast_path(town.store, path, "training")
        path.write_text(edited)
        assert not takes_fast_path(town.store, path, "training")
        problems, *_ = drafted(town.store, [ingest.Upload(path, path.name)], OPTIONS)
    faults = [(item.code, item.row, item.column, item.value) for item in problems]
    assert faults == [("type-error", 3, "completed_on", "spring 2024")]


# --- what takes the fast path, and what does not --------------------------------------------------

SOUND = ["A", "o-1", "CIT", "2018-01-02", "yes", "", "40.5", "in house"]


@pytest.mark.parametrize(
    ("cells", "short"),
    [
        ({}, True),
        ({3: "1/25/2018"}, True),
        ({3: "1/2/2018"}, False),
        ({4: "N", 6: "8", 7: ""}, True),
        ({5: "2020-01-01", 7: "Hôpital, à Lee"}, True),
        ({3: "1/2/2018", 5: "2020-01-01"}, False),
        ({0: ""}, False),
        ({0: " A"}, False),
        ({0: "n/a"}, False),
        ({2: "cit"}, False),
        ({1: "Ann Lee"}, False),
        ({3: "2018-02-30"}, False),
        ({3: "2018-01-0x"}, False),
        ({3: "epoch"}, False),
        ({3: "infinity"}, False),
        ({3: "1899-12-31"}, False),
        ({3: "2100-01-01"}, False),
        ({3: "43102"}, False),
        ({5: "2017-01-01"}, False),
        ({6: "-1"}, False),
        ({6: "nan"}, False),
        ({6: "inf"}, False),
        ({6: "1_000"}, False),
        ({6: "1,000"}, False),
        ({7: "x" * 201}, False),
        ({7: "N/A"}, False),
    ],
)
def test_only_cells_kept_as_written_take_the_fast_path(
    base: Campaign, tmp_path: Path, cells: dict[int, str], short: bool
) -> None:
    row = [cells.get(place, cell) for place, cell in enumerate(SOUND)]
    path = written(tmp_path, [row, [*SOUND[:2], "CRIT", row[3], *SOUND[4:]]])
    assert takes_fast_path(base.store, path, "training") is short
    assert_same(base.store, [ingest.Upload(path, path.name)], OPTIONS)


@pytest.mark.parametrize("day", ["epoch", "infinity", "-infinity"])
def test_a_word_that_duckdb_takes_for_a_day_is_none(
    base: Campaign, tmp_path: Path, day: str
) -> None:
    path = written(tmp_path, [[*SOUND[:3], day, *SOUND[4:]]])
    problems, _, _ = drafted(base.store, [ingest.Upload(path, path.name)], OPTIONS)
    assert [(item.code, item.value) for item in problems] == [("type-error", day)]


# --- both ways come to the same -------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*(f"bad/{name}" for name in BAD), *(f"ugly/{name}" for name in UGLY)]
)
def test_both_ways_agree_on_the_corpus(base: Campaign, path: str) -> None:
    mode = BAD.get(path.removeprefix("bad/"), {}).get("mode", "update")
    uploads = [ingest.Upload(HERE / path, Path(path).name)]
    assert_same(base.store, uploads, replace(OPTIONS, mode=mode))


@fuzzed("spoilt", 15)
def test_both_ways_agree_on_spoilt_files(base: Campaign, case: Case) -> None:
    files, options = case
    assert_same(base.store, uploads_of(base, files), options)


@fuzzed("shaped", 15)
def test_both_ways_agree_on_tables_of_anything(base: Campaign, case: Case) -> None:
    files, options = case
    assert_same(base.store, uploads_of(base, files), options)


def uploads_of(base: Campaign, files: dict[str, bytes]) -> list[ingest.Upload]:
    found = []
    for number, (name, content) in enumerate(files.items()):
        path = base.folder / f"upload-{number}"
        path.write_bytes(content)
        found.append(ingest.Upload(path, name))
    return found


DAYS = [
    "2018-01-02", "2018-01-02", "2018-01-03", "1/2/2018", "2018-1-2", "2018/01/02", "2018 01 02",
    "2018\\01\\02", "02018-01-02", "2018-01-02 00:00", "2018-01-02x", "epoch", "1900-01-01",
    "2099-12-31", "2100-01-01", "0018-01-02", "2018-01-02 (BC)", "43102", "", "N/A", " 2018-01-02",
]  # fmt: skip
NUMBERS = ["8", "40.0", ".5", "5.", "+5", "-0", "-1", "1e3", "1e400", "nan", "1_0", " 8", "8\t",
           "1,000", "8d", "", "unknown", "٣"]  # fmt: skip
WORDS = ["yes", "no", "Y", "TRUE", "f", "1", "0", "2", "on", " yes", ""]
IDS = ["o-1", "o-2", "007", "Ann Lee", "a@b.org", "o_1", " o-1", "-", "x" * 65, "Total"]
NAMES = ["in house", "In House ", "N/A", "", "a, b", "é", "x" * 201, 'say "so"']


def mostly(pool: list[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(pool[0]), st.just(pool[0]), st.just(pool[1]), st.sampled_from(pool))


def certificates() -> st.SearchStrategy[list[str]]:
    courses = ["CIT", "MHFA", "mhfa", "Mental Health First Aid", "CIT 40 hr", "shoe", ""]
    pools = [["A", "B", "C", "Avon", ""], IDS, courses, DAYS, WORDS, ["", *DAYS], NUMBERS, NAMES]
    return st.tuples(*map(mostly, pools)).map(list)


def drawn(examples: int) -> Callable[[Any], Any]:
    def decorated(test: Any) -> Any:
        rows = given(rows=st.lists(certificates(), min_size=1, max_size=3))
        quiet = list(HealthCheck)
        return settings(max_examples=examples, deadline=None, suppress_health_check=quiet)(
            rows(test)
        )

    return decorated


@drawn(10)
def test_both_ways_agree_on_certificates(base: Campaign, rows: list[list[str]]) -> None:
    assert_same_rows(base, rows)


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
@drawn(120)
def test_both_ways_agree_on_many_certificates(
    base: Campaign, rows: list[list[str]], part: int
) -> None:
    assert_same_rows(base, rows)


def assert_same_rows(base: Campaign, rows: list[list[str]]) -> None:
    path = written(base.folder, rows)
    assert_same(base.store, [ingest.Upload(path, path.name)], OPTIONS)


# --- large files ----------------------------------------------------------------------------------


def many(folder: Path) -> Path:
    """A large file that takes the fast path, with faults that only its rows together show."""
    first = date(2000, 1, 1)
    rows = [
        ["AB"[nth % 2], f"o-{nth // 9000}", "CIT", str(first + timedelta(nth % 9000)), "yes", "",
         "8", "in house"]
        for nth in range(MANY)
    ]  # fmt: skip
    rows[199_990] = rows[10]
    rows[220_000][0] = "Z"
    rows[240_000][3] = "2091-01-01"
    return written(folder, rows)


def test_a_large_file_is_read_by_arrow(base: Campaign, tmp_path: Path) -> None:
    assert is_registered(base.store, many(tmp_path), LARGE)
    assert not is_registered(base.store, written(tmp_path, [SOUND]), LARGE)


@pytest.mark.parametrize(
    ("cells", "registered"),
    [
        ({}, True),
        ({4: "N", 6: "8", 7: ""}, True),
        ({3: "2018-1-2"}, False),
        ({3: "1/2/2018", 5: ""}, False),
        ({7: "a, b"}, False),
        ({7: 'say "so"'}, False),
        ({7: "N/A"}, False),
        ({1: " o-1"}, False),
    ],
)
def test_what_arrow_would_read_otherwise_duckdb_reads(
    base: Campaign, tmp_path: Path, cells: dict[int, str], registered: bool
) -> None:
    row = [cells.get(place, cell) for place, cell in enumerate(SOUND)]
    assert is_registered(base.store, written(tmp_path, [row])) is registered


def test_a_line_of_other_cells_is_told_of_as_ever(base: Campaign, tmp_path: Path) -> None:
    path = written(tmp_path, [SOUND, SOUND[:3], [*SOUND, "more"]])
    assert not is_registered(base.store, path)
    assert_same(base.store, [ingest.Upload(path, path.name)], OPTIONS)


def test_names_are_read_as_ids_in_what_arrow_read(base: Campaign, tmp_path: Path) -> None:
    path = written(tmp_path, [["Avon", f"o-{nth}", *SOUND[2:]] for nth in range(200)])
    assert is_registered(base.store, path)
    with patch.object(arrow, "LARGE", 0):
        problems, rows, _ = drafted(base.store, [ingest.Upload(path, path.name)], OPTIONS)
    assert [item.code for item in problems] == ["read-as"]
    assert {row[1] for row in rows["training"]} == {"A"}
    assert_same(base.store, [ingest.Upload(path, path.name)], OPTIONS)


def test_a_large_file_names_the_same_rows_both_ways(base: Campaign, tmp_path: Path) -> None:
    path = many(tmp_path)
    assert takes_fast_path(base.store, path, "training")
    problems, _, _ = drafted(base.store, [ingest.Upload(path, path.name)], OPTIONS)
    assert [(item.row, item.code) for item in problems] == [
        (199_992, "repeat"), (220_002, "foreign-key"), (240_002, "future-date"),
    ]  # fmt: skip
    assert_same(base.store, [ingest.Upload(path, path.name)], replace(OPTIONS, skip_bad_rows=True))


def test_only_datasets_of_plain_columns_take_the_fast_path(base: Campaign, tmp_path: Path) -> None:
    kinds = {name: {field.type for field in contract(name).fields} for name in BASE}
    for name, text in BASE.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text)
        given_kinds = {contract(name).field(label).type for label in text.split("\n")[0].split(",")}
        assert given_kinds <= kinds[name]
        expected = "integer" not in given_kinds and name != "pledges"
        assert takes_fast_path(base.store, path, name) is expected


def test_checking_and_publishing_a_file_do_without_pandas(tmp_path: Path) -> None:
    """It takes a third of a second to load, and DuckDB loads it at the first parameter."""
    path = tmp_path / "departments.csv"
    path.write_text("department_id,name,type,state\nA,Avon,municipal,MA\n")
    program = f"""
import sys
from onemind.cli import main
main(["publish", {str(path)!r}, "-m", "one"])
main(["check", {str(path)!r}])
sys.exit("pandas" in sys.modules)
"""
    environment = {**os.environ, "ONEMIND_STORE": str(tmp_path / "store")}
    ended = subprocess.run([sys.executable, "-c", program], env=environment, cwd=ROOT, check=False)
    assert ended.returncode == 0
