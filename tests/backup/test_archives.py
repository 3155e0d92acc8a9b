"""Archives of any origin: what is not as a backup lists itself is refused and leaves nothing."""

from __future__ import annotations

import gzip
import os
import sqlite3
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from onemind import backup
from onemind.backup.archive import unpack
from onemind.errors import NotPossibleNow, WrongUse
from onemind.settings import Settings
from tests.backup.conftest import Full
from tests.support.archives import Loose, changed, foreign

Change = Callable[[Loose], None]


def other_bytes(loose: Loose) -> None:
    body = loose.members[loose.member("data/")]
    loose.members[loose.member("data/")] = body[:40] + bytes([body[40] ^ 1]) + body[41:]


def broken_gzip(loose: Loose) -> None:
    name = loose.member("state.sqlite")
    loose.members[name] = loose.members[name][:-30] + bytes(30)


def bomb(loose: Loose) -> None:
    """A file that unpacks to far more than its list says."""
    entry = loose.entry("state.sqlite")
    stored = gzip.compress(bytes(200_000_000))
    loose.members[loose.member("state.sqlite")] = stored
    entry["stored"] = len(stored)


def larger_than_the_disk(loose: Loose) -> None:
    loose.entry("data/")["size"] = 1 << 49


def named(name: str) -> Change:
    """Return a change that gives a file another name, in the list and in the archive."""

    def change(loose: Loose) -> None:
        before = loose.member("data/")
        loose.entry("data/")["name"] = name
        loose.members = {name if k == before else k: v for k, v in loose.members.items()}

    return change


def kind(of: bytes) -> Change:
    """Return a change that makes a file a link or a device."""

    def change(loose: Loose) -> None:
        loose.kinds[loose.member("data/")] = of

    return change


def one_more_member(loose: Loose) -> None:
    loose.members["data/main/departments/evil.parquet"] = b"PAR1"


def one_member_less(loose: Loose) -> None:
    del loose.members[loose.member("originals/")]


def one_file_less(loose: Loose) -> None:
    """Neither listed nor there: only the catalog knows."""
    del loose.members[loose.member("data/")]
    loose.manifest["files"].remove(loose.entry("data/"))


def no_catalog(loose: Loose) -> None:
    del loose.members[loose.member("catalog.sqlite")]
    loose.manifest["files"].remove(loose.entry("catalog.sqlite"))


def another_order(loose: Loose) -> None:
    loose.members = dict(reversed(loose.members.items()))


def listed_twice(loose: Loose) -> None:
    loose.manifest["files"].append(dict(loose.entry("data/")))


def unproven(loose: Loose) -> None:
    loose.proven = False


def newer(loose: Loose) -> None:
    loose.manifest |= {"format": 2, "product_version": "9.1.0"}


def another_product(loose: Loose) -> None:
    loose.manifest["product"] = "something else"


def unknown_column(loose: Loose) -> None:
    loose.manifest["schema"]["pledges"].append("color")
    loose.manifest["product_version"] = "9.1.0"


def other_numbers(loose: Loose) -> None:
    loose.manifest["versions"][1]["rows"]["training"] += 1


def a_version_more(loose: Loose) -> None:
    last = loose.manifest["versions"][-1]
    loose.manifest["versions"].append(last | {"version": 5})
    loose.manifest["newest"] = 5


def another_store(loose: Loose) -> None:
    loose.manifest["store"] = "00000000-0000-0000-0000-000000000000"


def database(name: str, *statements: str) -> Change:
    """Return a change of a database in the archive, with an honest checksum."""

    def change(loose: Loose) -> None:
        path = Path(os.environ["TAMPERING"])
        path.write_bytes(loose.content(name))
        with closing(sqlite3.connect(path)) as con:
            for statement in statements:
                con.execute(statement)
            con.commit()
        loose.put(name, path.read_bytes())
        path.unlink()

    return change


def no_database(loose: Loose) -> None:
    loose.put("catalog.sqlite", b"SQLite format 3\0" + bytes(5000))


