"""Publishing files: update and replace, what is kept, what is guarded, and the sample campaign."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from onemind import ingest, metrics, publishing
from onemind.errors import NothingChanged, NotPossibleNow, VersionMoved
from onemind.ingest import CheckFailed
from onemind.settings import SAMPLE
from onemind.store import Version
from onemind.store.publish import restore
from tests.conftest import Campaign, campaigning

MINIMAL = "department_id,name,type,state"
PLEDGES = "department_id,pledged_on"
TRAINING = "department_id,officer_id,course,completed_on"
TOWNS = f"{MINIMAL}\n" + "".join(f"{name},{name} Police,municipal,MA\n" for name in "ABCDEFGHIJ")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store in which each test publishes rows of its own, as updates."""
    with campaigning(tmp_path_factory.mktemp("shared")) as found:
        found.publish(departments=TOWNS)
        yield found


def rows(campaign: Campaign, dataset: str, **where: str) -> list[dict[str, Any]]:
    """The published rows of a dataset with these values."""
    found = metrics.export.dataset(campaign.store, dataset).records()
    return [row for row in found if where.items() <= row.items()]


def column(campaign: Campaign, dataset: str, name: str) -> list[Any]:
    return [row[name] for row in rows(campaign, dataset)]


def publish(campaign: Campaign, files: dict[str, str], **given: Any) -> Version:
    """Publish files under names of their own."""
    uploads = []
    for name, text in files.items():
        (campaign.folder / name).write_text(text)
        uploads.append(ingest.Upload(campaign.folder / name, name))
    return publishing.publish(campaign.store, uploads, campaign.options(**given), "pat", "test")[0]


def refused(campaign: Campaign, **csvs: Any) -> list[tuple[int | None, str | None, str]]:
    """Publish in vain; nothing changes; return what is wrong."""
    before = campaign.store.versions()
    with pytest.raises(CheckFailed) as refusal:
        campaign.publish(**csvs)
    assert campaign.store.versions() == before
    return [(item.row, item.column, item.code) for item in refusal.value.problems]


# --- update ---------------------------------------------------------------------------------------


def test_an_update_adds_new_keys_changes_others_and_leaves_the_rest(shared: Campaign):
    shared.publish(pledges=f"{PLEDGES},source\nI,2017-09-20,x\nJ,2017-09-20,x\n")
    version = shared.publish(pledges=f"{PLEDGES},source\nI,2017-09-20,y\nI,2020-01-01,x\n")
    assert version.counts == {"pledges": {"added": 1, "changed": 1, "removed": 0}}
    found = [row["source"] for name in "IJ" for row in rows(shared, "pledges", department_id=name)]
    assert found == ["y", "x", "x"]


def test_columns_the_file_lacks_keep_what_is_published(shared: Campaign):
    shared.publish(
        departments=f"{MINIMAL},country,sworn_officers,contact_name\nT1,Toronto,other,ON,CA,9,Pat\n"
    )
    shared.publish(departments=f"{MINIMAL}\nT1,Toronto Police,other,ON\nT2,Troy,other,NY\n")
    [old] = rows(shared, "departments", department_id="T1")
    assert old["name"] == "Toronto Police"
    assert (old["country"], old["sworn_officers"], old["contact_name"]) == ("CA", 9, "Pat")
    [new] = rows(shared, "departments", department_id="T2")
    assert (new["country"], new["sworn_officers"]) == ("US", None)


def test_a_civilian_stays_one_when_the_file_says_nothing_of_it(shared: Campaign):
    shared.publish(training=f"{TRAINING},sworn\nA,o1,CIT,2018-01-01,no\n")
    shared.publish(training=f"{TRAINING},hours\nA,o1,CIT,2018-01-01,40\n")
    [row] = rows(shared, "training", department_id="A")
    assert (row["sworn"], row["hours"]) == (False, 40)


