"""A whole nation's data, made up: 18,700 departments in 50 states, 5 million certificates.

The same scale always gives the same files, made once by DuckDB and kept in $ONEMIND_BENCH (default:
the temporary folder). All randomness is a hash of the row's number, so nothing has to be kept in
memory and the order of the rows is that of a register: by department, officer and date.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from onemind.settings import BOUNDARIES, ROOT

EDITION = 1  # part of the folder's name: raise it when the data change
DEPARTMENTS, OFFICERS, CERTIFICATES = 18_700, 800_000, 5_000_000
CHANGED = 0.015
BAD_SHARE, BAD_DATE = 0.7537, "2023-02-30"
BASE = ("departments", "pledges", "partners", "partnerships", "training_totals")


@dataclass(frozen=True)
class Nation:
    """The files of one scale: `training` as it should be, and in four other states.

    `changed` differs in 1.5% of the rows, `bad` in one cell of `bad_row`; `rough` says the same as
    `training` in the words and dates people use; `shuffled` has its rows in no order.
    """

    folder: Path
    certificates: int

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.csv"

    @property
    def bad_row(self) -> int:
        """The row number of the bad cell, as a spreadsheet counts (header = 1)."""
        return int(self.certificates * BAD_SHARE) + 2


def home() -> Path:
    """Return the folder for everything benchmarks keep between runs."""
    folder = Path(os.environ.get("ONEMIND_BENCH") or Path(tempfile.gettempdir()) / "onemind-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def nation(scale: float = 1.0) -> Nation:
    """Return the files of a scale, made first (in a process of its own) if they are not there."""
    made = Nation(home() / f"nation-{EDITION}-{scale:g}", int(CERTIFICATES * scale))
    if not made.folder.exists():
        command = [sys.executable, "-m", "bench._national", "--scale", str(scale)]
        subprocess.run(command, cwd=ROOT, check=True)
    return made


def make(scale: float) -> None:
    """Write the files of a scale."""
    made = Nation(home() / f"nation-{EDITION}-{scale:g}", int(CERTIFICATES * scale))
    with tempfile.TemporaryDirectory(dir=home()) as folder:
        con = duckdb.connect(config={"temp_directory": folder})
        con.execute("create macro die(n, sides, what) as (hash(n, what) % sides)::bigint")
        con.execute(_DEPARTMENTS.format(counties=BOUNDARIES / "counties.csv"), _sizes(scale))
        con.execute(_OFFICERS)
        con.execute(_CERTIFICATES, {"certificates": made.certificates})
        files = Path(folder) / "files"
        files.mkdir()
        for name, select in _files(made).items():
            con.execute(f"copy ({select}) to '{files / name}.csv' (header)")
        con.close()
        os.sync()  # or the first publish measured would pay for writing these
        files.rename(made.folder)


def _sizes(scale: float) -> dict[str, int]:
    return {"departments": max(int(DEPARTMENTS * scale), 50), "officers": int(OFFICERS * scale)}


def _files(made: Nation) -> dict[str, str]:
    hours = f"if(die(n, 1000, 'change') < {int(1000 * CHANGED)}, hours + 0.5, hours)"
    bad = f"if(n = {made.bad_row - 2}, '{BAD_DATE}', completed_on::varchar)"
    given = "select department_id, officer_id, course, {day} as completed_on, sworn, expires_on,"
    given += " {hours} as hours, provider from certificates order by {order}"
    return {
        **_SMALL,
        "training": given.format(day="completed_on", hours="hours", order="n"),
        "training_changed": given.format(day="completed_on", hours=hours, order="n"),
        "training_bad": given.format(day=bad, hours="hours", order="n"),
        "training_shuffled": given.format(
            day="completed_on", hours="hours", order="hash(n, 'shuffle')"
        ),
        "training_rough": _ROUGH,
    }


# Sizes follow a power law, as they do: half have fewer than 16 officers, the largest thousands.
_DEPARTMENTS = """
    create table departments as
    with placed as (
        select row_number() over (order by hash(fips)) - 1 as place, state, county, latitude,
            longitude
        from read_csv('{counties}', types = {{'fips': 'varchar'}})
        where state not in ('DC', 'PR', 'GU', 'VI', 'AS', 'MP')
    ),
    sized as (
        select n, power(0.0005 + die(n, 10000, 'size') / 10000.0, -0.9) as size
        from range($departments) numbers (n)
    )
    select
        n,
        placed.state || lpad((n + 1)::varchar, 5, '0') || '00' as department_id,
        placed.county || ' Department ' || (n + 1) as name,
        if(die(n, 5, 'type') = 0, 'county', 'municipal') as type,
        placed.county,
        placed.state,
        greatest(1, round($officers * size / sum(size) over ()))::bigint as sworn_officers,
        placed.latitude,
        placed.longitude
    from sized
    join placed on placed.place = n % (select count(*) from placed)
    order by n"""

_OFFICERS = """
    create table officers as
    select
        row_number() over (order by n, nth) - 1 as officer,
        department_id,
        'A-' || lpad((nth + 1)::varchar, 4, '0') as officer_id
    from (select n, department_id, unnest(range(sworn_officers)) as nth from departments)
    order by n, nth"""

# Six or seven each; the strides keep the dates of one officer apart, so that every key is unique.
_CERTIFICATES = """
    create table certificates as
    with counted as (select count(*) as officers from officers),
    numbered as (
        select
            department_id,
            officer_id,
            officer * $certificates // officers as first,
            unnest(range((officer + 1) * $certificates // officers - first)) as nth
        from officers
        cross join counted
    ),
    dated as (
        select
            department_id,
            officer_id,
            first + nth as n,
            date '2017-06-01' + (nth * 380 + die(first + nth, 300, 'day'))::integer as completed_on,
            ['MHFA', 'MHFA', 'MHFA', 'CIT', 'CIT', 'MHFA-EQ', 'CRIT']
                [1 + die(first + nth, 7, 'course')] as course
        from numbered
    )
    select
        n,
        department_id,
        officer_id,
        course,
        completed_on,
        if(die(n, 20, 'sworn') = 0, 'no', 'yes') as sworn,
        if(die(n, 3, 'expires') = 0, (completed_on + to_months(36))::date, null) as expires_on,
        if(course like 'MHFA%', [8, 6.5][1 + die(n, 2, 'hours')], 40) as hours,
        ['regional academy', 'state academy', 'National Council instructor', 'in house']
            [1 + die(n, 4, 'provider')] as provider
    from dated
    order by n"""

_ROUGH = """
    select
        department_id as "Dept ID",
        officer_id || if(die(n, 50, 'space') = 0, ' ', '') as "Badge Number",
        case course
            when 'MHFA' then ['MHFA', 'Mental Health First Aid', 'mhfa'][1 + die(n, 3, 'word')]
            when 'CIT' then ['CIT 40 hr', 'CIT', 'Crisis Intervention Team'][1 + die(n, 3, 'word')]
            else course
        end as "Course Name",
        strftime(completed_on, '%-m/%-d/%Y') as "Date Completed",
        upper(sworn) as "Sworn?",
        coalesce(strftime(expires_on, '%m/%d/%Y'), 'N/A') as "Expires",
        hours as "Hours",
        provider as "Provider"
    from certificates
    order by n"""

_SMALL = {
    "departments": """
        select department_id, name, type, county, state, sworn_officers, latitude, longitude
        from departments order by n""",
    "officers": """
        select department_id, officer_id, 'yes' as sworn, date '2010-01-01' as joined_on
        from officers order by officer""",
    "pledges": """
        select
            department_id,
            date '2017-01-01' + die(n, 2900, 'pledge')::integer as pledged_on,
            if(die(n, 3, 'policy') = 0, pledged_on + 200, null) as policy_adopted_on,
            if(die(n, 9, 'done') = 0, pledged_on + 900, null) as completion_confirmed_on
        from departments where die(n, 3, 'pledges') = 0 order by n""",
    "partners": """
        select 'P-' || n as partner_id, 'Partner ' || n as name, 'nami' as kind, county, state
        from departments where die(n, 8, 'partner') = 0 order by n""",
    "partnerships": """
        select department_id, partner_id, 'referral' as kind,
            date '2018-01-01' + die(d.n, 2000, 'signed')::integer as signed_on
        from departments d
        join (select n, 'P-' || n as partner_id from departments where die(n, 8, 'partner') = 0) p
            on p.n = d.n
        order by d.n""",
    "training_totals": """
        select department_id, date '2024-12-31' as as_of, sworn_officers // 2 as mhfa_trained,
            sworn_officers // 5 as cit_trained
        from departments where die(n, 4, 'totals') = 0 order by n""",
}


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--scale", type=float, default=1.0)
    make(given.parse_args().scale)
