"""The doctor on who may come in: what is unsafe is named, with what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from onemind import access, doctor, settings
from onemind.access.people import Hand
from onemind.appdb import AppDatabase
from onemind.settings import Provider, Settings

NOW = datetime(2026, 6, 30, tzinfo=UTC)
PROVIDER = Provider("company", "Company", "https://x.example", "id", "secret")


def unsafe(chosen: Settings) -> dict[str, str]:
    return {item.subject: item.says for item in doctor.examine(chosen) if not item.sound}


def said(chosen: Settings) -> dict[str, str]:
    return {item.subject: item.says for item in doctor.examine(chosen)}


def test_a_new_installation_is_safe_and_answers_this_computer_only(tmp_path: Path) -> None:
    assert unsafe(Settings(store=tmp_path)) == {}
    assert "this computer only" in said(Settings(store=tmp_path))["sign-in"]


def test_it_says_who_sees_what_and_signs_in_how(tmp_path: Path) -> None:
    appdb = AppDatabase(tmp_path)
    access.people.add(appdb, "ann@example.org", "admin", Hand("x"), NOW, "correct horse battery")
    appdb.close()
    chosen = Settings(store=tmp_path, public="state=MA", url="https://onemind.example.org")
    assert unsafe(chosen) == {}
    assert said(chosen)["public view"] == "visitors without an account see Massachusetts"
    assert said(chosen)["sign-in"] == "with password"
    assert said(chosen)["admins"] == "1 can sign in"


def test_what_is_unsafe_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Settings(store=tmp_path, public="planet=earth", proxies=("0.0.0.0/0",))
    assert set(unsafe(chosen)) == {"public view", "ONEMIND_PROXIES"}
    plain = Settings(store=tmp_path, providers=(PROVIDER,), url="http://onemind.example.org")
    assert "not https" in unsafe(plain)["ONEMIND_URL"]
    assert "people add" in unsafe(plain)["admins"]
    claimed = replace(PROVIDER, roles_claim="roles")
    found = unsafe(Settings(store=tmp_path, providers=(claimed,)))
    assert set(found) == {"ONEMIND_URL"}
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("")
    secrets.chmod(0o644)
    monkeypatch.setattr(doctor, "SECRETS", secrets)
    assert "chmod 600" in unsafe(Settings(store=tmp_path))["file secrets.toml"]
    secrets.chmod(0o600)
    assert unsafe(Settings(store=tmp_path)) == {}
    assert secrets != settings.SECRETS
