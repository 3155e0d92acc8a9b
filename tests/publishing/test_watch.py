"""A watched folder: what is sound is published once, what is not comes back with its problems."""

import csv
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from onemind import metrics
from onemind.cli import main
from onemind.ingest import Upload
from onemind.publishing import Inbox, Options, Outcome, Watch, publish
from onemind.publishing.inbox import PATIENCE
from onemind.settings import ROOT, SAMPLE
from onemind.store import Version
from onemind.store.publish import restore
from tests.conftest import TODAY, Campaign

AVON = "department_id,name,type,state\nA,Avon Police,municipal,MA\n"
BATH = "department_id,name,type,state\nB,Bath Police,municipal,ME\n"
PLEDGES = "department_id,pledged_on\nA,2017-09-20\n"
LATER = "department_id,pledged_on,source\nA,2017-09-20,letter\n"
NO_DATE = "department_id,pledged_on\nA,soon\n"
SETTLE = 2.0
Became = list[tuple[str, str]]


@dataclass
class Folder:
    """A watched folder, its store, and a clock that only `look` moves."""

    campaign: Campaign
    path: Path
    clock: float = 0
    last: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.path.mkdir()
        self.restart()

    def restart(self, mode: str = "update", stopping: Callable[[], bool] = lambda: False) -> None:
        """Start watching afresh, as after a kill."""
        inbox = Inbox(self.path, SETTLE)
        self.watch = Watch(self.campaign.store, inbox, "watcher", mode, lambda: TODAY, stopping)

    def drop(self, **texts: str) -> Path:
        """Drop CSVs named by their keywords; return the last one's path."""
        for name, text in texts.items():
            path = self.path / f"{name}.csv"
            path.write_text(text)
        return path

    def look(self, seconds: float = SETTLE) -> Became:
        """Look at the folder once after this long; return what became of each file."""
        self.clock += seconds
        self.last = list(self.watch.sweep(self.clock))
        return [(outcome.file, outcome.became) for outcome in self.last]

    def settle(self) -> Became:
        """Look twice, as long apart as files need to settle."""
        assert self.look() == []
        return self.look()

    def files(self) -> set[str]:
        """Every file in the folder, done/ and failed/."""
        paths = [path for path in self.path.rglob("*") if path.is_file()]
        return {path.relative_to(self.path).as_posix() for path in paths}

    def versions(self) -> tuple[Version, ...]:
        return self.campaign.store.versions()

    def rows(self, dataset: str) -> list[str]:
        return [row[0] for row in metrics.export.dataset(self.campaign.store, dataset).rows]


@pytest.fixture
def folder(empty: Campaign) -> Folder:
    return Folder(empty, empty.folder / "inbox")


# --- sound and faulty -----------------------------------------------------------------------------


def test_a_sound_file_is_published_and_moved_to_done(folder: Folder):
    folder.drop(departments=AVON)
    assert folder.settle() == [("departments.csv", "published")]
    [version] = folder.versions()
    assert (version.message, version.author) == ("Watched folder: departments.csv", "watcher")
    assert folder.rows("departments") == ["A"]
    assert folder.files() == {"done/departments.csv"}
    assert folder.last[0].message == "departments.csv was published as version 1."
    assert folder.last[0].moved_to == str(folder.path / "done" / "departments.csv")


def test_the_warnings_of_a_published_file_are_counted(folder: Folder):
    folder.drop(departments=AVON, pledges="department_id,pledged_on\nA,2030-01-01\n")
    folder.settle()
    told = {outcome.file: outcome.message for outcome in folder.last}
    assert told["departments.csv"] == "departments.csv was published as version 1."
    assert "dates are in the future: 1" in told["pledges.csv"]


def test_a_faulty_file_is_moved_to_failed_with_its_problems_beside_it(folder: Folder):
    folder.campaign.publish(departments=AVON)
    folder.drop(pledges=NO_DATE)
    assert folder.settle() == [("pledges.csv", "failed")]
    assert len(folder.versions()) == 1
    reports = {"failed/pledges.csv.problems.csv", "failed/pledges.csv.problems.txt"}
    assert folder.files() == {"failed/pledges.csv", *reports}
    assert (folder.path / "failed" / "pledges.csv").read_text() == NO_DATE
    with (folder.path / "failed" / "pledges.csv.problems.csv").open(encoding="utf-8-sig") as file:
        [problem] = csv.DictReader(file)
    found = [problem[name] for name in ("file", "row", "column", "code", "value", "severity")]
    assert found == ["pledges.csv", "2", "pledged_on", "type-error", "soon", "error"]
    words = (folder.path / "failed" / "pledges.csv.problems.txt").read_text()
    assert words.startswith("pledges.csv was not published. 1 error, 0 warnings")
    assert f"\nCells have the wrong kind of value (1)\n- {problem['message']}\n" in words


