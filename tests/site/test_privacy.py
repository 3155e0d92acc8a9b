"""Nothing of what a scope may not see is in any byte of its folder."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from onemind import site
from onemind.campaign import Scope
from onemind.settings import Settings
from onemind.store import Store
from tests.conftest import Campaign, campaigning
from tests.site.conftest import DEPARTMENTS, contents, edition, texts
from tests.support.worlds import FORBIDDEN, INSIDE, SCOPE, World, world

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    folder = tmp_path_factory.mktemp("worlds")
    return (
        world(folder / "one", "Qzebra", 86_131, 3, date.today()),
        world(folder / "two", "Qlynx", 5_731_977, 7, date.today()),
    )


def made(of: World, folder: Path, scope: Scope) -> dict[str, str]:
    store = Store(Settings(store=of.folder))
    try:
        site.build(site.Edition.of(store, site.sight_of(scope), date.today()), folder)
    finally:
        store.close()
    return texts(folder)


def test_the_marks_are_in_a_site_of_everything(worlds: tuple[World, World], tmp_path: Path) -> None:
    """Else this file would prove nothing."""
    said = "\n".join(made(worlds[0], tmp_path / "out", Scope()).values())
    found = worlds[0].found_in(said)
    assert len(found & worlds[0].texts) > 8
    assert len(found - worlds[0].texts) > 3
    assert [word for word in FORBIDDEN if word in said] == []


def test_a_scope_shows_nothing_of_the_rest(worlds: tuple[World, World], tmp_path: Path) -> None:
    """No text, no count, no contact; and the rest, be it another, changes no byte."""
    sites = []
    for number, of in enumerate(worlds):
        folder = tmp_path / str(number)
        pages = made(of, folder, SCOPE)
        said = "\n".join(pages.values())
        assert all(f"departments/{name}.html" in pages for name in INSIDE)
        assert of.found_in(said) == set()
        assert [word for word in FORBIDDEN if word in said] == []
        everything = b"\n".join(contents(folder).values()).decode("latin-1").lower()
        assert not [mark for mark in of.texts if mark.lower() in everything]
        assert "\n".join(contents(folder)).count("departments/") == 2 * len(INSIDE)
        steady = re.sub(r"published \w+ \d+, \d+( \d\d:\d\d)?", "then", said)
        sites.append(re.sub(r'"(key|sha256)": "\w+"', "", steady))
    assert sites[0] == sites[1]


def test_no_address_and_no_name_outside_the_scope_is_in_any_file(
    small: Campaign, tmp_path: Path
) -> None:
    site.build(edition(small, Scope(state=("MA",), county=("Berkshire",))), tmp_path / "out")
    names = {line.split(",")[1]: line for line in DEPARTMENTS.splitlines()[1:]}
    for path, content in contents(tmp_path / "out").items():
        if path.endswith((".gz", ".png")):
            continue
        text = content.decode()
        assert EMAIL.search(text) is None, path
        for name, line in names.items():
            assert "Berkshire" in line or name not in text, path


def test_officers_are_counted_and_not_named(small: Campaign, tmp_path: Path) -> None:
    small.publish(
        officers="department_id,officer_id,sworn\nMA1,Qofficer7,yes\nMA1,Qofficer8,yes\n",
        training="department_id,officer_id,course,completed_on\nMA1,Qofficer7,MHFA,2026-03-01\n",
    )
    site.build(edition(small), tmp_path / "out")
    assert "1 of 2 (50%)" in texts(tmp_path / "out")["departments/MA1.html"]
    assert b"Qofficer" not in b"".join(contents(tmp_path / "out").values())


def test_outcomes_under_five_are_suppressed(small: Campaign, tmp_path: Path) -> None:
    small.publish(
        outcomes="department_id,period_start,period_end,mh_calls,arrests,referred_to_care\n"
        "MA1,2024-01-01,2024-12-31,731,3,297\n"
    )
    site.build(edition(small), tmp_path / "out")
    page = texts(tmp_path / "out")["departments/MA1.html"]
    arrests = re.search(r"Arrests</th>\s*<td[^>]*>([^<]*)", page)
    assert "731" in page
    assert arrests
    assert arrests.group(1) == "fewer than 5 or not given"


def test_a_key_does_not_tell_what_rows_it_was_made_of(small: Campaign, tmp_path: Path) -> None:
    """Two stores with the same rows: who knows the rows of one can't try them out on the other."""
    (tmp_path / "other").mkdir()
    with campaigning(tmp_path / "other") as twin:
        twin.publish(departments=DEPARTMENTS)
        keys = [
            {file.key for file in site.planned(edition(of)).values() if file.department_id}
            for of in (small, twin)
        ]
    assert keys[0].isdisjoint(keys[1])
