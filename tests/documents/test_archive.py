"""All data in one zip: publish takes it back unchanged, and programs know what is in it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml

from onemind import cli, documents, ingest, publishing
from onemind.campaign import DATASETS, contract
from onemind.documents import Citation
from onemind.errors import NothingChanged, NotPossibleNow
from tests.conftest import TODAY, Campaign, campaigning

TEXTS = {
    "departments": 'department_id,name,type,state\nD1,"\'=1+1",municipal,MA\nD2,Lee,municipal,MA\n',
    "pledges": "department_id,pledged_on,precision\nD1,2017-09-20,\nD2,2017-09-01,month\n",
    "training": "department_id,officer_id,course,completed_on,sworn\nD1,A-1,MHFA,2018-01-01,yes\n",
}


def publish(made: Campaign, content: bytes, **options: Any) -> Any:
    path = made.folder / "all.zip"
    path.write_bytes(content)
    upload = [ingest.Upload(path, path.name)]
    return publishing.publish(made.store, upload, made.options(**options), "tester", "again")[0]


def rows(made: Campaign) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(documents.archive(made.store))) as packed:
        return {name: packed.read(name) for name in packed.namelist() if name.endswith(".csv")}


@pytest.mark.parametrize("mode", ["update", "replace"])
def test_what_is_exported_is_published_back_and_changes_nothing(
    campaign: Callable[..., Campaign], mode: str
) -> None:
    made = campaign(**TEXTS)
    with pytest.raises(NothingChanged):
        publish(made, documents.archive(made.store), mode=mode)


def test_the_whole_sample_goes_into_another_store_and_is_the_same_there(
    sample: Campaign, tmp_path: Path
) -> None:
    with campaigning(tmp_path) as other:
        publish(other, documents.archive(sample.store))
        assert rows(other) == rows(sample)
        assert set(rows(sample)) == {f"{name}.csv" for name in DATASETS}


def test_an_older_version_is_exported_as_it_was_and_twice_the_same(
    campaign: Callable[..., Campaign],
) -> None:
    made = campaign(**TEXTS)
    first = documents.archive(made.store)
    made.publish(departments="department_id,name,type,state\nD3,Bath,municipal,ME\n")
    assert documents.archive(made.store, 1) == first
    assert b"Bath" in rows(made)["departments.csv"]


def test_the_data_package_holds(sample: Campaign, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(documents.archive(sample.store))) as packed:
        packed.extractall(tmp_path)
    described = json.loads((tmp_path / "datapackage.json").read_text())
    assert described["version"] == "1"
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["resource", "rowNumber", "fieldName", "type", "note"])
    assert report.stats["tasks"] == len(DATASETS)
    assert report.stats["errors"] == 0
    for resource in described["resources"]:
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(contract(resource["name"]).columns)
        assert all(field["title"] and field["description"] for field in fields)


def test_a_data_package_that_does_not_hold_is_seen_to_fail(
    campaign: Callable[..., Campaign], tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(documents.archive(campaign(**TEXTS).store))) as packed:
        packed.extractall(tmp_path)
    path = tmp_path / "pledges.csv"
    path.write_text(path.read_text().replace("D2,2017-09-01", "D9,soon"))
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    kinds = {kind for (kind,) in report.flatten(["type"])}
    assert {"hash-count", "type-error"} <= kinds


def test_a_dataset_without_rows_is_left_out_and_named_by_nobody(
    campaign: Callable[..., Campaign],
) -> None:
    made = campaign(departments=TEXTS["departments"])
    assert list(rows(made)) == ["departments.csv"]


def test_nothing_is_exported_before_anything_is_published(empty: Campaign) -> None:
    with pytest.raises(NotPossibleNow, match="Nothing is published yet"):
        documents.archive(empty.store)


AWKWARD = Citation('A & B: "100%" {x}_y # z', 7, TODAY, "https://example.org/a_b", False)


def test_a_citation_says_title_version_day_and_address() -> None:
    told = yaml.safe_load(AWKWARD.cff())
    assert told["cff-version"] == "1.2.0"
    assert told["title"] == 'A & B: "100%" {x}_y # z data'
    assert (told["version"], told["date-released"]) == ("7", TODAY.isoformat())
    assert told["url"] == "https://example.org/a_b"
    assert told["authors"] == [{"name": 'A & B: "100%" {x}_y # z'}]
    text = AWKWARD.bibtex()
    assert text.startswith("@misc{a-b-100-x-y-z-version-7,")
    assert r"A \& B: " in text
    assert r"100\%" in text
    assert r"\{x\}\_y \# z" in text
    assert "year = {2026}" in text


def test_the_sample_is_cited_as_made_up(sample: Campaign) -> None:
    version = sample.store.current()
    assert version is not None
    assert "made-up sample" in documents.cited("C", version, "").bibtex()
    assert "url" not in documents.cited("C", version, "").cff()


def test_the_command_writes_the_zip(
    campaign: Callable[..., Campaign],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made = campaign(**TEXTS)
    monkeypatch.setenv("ONEMIND_STORE", str(made.folder / "store"))
    file = tmp_path / "all.zip"
    assert cli.main(["export", "--all", "-o", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(file), "bytes": file.stat().st_size,
    }  # fmt: skip
    assert file.read_bytes() == documents.archive(made.store)
    assert cli.main(["check", str(file)]) == 0
    for words in (["--all"], ["pledges", "--all", "-o", "x.zip"], []):
        assert cli.main(["export", *words]) == 2
        assert "export --all -o FILE.zip" in capsys.readouterr().err