def test_a_long_list_of_problems_is_cut_in_words_and_whole_in_the_table(folder: Folder):
    folder.drop(departments=AVON, pledges=NO_DATE + "A,soon\n" * 99)
    folder.settle()
    words = (folder.path / "failed" / "pledges.csv.problems.txt").read_text()
    assert "(100)" in words
    assert "- … and 80 more" in words
    table = (folder.path / "failed" / "pledges.csv.problems.csv").read_text("utf-8-sig")
    assert table.count("type-error") == 100


def test_what_is_no_data_at_all_fails_whatever_it_is_called(folder: Folder):
    (folder.path / "minutes.pdf").write_bytes(b"%PDF-1.7 ...")
    (folder.path / "empty").write_bytes(b"")
    assert sorted(folder.settle()) == [("empty", "failed"), ("minutes.pdf", "failed")]


def test_a_name_that_is_no_text_is_no_obstacle(folder: Folder):
    path = Path(os.fsdecode(os.fsencode(folder.path) + b"/d\xe9partements.csv"))
    path.write_text(AVON)
    assert folder.settle() == [("d\N{REPLACEMENT CHARACTER}partements.csv", "published")]
    assert folder.files() == {"done/d\N{REPLACEMENT CHARACTER}partements.csv"}


def test_signs_that_mean_something_elsewhere_mean_nothing_in_a_name(folder: Folder):
    for name, text in {"[a]*.csv": AVON, "%2e 'b'?.csv": BATH}.items():
        (folder.path / name).write_text(text)
    assert folder.settle() == [("%2e 'b'?.csv", "published"), ("[a]*.csv", "published")]
    assert folder.rows("departments") == ["A", "B"]


# --- what is ready --------------------------------------------------------------------------------


def test_a_file_that_still_grows_is_left_until_it_has_settled(folder: Folder):
    path = folder.drop(departments=AVON)
    assert folder.look() == []
    with path.open("a") as file:
        file.write("B,Bath Police,municipal,ME\n")
    assert folder.look() == []
    assert folder.look(SETTLE / 2) == []
    assert folder.look(SETTLE / 2) == [("departments.csv", "published")]
    assert folder.rows("departments") == ["A", "B"]


def test_a_file_whose_time_changes_is_left_too(folder: Folder):
    path = folder.drop(departments=AVON)
    folder.look()
    os.utime(path, ns=(1, 1))
    assert folder.look() == []
    assert folder.look() == [("departments.csv", "published")]


def test_a_settled_file_waits_for_one_still_being_copied_but_not_for_ever(folder: Folder):
    folder.drop(departments=AVON, pledges=PLEDGES)
    folder.look()
    for time in range(PATIENCE - 1):
        os.utime(folder.path / "departments.csv", ns=(time, time))
        assert folder.look() == []
    os.utime(folder.path / "departments.csv", ns=(99, 99))
    assert folder.look() == [("pledges.csv", "failed")]
    assert folder.look() == [("departments.csv", "published")]


@pytest.mark.parametrize(
    "name",
    [".a.csv", "~$a.xlsx", "a.csv.tmp", "A.TMP", "a.csv.part", "a.filepart", "a.csv.crdownload"],
)
def test_temporary_names_are_ignored(folder: Folder, name: str):
    (folder.path / name).write_text(AVON)
    assert folder.settle() == []
    assert folder.files() == {name}


def test_folders_and_links_are_left_alone(folder: Folder):
    (folder.path / "old.csv").mkdir()
    (folder.path / "old.csv" / "departments.csv").write_text(AVON)
    (folder.path / "link.csv").symlink_to(folder.path / "old.csv" / "departments.csv")
    assert folder.settle() == []
    assert folder.versions() == ()