ELSEWHERE = "update ducklake_data_file set path = '/etc/passwd', path_is_relative = 0"
UPWARD = "update ducklake_data_file set path = '../../../' || path"
DELETION = (
    "insert into ducklake_files_scheduled_for_deletion values (1, '/etc/passwd', 0, '2020-01-01')"
)
VIEW = (
    "insert into ducklake_view values (9, 'u', 1, null, 0, 'v', 'duckdb', "
    "'from read_csv(''/etc/passwd'')', '')"
)
TRIGGER = "create trigger t after insert on people begin delete from people; end"
CHANGES: dict[str, tuple[Change, str]] = {
    "other bytes": (other_bytes, "data/.* is not as it was written"),
    "broken gzip": (broken_gzip, "state.sqlite is not as it was written"),
    "a bomb": (bomb, "state.sqlite is not as it was written"),
    "a path upward": (named("data/../../evil"), "is not a backup"),
    "an absolute path": (named("/tmp/evil"), "is not a backup"),
    "a hidden file": (named("data/.ssh"), "is not a backup"),
    "another place": (named("bin/evil"), "is not a backup"),
    "a symbolic link": (kind(tarfile.SYMTYPE), "is damaged"),
    "a hard link": (kind(tarfile.LNKTYPE), "is damaged"),
    "a device": (kind(tarfile.CHRTYPE), "is damaged"),
    "a pipe": (kind(tarfile.FIFOTYPE), "is damaged"),
    "a long name": (kind(tarfile.GNUTYPE_LONGNAME), "is damaged"),
    "one member more": (one_more_member, "is damaged"),
    "one member less": (one_member_less, "is damaged"),
    "one file less": (one_file_less, "does not hold the files"),
    "no catalog": (no_catalog, "no catalog"),
    "another order": (another_order, "is damaged"),
    "a file twice": (listed_twice, "is not a backup"),
    "an unproven list": (unproven, "manifest.json is not as it was written"),
    "a newer format": (newer, r"newer dashboard \(9.1.0\)"),
    "another product": (another_product, "is not a backup"),
    "a newer column": (unknown_column, "does not know: pledges. Install version 9.1.0"),
    "other numbers": (other_numbers, "Version 2 has 2 rows of training instead of 3"),
    "a version more": (a_version_more, "It has 4 versions instead of 5"),
    "another store": (another_store, "another one than the backup names"),
    "a file elsewhere": (database("catalog.sqlite", ELSEWHERE), "outside the store's folder"),
    "a file upward": (database("catalog.sqlite", UPWARD), "outside the store's folder"),
    "a file to delete": (database("catalog.sqlite", DELETION), "no store of ours"),
    "a view": (database("catalog.sqlite", VIEW), "no store of ours"),
    "a trigger": (database("state.sqlite", TRIGGER), "not as we write it"),
    "no tables": (
        database("catalog.sqlite", "drop table ducklake_data_file"), "can't be read",
    ),
    "no database": (no_database, "can't be read"),
}  # fmt: skip


@pytest.mark.parametrize("fault", CHANGES)
def test_an_archive_that_is_not_what_it_says_is_refused_and_leaves_nothing(
    full: Full, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setenv("TAMPERING", str(tmp_path / "tampering"))
    change, message = CHANGES[fault]
    file = changed(full.file, tmp_path / "b.tar", change)
    with pytest.raises(backup.BackupRefused, match=message) as refusal:
        backup.restore(file, Settings(store=tmp_path / "store"))
    assert len(str(refusal.value)) < 300
    assert {path.name for path in tmp_path.iterdir()} == {"b.tar"}
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(backup.BackupRefused):
        backup.restore(file, Settings(store=empty))
    assert list(empty.iterdir()) == []


def test_put_together_unchanged_it_is_restored(full: Full, tmp_path: Path) -> None:
    """Else the tests above would refuse everything."""
    file = changed(full.file, tmp_path / "b.tar", lambda loose: None)
    assert backup.restore(file, Settings(store=tmp_path / "store")).newest == 4


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.02, 0.5, 0.9, 0.999])
def test_one_cut_short_is_refused(full: Full, tmp_path: Path, kept: float) -> None:
    content = full.file.read_bytes()
    file = tmp_path / "b.tar"
    file.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(backup.BackupRefused, match=r"cut short|not a backup"):
        backup.restore(file, Settings(store=tmp_path / "store"))
    assert not unpack.is_whole(file)
    assert {path.name for path in tmp_path.iterdir()} == {"b.tar"}


