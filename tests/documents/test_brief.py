"""The one-page brief: always one page, its texts never code, its facts those of the screens."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from onemind import cli, documents, metrics
from onemind.campaign import Filter, Scope, Sight
from onemind.documents import briefs
from onemind.documents.brief_campaign import campaign
from onemind.documents.brief_department import department
from onemind.errors import NotPossibleNow, WrongUse
from onemind.store import Window
from tests.architecture.english import faults
from tests.conftest import TODAY, Campaign

LONG = "The Joint Regional Public Safety and Transit Police Department of the Greater " * 2
UNKIND = '#panic("no") $x_1$ *bold* [a] \\ `code` <label> @ref " {{ }}'
HEADER = "department_id,name,type,municipality,county,state,sworn_officers\n"
ONE = {
    "departments": HEADER + "D1,Lee Police,municipal,Lee,Berkshire,MA,10\n",
    "pledges": "department_id,pledged_on,policy_adopted_on\nD1,2017-09-20,2018-02-01\n",
    "training_totals": "department_id,as_of,mhfa_trained,cit_trained\nD1,2026-01-31,9,1\n",
    "partners": "partner_id,name,kind\nP1,Berkshire Clinic,hospital\n",
    "partnerships": "department_id,partner_id,kind,signed_on\nD1,P1,referral,2019-07-18\n",
}


def pages(pdf: bytes) -> int:
    """Count the pages, those in compressed objects too."""
    inside = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            inside.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page(?![a-z])", part, re.I)) for part in inside)


def crowded(name: str) -> dict[str, str]:
    """Forty departments, all overdue, whose first has a year of endings and many partners."""
    ids = [f"D{number}" for number in range(40)]
    quoted = '"' + name.replace('"', '""') + '"'
    months = [f"2024-{month:02}-15" for month in range(1, 13)]
    return {
        "departments": HEADER
        + "".join(f'{i},{quoted},municipal,{quoted[:60]}",{quoted[:60]}",MA,50\n' for i in ids),
        "pledges": "department_id,pledged_on\n" + "".join(f"{i},2017-09-20\n" for i in ids),
        "training": "department_id,officer_id,course,completed_on\n"
        + "".join(f"D0,A-{n},MHFA,{day}\n" for n, day in enumerate(months)),
        "partners": "partner_id,name,kind\n" + "".join(f"P{n},{quoted},other\n" for n in range(30)),
        "partnerships": "department_id,partner_id,kind,signed_on\n"
        + "".join(f"D0,P{n},co_response,2020-01-01\n" for n in range(30)),
    }


@pytest.mark.parametrize("name", [LONG.strip(), UNKIND, "漢" * 150], ids=["long", "code", "wide"])
def test_a_brief_is_one_page_whatever_the_names_are(
    campaign: Callable[..., Campaign], name: str
) -> None:
    made = campaign(**crowded(name))
    assert pages(documents.brief(made.store, Filter(), TODAY)) == 1
    assert pages(documents.brief(made.store, Filter(), TODAY, "D0")) == 1


def test_a_page_too_many_would_be_counted() -> None:
    one = b"<< /Type /Page >> << /Type /Pages >>"
    assert pages(one) == 1
    assert pages(one + b"stream\n" + zlib.compress(b"<</Type/Page>>") + b"\nendstream") == 2


def test_names_reach_the_page_as_they_are(campaign: Callable[..., Campaign]) -> None:
    made = campaign(**crowded(UNKIND))
    assert department(made.store, "D0", Filter(), TODAY)["title"] == UNKIND


def test_the_campaign_brief_says_what_the_overview_says(empty: Campaign) -> None:
    empty.publish(**ONE)
    facts = campaign(empty.store, Filter(as_of=date(2026, 6, 30)), TODAY)
    assert facts["title"] == "One Mind Campaign: all departments"
    assert facts["sentence"].startswith(
        "1 of 1 departments have pledged, 0 have completed the pledge and 1 is"
    )
    values = {item["label"]: item["value"] for item in facts["numbers"]}
    assert values["Overdue"] == "1"
    assert values["MHFA, share of sworn"] == "90%"
    assert [row["reason"] for row in facts["concerns"]] == ["overdue by 5.8 years"]
    assert facts["concerns"][0]["place"] == "Berkshire, MA"
    assert {row["label"]: row["count"] for row in facts["funnel"]}["Overdue"] == 1


def test_the_department_brief_says_what_is_asked_and_what_there_is(empty: Campaign) -> None:
    empty.publish(**ONE)
    facts = department(empty.store, "D1", Filter(as_of=date(2026, 6, 30)), TODAY)
    checks = {row["title"]: row for row in facts["checks"]}
    assert checks["MHFA"]["found"] == "9 of 10 (90%); 1 more needed."
    assert checks["CIT"]["asked"].startswith("2 of 10 sworn officers (20%, rounded up)")
    assert checks["Policy"]["on"] == "February 1, 2018"
    assert checks["Partnership"]["found"] == "With Berkshire Clinic (referral)."
    assert facts["sentence"] == "Overdue by 5.8 years. The deadline was September 20, 2020."
    assert {row["label"]: row["value"] for row in facts["numbers"]}["Lapsed"] == "unknown"


def said(facts: Any) -> Iterator[str]:
    """Each text of a brief's facts."""
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, dict | list):
        facts = {name: value for name, value in facts.items() if name != "svg"} if isinstance(
            facts, dict
        ) else facts  # fmt: skip
        for item in facts.values() if isinstance(facts, dict) else facts:
            yield from said(item)