def test_a_blank_cell_in_a_column_the_file_has_makes_it_blank(shared: Campaign):
    shared.publish(pledges=f"{PLEDGES},source,withdrawn_on\nB,2017-09-20,letter,2018-01-01\n")
    shared.publish(pledges=f"{PLEDGES},source,withdrawn_on\nB,2017-09-20,NA,\n")
    [row] = rows(shared, "pledges", department_id="B")
    assert (row["source"], row["withdrawn_on"]) == (None, None)


def test_files_with_different_columns_each_change_what_they_have(shared: Campaign):
    shared.publish(training=f"{TRAINING},hours\nC,o1,MHFA,2018-01-01,8\nC,o2,MHFA,2018-01-01,8\n")
    files = {
        "with.csv": f"{TRAINING},hours\nC,o1,MHFA,2018-01-01,6.5\n",
        "without.csv": f"{TRAINING},provider\nC,o2,MHFA,2018-01-01,academy\n",
    }
    publish(shared, files)
    found = rows(shared, "training", department_id="C")
    assert [(row["hours"], row["provider"]) for row in found] == [(6.5, None), (8, "academy")]


def test_the_same_facts_in_other_words_change_nothing(shared: Campaign):
    shared.publish(
        training=f"{TRAINING},sworn,hours\nD,o1,MHFA,2018-01-01,yes,8\n",
        departments=f"{MINIMAL},county\nW,Webster,municipal,MA,Worcester\n",
    )
    with pytest.raises(NothingChanged) as same:
        shared.publish(
            training=f"{TRAINING},Sworn?,Hours\nD,o1,mental health first aid,1/1/2018,Y,8.0\n",
            departments=f"{MINIMAL},County\nW, Webster ,Town,Massachusetts,Worcester County\n",
        )
    assert same.value.current == len(shared.store.versions())


def test_a_constant_stands_for_a_column_in_every_row(shared: Campaign):
    text = "officer_id,course,completed_on\no1,CIT,2018-01-01\no2,CIT,2018-01-01\n"
    shared.publish(training=text, constants={"department_id": "E", "provider": "academy"})
    found = rows(shared, "training", department_id="E")
    assert [(row["officer_id"], row["provider"]) for row in found] == [
        ("o1", "academy"),
        ("o2", "academy"),
    ]


# --- replace --------------------------------------------------------------------------------------


TOTALS = "department_id,as_of,mhfa_trained,cit_trained"


def test_a_replacing_file_is_the_whole_dataset_and_touches_no_other(shared: Campaign):
    before = rows(shared, "departments")
    shared.publish(
        training_totals=f"{TOTALS},nonsworn_trained\nA,2018-01-01,1,1,7\nB,2018-01-01,1,1,7\n"
    )
    text = f"{TOTALS}\nB,2018-01-01,1,1\nC,2018-01-01,1,1\n"
    version = shared.publish(mode="replace", allow_shrink=True, training_totals=text)
    assert version.counts == {"training_totals": {"added": 1, "changed": 1, "removed": 1}}
    assert column(shared, "training_totals", "department_id") == ["B", "C"]
    assert column(shared, "training_totals", "nonsworn_trained") == [None, None]
    assert rows(shared, "departments") == before
    header, *lines = text.splitlines()
    with pytest.raises(NothingChanged):
        backwards = "\n".join([header, *reversed(lines)]) + "\n"
        shared.publish(mode="replace", training_totals=backwards)


def towns(names: str) -> str:
    return f"{MINIMAL}\n" + "".join(f"{name},{name} Police,municipal,MA\n" for name in names)


def test_losing_more_than_a_fifth_of_the_rows_must_be_allowed(empty: Campaign):
    empty.publish(departments=TOWNS)
    empty.publish(mode="replace", departments=towns("ABCDEFGH"))
    six = towns("ABCDEF")
    assert refused(empty, mode="replace", departments=six) == [(None, None, "shrink")]
    assert refused(empty, mode="replace", skip_bad_rows=True, departments=six)
    empty.publish(mode="replace", allow_shrink=True, departments=six)
    assert column(empty, "departments", "department_id") == list("ABCDEF")


