"""Every file of tests/bad is refused for just what is wrong with it; every one of tests/ugly loads.

`expected.toml` beside the files says what is expected of each. The base they are checked against is
BASE; a bad file changes nothing, an ugly one brings rows that no other brings.
"""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onemind import ingest, publishing
from onemind.campaign import contracts
from onemind.ingest import CheckFailed, Problem
from onemind.ingest.problem import CODES
from onemind.store import Store, relation
from tests.conftest import TODAY, campaigning

HERE = Path(__file__).parent
OF_NAMES = {"alike", "pseudonym"}  # where names become pseudonyms: tests of their own
MOST_BYTES = 20_000
BASE = {
    "departments": "department_id,name,type,municipality,county,state,sworn_officers\n"
    "A,Avon,municipal,Avon,Norfolk,MA,10\nB,Bolton,municipal,Bolton,Worcester,MA,5\n"
    "W1,Washington County Sheriff,county,,Washington,MD,\n"
    "W2,Washington County Sheriff,county,,Washington,VA,\n",
    "pledges": "department_id,pledged_on\nA,2017-09-20\nB,2017-09-20\nB,2020-01-01\n",
    "officers": "department_id,officer_id,sworn\nA,o1,yes\n",
    "training": "department_id,officer_id,course,completed_on\nA,o1,MHFA,2018-01-01\n",
    "training_totals": "department_id,as_of,mhfa_trained,cit_trained\nB,2018-06-30,1,1\n",
    "partners": "partner_id,name,kind\np1,Riverside,hospital\n",
    "partnerships": "department_id,partner_id,kind,signed_on\nA,p1,referral,2018-01-01\n",
    "outcomes": "department_id,period_start,period_end,mh_calls\nA,2018-01-01,2018-12-31,12\n",
    "feedback": "department_id,course,period_start,responses,rated_beneficial\n"
    "A,CIT,2018-01-01,5,4\n",
}
Expected = dict[str, Any]


def corpus(folder: str) -> dict[str, Expected]:
    return tomllib.loads((HERE / folder / "expected.toml").read_text(encoding="utf-8"))


BAD, UGLY = corpus("bad"), corpus("ugly")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that holds BASE; the bad files leave it as it is."""
    with campaigning(tmp_path_factory.mktemp("base"), max_upload=MOST_BYTES) as found:
        found.publish(**BASE)
        yield found.store


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that held BASE before the ugly files were published into it."""
    with campaigning(tmp_path_factory.mktemp("growing")) as found:
        found.publish(**BASE)
        yield found.store


def upload(folder: str, name: str) -> list[ingest.Upload]:
    return [ingest.Upload(HERE / folder / name, name)]


def places(problems: Iterable[Problem]) -> list[tuple[int, str, str]]:
    return sorted((item.row or 0, item.column or "", item.code) for item in problems)


def listed(expected: list[list[Any]]) -> list[tuple[int, str, str]]:
    return sorted((row, column, code) for row, column, code in expected)


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every dataset, as it is published now."""
    with store.cursor() as con:
        return {
            name: sorted(con.execute(relation(name, store.current())).fetchall(), key=repr)
            for name in contracts()
        }


# --- bad files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_for_just_what_is_wrong_with_it(base: Store, name: str) -> None:
    options = publishing.Options(today=TODAY, mode=BAD[name].get("mode", "update"))
    before = base.versions()
    with pytest.raises(CheckFailed) as refused:
        publishing.publish(base, upload("bad", name), options, "tester", "bad")
    assert places(refused.value.problems) == listed(BAD[name]["problems"])
    assert base.versions() == before


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_for_an_error_it_has(name: str) -> None:
    codes = {code for _, _, code in BAD[name]["problems"]}
    blocking = {code for code in codes if CODES[code][0] == "error"}
    kind = name.partition("--")[0]
    assert kind in blocking or (kind == "many" and len(codes) > 1)
    assert blocking


def test_the_bad_files_left_the_store_as_it_was(base: Store) -> None:
    assert len(base.versions()) == 1
    found = contents(base)
    assert {name: len(rows) for name, rows in found.items()} == {
        name: text.count("\n") - 1 for name, text in BASE.items()
    }


# --- ugly files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", UGLY)
def test_an_ugly_file_loads(growing: Store, name: str) -> None:
    wanted = UGLY[name]
    before = growing.current()
    version, made = publishing.publish(
        growing, upload("ugly", name), publishing.Options(today=TODAY), "tester", name
    )
    assert places(made.problems) == listed(wanted.get("warnings", []))
    assert before is not None
    assert version.number == before.number + 1
    assert version.counts == {
        dataset: {"added": len(rows), "changed": 0, "removed": 0}
        for dataset, rows in wanted["rows"].items()
    }
    for dataset, rows in wanted["rows"].items():
        for row in rows:
            assert_kept(growing, dataset, row)


def assert_kept(store: Store, dataset: str, row: dict[str, Any]) -> None:
    """Prove that the row with this key holds these values."""
    key = {name: row[name] for name in contracts()[dataset].key}
    where = " and ".join(f"{name} = ${name}" for name in key)
    values = tuple(None if value == "" else value for value in row.values())
    with store.cursor() as con:
        current = relation(dataset, store.current())
        found = con.execute(f"select {', '.join(row)} from ({current}) where {where}", key)
        assert found.fetchall() == [values]


# --- the corpus itself ----------------------------------------------------------------------------


@pytest.mark.parametrize(("folder", "index"), [("bad", BAD), ("ugly", UGLY)])
def test_every_file_is_in_the_index(folder: str, index: dict[str, Expected]) -> None:
    there = {path.name for path in (HERE / folder).iterdir()} - {"expected.toml"}
    assert there == set(index)


def test_every_error_is_in_the_corpus() -> None:
    found = {code for expected in BAD.values() for _, _, code in expected["problems"]}
    errors = {code for code, (severity, _) in CODES.items() if severity == "error"}
    assert errors - OF_NAMES <= found


def test_every_warning_is_in_the_corpus() -> None:
    files = [*BAD.values(), *UGLY.values()]
    listed = [
        *(item.get("problems", []) for item in files),
        *(f.get("warnings", []) for f in files),
    ]
    assert {code for problems in listed for _, _, code in problems} == set(CODES) - OF_NAMES