def test_both_briefs_of_the_sample_are_in_american_english(sample: Campaign) -> None:
    shown = campaign(sample.store, Filter(), TODAY)
    ids = metrics.export.dataset(sample.store, "departments").rows[:40]
    each = [department(sample.store, row[0], Filter(), TODAY) for row in ids]
    texts = [*said(shown), *(text for facts in each for text in said(facts))]
    assert len(texts) > 1000
    assert [fault for text in texts for fault in faults(text)] == []


def test_a_brief_shows_no_more_than_its_reader_may_see(empty: Campaign) -> None:
    empty.publish(**ONE)
    window = Window(empty.store, Sight(Scope(state=("RI",))))
    with pytest.raises(WrongUse, match="There is no department 'D1'"):
        documents.brief(window, Filter(), TODAY, "D1")
    with pytest.raises(WrongUse, match="No department matches"):
        documents.brief(window, Filter(), TODAY)
    inside = Window(empty.store, Sight(Scope(state=("MA",))))
    assert campaign(inside, Filter(), TODAY)["title"] == "One Mind Campaign: Massachusetts"


def test_the_sample_says_that_it_is_made_up(
    empty: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    version = empty.publish(**ONE)
    real, made_up = (
        briefs._frame(replace(version, sample=sample), TODAY, "x") for sample in (False, True)
    )
    assert "made-up" not in json.dumps(real).lower()
    assert "made-up figures" in made_up["sample"]
    assert made_up["cite"].endswith("Made-up figures.")


def test_an_empty_store_has_no_brief(empty: Campaign) -> None:
    with pytest.raises(NotPossibleNow, match="Nothing is published yet"):
        documents.brief(empty.store, Filter(), TODAY)


def test_the_same_facts_give_the_same_file(empty: Campaign) -> None:
    empty.publish(**ONE)
    first, second = (documents.brief(empty.store, Filter(), TODAY, "D1") for _ in range(2))
    assert first == second


def test_the_command_writes_a_file_and_says_what_went_wrong(
    empty: Campaign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = empty.folder
    monkeypatch.setenv("ONEMIND_STORE", str(folder / "store"))
    out = folder / "brief.pdf"
    assert cli.main(["brief", "-o", str(out)]) == 3
    empty.publish(**ONE)
    assert cli.main(["brief", "--state", "ma", "--as-of", "2026-06-30", "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert cli.main(["brief", "--department", "D1", "--json", "-o", str(out)]) == 0
    assert json.loads(capsys.readouterr().out.split("pdf.\n")[-1])["file"] == str(out)
    assert cli.main(["brief", "--department", "D9", "-o", str(out)]) == 2
    assert cli.main(["brief", "--state", "ZZ", "-o", str(out)]) == 2
    assert cli.main(["brief", "--version", "7", "-o", str(out)]) == 2
    assert cli.main(["brief", "-o", str(folder / "none" / "brief.pdf")]) == 3
    assert "can't be written" in capsys.readouterr().err
    assert not (Path(folder) / "none").exists()
