"""A site in a folder: what is in it, what is written again, what is removed, what is left alone."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from onemind import site
from onemind.campaign import Scope
from onemind.errors import NotPossibleNow, WrongUse
from onemind.site import folder as site_folder
from tests.conftest import Campaign
from tests.site.conftest import DEPARTMENTS, TOTALS, contents, edition, texts

PAGES = {"index.html", "map.html", "departments.html", "training.html", "methodology.html"}


def times(folder: Path) -> dict[str, int]:
    return {path.as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*.html")}


def written(folder: Path, before: dict[str, int]) -> set[str]:
    """The pages that are newer than they were, or new."""
    now = times(folder)
    return {Path(path).name for path in now if now[path] != before.get(path)}


def test_a_site_has_its_pages_and_one_for_each_department(small: Campaign, tmp_path: Path) -> None:
    built = site.build(edition(small), tmp_path / "out")
    made = texts(tmp_path / "out")
    assert {path for path in made if "/" not in path} == PAGES | {"manifest.json"}
    assert {path for path in made if path.startswith("departments/")} == {
        f"departments/{name}.html" for name in ("MA1", "MA2", "MA3", "NH1")
    }
    assert built.written == built.files == len(json.loads(made["manifest.json"])["files"])
    assert "As of June 30, 2026, version 1, published" in made["index.html"]
    assert "3 of 4 departments have pledged, 1 has completed the pledge" in made["index.html"]
    assert "10 of 10 (100%)." in made["departments/MA1.html"]
    assert "5 of 20 (25%); 15 more needed." in made["departments/MA2.html"]


def test_every_link_leads_to_a_file_of_the_folder(small: Campaign, tmp_path: Path) -> None:
    site.build(edition(small), tmp_path / "out")
    for path, text in texts(tmp_path / "out").items():
        for found in re.findall(r'(?:href|src|data-outlines)="([^"#]+)', text):
            if not found.startswith("data:"):
                assert ((tmp_path / "out" / path).parent / found).is_file(), (path, found)


def test_the_same_version_and_day_give_the_same_bytes(small: Campaign, tmp_path: Path) -> None:
    for name in ("one", "two"):
        site.build(edition(small), tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_compressed_files_hold_what_the_plain_ones_do(small: Campaign, tmp_path: Path) -> None:
    site.build(edition(small), tmp_path / "out")
    zipped = list((tmp_path / "out").rglob("*.gz"))
    assert len(zipped) > 10
    for path in zipped:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_a_publish_that_touches_one_department_rewrites_its_page_and_the_common_ones(
    small: Campaign, tmp_path: Path
) -> None:
    site.build(edition(small), tmp_path / "out")
    before = times(tmp_path / "out")
    small.publish(training_totals="department_id,as_of,mhfa_trained,cit_trained\n"
                                  "MA2,2026-05-01,20,4\n")  # fmt: skip
    built = site.build(edition(small), tmp_path / "out")
    assert written(tmp_path / "out", before) == PAGES | {"MA2.html"}
    assert built.kept >= 3
    assert "20 of 20 (100%)." in texts(tmp_path / "out")["departments/MA2.html"]
    site.build(edition(small), tmp_path / "anew")
    assert contents(tmp_path / "out") == contents(tmp_path / "anew")


def test_what_is_up_to_date_is_not_written_again(small: Campaign, tmp_path: Path) -> None:
    site.build(edition(small), tmp_path / "out")
    before = times(tmp_path / "out")
    assert site.build(edition(small), tmp_path / "out").written == 0
    assert times(tmp_path / "out") == before


def test_the_page_of_a_department_that_went_is_removed_and_nothing_else(
    small: Campaign, tmp_path: Path
) -> None:
    site.build(edition(small), tmp_path / "out")
    own = tmp_path / "out" / "departments" / "CNAME"
    own.write_text("example.org")
    fewer = "".join(line for line in DEPARTMENTS.splitlines(True) if not line.startswith("MA3"))
    small.publish(departments=fewer, mode="replace", allow_shrink=True)
    assert site.build(edition(small), tmp_path / "out").removed == 1
    left = {path.name for path in (tmp_path / "out" / "departments").iterdir()}
    assert not any(name.startswith("MA3") for name in left)
    assert own.read_text() == "example.org"


def test_a_folder_that_holds_something_else_is_refused_and_left_as_it_is(
    small: Campaign, tmp_path: Path
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "letter.txt").write_text("mine")
    with pytest.raises(WrongUse, match=r"holds 'letter\.txt' and is not a site"):
        site.build(edition(small), tmp_path / "notes")
    assert contents(tmp_path / "notes") == {"letter.txt": b"mine"}


@pytest.mark.parametrize("path", ["../letter.txt", "/etc/passwd", ""])
def test_a_manifest_that_names_files_outside_is_refused(
    small: Campaign, tmp_path: Path, path: str
) -> None:
    site.build(edition(small), tmp_path / "out")
    manifest = tmp_path / "out" / "manifest.json"
    changed = json.loads(manifest.read_text())
    changed["files"][path] = {"key": "", "sha256": ""}
    manifest.write_text(json.dumps(changed))
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(WrongUse, match="is not a site that was made here"):
        site.build(edition(small), tmp_path / "out")
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_build_that_was_interrupted_is_completed_by_the_next(
    small: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = site_folder._write

    def full(path: Path, content: bytes) -> None:
        if path.name.startswith("MA2"):
            raise OSError(28, "No space left on device")
        whole(path, content)

    monkeypatch.setattr(site_folder, "_write", full)
    with pytest.raises(NotPossibleNow, match="can't be written: No space left"):
        site.build(edition(small), tmp_path / "out")
    monkeypatch.setattr(site_folder, "_write", whole)
    site.build(edition(small), tmp_path / "out")
    site.build(edition(small), tmp_path / "anew")
    assert contents(tmp_path / "out") == contents(tmp_path / "anew")


def test_a_publish_meanwhile_ends_the_build(small: Campaign, tmp_path: Path) -> None:
    old = edition(small)
    small.publish(training_totals=TOTALS.replace("MA2,2026-02-01,5", "MA2,2026-02-01,6"))
    with pytest.raises(NotPossibleNow, match="Somebody published after version 1"):
        site.build(old, tmp_path / "out")


def test_a_site_held_at_a_version_stays_at_it(small: Campaign, tmp_path: Path) -> None:
    small.publish(training_totals=TOTALS.replace("MA2,2026-02-01,5", "MA2,2026-02-01,6"))
    site.build(edition(small, held=1), tmp_path / "out")
    made = texts(tmp_path / "out")
    assert "version 1, published" in made["index.html"]
    assert "5 of 20 (25%)" in made["departments/MA2.html"]


def test_a_scope_without_departments_is_refused(small: Campaign) -> None:
    with pytest.raises(WrongUse, match="No department is in Maine"):
        edition(small, Scope(state=("ME",)))


def test_before_anything_is_published_there_is_no_site(empty: Campaign) -> None:
    with pytest.raises(NotPossibleNow, match="Nothing is published yet"):
        edition(empty)


def test_ids_that_no_file_can_be_named_after_get_a_name(empty: Campaign, tmp_path: Path) -> None:
    ids = ("../up", "a/b", "Ab1", "aB1", ".hidden", "<b>")
    rows = "".join(f"{name},Police {n},municipal,MA\n" for n, name in enumerate(ids))
    empty.publish(departments=f"department_id,name,type,state\n{rows}")
    site.build(edition(empty), tmp_path / "out")
    pages = [path for path in (tmp_path / "out" / "departments").iterdir() if path.suffix != ".gz"]
    assert len({path.name.lower() for path in pages}) == len(ids)
    assert all(path.name.startswith("id-") for path in pages)
    assert not (tmp_path / "up.html").exists()


def test_the_pages_of_a_link_are_those_of_its_site(small: Campaign, tmp_path: Path) -> None:
    few = site.Edition.of(small.store, site.sight_of(Scope()), edition(small).as_of, ("Training",))
    site.build(few, tmp_path / "out")
    made = texts(tmp_path / "out")
    assert {path for path in made if path.endswith(".html")} == {"index.html"}
    assert "<h1>Training</h1>" in made["index.html"]
    assert "data/departments.js" not in "".join(made)