def test_a_file_that_changed_while_it_was_read_is_taken_again(folder: Folder):
    path = folder.drop(departments=AVON)
    texts = ["C,Carver Police,municipal,MA\n"]

    def today():
        with path.open("a") as file:
            file.write(texts.pop() if texts else "")
        return TODAY

    folder.watch.today = today
    assert folder.settle() == [("departments.csv", "waiting")]
    assert "changed or disappeared in the meantime" in folder.last[0].message
    assert folder.files() == {"departments.csv"}
    assert folder.settle()[0][1] in ("published", "unchanged")
    assert folder.rows("departments") == ["A", "C"]
    assert folder.files() == {"done/departments.csv"}


# --- files that come together ---------------------------------------------------------------------


def test_files_that_come_together_are_one_version(folder: Folder):
    folder.drop(pledges=PLEDGES, departments=AVON)
    assert folder.settle() == [("departments.csv", "published"), ("pledges.csv", "published")]
    [version] = folder.versions()
    assert version.message == "Watched folder: departments.csv, pledges.csv"


def test_the_message_does_not_list_a_hundred_files(folder: Folder):
    head = "department_id,name,type,state\n"
    folder.drop(**{f"d{n}": f"{head}D{n},Town {n},municipal,MA\n" for n in range(1, 8)})
    folder.settle()
    [version] = folder.versions()
    assert version.message == "Watched folder: d1.csv, d2.csv, d3.csv, d4.csv, d5.csv and 2 more"
    assert len(version.files) == 7


def test_a_faulty_file_does_not_hold_up_the_others(folder: Folder):
    folder.drop(departments=AVON, pledges=NO_DATE, partners="partner_id,name,kind\nP,Hope,nami\n")
    assert folder.settle() == [
        ("pledges.csv", "failed"),
        ("departments.csv", "published"),
        ("partners.csv", "published"),
    ]
    assert len(folder.versions()) == 1


@pytest.mark.parametrize("parents", ["name,type,state\nAvon,municipal,MA\n", AVON + "B,,city,MA\n"])
def test_a_file_whose_parents_failed_fails_with_its_own_problem(folder: Folder, parents: str):
    folder.drop(departments=parents, pledges=PLEDGES)
    assert sorted(folder.settle()) == [("departments.csv", "failed"), ("pledges.csv", "failed")]
    assert folder.versions() == ()
    table = (folder.path / "failed" / "pledges.csv.problems.csv").read_text("utf-8-sig")
    assert "foreign-key" in table
    assert "departments.csv," not in table


def test_an_archive_is_one_file_and_the_problems_of_what_it_holds_are_its_own(folder: Folder):
    for name, pledges in {"sound": PLEDGES, "faulty": NO_DATE}.items():
        with zipfile.ZipFile(folder.path / f"{name}.zip", "w") as archive:
            archive.writestr("departments.csv", AVON)
            archive.writestr("pledges.csv", pledges)
        assert folder.settle() == [
            (f"{name}.zip", {"sound": "published", "faulty": "failed"}[name])
        ]
    [version] = folder.versions()
    assert version.message == "Watched folder: sound.zip"
    assert {"done/sound.zip", "failed/faulty.zip"} < folder.files()
    assert "faulty.zip" in (folder.path / "failed" / "faulty.zip.problems.csv").read_text()


def test_one_file_under_two_names_is_published_once(folder: Folder):
    folder.drop(departments=AVON, departments_copy=AVON)
    assert folder.settle() == [
        ("departments.csv", "published"),
        ("departments_copy.csv", "unchanged"),
    ]
    [version] = folder.versions()
    assert len(version.files) == 1
    assert folder.files() == {"done/departments.csv", "done/departments_copy.csv"}


# --- never the same file twice, never ignored for ever --------------------------------------------


def test_a_file_published_but_not_yet_moved_when_killed_is_only_moved(folder: Folder):
    path = folder.drop(departments=AVON)
    publish(folder.campaign.store, [Upload(path, path.name)], Options(TODAY), "x", "killed here")
    folder.campaign.publish(departments=AVON.replace("Avon Police", "Avon PD"))
    folder.drop(pledges=PLEDGES)
    assert folder.settle() == [("departments.csv", "unchanged"), ("pledges.csv", "published")]
    assert folder.files() == {"done/departments.csv", "done/pledges.csv"}
    assert [file["name"] for file in folder.versions()[-1].files] == ["pledges.csv"]
    [department] = metrics.export.dataset(folder.campaign.store, "departments").records()
    assert department["name"] == "Avon PD"


