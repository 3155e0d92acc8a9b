"""What would change, in numbers and in words."""

import pytest

from onemind.store.diff import Change, Diff, sentence, tally, words


def test_the_rows_afterwards_are_those_before_and_what_came_less_what_went():
    assert Diff("training", before=60_000, added=25, changed=3, removed=10).after == 60_015


@pytest.mark.parametrize(
    ("counts", "empty"),
    [({}, True), ({"added": 1}, False), ({"changed": 1}, False), ({"removed": 1}, False)],
)
def test_it_is_empty_when_nothing_is_added_changed_or_removed(counts, empty: bool):
    assert Diff("training", 5, **counts).empty == empty


@pytest.mark.parametrize(
    ("before", "removed", "shrinks"),
    [
        (0, 0, False),
        (10, 0, False),
        (10, 2, False),
        (10, 3, True),
        (5, 1, False),
        (4, 1, True),
        (1, 1, True),
        (35, 7, False),
        (1_000_000, 200_000, False),
        (1_000_000, 200_001, True),
    ],
)
def test_losing_more_than_a_fifth_is_shrinking(before: int, removed: int, shrinks: bool):
    assert Diff("training", before, removed=removed).shrinks == shrinks


def test_what_is_added_makes_no_good_for_what_is_removed():
    assert Diff("training", 10, added=10, removed=10).shrinks


@pytest.mark.parametrize(
    ("diff", "says"),
    [
        (
            Diff("training", 60_006, added=12, changed=3, removed=3),
            "training: 12 added, 3 changed, 3 removed (60,015 rows)",
        ),
        (Diff("training", 0, added=1_234), "training: 1,234 added (1,234 rows)"),
        (Diff("partners", 61, changed=1), "partners: 1 changed (61 rows)"),
        (Diff("partners", 61), "partners: nothing changes (61 rows)"),
    ],
)
def test_the_sentence_leaves_out_what_is_none(diff: Diff, says: str):
    assert sentence(diff) == says


def test_several_differences_make_one_line():
    diffs = [Diff("departments", 3, added=1), Diff("pledges", 2)]
    assert words(diffs) == "departments: 1 added (4 rows); pledges: nothing changes (2 rows)"


def test_counts_alone_make_a_sentence_too():
    assert tally({"added": 12, "changed": 0, "removed": 3}) == "12 added, 3 removed"
    assert tally({"added": 0, "changed": 0, "removed": 0}) == "nothing changed"


def test_the_counts_kept_with_a_version_are_the_three_kinds():
    counts = Diff("training", 9, added=1, changed=2, removed=3).counts()
    assert counts == {"added": 1, "changed": 2, "removed": 3}


def test_the_record_for_json_holds_all_of_it():
    change = Change("changed", {"partner_id": "p1"}, {"name": "Old"}, {"name": "New"})
    assert Diff("partners", 2, changed=1, changes=(change,)).record() == {
        "dataset": "partners",
        "before": 2,
        "added": 0,
        "changed": 1,
        "removed": 0,
        "after": 2,
        "changes": (
            {
                "kind": "changed",
                "key": {"partner_id": "p1"},
                "before": {"name": "Old"},
                "after": {"name": "New"},
            },
        ),
    }