def test_an_update_however_small_never_shrinks(shared: Campaign):
    before = len(rows(shared, "departments"))
    shared.publish(departments=f"{MINIMAL}\nA,Avon Police,municipal,MA\n")
    assert len(rows(shared, "departments")) == before


PARTNERED = dict(
    departments=TOWNS,
    pledges=f"{PLEDGES}\nJ,2017-09-20\n",
    partners="partner_id,name,kind\np1,Riverside,hospital\np2,East,court\n",
    partnerships="department_id,partner_id,kind,signed_on\nJ,p1,referral,2018-01-01\n",
)


@pytest.fixture(scope="module")
def partnered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """Ten departments, of which J pledged and works with a partner; nothing can be left out."""
    with campaigning(tmp_path_factory.mktemp("partnered")) as found:
        found.publish(**PARTNERED)
        yield found


WITHOUT_J = TOWNS.replace("J,J Police,municipal,MA\n", "")


def test_departments_that_others_refer_to_can_not_be_left_out(partnered: Campaign):
    assert refused(partnered, mode="replace", departments=WITHOUT_J) == [
        (None, "department_id", "foreign-key"),
        (None, "department_id", "foreign-key"),
    ]
    made = partnered.check(mode="replace", departments=WITHOUT_J)
    assert "leaves out J, but 1 published rows of pledges refer to it" in made.problems[0].message
    assert refused(partnered, mode="replace", skip_bad_rows=True, departments=WITHOUT_J)


def test_a_partner_that_others_refer_to_can_not_be_left_out(partnered: Campaign):
    text = "partner_id,name,kind\np2,East,court\n"
    found = refused(partnered, mode="replace", allow_shrink=True, partners=text)
    assert found == [(None, "partner_id", "foreign-key")]


def test_departments_may_go_together_with_all_that_refers_to_them(empty: Campaign):
    empty.publish(**PARTNERED)
    version = empty.publish(
        mode="replace",
        allow_shrink=True,
        departments=WITHOUT_J,
        pledges=f"{PLEDGES}\nA,2017-09-20\n",
        partnerships="department_id,partner_id,kind,signed_on\nA,p1,referral,2018-01-01\n",
    )
    assert version.counts["departments"] == {"added": 0, "changed": 0, "removed": 1}
    assert column(empty, "pledges", "department_id") == ["A"]


# --- bad rows -------------------------------------------------------------------------------------


def test_one_bad_row_keeps_every_file_out(shared: Campaign):
    found = refused(
        shared,
        departments=f"{MINIMAL}\nU1,Upton,municipal,MA\n",
        pledges=f"{PLEDGES}\nU1,2017-09-20\nU1,soon\nU1,2016-01-01\n",
    )
    assert found == [(3, "pledged_on", "type-error"), (4, "pledged_on", "before-launch")]
    assert rows(shared, "departments", department_id="U1") == []


def test_bad_rows_can_be_left_out_and_the_sound_ones_published(shared: Campaign):
    lines = ["G,o1,CIT,2018-01-01", "G,o2,CIT,soon", "G,o3", "G,o4,CIT,2018-01-01,x"]
    lines += ["G,o1,CIT,1/1/2018", "Z,o5,CIT,2018-01-01", "G,Mary Smith,CIT,2018-01-01"]
    lines += ["G,o6,Yoga,2018-01-01", "G,o7,CIT,2018-01-01"]
    text = "\n".join([TRAINING, *lines]) + "\n"
    assert len(refused(shared, training=text)) == 7
    version = shared.publish(training=text, skip_bad_rows=True)
    assert version.counts["training"]["added"] == 2
    found = rows(shared, "training", department_id="G")
    assert [row["officer_id"] for row in found] == ["o1", "o7"]


