"""What the feeds say of a small campaign: every date, every change, every name as plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from onemind import feeds
from onemind.campaign import Scope, Sight
from onemind.errors import NotPossibleNow
from onemind.feeds import Place
from onemind.feeds.sign import wide
from tests.conftest import TODAY, Campaign

ATOM = "{http://www.w3.org/2005/Atom}"
PLACE = Place("https://x.example/", "https://x.example/feeds/t/changes.atom", "x.example", "l1")
DEPARTMENTS = (
    "department_id,name,type,county,state,sworn_officers\n"
    'D1,"<b>Lee</b> & Co, Police",municipal,Berkshire,MA,4\nD2,Salem,municipal,Essex,MA,2\n'
    "D3,Lynn,municipal,Essex,MA,\n"
)
PLEDGES = "department_id,pledged_on\nD1,2025-09-20\nD2,2017-09-20\n"
TRAINING = (
    "department_id,officer_id,course,completed_on\nD1,o1,MHFA,2023-10-05\nD1,o2,MHFA,2023-10-25\n"
    "D1,o3,MHFA,2025-01-31\n"
)
ALL = {"departments": DEPARTMENTS, "pledges": PLEDGES, "training": TRAINING}
Publish = Callable[..., Campaign]


def standing(made: Campaign, today: date = TODAY, **given: Any) -> feeds.Standing:
    titles = given.pop("titles", None)
    return feeds.standing(made.store, Sight(Scope(**given)), today, titles)


def events(content: bytes) -> list[Any]:
    found = Calendar.from_ical(content)
    assert not found.errors
    return list(found.walk("VEVENT"))


def summaries(content: bytes) -> list[tuple[str, str]]:
    return sorted((f"{item['DTSTART'].dt}", str(item["SUMMARY"])) for item in events(content))


def entries(content: bytes) -> list[ElementTree.Element]:
    return ElementTree.fromstring(content).findall(f"{ATOM}entry")


def said(entry: ElementTree.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


def test_a_calendar_has_deadlines_and_certificates_by_month(campaign: Publish) -> None:
    name = "<b>Lee</b> & Co, Police"
    assert summaries(feeds.calendar(standing(campaign(**ALL)))) == [
        ("2020-09-20", "Pledge deadline: Salem"),
        ("2026-07-01", f"MHFA recertification opens: {name}"),
        ("2026-10-01", f"MHFA certificates end: {name}"),
        ("2027-11-01", f"MHFA recertification opens: {name}"),
        ("2028-01-01", f"MHFA certificates end: {name}"),
        ("2028-09-20", f"Pledge deadline: {name}"),
    ]


def test_certificates_are_counts_and_no_officer_is_in_it(campaign: Publish) -> None:
    content = feeds.calendar(standing(campaign(**ALL)))
    words = {str(item["SUMMARY"])[:17] + str(item["DTSTART"].dt)[:7]: str(item["DESCRIPTION"])
             for item in events(content)}  # fmt: skip
    assert words["MHFA certificates2026-10"] == (
        "The last MHFA certificates of 2 officers end in October 2026."
    )
    assert words["MHFA recertificat2027-11"] == (
        "Recertification opens for 1 officer in November 2027."
    )
    assert words["Pledge deadline: 2028-09"] == ("MHFA 75% of 4 - in progress, due Sep 20, 2028")
    assert b"o1" not in content


def test_of_the_month_that_has_begun_the_days_to_come_are_counted(campaign: Publish) -> None:
    content = feeds.calendar(standing(campaign(**ALL), date(2026, 10, 6)))
    ending = [item for item in events(content) if str(item["DTSTART"].dt) == "2026-10-01"]
    assert [str(item["DESCRIPTION"]) for item in ending] == [
        "The last MHFA certificate of 1 officer ends from today on in October 2026."
    ]


def test_events_keep_their_uid_over_versions_and_are_stamped_by_theirs(campaign: Publish) -> None:
    made = campaign(**ALL)
    before = events(feeds.calendar(standing(made)))
    second = made.publish(pledges="department_id,pledged_on\nD1,2026-01-10\n")
    after = events(feeds.calendar(standing(made)))
    uids = [str(item["UID"]) for item in before]
    assert len(set(uids)) == len(uids)
    assert {str(item["UID"]) for item in after} == set(uids)
    assert {item["DTSTAMP"].dt for item in after} == {second.published_at.replace(microsecond=0)}
    moved = next(item for item in after if "Lee" in item["SUMMARY"] and "dead" in item["SUMMARY"])
    assert moved["DTSTART"].dt == date(2029, 1, 10)
    assert all(
        type(item["DTSTART"].dt) is date
        and item["DTEND"].dt - item["DTSTART"].dt == timedelta(days=1)
        for item in after
    )


def test_lines_are_folded_and_end_as_rfc_5545_says(campaign: Publish) -> None:
    content = feeds.calendar(standing(campaign(**ALL)))
    lines = content.split(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"VERSION:2.0" in lines


def test_a_calendar_holds_what_its_pages_show(campaign: Publish) -> None:
    made = campaign(**ALL)
    deadlines = summaries(feeds.calendar(standing(made, titles=("Departments",))))
    assert {words[:8] for _, words in deadlines} == {"Pledge d"}
    certificates = summaries(feeds.calendar(standing(made, titles=("Training",))))
    assert {words[:5] for _, words in certificates} == {"MHFA "}


def test_too_many_events_are_joined_by_day(
    campaign: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign(departments=DEPARTMENTS, pledges=f"{PLEDGES}D3,2017-09-20\n")
    monkeypatch.setitem(feeds.calendar.__globals__, "MOST", 2)
    found = events(feeds.calendar(standing(made)))
    assert [(str(item["SUMMARY"]), str(item["DESCRIPTION"])) for item in found] == [
        ("Pledge deadline: 1 department", "<b>Lee</b> & Co, Police"),
        ("Pledge deadline: 2 departments", "Lynn, Salem"),
    ]


def test_the_feed_says_what_each_version_changed(campaign: Publish) -> None:
    made = campaign(departments=DEPARTMENTS)
    made.publish(pledges="department_id,pledged_on\nD1,2025-09-20\nD2,2017-09-20\n")
    made.publish(pledges="department_id,pledged_on\nD3,2025-01-20\n")
    found = entries(feeds.changes(standing(made), PLACE))
    assert [said(entry, "title") for entry in found] == [
        "Version 3: 1 department now in progress.",
        "Version 2: 1 department now in progress, 1 department now overdue.",
        "Version 1: 3 departments added.",
    ]
    assert said(found[1], "summary") == (
        "<p>New pledges: &lt;b&gt;Lee&lt;/b&gt; &amp; Co, Police, Salem.</p>"
        "<p>Newly overdue: Salem.</p>"
    )
    assert said(found[0], "id") == "tag:x.example,2017-09-20:feeds/l1/version/3"
    stamp = made.store.versions()[-1].published_at
    assert datetime.fromisoformat(said(found[0], "updated")) == stamp
    root = ElementTree.fromstring(feeds.changes(standing(made), PLACE))
    assert root.findtext(f"{ATOM}id") == "tag:x.example,2017-09-20:feeds/l1"
    assert datetime.fromisoformat(root.findtext(f"{ATOM}updated") or "") == stamp
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "One Mind Campaign dashboard"


def test_entries_stay_as_they_are(campaign: Publish) -> None:
    made = campaign(departments=DEPARTMENTS)
    made.publish(pledges=PLEDGES)
    before = [ElementTree.tostring(item) for item in entries(feeds.changes(standing(made), PLACE))]
    made.publish(training=TRAINING)
    later = standing(made, date(2031, 1, 1))
    after = [ElementTree.tostring(item) for item in entries(feeds.changes(later, PLACE))]
    assert after[1:] == before


def test_a_feed_tells_from_where_its_link_was_made(campaign: Publish) -> None:
    made = campaign(departments=DEPARTMENTS)
    second = made.publish(pledges=PLEDGES)
    made.publish(training=TRAINING)
    since = second.published_at + timedelta(microseconds=1)
    found = entries(feeds.changes(standing(made), PLACE, since))
    assert [said(entry, "id")[-1] for entry in found] == ["3", "2"]


def test_a_feed_held_at_a_version_tells_of_that_one(campaign: Publish) -> None:
    made = campaign(departments=DEPARTMENTS)
    made.publish(pledges=PLEDGES)
    held = feeds.standing(made.store, Sight(version=1), TODAY)
    (entry,) = entries(feeds.changes(held, PLACE))
    assert said(entry, "title") == "Version 1"
    assert "0 of 3 departments have pledged" in said(entry, "summary")


@pytest.mark.parametrize(
    ("department", "words"),
    [
        ("D1", "MHFA 75% of 4 - in progress, due Sep 20, 2028"),
        ("D2", "MHFA not reported - overdue, since Sep 20, 2020"),
        ("D3", "MHFA not reported - not pledged"),
    ],
)
def test_badge_and_card_say_where_a_department_stands(
    campaign: Publish, department: str, words: str
) -> None:
    seen = standing(campaign(**ALL))
    badge, card = feeds.badge(seen, department), feeds.card(seen, department)
    assert badge is not None and card is not None
    root = ElementTree.fromstring(badge)
    texts = ["".join(item.itertext()) for item in root]
    assert words in texts
    assert texts[0].endswith(f": {words}")
    assert "As of June 30, 2026." in texts
    assert words in card.decode()
    assert ("<b>" in card.decode()) is ("<b>" in badge.decode()) is False


def test_a_department_out_of_sight_has_neither(campaign: Publish) -> None:
    seen = standing(campaign(**ALL), county=("Essex",))
    for name in ("D1", "D9", "", "' or 1=1 --"):
        assert feeds.badge(seen, name) is None
        assert feeds.card(seen, name) is None


def test_a_badge_is_as_wide_as_its_words() -> None:
    assert wide("WWWW") > wide("aaaa") > wide("iiii") > wide("")


def test_a_picture_has_the_size_that_chats_ask_for(campaign: Publish) -> None:
    made = campaign(**ALL)
    for seen in (standing(made), standing(made, county=("Nowhere",))):
        content = feeds.picture(seen, "#panic() <b>&amp; $x$ *bold*")
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        size = (int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
        assert size == (1200, 630)


def test_a_summary_says_what_its_pages_show(campaign: Publish) -> None:
    made = campaign(**ALL)
    whole = feeds.summary(standing(made, county=("Essex",)), "NAMI")
    assert (whole.title, whole.has_picture) == ("NAMI", True)
    assert whole.words.startswith("County Essex. 1 of 2 departments have pledged")
    narrow = feeds.summary(standing(made, titles=("Training",)), "NAMI")
    assert (narrow.words, narrow.has_picture) == ("All departments.", False)
    assert feeds.summary(standing(made)).title == "One Mind Campaign: all departments"


def test_tags_escape_what_they_say(campaign: Publish) -> None:
    said = feeds.summary(standing(campaign(**ALL)), '"><script>')
    text = feeds.tags(said, 'https://x/"')
    assert "<script>" not in text
    assert 'content="&#34;&gt;&lt;script&gt;"' in text


def test_the_sample_is_called_so_everywhere(sample: Campaign) -> None:
    seen = feeds.standing(sample.store, Sight(Scope(county=("Essex",))), TODAY)
    words = "Sample campaign: made-up figures."
    badge, card = feeds.badge(seen, "MA0050400"), feeds.card(seen, "MA0050400")
    assert badge is not None and card is not None
    assert "One Mind (sample)" in badge.decode()
    assert words in card.decode()
    assert words in feeds.changes(seen, PLACE).decode()
    assert words in feeds.summary(seen).words
    assert all(words in str(item["DESCRIPTION"]) for item in events(feeds.calendar(seen)))


def test_while_nothing_is_published_there_is_nothing(empty: Campaign) -> None:
    with pytest.raises(NotPossibleNow, match="Nothing is published yet"):
        standing(empty)