def test_a_file_that_changes_nothing_makes_no_version_and_gets_a_number_in_done(folder: Folder):
    for _ in range(3):
        folder.drop(departments=AVON)
        folder.settle()
    assert folder.last[0].message == "departments.csv is in version 1 already."
    assert len(folder.versions()) == 1
    names = ("departments.csv", "departments-2.csv", "departments-3.csv")
    assert folder.files() == {f"done/{name}" for name in names}


def test_a_file_dropped_again_after_a_restore_is_published_again(folder: Folder):
    folder.drop(departments=AVON)
    folder.settle()
    folder.drop(departments=BATH)
    folder.settle()
    restore(folder.campaign.store, 1, "tester", "without Bath")
    shutil.move(folder.path / "done" / "departments-2.csv", folder.path / "again.csv")
    assert folder.settle() == [("again.csv", "published")]
    assert len(folder.versions()) == 4
    assert folder.rows("departments") == ["A", "B"]


def test_a_file_dropped_again_after_a_later_change_is_published_again(folder: Folder):
    folder.drop(departments=AVON, pledges=PLEDGES.replace("pledged_on", "pledged_on,source"))
    folder.drop(pledges=LATER)
    folder.settle()
    folder.drop(pledges=LATER.replace("letter", "phone"))
    folder.settle()
    shutil.copy2(folder.path / "done" / "pledges.csv", folder.path)
    assert folder.settle() == [("pledges.csv", "published")]
    [pledge] = metrics.export.dataset(folder.campaign.store, "pledges").records()
    assert pledge["source"] == "letter"


def test_a_file_let_in_as_an_update_may_still_replace(folder: Folder):
    folder.campaign.publish(departments=AVON)
    path = folder.drop(departments=AVON.replace("Police", "PD") + "C,Carver,city,MA\n")
    folder.campaign.publish(partners="partner_id,name,kind\nP,Hope,nami\n", departments=BATH)
    publish(folder.campaign.store, [Upload(path, path.name)], Options(TODAY), "x", "an update")
    assert folder.rows("departments") == ["A", "B", "C"]
    folder.restart(mode="replace")
    assert folder.settle() == [("departments.csv", "failed")]  # it would remove a third
    assert "shrink" in (folder.path / "failed" / "departments.csv.problems.csv").read_text()


# --- what can't be done now -----------------------------------------------------------------------


def test_what_the_store_refuses_for_now_stays_and_holds_up_nothing(folder: Folder):
    folder.campaign.publish(departments=AVON)
    sample = folder.path / "sample.csv"
    shutil.copy(SAMPLE / "departments.csv", sample)
    assert folder.settle() == [("sample.csv", "waiting")]
    assert "made up" in folder.last[0].message
    folder.drop(pledges=PLEDGES)
    assert folder.look() == []  # the refused one waits for the one that may still be copied
    assert folder.look() == [("sample.csv", "waiting"), ("pledges.csv", "published")]
    assert folder.files() == {"sample.csv", "done/pledges.csv"}


def test_a_file_that_can_not_be_moved_is_published_once_and_moved_later(folder: Folder):
    (folder.path / "done").touch()
    (folder.path / "done").rename(folder.path / ".done")
    folder.drop(departments=AVON)
    (folder.path / "done").symlink_to(folder.path / ".done")  # a file where the folder should be
    assert folder.settle() == [("departments.csv", "waiting")]
    assert "version 1" in folder.last[0].message
    assert "can't be moved" in folder.last[0].message
    (folder.path / "done").unlink()
    assert folder.look() == [("departments.csv", "unchanged")]
    assert len(folder.versions()) == 1
    assert "done/departments.csv" in folder.files()


def test_a_folder_that_is_gone_is_looked_for_again(folder: Folder):
    away = folder.path.rename(folder.path.with_name("away"))
    assert folder.look() == [(str(folder.path), "waiting")]
    assert "can't be read" in folder.last[0].message
    away.rename(folder.path)
    folder.drop(departments=AVON)
    assert folder.settle() == [("departments.csv", "published")]


def test_asked_to_stop_it_ends_between_files(folder: Folder):
    folder.restart(stopping=(folder.path / "failed").exists)
    folder.drop(departments=AVON, pledges=NO_DATE)
    assert folder.settle() == [("pledges.csv", "failed")]
    assert "departments.csv" in folder.files()
    assert folder.versions() == ()