def test_a_bad_department_takes_its_training_along(shared: Campaign):
    made = dict(
        departments=f"{MINIMAL}\nV1,Vernon,municipal,MA\nV2,Bolton,castle,MA\n",
        training=f"{TRAINING}\nV1,o1,CIT,2018-01-01\nV2,o1,CIT,2018-01-01\nV2,o2,CIT,2018-01-01\n",
    )
    assert refused(shared, **made) == [(3, "type", "enum-error")]
    draft = shared.check(skip_bad_rows=True, **made)
    assert [(item.dataset, item.row, item.code) for item in draft.problems] == [
        ("departments", 3, "enum-error"),
        ("training", 3, "foreign-key"),
        ("training", 4, "foreign-key"),
    ]
    shared.publish(skip_bad_rows=True, **made)
    assert len(rows(shared, "training", department_id="V1")) == 1
    assert rows(shared, "training", department_id="V2") == []
    assert rows(shared, "departments", department_id="V2") == []


def test_a_bad_row_of_a_published_department_leaves_it_and_its_training_alone(shared: Campaign):
    shared.publish(
        skip_bad_rows=True,
        departments=f"{MINIMAL}\nF,Fall River,castle,MA\n",
        training=f"{TRAINING}\nF,o1,CIT,2018-01-01\n",
    )
    [row] = rows(shared, "departments", department_id="F")
    assert row["name"] == "F Police"
    assert len(rows(shared, "training", department_id="F")) == 1


def test_a_fault_of_the_whole_file_is_not_left_out(shared: Campaign):
    found = refused(shared, skip_bad_rows=True, training="dept,officer,course\nA,o1,CIT\n")
    assert found == [(None, "completed_on", "missing-label")]
    assert refused(shared, skip_bad_rows=True, pledges=f"{PLEDGES},{PLEDGES}\nA,2018-01-01,A,x\n")


def test_when_every_row_is_bad_nothing_is_published_and_nobody_says_it_is_there(shared: Campaign):
    found = refused(shared, skip_bad_rows=True, pledges=f"{PLEDGES}\nA,soon\nZ,2018-01-01\n")
    assert found == [(2, "pledged_on", "type-error"), (3, "department_id", "foreign-key")]


# --- together, step by step, at once --------------------------------------------------------------


def test_a_refusal_holds_all_problems_and_says_that_nothing_was_published(shared: Campaign):
    with pytest.raises(CheckFailed, match=r"^Nothing was published\. Row 3, 'pledged_on'") as no:
        shared.publish(pledges=f"{PLEDGES}\nA,2016-01-01\nA,soon\nB,never\n")
    assert [item.code for item in no.value.problems] == [
        "before-launch",
        "type-error",
        "type-error",
    ]


def test_a_draft_changes_nothing(shared: Campaign):
    before = (shared.store.versions(), rows(shared, "pledges"))
    made = shared.check(pledges=f"{PLEDGES}\nG,2018-01-01\n")
    assert [(diff.dataset, diff.added) for diff in made.diffs] == [("pledges", 1)]
    assert made.base == shared.store.current()
    assert (shared.store.versions(), rows(shared, "pledges")) == before


def test_the_steps_are_told_as_they_are_taken(shared: Campaign):
    said: list[str] = []
    shared.publish(pledges=f"{PLEDGES}\nH,2018-01-01\n", say=said.append)
    assert said == [
        "Reading pledges.csv",
        "Checking pledges",
        "Comparing pledges with what is published",
        "Publishing",
    ]


def meanwhile(campaign: Campaign, names: str) -> Callable[[str], None]:
    """Return a `say` that lets others publish a department each, at the last moment."""
    left = list(names)

    def say(step: str) -> None:
        if step == "Publishing" and left:
            publish(campaign, {"other.csv": towns(left.pop())})

    return say


def test_when_somebody_publishes_meanwhile_it_starts_over(shared: Campaign):
    before = len(shared.store.versions())
    version = shared.publish(pledges=f"{PLEDGES}\nC,2018-01-01\n", say=meanwhile(shared, "PQ"))
    assert version.number == before + 3
    assert all(rows(shared, "departments", department_id=name) for name in "PQ")
    assert len(rows(shared, "pledges", department_id="C")) == 1


