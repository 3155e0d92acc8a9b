"""A reading as a value: what a later one says goes before, and it survives TOML."""

from __future__ import annotations

import pytest

from onemind.errors import WrongUse
from onemind.ingest import Reading

FULL = Reading(
    dataset="training",
    columns={"Who": "officer_id"},
    constants={"provider": "academy"},
    dates={"completed_on": "day-first"},
    words={"course": {"Adult MHFA": "MHFA"}},
    rows={"Status": {"waived": "no", "": "no"}, "Score": {">=": "70"}},
    names={"lee pd": "D1"},
    hidden="no",
)


def test_a_later_reading_goes_before_and_keeps_the_rest():
    later = Reading(
        dates={"completed_on": "month-first", "expires_on": "day-first"},
        words={"course": {"CIT basic": "CIT"}},
        rows={"Status": {"waived": "yes"}},
    )
    merged = FULL.then(later)
    assert merged.dates == {"completed_on": "month-first", "expires_on": "day-first"}
    assert merged.words == {"course": {"Adult MHFA": "MHFA", "CIT basic": "CIT"}}
    assert merged.rows["Status"] == {"waived": "yes", "": "no"}
    assert (merged.dataset, merged.hidden, merged.names) == ("training", "no", {"lee pd": "D1"})


def test_a_reading_survives_toml_and_a_record():
    assert Reading.from_toml(FULL.toml()) == FULL
    assert Reading.of(FULL.record()) == FULL
    assert Reading().record() == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dates = ", "not TOML"),
        ("shoes = 1", "A reading has no 'shoes'"),
        ("dataset = 1", "'dataset' has to be a text"),
        ("columns = ['a']", "'columns' has to be pairs"),
        ("words = {course = 'x'}", "'words' has to be tables"),
        ("rows = {Status = {a = 1}}", "'rows' has to be tables"),
        ("columns = {Who = 'shoe'}", "no column 'shoe'"),
        ("dataset = 'shoes'", "Unknown dataset 'shoes'"),
        ("hidden = 'maybe'", "'hidden' can be yes or no"),
        ("rows = {Status = {waived = 'maybe'}}", "can be yes or no, not 'maybe'"),
        ("rows = {Score = {'>=' = 'much'}}", "not 'much'"),
        ("dates = {completed_on = 'sideways'}", "Dates can't be 'sideways'"),
    ],
)
def test_toml_that_is_no_reading_is_refused(text: str, said: str):
    with pytest.raises(WrongUse, match=said):
        Reading.from_toml(text)
