"""The doctor: what is fit and what is not, each in a sentence; what is unsafe, with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onemind import __version__, access, doctor, settings
from onemind.access.people import Actor
from onemind.appdb import AppDatabase
from onemind.campaign import DATASETS
from onemind.doctor import Finding, examine
from onemind.settings import Provider, Settings
from tests.conftest import Campaign

DEPARTMENTS = "department_id,name,type,state\nA,Avon,municipal,MA\n"
NOW = datetime(2026, 6, 30, tzinfo=UTC)
PROVIDER = Provider("company", "Company", "https://x.example", "id", "secret")


def unfit(chosen: Settings) -> dict[str, str]:
    return {item.subject: item.says for item in examine(chosen) if not item.sound}


def test_a_new_installation_is_fit(tmp_path: Path):
    findings = {item.subject: item for item in examine(Settings(store=tmp_path))}
    assert all(item.sound for item in findings.values())
    assert findings["dashboard"].says == __version__
    assert {"python", "package duckdb", "contracts", "metrics", "store"} <= set(findings)
    assert {"file states.csv", "file counties.geojson", "file departments.csv"} <= set(findings)
    assert [findings[f"dataset {name}"].says for name in DATASETS] == ["0 rows"] * 9
    assert findings["contracts"].says == "9 sound"
    assert findings["store"].says == f"{tmp_path}, 0 versions"


def test_it_counts_versions_and_rows(empty: Campaign):
    empty.publish(departments=DEPARTMENTS)
    findings = {item.subject: item.says for item in examine(empty.store.settings)}
    assert findings["store"].endswith("1 versions") or findings["store"].endswith("1 version")
    assert findings["dataset departments"].startswith("1 row")


def test_a_file_missing_from_the_store_is_found(empty: Campaign):
    empty.publish(departments=DEPARTMENTS, pledges="department_id,pledged_on\nA,2018-01-01\n")
    [lost] = (empty.store.settings.store / "data").rglob("departments/*.parquet")
    lost.unlink()
    found = unfit(empty.store.settings)
    assert list(found) == ["dataset departments"]
    assert "can't be read" in found["dataset departments"]


def test_a_file_damaged_in_the_store_is_found(empty: Campaign):
    empty.publish(departments=DEPARTMENTS)
    [damaged] = (empty.store.settings.store / "data").rglob("departments/*.parquet")
    damaged.write_bytes(damaged.read_bytes()[:40])
    assert list(unfit(empty.store.settings)) == ["dataset departments"]


def test_a_store_that_can_not_be_opened_is_found(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    found = unfit(Settings(store=tmp_path / "file"))
    assert list(found) == ["store", "people and sessions"]
    assert "can't be opened" in found["store"]


def test_unsound_rules_are_found(tmp_path: Path):
    (tmp_path / "courses.toml").write_text("course: MHFA")
    found = unfit(Settings(store=tmp_path / "store", rules=tmp_path))
    assert "The rules can't be read" in " ".join(found.values())


def test_packages_of_other_versions_and_files_that_are_missing_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    wanted = "# pins\nduckdb==0.0.1\nno-such-package==1.2\nfilelock\n"
    wanted += 'not-here==1.0; sys_platform == "other"\nplotly==0.0.2; sys_platform != "other"\n'
    (tmp_path / "requirements.txt").write_text(wanted)
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(doctor, "SAMPLE", tmp_path)
    found = unfit(Settings(store=tmp_path / "store"))
    assert found.pop("package no-such-package") == "missing; 1.2 is pinned"
    assert found.pop("package duckdb").endswith("; 0.0.1 is pinned")
    assert found.pop("package plotly").endswith("; 0.0.2 is pinned")
    assert found == {"file departments.csv": "missing"}


def test_a_finding_is_a_record_for_json():
    record = Finding("python", True, "3.11.7").record()
    assert record == {"subject": "python", "sound": True, "says": "3.11.7"}


# --- who may come in ------------------------------------------------------------------------------


def said(chosen: Settings) -> dict[str, str]:
    return {item.subject: item.says for item in examine(chosen)}


def test_a_new_installation_is_safe_and_answers_this_computer_only(tmp_path: Path) -> None:
    assert unfit(Settings(store=tmp_path)) == {}
    assert "this computer only" in said(Settings(store=tmp_path))["sign-in"]


def test_it_says_who_sees_what_and_signs_in_how(tmp_path: Path) -> None:
    appdb = AppDatabase(tmp_path)
    access.people.add(appdb, "ann@example.org", "admin", Actor("x"), NOW, "correct horse battery")
    appdb.close()
    chosen = Settings(store=tmp_path, public="state=MA", url="https://onemind.example.org")
    assert unfit(chosen) == {}
    assert said(chosen)["public view"] == "visitors without an account see Massachusetts"
    assert said(chosen)["sign-in"] == "with password"
    assert said(chosen)["admins"] == "1 can sign in"


def test_what_is_unsafe_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Settings(store=tmp_path, public="planet=earth", proxies=("0.0.0.0/0",))
    assert set(unfit(chosen)) == {"public view", "ONEMIND_PROXIES"}
    plain = Settings(store=tmp_path, providers=(PROVIDER,), url="http://onemind.example.org")
    assert "not https" in unfit(plain)["ONEMIND_URL"]
    assert "people add" in unfit(plain)["admins"]
    claimed = replace(PROVIDER, roles_claim="roles")
    found = unfit(Settings(store=tmp_path, providers=(claimed,)))
    assert set(found) == {"ONEMIND_URL"}
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("")
    secrets.chmod(0o644)
    monkeypatch.setattr(doctor, "SECRETS", secrets)
    assert "chmod 600" in unfit(Settings(store=tmp_path))["file secrets.toml"]
    secrets.chmod(0o600)
    assert unfit(Settings(store=tmp_path)) == {}
    assert secrets != settings.SECRETS


def test_a_backup_that_failed_is_named(tmp_path: Path) -> None:
    assert "No backup has been made" in said(Settings(store=tmp_path))["backups"]
    appdb = AppDatabase(tmp_path)
    appdb.activity.add(NOW, "schedule", "backup failed", "/mnt", "", {"why": "The disk is full."})
    appdb.close()
    assert "The disk is full." in unfit(Settings(store=tmp_path))["backups"]
