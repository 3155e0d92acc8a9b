"""Whatever is exported, and disguised as a program would write it, reads back the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onemind import ingest, metrics, publishing
from onemind.campaign import DATASETS, contract
from onemind.ingest import DAY_FIRST, EVERY, Reading
from tests.conftest import TODAY, Campaign, campaigning

EVERYDAY = 12
DEPARTMENTS = {"A": "Avon Police Department", "B": "Bolton Police Department"}
TITLES = {
    "MHFA": ["MHFA", "mhfa", "MHFA for Public Safety (8hr)", "Mental Health First Aid - Recert"],
    "CIT": ["CIT", "CIT - 40 Hour", "cit", "Crisis Intervention Team (2023)"],
    "CRIT": ["CRIT", "crit training", "CRIT 40 hr"],
}
DATES = {
    "iso": "%Y-%m-%d", "us": "%m/%d/%Y", "day first": "%d/%m/%Y", "named": "%d %b %Y",
    "long": "%B %d, %Y", "stamp": "%Y-%m-%dT14:30:00Z", "digits": "%Y%m%d", "dots": "%d.%m.%Y",
    "short": "%d-%b-%y",
}  # fmt: skip
HEADERS = {
    "department_id": ["Dept ID", "Agency ID", "department_id"],
    "officer_id": ["Badge", "Officer", "Employee ID"],
    "course": ["Course", "Class", "Training Type"],
    "completed_on": ["Date Completed", "Completion Date", "Completed On"],
    "sworn": ["Sworn", "Is Sworn"],
}
FILLER = ["Page 1 of 2", "Printed on 3/14/2024", "-----", "Confidential: do not share with others"]
PROOF = {"us": date(2020, 1, 25), "day first": date(2020, 1, 25), "dots": date(2020, 1, 25)}


@dataclass(frozen=True)
class Disguise:
    """How a program might write certificates."""

    form: str
    wide: bool
    status: bool
    filler: bool
    title: bool
    by_name: bool
    encoding: str
    delimiter: str
    pick: int


certificates = st.dictionaries(
    st.tuples(
        st.sampled_from(sorted(DEPARTMENTS)), st.integers(1, 40), st.sampled_from(sorted(TITLES))
    ),
    st.tuples(st.dates(date(2015, 1, 1), date(2025, 12, 31)), st.booleans()),
    min_size=1, max_size=12,
)  # fmt: skip
disguises = st.builds(
    Disguise, st.sampled_from(sorted(DATES)), st.booleans(), st.booleans(), st.booleans(),
    st.booleans(), st.booleans(), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.sampled_from([",", ";", "\t"]), st.integers(0, 11),
)  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    with campaigning(tmp_path_factory.mktemp("round")) as found:
        rows = "".join(f"{key},{name},municipal,MA\n" for key, name in DEPARTMENTS.items())
        found.publish(departments=f"department_id,name,type,state\n{rows}")
        yield found


def disguised(rows: list[tuple[Any, ...]], how: Disguise) -> bytes:
    """Write certificates as that program would."""
    if how.form in PROOF:  # a column that proves its order
        rows = [*rows, ("A", "proof", "MHFA", PROOF[how.form], True)]
    table = _wide(rows, how) if how.wide else _long(rows, how)
    if how.filler:
        width = len(table[0])
        table[2:2] = [[FILLER[how.pick % len(FILLER)], *[""] * (width - 1)], table[0]]
        table.append([FILLER[(how.pick + 1) % len(FILLER)], *[""] * (width - 1)])
    if how.title:
        table[:0] = [["Training report"], []]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=how.delimiter, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode(how.encoding)


def _label(name: str, how: Disguise) -> str:
    return HEADERS[name][how.pick % len(HEADERS[name])]


def _who(department: str, how: Disguise) -> str:
    return DEPARTMENTS[department] if how.by_name else department


def _long(rows: list[tuple[Any, ...]], how: Disguise) -> list[list[str]]:
    header = [_label(name, how) for name in HEADERS] + (["Status"] if how.status else [])
    table = [header]
    for number, (department, officer, course, day, sworn) in enumerate(rows):
        title = TITLES[course][(how.pick + number) % len(TITLES[course])]
        cells = [_who(department, how), officer, title, day.strftime(DATES[how.form]),
                 ("X", "N")[not sworn]]  # fmt: skip
        table.append(cells + (["Completed"] if how.status else []))
    if how.status:
        table.append([_who("A", how), "absent", "MHFA", "", "Y", "No Show"])
    return table


def _wide(rows: list[tuple[Any, ...]], how: Disguise) -> list[list[str]]:
    """An officer a row, a course a column."""
    courses = sorted(TITLES)
    names = {course: TITLES[course][how.pick % len(TITLES[course])] for course in courses}
    header = [_label("department_id", how), _label("officer_id", how), _label("sworn", how)]
    officers: dict[tuple[str, str, bool], dict[str, date]] = {}
    for department, officer, course, day, sworn in rows:
        officers.setdefault((department, officer, sworn), {})[course] = day
    table = [[*header, *(names[course] for course in courses)]]
    for (department, officer, sworn), days in officers.items():
        cells = [
            days[course].strftime(DATES[how.form]) if course in days else "" for course in courses
        ]
        table.append([_who(department, how), officer, ("yes", "no")[not sworn], *cells])
    return table


def prove(town: Campaign, found: dict[Any, Any], how: Disguise) -> None:
    """Check a disguised file, and prove that it says what it was made of and no more."""
    rows = [(dep, f"o{officer}", course, day, sworn)
            for (dep, officer, course), (day, sworn) in found.items()]  # fmt: skip
    path = town.folder / "export.csv"
    path.write_bytes(disguised(rows, how))
    with publishing.draft(town.store, [ingest.Upload(path, path.name)], town.options()) as (
        made, con,
    ):  # fmt: skip
        assert made.errors == []
        [delta] = made.deltas
        read = con.execute(
            f"select department_id, officer_id, course, completed_on, sworn from {delta.table}"
            " where officer_id <> 'proof'"
        ).fetchall()
        for tally in made.tallies.values():
            assert tally.rows == tally.sound + tally.wrong + tally.left_out_rows
    assert sorted(read) == sorted(rows)


@settings(max_examples=EVERYDAY, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=certificates, how=disguises)
def test_certificates_read_back_the_same(
    town: Campaign, found: dict[Any, Any], how: Disguise
) -> None:
    prove(town, found, how)


@pytest.mark.long
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(found=certificates, how=disguises)
def test_certificates_read_back_the_same_at_length(
    town: Campaign, found: dict[Any, Any], how: Disguise
) -> None:
    prove(town, found, how)


@pytest.mark.parametrize("form", ["iso", "day first", "named", "stamp", "short"])
@pytest.mark.parametrize(
    "dataset",
    [name for name in DATASETS if name != "partners"],  # it has no dates
)
def test_each_dataset_of_the_sample_reads_back_the_same(
    sample: Campaign, dataset: str, form: str
) -> None:
    """Each, exported with its days written another way and a footer, changes nothing."""
    table = metrics.export.dataset(sample.store, dataset)
    days = {item.name for item in contract(dataset).fields if item.type == "date"}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    for record in table.records():
        short = form == "short" and all(
            not value or 1930 < value.year < 2026 for name, value in record.items() if name in days
        )
        shape = DATES["named" if form == "short" and not short else form]
        writer.writerow(
            value.strftime(shape) if name in days and value else "" if value is None else value
            for name, value in record.items()
        )
    writer.writerow(["Page 1 of 1", *[""] * (len(table.columns) - 1)])
    path = sample.folder / f"{dataset}.csv"
    path.write_text(text.getvalue(), newline="")
    said = Reading(dates={EVERY: DAY_FIRST}) if form == "day first" else Reading()
    options = publishing.Options(TODAY, practice=True, reading=said)
    with publishing.draft(sample.store, [ingest.Upload(path, path.name)], options) as (made, _):
        assert made.errors == []
        assert [diff.empty for diff in made.diffs] == [True]
        assert sum(tally.left_out_rows for tally in made.tallies.values()) == 1
