"""Which backups stay, and that nothing but our own is ever removed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onemind import backup
from onemind.backup.places import lent, name_of
from onemind.errors import NotPossibleNow, WrongUse
from onemind.settings import keeping
from tests.backup.conftest import Full
from tests.support.archives import Loose, changed, foreign

NOW = datetime(2026, 11, 29, 13, tzinfo=UTC)  # a Sunday
RULE = ((7, "d"), (4, "w"), (12, "m"))
SPANS = {"d": 1, "w": 7, "m": 31}
moments = st.sets(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 5)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    ),
    min_size=1,
    max_size=60,
)
rules = st.lists(st.tuples(st.integers(1, 20), st.sampled_from("dwm")), max_size=4).map(tuple)


def period(moment: datetime, unit: str) -> str:
    """Name a period as the calendar does, in another way than the program."""
    return f"{moment:{ {'d': '%Y-%m-%d', 'w': '%G-%V', 'm': '%Y-%m'}[unit] }}"


def last_periods(count: int, unit: str) -> set[str]:
    """Name the last periods up to that of NOW, walking back a day at a time."""
    found: list[str] = []
    day = NOW
    while len(found) <= count:
        if not found or period(day, unit) != found[-1]:
            found.append(period(day, unit))
        day -= timedelta(days=1)
    return set(found[:count])


@given(moments, rules)
def test_the_newest_of_each_period_stays_and_nothing_else(
    found: set[datetime], rule: tuple[tuple[int, str], ...]
) -> None:
    wanted = {moment for moment in found if moment > NOW} | {max(found)}
    for count, unit in rule:
        for name in last_periods(count, unit):
            wanted |= set(sorted(m for m in found if period(m, unit) == name)[-1:])
    assert backup.kept(found, NOW, rule) == wanted


@given(moments, rules)
def test_what_stays_stays_when_it_is_asked_again(
    found: set[datetime], rule: tuple[tuple[int, str], ...]
) -> None:
    once = backup.kept(found, NOW, rule)
    assert backup.kept(once, NOW, rule) == once
    assert max(found) in once


def test_a_year_of_days_keeps_a_week_four_weeks_and_twelve_months() -> None:
    days = [NOW - timedelta(days=number) for number in range(500)]
    stay = backup.kept(days, NOW, RULE)
    assert len(stay) <= 7 + 4 + 12
    assert {moment.date().isoformat() for moment in stay} >= {
        "2026-11-29", "2026-11-23",  # seven days
        "2026-11-22", "2026-11-15", "2026-11-08",  # the Sundays of the weeks before
        "2026-10-31", "2026-02-28", "2025-12-31",  # the last days of months
    }  # fmt: skip
    assert min(stay).date().isoformat() == "2025-12-31"


def test_none_in_a_folder_without_backups(tmp_path: Path) -> None:
    assert backup.own(tmp_path) == {}
    with pytest.raises(NotPossibleNow, match="There is no backup in"), lent(tmp_path):
        pass


def dated(full: Full, folder: Path, moment: datetime, store: str = "") -> Path:
    """Write a copy of the backup as if it were made at another moment, or of another store."""

    def change(loose: Loose) -> None:
        loose.manifest["made_at"] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        loose.manifest["store"] = store or loose.manifest["store"]

    return changed(full.file, folder / name_of(moment), change)


def test_only_whole_backups_of_this_store_with_its_names_are_removed(
    full: Full, tmp_path: Path
) -> None:
    def old(days: int) -> datetime:
        return full.made.manifest.made_at - timedelta(days=days)

    mine = [dated(full, tmp_path, old(days)) for days in (1000, 1001)]
    theirs = dated(full, tmp_path, old(1002), "another")
    cut = dated(full, tmp_path, old(1003))
    cut.write_bytes(cut.read_bytes()[:-2000])
    renamed = dated(full, tmp_path, old(1004)).rename(tmp_path / "before-the-move.tar")
    misdated = dated(full, tmp_path, old(1005)).rename(tmp_path / name_of(old(1006)))
    outside = dated(full, full.file.parent.parent, old(1007))
    linked = tmp_path / name_of(old(1007))
    linked.symlink_to(outside)
    alien = foreign(tmp_path / name_of(old(1008)))
    (tmp_path / name_of(old(1009))).mkdir()
    shutil.copy(full.file, tmp_path)
    made = backup.Backup(tmp_path, full.file.name, 0, full.made.manifest)
    assert sorted(backup.prune(made, NOW, RULE)) == sorted(path.name for path in mine)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        path.name for path in (theirs, cut, renamed, misdated, linked, alien, full.file)
    } | {name_of(old(1009))}
    with lent(tmp_path) as newest:
        assert newest == made.target


def test_the_one_just_made_stays_though_others_say_they_are_newer(
    full: Full, tmp_path: Path
) -> None:
    later = dated(full, tmp_path, full.made.manifest.made_at + timedelta(hours=1))
    shutil.copy(full.file, tmp_path)
    made = backup.Backup(tmp_path, full.file.name, 0, full.made.manifest)
    assert backup.prune(made, NOW + timedelta(days=3000), RULE) == []
    assert later.exists() and (tmp_path / full.file.name).exists()


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "7d,", "7d 4w", "-1d", "7y", "٣d"])
def test_a_rule_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(WrongUse, match="write days, weeks and months such as 7d,4w,12m"):
        keeping("--keep", text)


def test_a_rule_is_read() -> None:
    assert keeping("--keep", "7d, 4w,12m") == RULE
