"""Files that are missing or damaged are named, with what to do; what does not need them is read."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onemind import metrics
from onemind.backup.archive import pack
from onemind.backup.archive.manifest import Manifest
from onemind.errors import DataLost
from onemind.store import Store, compact
from onemind.store.care.depth import Depth, spans
from tests.conftest import Campaign, campaigning
from tests.support.troubles import command, data_files, flipped, truncated

DEPARTMENTS = "department_id,name,type,state,sworn_officers\nA,Avon,municipal,MA,10\n"
PLEDGES = "department_id,pledged_on\nA,2018-01-01\n"
REPAIR = "Restore it from a backup: python -m onemind doctor --repair BACKUP"
Spoil = Callable[[Path, random.Random], None]


def gone(path: Path, chance: random.Random) -> None:
    path.unlink()


KINDS = [(gone, "missing"), (flipped, "damaged"), (truncated, "damaged")]


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Campaign]:
    """A campaign of three versions: departments, pledges, one department more."""
    with campaigning(tmp_path) as found:
        found.publish(departments=DEPARTMENTS)
        found.publish(pledges=PLEDGES)
        found.publish(departments=DEPARTMENTS + "B,Bath,municipal,ME,5\n")
        yield found


def read(store: Store, version: int | None, dataset: str) -> list[Any]:
    return [*metrics.export.dataset(store, dataset, version).rows]


def place(campaign: Campaign) -> Path:
    return campaign.store.settings.store


def faults(depth: Depth) -> list[tuple[str, tuple[int, ...]]]:
    return [(fault.kind, fault.versions) for fault in depth.faults]


@pytest.mark.parametrize(("spoil", "fault"), KINDS, ids=("gone", "bit", "cut"))
def test_a_file_at_fault_is_named_and_all_else_is_read(
    campaign: Campaign, spoil: Spoil, fault: str
) -> None:
    pledges = data_files(place(campaign), "pledges")[0]
    content = pledges.read_bytes()
    spoil(pledges, random.Random(1))
    with pytest.raises(DataLost) as lost:
        read(campaign.store, None, "pledges")
    said = f"The data of version 3 can't be read: the file pledges/{pledges.name} is {fault}."
    assert str(lost.value) == f"{said} {REPAIR}"
    assert len(read(campaign.store, None, "departments")) == 2
    assert read(campaign.store, 1, "pledges") == []
    [trouble] = campaign.store.health.troubles()
    assert trouble.says == f"Data can't be read: pledges/{pledges.name} is missing or damaged."
    pledges.write_bytes(content)
    assert len(read(campaign.store, None, "pledges")) == 1
    assert campaign.store.health.troubles() == ()


@pytest.mark.parametrize("times", [3, pytest.param(30, marks=pytest.mark.long)])
def test_a_flipped_bit_never_shows_another_number(campaign: Campaign, times: int) -> None:
    path = data_files(place(campaign), "departments")[0]
    content, right = path.read_bytes(), read(campaign.store, 1, "departments")
    for seed in range(times):
        flipped(path, random.Random(seed))
        with again_at(campaign) as store, pytest.raises(DataLost, match="damaged"):
            read(store, 1, "departments")
        path.write_bytes(content)
    with again_at(campaign) as store:
        assert read(store, 1, "departments") == right


@pytest.mark.parametrize("spoil", [gone, truncated])
def test_a_publish_upon_a_lost_file_is_refused_and_says_so(
    campaign: Campaign, spoil: Spoil
) -> None:
    for path in data_files(place(campaign), "departments"):
        spoil(path, random.Random(2))
    with pytest.raises(DataLost, match="departments/"):
        campaign.publish(departments=DEPARTMENTS + "C,Cary,municipal,MA,5\n")
    assert len(campaign.store.versions()) == 3


def test_commands_name_the_file_in_a_sentence_and_no_traceback(campaign: Campaign) -> None:
    for path in data_files(place(campaign), "pledges"):
        path.unlink()
    for words in (["query", "pledged"], ["export", "pledges"], ["progress"]):
        code, _, errors = command(place(campaign), *words)
        assert (code, errors.count("\n")) == (3, 1), errors
        assert "is missing. Restore it from a backup" in errors
    code, out, _ = command(place(campaign), "export", "departments")
    assert (code, out.count("\n")) == (0, 3)


# --- doctor --deep --------------------------------------------------------------------------------


def test_every_file_of_every_version_is_read(campaign: Campaign) -> None:
    depth = campaign.store.looked_into()
    assert (depth.faults, depth.taken) == ((), {})
    assert depth.read == len(data_files(place(campaign))) + 3  # and the files as uploaded


def test_what_is_missing_damaged_or_unknown_is_named_with_its_versions(campaign: Campaign) -> None:
    first, second = data_files(place(campaign), "departments")
    [pledges] = data_files(place(campaign), "pledges")
    flipped(first, random.Random(3))
    pledges.unlink()
    second.with_name("ducklake-unknown.parquet").write_bytes(b"PAR1")
    depth = campaign.store.looked_into()
    assert sorted(faults(depth)) == [("damaged", (1, 2, 3)), ("missing", (2, 3)), ("unknown", ())]
    code, out, _ = command(place(campaign), "doctor", "--deep")
    assert code == 1
    assert f"data/main/departments/{first.name}: damaged, needed by versions 1-3." in out
    assert "ducklake-unknown.parquet: unknown. No version needs it" in out
    assert "3 files at fault" in out


def test_an_uploaded_file_that_was_changed_is_named(campaign: Campaign) -> None:
    kept = next((place(campaign) / "originals").iterdir())
    kept.write_bytes(b"changed")
    [fault] = campaign.store.looked_into().faults
    assert (fault.kind, fault.file) == ("damaged", f"originals/{kept.name}")


def test_compacting_keeps_the_sums_of_what_it_writes(campaign: Campaign) -> None:
    compact.compact(campaign.store)
    depth = campaign.store.looked_into()
    assert (depth.faults, depth.taken) == ((), {})
    merged = data_files(place(campaign), "departments")[-1]
    flipped(merged, random.Random(4))
    assert [kind for kind, _ in faults(campaign.store.looked_into())] == ["damaged"]


def test_numbers_in_a_row_are_drawn_together() -> None:
    assert spans([]) == ""
    assert spans([3, 1, 2, 7, 9, 10]) == "1-3, 7, 9-10"


# --- doctor --repair ------------------------------------------------------------------------------


def backup(store: Path, target: Path, packed: bool = False) -> Path:
    """Make a backup file of a store that nobody has open."""
    made = pack.Pack()
    for top in ("data", "originals", "catalog.sqlite"):
        for path in [store / top, *(store / top).rglob("*")]:
            if path.is_file():
                made.add_file(path.relative_to(store).as_posix(), path, squeeze=packed)
    with target.open("w+b") as file:
        pack.write(file, made.sources, Manifest(datetime(2026, 1, 1, tzinfo=UTC), "1", "x", {}))
    return target


@pytest.mark.parametrize("kind", ["folder", "packed", pytest.param("tar", marks=pytest.mark.long)])
def test_what_is_lost_is_taken_from_a_copy_and_proven(
    campaign: Campaign, tmp_path: Path, kind: str
) -> None:
    store = place(campaign)
    campaign.store.close()
    if kind == "folder":
        source = Path(shutil.copytree(store, tmp_path / "copy"))
    else:
        source = backup(store, tmp_path / "backup.tar", packed=kind == "packed")
    first, second = data_files(store, "departments")
    damaged = bytes(40)
    first.write_bytes(damaged)
    second.unlink()
    code, out, errors = command(store, "doctor", "--repair", str(source))
    assert (code, errors) == (0, "")
    assert out.count("Taken: data/main/departments/") == 2
    [aside] = (store / "damaged").rglob("*.parquet")
    assert (aside.name, aside.read_bytes()) == (first.name, damaged)
    assert command(store, "doctor", "--deep")[0] == 0
    with again_at(campaign) as again:
        assert len(read(again, None, "departments")) == 2


def test_a_file_that_is_not_as_it_was_published_is_not_taken(
    campaign: Campaign, tmp_path: Path
) -> None:
    store = place(campaign)
    campaign.store.close()
    source = backup(store, tmp_path / "backup.tar")
    lost = data_files(store, "departments")[0]
    content = lost.read_bytes()
    source.write_bytes(source.read_bytes().replace(content, content[:-9] + bytes(9)))
    lost.unlink()
    code, out, _ = command(store, "doctor", "--repair", str(source))
    assert code == 1
    assert f"Not found: data/main/departments/{lost.name}." in out
    assert not lost.exists()
    assert not list(store.rglob("*.tmp"))


def test_a_lost_catalog_is_taken_too(campaign: Campaign, tmp_path: Path) -> None:
    store = place(campaign)
    campaign.store.close()
    source = backup(store, tmp_path / "backup.tar", packed=True)
    (store / "catalog.sqlite").write_bytes(b"no database" * 1000)
    code, out, _ = command(store, "doctor", "--repair", str(source))
    assert (code, "Taken: the catalog." in out) == (0, True)
    with again_at(campaign) as again:
        assert [item.number for item in again.versions()] == [1, 2, 3]


@pytest.mark.parametrize("content", [None, b"", b"no archive", bytes(2000)])
def test_what_is_no_backup_is_refused(
    campaign: Campaign, tmp_path: Path, content: bytes | None
) -> None:
    source = tmp_path / "backup.tar"
    if content is not None:
        source.write_bytes(content)
    data_files(place(campaign))[0].unlink()
    code, _, errors = command(place(campaign), "doctor", "--repair", str(source))
    assert (code, errors.count("\n")) == (2, 1), errors


def again_at(campaign: Campaign):
    return closing(Store(campaign.store.settings))