def test_when_others_keep_publishing_it_gives_up_and_says_so(shared: Campaign):
    last = len(shared.store.versions()) + 3
    with pytest.raises(VersionMoved, match=f"published version {last} in the meantime"):
        shared.publish(pledges=f"{PLEDGES}\nD,2018-01-01\n", say=meanwhile(shared, "RST"))
    assert rows(shared, "pledges", department_id="D") == []


# --- the sample campaign --------------------------------------------------------------------------


def sample(*names: str) -> list[ingest.Upload]:
    return [ingest.Upload(SAMPLE / f"{name}.csv", f"{name}.csv") for name in names]


def publish_sample(campaign: Campaign, *names: str) -> tuple[Version, publishing.Draft]:
    return publishing.publish(campaign.store, sample(*names), campaign.options(), "pat", "sample")


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store that holds the smaller half of the sample campaign, and stays one."""
    with campaigning(tmp_path_factory.mktemp("sampled")) as found:
        version, made = publish_sample(found, "departments", "pledges", "partners", "partnerships")
        assert version.sample and made.is_sample
        yield found


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """A store that holds real data, and lets no sample in."""
    with campaigning(tmp_path_factory.mktemp("real")) as found:
        found.publish(**REAL)
        yield found


REAL = dict(departments=f"{MINIMAL}\nA,Avon,municipal,MA\n", pledges=f"{PLEDGES}\nA,2017-09-20\n")


def test_real_data_drops_the_whole_sample_in_the_same_version(empty: Campaign):
    publish_sample(empty, "departments", "pledges", "partners", "partnerships")
    made = empty.check(**REAL)
    assert made.drops_sample
    counts = {diff.dataset: (diff.added, diff.removed) for diff in made.diffs}
    assert (counts["departments"], counts["partnerships"]) == ((1, 393), (0, 262))
    version = empty.publish(**REAL)
    assert (version.number, version.sample) == (2, False)
    assert version.counts["pledges"] == {"added": 1, "changed": 0, "removed": 270}
    left = {name: len(rows(empty, name)) for name in ("departments", "pledges", "partners")}
    assert left == {"departments": 1, "pledges": 1, "partners": 0}
    assert restore(empty.store, 1, "pat", "show it once more").sample
    assert empty.check(**REAL).drops_sample, "a restored sample is a sample again"


def test_real_data_can_not_lean_on_the_sample(sampled: Campaign):
    ours = f"{PLEDGES}\nMA0010100,2018-05-05\n"
    assert refused(sampled, pledges=ours) == [(2, "department_id", "foreign-key")]
    assert len(rows(sampled, "pledges")) == 270


def test_real_data_with_a_fault_leaves_the_sample_where_it_is(sampled: Campaign):
    assert refused(sampled, **(REAL | {"pledges": f"{PLEDGES}\nA,soon\n"}))
    assert len(rows(sampled, "departments")) == 393


def test_more_of_the_sample_is_still_the_sample(sampled: Campaign):
    version, made = publish_sample(sampled, "feedback")
    assert (version.sample, made.drops_sample) == (True, False)
    assert len(rows(sampled, "departments")) == 393


def test_the_sample_is_refused_on_real_data(real: Campaign):
    with pytest.raises(NotPossibleNow, match=r"made up.*Nothing was published"):
        publish_sample(real, "departments", "pledges")
    assert len(real.store.versions()) == 1


def test_the_sample_is_refused_on_real_data_among_real_files_too(real: Campaign):
    uploads = [*real.uploads(pledges=f"{PLEDGES}\nA,2020-01-01\n"), *sample("departments")]
    with pytest.raises(NotPossibleNow):
        publishing.publish(real.store, uploads, real.options(), "pat", "mixed")
    assert len(rows(real, "departments")) == 1
