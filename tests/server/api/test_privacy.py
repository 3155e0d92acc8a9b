"""What lies outside a scope, or is not for a role, is in no answer: every address, every form."""

from __future__ import annotations

import io
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from onemind.campaign import DATASETS, contract
from onemind.metrics import BY, MetricName
from onemind.server.api.resources import RESOURCES
from tests.server.api.conftest import DOWNLOADS, Served
from tests.support.guarded import guarded
from tests.support.worlds import FORBIDDEN, INSIDE, world

OFFICERS = [name for name in DATASETS if contract(name).names_officers]
FORMS = ("json", "csv", "parquet")
ALL_BUT_MONTH = "&".join(f"by={name}" for name in BY if name != "month")


def addresses() -> list[str]:
    """Every address there is, and every number split by all dimensions."""
    found = []
    for item in RESOURCES:
        if item.path == "metrics/{name}":
            splits = ("", "?by=month&by=county", f"?{ALL_BUT_MONTH}")
            found += [f"metrics/{name}{split}" for name in MetricName for split in splits]
        elif item.path == "datasets/{name}":
            found += [f"datasets/{name}" for name in DATASETS]
        elif item.path == "departments/{id}":
            found += [f"departments/{number}" for number in (INSIDE[0], "Qzebradepartment_id0")]
        elif item.path == "versions/{a}/changes/{b}":
            found.append("versions/1/changes/1")
        else:
            found.append(item.path)
    return found


def told(client: Any, path: str) -> str:
    """All that is said: the headers, the text, and what is in a Parquet file.

    Forms are written from the same rows, so that of the many numbers one is enough.
    """
    said = []
    for form in FORMS if not path.startswith("metrics/") else FORMS[:1]:
        answer = client.get(f"/api/v1/{path}{'&' if '?' in path else '?'}format={form}")
        named = [f"{name}: {value}" for name, value in answer.headers.items()
                 if name not in ("etag", "x-request-id", "content-length", "date")]  # fmt: skip
        if form == "parquet" and answer.status_code == 200:
            said.append(pd.read_parquet(io.BytesIO(answer.content)).to_csv())
        else:
            said.append(answer.text)
        said += [str(answer.status_code), *named]
    return "\n".join(said).replace(path, "?").replace(path.split("/")[-1], "?")


def test_every_address_is_among_those_looked_at() -> None:
    bare = {path.partition("?")[0].split("/")[0] for path in addresses()}
    assert bare == {item.path.split("/")[0] for item in RESOURCES}


def test_the_marks_are_seen_by_whoever_may_see_all(served: Served) -> None:
    """Else this file would prove nothing."""
    staff = served.server.client("staff")
    said = "\n".join(told(staff, path) for path in addresses() if "metrics" not in path)
    assert len(served.world.found_in(said)) > 30
    assert all(word in said for word in ("Qcontact", "Qofficer", "Qauthor", "Qmessage"))


def test_a_link_tells_nothing_of_other_places_of_contacts_or_of_officers(
    served: Served, partner: Any
) -> None:
    for path in addresses():
        said = told(partner, path)
        assert served.world.found_in(said) == set(), path
        assert [word for word in FORBIDDEN if word in said] == [], path


def test_a_link_tells_the_same_whatever_is_outside_its_scope(
    served: Served, partner: Any, tmp_path: Path
) -> None:
    one = {path: told(partner, path) for path in addresses() if "versions" not in path}
    world(tmp_path / "world", "Qlynx", 5_731_977, 7, date.today())
    with pytest.MonkeyPatch.context() as patch, guarded(tmp_path / "world", patch) as other:
        there = Served(other, served.world)
        client = there.bearing(there.link(DOWNLOADS)[1])
        two = {path: told(client, path) for path in one}
    for path, said in one.items():
        assert list(unified_diff(said.splitlines(), two[path].splitlines(), n=0)) == [], path


@pytest.mark.parametrize("name", OFFICERS)
def test_rows_of_officers_are_for_people_with_an_account(
    served: Served, partner: Any, viewer: Any, name: str
) -> None:
    answer = partner.get(f"/api/v1/datasets/{name}")
    assert answer.status_code == 403
    assert "see rows about single officers" in answer.json()["detail"]
    assert name not in [row["name"] for row in partner.get("/api/v1/datasets").json()]
    assert viewer.get(f"/api/v1/datasets/{name}").json()


def test_contacts_are_for_staff_alone(served: Served, viewer: Any, partner: Any) -> None:
    for client, shown in ((viewer, False), (partner, False), (served.server.client("staff"), True)):
        rows = client.get("/api/v1/datasets/departments").json()
        assert all((row["contact_email"] is not None) == shown for row in rows)
    assert all("contact_name" not in row for row in viewer.get("/api/v1/departments").json())


SMALL = {
    "departments": "department_id,name,type,county,state\nD1,Lee,municipal,Essex,MA\n",
    "outcomes": "department_id,period_start,period_end,mh_calls,arrests,referred_to_care\n"
    "D1,2024-01-01,2024-12-31,50,3,20\n",
    "feedback": "department_id,course,period_start,period_end,responses,rated_beneficial\n"
    "D1,MHFA,2024-01-01,2024-12-31,4,4\n",
}


def test_small_counts_of_people_are_for_staff_alone(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign(**SMALL)
    with guarded(made.folder, monkeypatch) as server:
        here = Served(server, None)  # type: ignore[arg-type]
        partner = here.bearing(here.link(DOWNLOADS)[1])
        for client, small in ((partner, None), (server.client("viewer"), None),
                              (server.client("staff"), 3)):  # fmt: skip
            (row,) = client.get("/api/v1/datasets/outcomes").json()
            assert (row["mh_calls"], row["arrests"], row["referred_to_care"]) == (50, small, 20)
            share = client.get("/api/v1/metrics/arrest_share").json()[0]["value"]
            assert share == (None if small is None else 0.06)
            ratings = client.get("/api/v1/datasets/feedback").json()
            assert bool(ratings) == (small is not None)
            (one,) = client.get("/api/v1/departments/D1").json()["outcomes"]
            assert one["arrests"] == small


def test_what_two_versions_differ_by_gives_no_small_count_away(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign(**SMALL)
    made.publish(outcomes=SMALL["outcomes"].replace("50,3,20", "52,4,21"))
    with guarded(made.folder, monkeypatch) as server:
        said = server.client("staff").get("/api/v1/versions/1/changes/2").text
        assert '\\"arrests\\": 4' in said
        said = server.client("viewer").get("/api/v1/versions/1/changes/2").text
        assert 'arrests\\": 4' not in said
        assert 'arrests\\": 3' not in said
        old = server.client("viewer").get("/api/v1/datasets/outcomes?version=1").json()
        assert old == []
