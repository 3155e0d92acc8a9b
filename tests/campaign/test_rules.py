"""The campaign's rule as data: ours, a folder of one's own over it, and unsound rules refused."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from onemind.campaign import load_rules, rules
from onemind.errors import ContractError
from tests.conftest import Rows, campaigning

OURS = {name: (rules.FOLDER / f"{name}.toml").read_text() for name in ("editions", "courses")}
OURS["practices"] = (rules.FOLDER / "practices.toml").read_text()

# A sister campaign in small: two editions, the second two years earlier than ours.
EARLIER = """
[[edition]]
id = "2016"
title = "2016 edition"
description = "Launch."
starts_on = 1900-01-01
dated = "stated"

[[edition]]
id = "2019"
title = "Second edition"
description = "Equivalents count."
starts_on = 2017-01-01
dated = "inferred"
synonyms = ["two"]

[[edition]]
id = "current"
title = "Current edition"
description = "Either course."
starts_on = 2023-01-01
dated = "inferred"
"""


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        ("1900-01-01", "2016"),
        ("2016-10-01", "2016"),
        ("2018-12-31", "2016"),
        ("2019-01-01", "2019"),
        ("2022-12-31", "2019"),
        ("2023-01-01", "current"),
        ("2099-12-31", "current"),
    ],
)
def test_an_edition_is_in_force_from_its_first_day_until_the_next(
    calculator: Callable[..., Rows], day: str, edition: str
):
    avon = {"department_id": "A", "name": "Avon", "type": "municipal", "state": "MA"}
    [found] = calculator({"departments": [avon]}, date.fromisoformat(day)).values()
    assert found["edition"] == edition


def test_the_practices_are_the_four_of_the_pledge():
    found = load_rules()
    assert [item.id for item in found.practices] == ["partnership", "policy", "mhfa", "cit"]
    needs = {
        (item.id, need.edition): (need.measure, need.numerator, need.denominator)
        for item in found.practices
        for need in item.needs
    }
    assert needs == {
        ("mhfa", "2016"): ("mhfa", 1, 1),
        ("mhfa", "2019"): ("mhfa", 1, 1),
        ("mhfa", "current"): ("either", 1, 1),
        ("cit", "2016"): ("cit", 1, 5),
        ("cit", "2019"): ("cit", 1, 5),
        ("cit", "current"): ("cit", 1, 5),
    }


def test_the_courses_count_toward_practices_as_the_design_says():
    found = {
        item.id: (item.practice, item.from_edition, item.valid_months)
        for item in load_rules().courses
    }
    assert found == {
        "MHFA": ("mhfa", "2016", 36),
        "MHFA-EQ": ("mhfa", "2019", 36),
        "CIT": ("cit", "2016", None),
        "CIT-EQ": ("cit", "2019", None),
        "CRIT": ("cit", "2019", None),
    }


def test_the_spans_are_those_of_the_design():
    assert load_rules().launched_on == date(2016, 10, 1)
    assert load_rules().spans == {
        "earliest_months": 12,
        "deadline_months": 36,
        "due_soon_days": 180,
        "expiring_days": 90,
        "reminder_days": 30,
        "pace_days": 180,
        "silent_days": 90,
    }


def test_a_course_is_known_by_its_code_its_title_and_what_people_write():
    words = load_rules().words("courses")
    assert words["mhfa"] == words["mental health first aid"] == words["mhfa-ps"] == "MHFA"
    assert words["crisis response and intervention training"] == words["crit"] == "CRIT"
    assert words["cit 40 hr"] == "CIT"
    assert words["mhfa equivalent"] == "MHFA-EQ"


def test_an_edition_is_known_by_its_id_and_title():
    words = load_rules().words("editions")
    assert words["2016"] == words["2016 edition"] == "2016"
    assert words["current"] == words["current edition"] == words["2023"] == "current"


def test_no_word_means_two_courses_or_two_editions():
    found = load_rules()
    for items in (found.courses, found.editions):
        meanings: dict[str, set[str]] = {}
        for item in items:
            for word in (item.id, item.title, *item.synonyms):
                meanings.setdefault(word.lower(), set()).add(item.id)
        assert [word for word, ids in meanings.items() if len(ids) > 1] == []


def own(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


def test_a_file_of_ones_own_replaces_ours_and_the_others_stay(tmp_path: Path):
    found = load_rules(own(tmp_path, editions=EARLIER))
    assert found.words("editions")["two"] == "2019"
    assert found.courses == load_rules().courses
    assert found.practices == load_rules().practices


def test_a_store_judges_and_reads_by_the_rules_in_its_settings(tmp_path: Path):
    folder = own(
        tmp_path,
        editions=EARLIER,
        practices=OURS["practices"].replace("deadline_months = 36", "deadline_months = 24"),
    )
    with campaigning(tmp_path, rules=folder) as campaign:
        campaign.publish(
            departments="department_id,name,type,state\nA,Avon,municipal,MA\nB,Bath,municipal,MA\n",
            pledges="department_id,pledged_on,edition\nA,2017-09-20,\nB,2017-09-20,two\n",
        )
        rows = campaign.progress("2018-01-01")
    assert (rows["A"]["edition"], rows["A"]["deadline_on"]) == ("2019", date(2019, 9, 20))
    assert rows["B"]["edition"] == "2019"


UNSOUND = [
    ("editions", "starts_on = 2019-01-01", "starts_on = 2024-01-01", "oldest first"),
    ("editions", "starts_on = 2019-01-01", "starts_on = 2023-01-01", "a day of its own"),
    ("editions", "starts_on = 2019-01-01", 'starts_on = "2019"', "can't be read"),
    ("editions", 'id = "2019"', 'id = "2020"', "2019"),
    ("editions", 'title = "2019 edition"', "", "title"),
    ("editions", 'id = "2019"', "id = ", "can't be read"),
    ("editions", 'id = "current"', 'id = "2016"', "current"),
    ("courses", 'from_edition = "2019"', 'from_edition = "2091"', "2091"),
    ("courses", 'practice = "cit"', 'practice = "cti"', "cti"),
    ("courses", "valid_months = 36", "valid_months = -36", "valid_months"),
    ("courses", 'id = "CRIT"', 'id = "CIT"', "CIT"),
    ("courses", '"CRIT Training"', '"CIT Training"', "cit training"),
    ("practices", 'edition = "2016", measure = "cit"', 'edition = "2061", measure = "cit"', "2061"),
    ("practices", 'measure = "either"', 'measure = "ether"', "ether"),
    ("practices", "needed = [1, 5]", "needed = [1, 0]", "needed"),
    ("practices", "needed = [1, 5]", "needed = [1]", "can't be read"),
    ("practices", "due_soon_days = 180\n", "", "due_soon_days"),
    ("practices", "due_soon_days = 180\n", 'due_soon_days = "soon"\n', "due_soon_days"),
    ("practices", "launched_on = 2016-10-01\n", "", "launched_on"),
    ("practices", 'id = "policy"', 'id = "cit"', "cit"),
]


@pytest.mark.parametrize(
    ("file", "sound", "unsound", "says"),
    UNSOUND,
    ids=[f"{file}: {unsound.strip() or 'without ' + sound}" for file, sound, unsound, _ in UNSOUND],
)
def test_unsound_rules_are_refused_and_say_what_is_wrong(
    tmp_path: Path, file: str, sound: str, unsound: str, says: str
):
    assert sound in OURS[file]
    folder = own(tmp_path, **{file: OURS[file].replace(sound, unsound, 1)})
    with pytest.raises(ContractError, match=f"(?i){re.escape(says)}"):
        load_rules(folder)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path):
    with pytest.raises(ContractError, match="The rules can't be read"):
        load_rules(own(tmp_path, courses="course: MHFA"))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    """Else a slip of the pen in ONEMIND_RULES would silently judge by our rules."""
    with pytest.raises(ContractError, match="no-such-folder"):
        load_rules(tmp_path / "no-such-folder")