def test_something_behind_its_end_is_refused(full: Full, tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    file.write_bytes(full.file.read_bytes() + b"x")
    with pytest.raises(backup.BackupRefused, match="behind its end"):
        backup.restore(file, Settings(store=tmp_path / "store"))


def test_what_is_no_backup_is_named_so(tmp_path: Path) -> None:
    noise = tmp_path / "noise.tar"
    noise.write_bytes(os.urandom(5000))
    for file in (foreign(tmp_path / "foreign.tar"), noise):
        with pytest.raises(backup.BackupRefused, match=f"{file.name} is not a backup"):
            backup.restore(file, Settings(store=tmp_path / "store"))
    with pytest.raises(NotPossibleNow, match="There is no backup in"):
        backup.restore(tmp_path, Settings(store=tmp_path / "store"))
    os.mkfifo(tmp_path / "pipe.tar")
    with pytest.raises(WrongUse, match="There is no backup"):
        backup.restore(tmp_path / "pipe.tar", Settings(store=tmp_path / "store"))


def test_a_size_beyond_the_disk_is_refused_before_anything_is_written(
    full: Full, tmp_path: Path
) -> None:
    file = changed(full.file, tmp_path / "b.tar", larger_than_the_disk)
    with pytest.raises(NotPossibleNow, match=r"needs .* MB .* are free"):
        backup.restore(file, Settings(store=tmp_path / "store"))
    assert {path.name for path in tmp_path.iterdir()} == {"b.tar"}


def test_a_bomb_is_left_at_the_size_that_the_list_says(full: Full, tmp_path: Path) -> None:
    file = changed(full.file, tmp_path / "b.tar", bomb)
    begun = time.process_time()
    with pytest.raises(backup.BackupRefused):
        unpack.read(file, tmp_path)
    assert (tmp_path / "state.sqlite").stat().st_size < 3 << 20
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("made_at",), 5), (("made_at",), "yesterday"), (("store",), None), (("newest",), "4"),
        (("versions",), {"a": 1}), (("versions", 0, "rows"), []), (("versions", 0, "version"), -1),
        (("versions", 0, "rows", "training"), 1.5), (("versions", 0, "rows", "training"), 1 << 60),
        (("files",), 7), (("files", 0, "size"), -1), (("files", 0, "size"), True),
        (("files", 0, "sha256"), "x"), (("files", 0, "packed"), 1), (("files", 0, "name"), 5),
        (("files", 0, "more"), 5), (("schema",), []), (("schema", "pledges"), 5),
    ],
)  # fmt: skip
def test_a_list_of_other_things_is_refused(
    full: Full, tmp_path: Path, path: tuple[str | int, ...], value: object
) -> None:
    def change(loose: Loose) -> None:
        place: object = loose.manifest
        for step in path[:-1]:
            place = place[step]  # type: ignore[index]
        place[path[-1]] = value  # type: ignore[index]

    file = changed(full.file, tmp_path / "b.tar", change)
    with pytest.raises(backup.BackupRefused, match="is not a backup"):
        unpack.listed(file)


@pytest.mark.parametrize("text", [b"[" * 100_000, b"{}", b"[]", b"\xff", b"9" * 5000, b"null"])
def test_a_list_that_is_no_list_is_refused(tmp_path: Path, text: bytes) -> None:
    body = text.ljust(-(-len(text) // 512) * 512)
    info = tarfile.TarInfo("manifest.json")
    info.size = len(body)
    (tmp_path / "b.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + body + bytes(1024))
    with pytest.raises(backup.BackupRefused, match="is not a backup"):
        unpack.listed(tmp_path / "b.tar")