def test_it_looks_again_and_again_and_tells_a_standing_refusal_once(folder: Folder):
    folder.campaign.publish(departments=AVON)
    shutil.copy(SAMPLE / "departments.csv", folder.path / "sample.csv")
    slept: list[float] = []
    told: list[tuple[str, str]] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 4:
            folder.drop(pledges=PLEDGES)

    folder.watch.stopping = lambda: len(slept) == 8
    folder.watch.run(5, lambda: sum(slept), sleep, lambda o: told.append((o.file, o.became)))
    assert told == [("sample.csv", "waiting"), ("pledges.csv", "published")]
    assert slept == [2, 5, 5, 5, 2, 5, 5, 5]  # sooner while something settles


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONEMIND_STORE", str(tmp_path / "store"))
    return tmp_path / "new" / "inbox"


def once(inbox: Path, *more: str) -> int:
    return main(["watch", str(inbox), "--once", "--settle", "0", *more])


def test_the_command_makes_the_folder_and_says_what_it_did(inbox: Path, capsys):
    assert once(inbox) == 0
    (inbox / "departments.csv").write_text(AVON)
    assert once(inbox, "--author", "Kim") == 0
    assert capsys.readouterr().out == "departments.csv was published as version 1.\n"
    assert main(["versions", "--json"]) == 0
    [version] = json.loads(capsys.readouterr().out)
    assert (version["author"], version["message"]) == ("Kim", "Watched folder: departments.csv")


def test_the_command_answers_in_json_and_fails_when_a_file_did(inbox: Path, capsys):
    once(inbox)
    (inbox / "departments.csv").write_text(AVON)
    (inbox / "pledges.csv").write_text(NO_DATE)
    assert once(inbox, "--json") == 1
    failed, published = json.loads(capsys.readouterr().out)
    assert (failed["file"], failed["became"], failed["version"]) == ("pledges.csv", "failed", None)
    assert (published["became"], published["version"]) == ("published", 1)
    assert published["moved_to"] == str(inbox / "done" / "departments.csv")
    assert once(inbox, "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_command_says_when_something_is_not_possible_now(inbox: Path, capsys):
    once(inbox)
    (inbox / "departments.csv").write_text(AVON)
    assert once(inbox) == 0
    shutil.copy(SAMPLE / "departments.csv", inbox)
    assert once(inbox) == 3
    assert "made up" in capsys.readouterr().out


def test_once_leaves_a_file_that_is_still_being_copied(folder: Folder):
    folder.drop(departments=AVON, partners="partner_id,name,kind\nP,Hope,nami\n")

    def sleep(seconds: float) -> None:
        assert seconds == SETTLE
        os.utime(folder.path / "departments.csv", ns=(1, 1))

    found = [(outcome.file, outcome.became) for outcome in folder.watch.once(sleep)]
    assert found == [("partners.csv", "published"), ("departments.csv", "settling")]
    assert folder.files() == {"departments.csv", "done/partners.csv"}


@pytest.mark.parametrize("own", [ROOT, SAMPLE])
def test_the_dashboards_own_folders_are_not_watched(inbox: Path, own: Path, capsys):
    assert once(own) == 2
    assert "holds the dashboard's own files" in capsys.readouterr().err


def test_the_store_and_a_file_are_not_watched(inbox: Path, capsys):
    assert once(inbox.parents[1] / "store" / "inbox") == 2
    file = inbox.parents[1] / "a.csv"
    file.touch()
    assert once(file) == 2
    assert capsys.readouterr().err.endswith("is a file. Choose a folder.\n")


@pytest.mark.parametrize("seconds", ["-1", "soon", "nan", "1e9"])
def test_a_time_that_is_none_is_wrong_use(inbox: Path, seconds: str):
    with pytest.raises(SystemExit) as ended:
        main(["watch", str(inbox), "--every", seconds])
    assert ended.value.code == 2


def test_an_archive_published_before_a_kill_is_not_published_again(folder: Folder):
    path = folder.path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("departments.csv", AVON)
    upload = [Upload(path, path.name)]
    publish(folder.campaign.store, upload, folder.campaign.options(), "tester", "zip")
    folder.campaign.publish(departments=AVON.replace("Avon", "Avonlea"))
    assert folder.settle() == [("all.zip", "unchanged")]
    assert len(folder.versions()) == 2
