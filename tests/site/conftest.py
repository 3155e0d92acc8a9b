"""A campaign small enough to count by hand, and its site in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onemind import site
from onemind.campaign import EVERYTHING, Scope
from tests.conftest import TODAY, Campaign, campaigning

DEPARTMENTS = """department_id,name,type,municipality,county,state,sworn_officers,contact_email
MA1,Lee Police Department,municipal,Lee,Berkshire,MA,10,ann@example.org
MA2,Lenox Police Department,municipal,Lenox,Berkshire,MA,20,bob@example.org
MA3,Salem Police Department,municipal,Salem,Essex,MA,90,cy@example.org
NH1,Keene Police Department,municipal,Keene,Cheshire,NH,40,dee@example.org
"""
PLEDGES = """department_id,pledged_on,completion_claimed_on,completion_confirmed_on
MA1,2017-09-20,2019-01-01,2019-02-01
MA2,2017-09-20,,
NH1,2024-02-01,,
"""
TOTALS = """department_id,as_of,mhfa_trained,cit_trained
MA1,2026-01-01,10,4
MA2,2026-02-01,5,3
"""
Build = Callable[..., site.Built]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Campaign]:
    (tmp_path / "files").mkdir()
    with campaigning(tmp_path / "files") as made:
        made.publish(departments=DEPARTMENTS, pledges=PLEDGES, training_totals=TOTALS)
        yield made


def edition(made: Campaign, scope: Scope = EVERYTHING, held: int | None = None) -> site.Edition:
    return site.Edition.of(made.store, site.sight_of(scope, held), TODAY)


def texts(folder: Path) -> dict[str, str]:
    """Every page and script of ours in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".html", ".js", ".css", ".json") and "charts" not in path.name
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
