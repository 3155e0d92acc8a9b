"""Files in a folder are kept whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from onemind.errors import NotPossibleNow
from onemind.files import FolderFiles, files_of
from onemind.settings import Settings


def test_a_file_is_kept_found_replaced_and_removed(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "kind")
    assert not files.has("a")
    files.put("a", b"one")
    (tmp_path / "source").write_bytes(b"two")
    files.put("a", tmp_path / "source")
    assert files.has("a") and files.path("a").read_bytes() == b"two"
    assert [path.name for path in files.mirror().iterdir()] == ["a"]
    files.remove("a")
    files.remove("a")
    assert not files.has("a")


def test_what_fails_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.put("a", b"one")
    with pytest.raises(NotPossibleNow, match="can't be written"):
        files.put("a", tmp_path / "missing")
    assert files.path("a").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_they_lie_in_the_store_or_in_the_folder_that_all_share(tmp_path: Path) -> None:
    alone = Settings(store=tmp_path / "store")
    assert files_of(alone, "staged").path("a") == tmp_path / "store" / "staged" / "a"
    shared = Settings(store=tmp_path / "store", catalog="postgresql://x", data=tmp_path / "data")
    assert files_of(shared, "staged").path("a") == tmp_path / "data" / "staged" / "a"
