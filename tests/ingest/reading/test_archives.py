"""Archives of files: what tables they hold, and how the unsound are refused."""

import os
import struct
from pathlib import Path

from tests.ingest.reading.test_workbooks import (
    HEAD,
    MB,
    READ,
    ROW,
    XLS,
    opened,
    refusal,
    refusals,
    rows,
    xlsx,
    zipped,
)


def test_an_archive_gives_the_tables_of_its_files(tmp_path: Path) -> None:
    book = xlsx(tmp_path / "book.xlsx", A=[HEAD, ROW], B=[HEAD, ROW]).read_bytes()
    members: dict[str, str | bytes] = {
        "training.csv": "a,b\n1,2\n",
        "year 1/book.xlsx": book,
        "old.xls": XLS,
    }
    found = opened(zipped(tmp_path / "all.zip", **members))
    assert [table.name for table in found] == [
        "all.zip/training.csv",
        "all.zip/year 1/book.xlsx, sheet A",
        "all.zip/year 1/book.xlsx, sheet B",
        "all.zip/old.xls",
    ]
    assert [table.sheet for table in found] == [None, "A", "B", "Old"]
    assert [rows(table) for table in found] == [[["a", "b"], ["1", "2"]], READ, READ, READ]


def test_what_a_computer_leaves_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    left = ("__MACOSX/._a.csv", ".DS_Store", "year/.hidden", "year/~$book.xlsx", "year/")
    path = zipped(tmp_path / "all.zip", **dict.fromkeys(left, "x"), **{"year/a.csv": "a\n1\n"})
    assert [table.name for table in opened(path)] == ["all.zip/year/a.csv"]


def test_a_member_cannot_be_written_elsewhere(tmp_path: Path) -> None:
    names = ("../../evil.csv", "/evil.csv", "C:\\evil.csv", "a\nb.csv")
    found = opened(zipped(tmp_path / "all.zip", **dict.fromkeys(names, "a\n1\n")))
    work = tmp_path / "work"
    assert len({table.path.resolve() for table in found}) == len(names)
    assert all(table.path.resolve().is_relative_to(work.resolve()) for table in found)
    assert {path.name for path in tmp_path.iterdir()} == {"all.zip", "work"}
    assert found[3].name == "all.zip/a b.csv"


def test_an_archive_in_an_archive_is_not_opened_and_all_faults_are_told(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", **{"a.csv": "a\n1\n"}).read_bytes()
    members: dict[str, str | bytes] = {"inner.zip": inner, "a.csv": "a\n1\n", "cut.xls": XLS[:2000]}
    [nested, cut] = refusals(zipped(tmp_path / "all.zip", **members))
    assert nested[:2] == ("all.zip/inner.zip", "file-error")
    assert "is an archive inside an archive, which can't be opened. Unpack it" in nested[2]
    assert cut[:2] == ("all.zip/cut.xls", "file-error")


def test_an_archive_without_files_is_refused(tmp_path: Path) -> None:
    assert "has no files" in refusal(zipped(tmp_path / "all.zip"))[1]
    assert "has no files" in refusal(zipped(tmp_path / "all.zip", **{"folder/": ""}))[1]


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    members = {f"{number}.csv": "a\n1\n" for number in range(201)}
    code, message = refusal(zipped(tmp_path / "all.zip", **members))
    assert code == "size-error"
    assert "holds 201 files; the limit is 200. Split it" in message
    members.popitem()
    assert len(opened(zipped(tmp_path / "all.zip", **members))) == 200


def test_an_archive_that_unpacks_to_more_than_allowed_is_refused(tmp_path: Path) -> None:
    noise = os.urandom(300_000).hex()
    path = zipped(tmp_path / "all.zip", **{"a.csv": noise, "b.csv": noise})
    assert len(opened(path, 1_300_000)) == 2
    code, message = refusal(path, 1_100_000)
    assert code == "size-error"
    assert "is too large once unpacked" in message
    assert refusal(path, 1_000)[0] == "size-error"


def test_an_archive_packed_too_well_is_refused(tmp_path: Path) -> None:
    sound = zipped(tmp_path / "sound.zip", **{"a.csv": bytes(9 * MB)})
    assert len(opened(sound)) == 1
    code, message = refusal(zipped(tmp_path / "bomb.zip", **{"a.csv": bytes(11 * MB)}))
    assert code == "size-error"
    assert "is packed over 200 times smaller than its contents" in message


def patched(path: Path, local: int, central: int, value: bytes) -> Path:
    """Write `value` into the first member's two headers, each at its own offset."""
    content = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = content.find(magic) + offset
        content[at : at + len(value)] = value
    path.write_bytes(content)
    return path


def test_an_archive_is_not_believed_about_its_sizes(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", **{"a.csv": "a,b\n" * 1000})
    code, message = refusal(patched(path, 22, 24, struct.pack("<I", 40)))
    assert (code, "is damaged" in message) == ("file-error", True)


def test_an_archive_under_a_password_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", **{"a.csv": "a\n1\n"})
    code, message = refusal(patched(path, 6, 8, b"\x01"))
    assert (code, "is protected by a password" in message) == ("file-error", True)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    sound = zipped(tmp_path / "all.zip", **{"a.csv": os.urandom(5000).hex()}).read_bytes()
    for content in (sound[:2000], sound[:60] + bytes(500) + sound[560:], sound[:4]):
        (tmp_path / "all.zip").write_bytes(content)
        code, message = refusal(tmp_path / "all.zip")
        assert (code, "is damaged" in message) == ("file-error", True)
