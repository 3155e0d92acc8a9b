"""The secret behind pseudonyms is backed up into a file of one's own, and put back."""

from __future__ import annotations

from pathlib import Path

import pytest

from onemind import cli


def test_a_backup_is_the_owner_s_alone_and_goes_into_another_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    file = tmp_path / "secret.txt"
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "one"))
    assert cli.main(["pseudonyms", "backup", str(file)]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    secret = file.read_text().strip()
    assert secret not in capsys.readouterr().out
    assert cli.main(["pseudonyms", "backup", str(file)]) == 2
    assert cli.main(["pseudonyms", "restore", str(file)]) == 0
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "two"))
    assert cli.main(["pseudonyms", "restore", str(file)]) == 0
    again = tmp_path / "again.txt"
    assert cli.main(["pseudonyms", "backup", str(again)]) == 0
    assert again.read_text().strip() == secret


@pytest.mark.parametrize(("content", "code"), [("x", 2), ("zz" * 32, 2), (None, 3)])
def test_what_is_no_backup_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, code: int
) -> None:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    file = tmp_path / "secret.txt"
    if content is not None:
        file.write_text(content)
    assert cli.main(["pseudonyms", "restore", str(file)]) == code
