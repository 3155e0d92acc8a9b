"""The API answers what pages count: in three forms, by page, told when nothing changed."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from onemind import metrics, runtime
from onemind.campaign import DATASETS, Filter
from onemind.metrics import MetricName
from onemind.server.api.resources import RESOURCES
from tests.conftest import Campaign
from tests.server.api.conftest import Served

BASE = "/api/v1"
EVERY = [
    "departments", "departments/MA1", "progress", "metrics", "metrics/pledged",
    "metrics/mhfa_share?by=county&by=month", "versions", "versions/1/changes/1", "datasets",
    *(f"datasets/{name}" for name in DATASETS),
]  # fmt: skip
TEXT = "department_id,name,type,state\n"


def get(client: Any, path: str, status: int = 200, **headers: str) -> Any:
    answer = client.get(f"{BASE}/{path}", headers=headers)
    assert answer.status_code == status, (path, answer.text)
    return answer


def form(path: str, name: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}format={name}"


def test_progress_and_numbers_are_those_of_the_pages(viewer: Any) -> None:
    store, today = runtime.store(), date.today()
    wanted = metrics.progress(store, Filter(), today).records()
    assert get(viewer, "progress").text == metrics.export.to_json(wanted, None)
    asked = metrics.Query(MetricName.PLEDGED, ("county",), Filter(state=("MA",)))
    wanted = metrics.query(store, asked, today).records()
    assert get(viewer, "metrics/pledged?by=county&state=MA").json() == wanted
    assert [row["name"] for row in get(viewer, "metrics").json()] == list(MetricName)


@pytest.mark.parametrize("path", EVERY)
def test_every_address_answers_in_three_forms_that_say_the_same(viewer: Any, path: str) -> None:
    rows = get(viewer, path).json()
    if isinstance(rows, dict):
        rows = [rows["progress"]]
    csv = pd.read_csv(io.StringIO(get(viewer, form(path, "csv")).text))
    parquet = pd.read_parquet(io.BytesIO(get(viewer, form(path, "parquet")).content))
    assert list(csv.columns) == list(parquet.columns)
    assert len(csv) == len(parquet) == len(rows)
    if rows:
        assert list(parquet.columns) == list(rows[0])
        for name in parquet.columns:
            known = [row[name] is not None for row in rows]
            assert list(parquet[name].notna()) == known, name


def test_an_accept_header_chooses_the_form_and_the_parameter_goes_before_it(viewer: Any) -> None:
    kind = "application/vnd.apache.parquet"
    assert get(viewer, "datasets", Accept="text/csv").headers["content-type"].startswith("text/csv")
    assert get(viewer, "datasets", Accept=f"{kind}, */*;q=0.1").headers["content-type"] == kind
    answer = get(viewer, "datasets?format=json", Accept="text/csv")
    assert answer.headers["content-type"] == "application/json"
    answer = get(viewer, "datasets", 406, Accept="image/png")
    assert answer.json()["detail"].startswith("Only JSON, CSV and Parquet")
    assert answer.headers["content-type"] == "application/problem+json"


def test_columns_of_a_parquet_file_have_their_types_where_nothing_is_known(viewer: Any) -> None:
    content = get(viewer, "progress?county=Nowhere&format=parquet").content
    empty = pd.read_parquet(io.BytesIO(content), dtype_backend="pyarrow")
    assert len(empty) == 0
    kinds = {name: str(kind) for name, kind in empty.dtypes.items()}
    assert kinds["pledged_on"] == "date32[day][pyarrow]"
    assert kinds["sworn"] == "int64[pyarrow]"
    assert kinds["compliant_today"] == "bool[pyarrow]"
    assert kinds["pace_per_month"] == "double[pyarrow]"


# --- pages of rows --------------------------------------------------------------------------------


def followed(client: Any, path: str, relation: str = "next") -> list[Any]:
    rows, address = [], f"{BASE}/{path}"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        rows += answer.json()
        links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers.get("link", "")))
        address = next((where for where, name in links.items() if name == relation), "")
    return rows


@pytest.mark.parametrize("path", ["progress", "departments", "datasets/training",
                                  "metrics/pledged?by=county"])  # fmt: skip
def test_pages_together_are_all_rows_in_order(viewer: Any, path: str) -> None:
    limited = f"{path}{'&' if '?' in path else '?'}limit=2"
    everything = get(viewer, path)
    assert len(everything.json()) > 2
    assert followed(viewer, limited) == everything.json()
    assert get(viewer, limited).headers["x-total-count"] == str(len(everything.json()))
    assert "link" not in everything.headers


def test_the_last_page_leads_back(viewer: Any) -> None:
    link = get(viewer, "progress?limit=2&offset=4").headers["link"]
    assert re.search(r'offset=2[^>]*>; rel="prev"', link)
    assert 'rel="next"' not in link
    assert get(viewer, "progress?limit=2&offset=999").json() == []


def test_a_publish_meanwhile_moves_no_row_of_the_next_page(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.guarded import guarded

    made: Campaign = campaign(departments=f"{TEXT}B,Bath,municipal,ME\nC,Calais,municipal,ME\n")
    with guarded(made.folder, monkeypatch) as server:
        viewer = server.client("viewer")
        first = viewer.get(f"{BASE}/departments?limit=1")
        made.publish(departments=f"{TEXT}A,Avon,municipal,ME\n")
        (where,) = re.findall(r'<([^>]+)>; rel="next"', first.headers["link"])
        second = viewer.get(where)
        assert [row["department_id"] for row in (*first.json(), *second.json())] == ["B", "C"]
        assert second.headers["x-version"] == "1"
        changes = viewer.get(f"{BASE}/versions/1/changes/2").json()
        assert [(row["kind"], row["key"]) for row in changes] == [
            ("added", '{"department_id": "A"}')
        ]
        both = [row["version"] for row in viewer.get(f"{BASE}/versions").json()]
        assert both == [2, 1]
        told = server.client("staff").get(f"{BASE}/versions").json()
        assert {row["message"] for row in told} == {"test"}
        assert {row["message"] for row in viewer.get(f"{BASE}/versions").json()} == {None}


# --- nothing changed ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EVERY)
def test_an_answer_that_is_known_is_not_sent_again(viewer: Any, path: str) -> None:
    answer = get(viewer, path)
    assert answer.headers["cache-control"] == "private, no-cache"
    again = get(viewer, path, 304, **{"If-None-Match": answer.headers["etag"]})
    assert again.content == b""
    assert again.headers["etag"] == answer.headers["etag"]
    other = get(viewer, form(path, "csv"), **{"If-None-Match": answer.headers["etag"]})
    assert other.headers["etag"] != answer.headers["etag"]


def test_the_same_question_of_another_sight_day_or_filter_has_another_tag(
    served: Served, viewer: Any, partner: Any
) -> None:
    yesterday = date.today() - timedelta(days=1)
    tags = [
        get(client, path).headers["etag"]
        for client in (viewer, partner, served.server.client("staff"))
        for path in ("progress", f"progress?as_of={yesterday}", "progress?county=Essex")
    ]
    assert len(set(tags)) == len(tags)


def test_parameters_in_another_order_are_the_same_question(viewer: Any) -> None:
    one, two = "progress?county=Essex&state=MA", "progress?state=MA&county=Essex"
    assert get(viewer, one).headers["etag"] == get(viewer, two).headers["etag"]


# --- problems -------------------------------------------------------------------------------------

WRONG = {
    "progress?sate=MA": "There is no parameter 'sate' here.",
    "progress?limit=0": "It takes a whole number from 1 to 100,000.",
    "progress?limit=1&limit=2": "'limit' may be given once only.",
    "progress?as_of=9/20/2017": "Write a day as 2017-09-20.",
    "progress?stage=done": "Choose one of: completed,",
    "progress?state=": "'state' takes 1 to 200 letters.",
    "metrics/pledged?by=shoe": "Choose one of: state, county,",
    "datasets?limit=1": "There is no parameter 'limit' here.",
    "progress?token=abc": "There is no parameter 'token' here.",
}


@pytest.mark.parametrize("path", WRONG)
def test_what_can_t_be_understood_is_named(viewer: Any, path: str) -> None:
    answer = get(viewer, path, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert WRONG[path] in told["errors"][0]["detail"]
    assert (told["status"], told["title"]) == (422, "Unprocessable Entity")
    assert path.partition("?")[2].startswith(told["errors"][0]["parameter"])


@pytest.mark.parametrize(
    "path",
    ["nowhere", "departments/none", "departments/a%00b", "metrics/none", "datasets/none",
     "progress?version=99", "versions/1/changes/99", "versions/x/changes/1", "progress/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(viewer: Any, path: str) -> None:
    answer = get(viewer, path, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_changed(viewer: Any, method: str) -> None:
    answer = viewer.request(method, f"{BASE}/progress")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"


def test_head_and_options_say_what_there_is_and_nothing_to_other_sites(viewer: Any) -> None:
    answer = viewer.get(f"{BASE}/progress")
    head = viewer.head(f"{BASE}/progress")
    assert head.content == b""
    for name in ("etag", "content-type", "content-length", "x-total-count"):
        assert head.headers[name] == answer.headers[name]
    options = viewer.options(f"{BASE}/progress", headers={"Origin": "https://other.example"})
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    for told in (answer, options):
        assert not [name for name in told.headers if name.startswith("access-control")]


def test_an_error_of_ours_is_a_problem_too(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(metrics, "progress", broken)
    answer = served.server.client("viewer").get(f"{BASE}/progress")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "broken" not in answer.text


def test_what_takes_too_long_is_said_and_not_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from onemind.server.api import endpoints

    go, progress = threading.Event(), metrics.progress

    def slow(*given: Any) -> Any:
        go.wait(30)
        return progress(*given)

    monkeypatch.setattr(metrics, "progress", slow)
    monkeypatch.setattr(endpoints, "SECONDS", 0.2)
    with served.server.client("viewer") as client:
        answer = client.get(f"{BASE}/progress")
        go.set()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


def test_the_page_and_the_description_name_every_address(viewer: Any) -> None:
    described = viewer.get(f"{BASE}/openapi.json").json()
    shown = viewer.get(f"{BASE}/").text
    assert described["openapi"] == "3.1.0"
    for item in RESOURCES:
        assert f"/{item.path}" in described["paths"]
        assert f"/api/v1/{item.path}" in shown
        assert item.title and item.description.endswith(".")
    assert "<script" not in shown
    assert viewer.get(BASE).headers["location"] == f"{BASE}/"


def test_an_answer_before_anything_is_published_is_empty(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.guarded import guarded

    with guarded(tmp_path, monkeypatch) as server:
        viewer = server.client("viewer")
        for path in ("departments", "progress", "versions", "datasets/pledges"):
            answer = viewer.get(f"{BASE}/{path}")
            assert (answer.status_code, answer.json()) == (200, []), path
        assert viewer.get(f"{BASE}/metrics/pledged").json()[0]["value"] == 0
        assert viewer.get(f"{BASE}/versions/1/changes/1").status_code == 404
