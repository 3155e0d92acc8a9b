"""An effect in words: the numbers, then how many come to which stage, then whom it concerns."""

from dataclasses import replace
from typing import Any

import pytest

from onemind.metrics import MetricName
from onemind.publishing import sentences
from onemind.publishing.effect_words import UNCHANGED
from onemind.publishing.effects import DepartmentEffect, Effect, MetricEffect, StageEffect, Standing

PLAIN = Standing("in_progress", "met", "not_reported", "not_met", "not_met", 50, None)


def moved(name: str, **changes: Any) -> DepartmentEffect:
    return DepartmentEffect(name, name, PLAIN, replace(PLAIN, **changes))


def test_stages_come_before_practices_and_practices_before_shares():
    found = Effect(
        departments=(
            moved("Avon", mhfa_share=51),
            moved("Bath", mhfa_share=90),
            moved("Cary", policy="met"),
            moved("Dover", stage="completed"),
            DepartmentEffect("Ely", "Ely", None, replace(PLAIN, stage="not_pledged")),
            DepartmentEffect("Foss", "Foss", PLAIN, None),
        )
    )
    assert sentences(found) == [
        "1 department is new",
        "1 department is removed",
        "Dover: in progress → completed",
        "Foss: removed, was in progress",
        "Cary: policy not reported → met",
        "Bath: MHFA 50% → 90%",
        "Avon: MHFA 50% → 51%",
        "Ely: new, not pledged",
    ]


def test_departments_beyond_the_most_are_counted():
    found = Effect(departments=tuple(moved(f"Town {number}", cit_share=9) for number in range(14)))
    said = sentences(found)
    assert (len(said), said[0]) == (13, "Town 0: CIT unknown → 9%")
    assert said[-1] == "and 2 more departments"
    assert sentences(found, most=13)[-1] == "and 1 more department"
    assert sentences(found, most=0) == ["and 14 more departments"]
    assert len(sentences(found, most=14)) == 14


def test_stages_are_counted_in_singular_and_plural():
    found = Effect(stages=(StageEffect("completed", 1), StageEffect("overdue", 1200)))
    assert sentences(found) == [
        "1 department becomes completed",
        "1,200 departments become overdue",
    ]


def test_departments_of_one_name_are_told_apart():
    found = [moved("Washington County Sheriff", stage=stage) for stage in ("overdue", "due_soon")]
    told = (replace(item, department_id=f"W{number}") for number, item in enumerate(found))
    assert sentences(Effect(departments=tuple(told))) == [
        "Washington County Sheriff (W0): in progress → overdue",
        "Washington County Sheriff (W1): in progress → due soon",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.29, 0.57, ["MHFA, share of sworn 29% → 57%"]),  # 0.29 * 100 is below 29
        (799_999 / 800_000, 1.0, ["MHFA, share of sworn 99% → 100%"]),
        (1.0, None, ["MHFA, share of sworn 100% → unknown"]),
        (0.411, 0.419, [UNCHANGED]),
    ],
)
def test_a_share_is_rounded_down(before: float | None, after: float | None, said: list[str]):
    assert sentences(Effect((MetricEffect(MetricName.MHFA_SHARE, before, after),))) == said
