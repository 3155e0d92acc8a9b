"""Many departments at once are told as each alone; a fingerprint is of a department's rows."""

from __future__ import annotations

from onemind import metrics
from onemind.campaign import Filter, Scope, Sight
from onemind.store import Window
from tests.conftest import TODAY, Campaign

PARTNER = Sight(Scope(state=("MA",)), contacts=False, small_counts=False)


def test_many_at_once_are_told_as_each_alone(sample: Campaign) -> None:
    chosen = Filter(as_of=TODAY)
    ids = [row["department_id"] for row in metrics.progress(sample.store, chosen, TODAY).records()]
    for source in (sample.store, Window(sample.store, PARTNER)):
        together = list(metrics.dossiers(source, ids, chosen, TODAY))
        assert [item.row["department_id"] for item in together] == sorted(ids)
        for dossier in together[::45]:
            name = dossier.row["department_id"]
            assert dossier == metrics.dossier(source, name, chosen, TODAY)


def test_what_is_out_of_sight_is_left_out(sample: Campaign) -> None:
    ids = [row["department_id"] for row in sample.progress().values()][:2]
    window = Window(sample.store, Sight(Scope(department_id=(ids[0],))))
    found = metrics.dossiers(window, ids, Filter(as_of=TODAY), TODAY)
    assert [item.row["department_id"] for item in found] == ids[:1]
    assert set(metrics.fingerprints(window, None)) == {ids[0]}


ROWS = """department_id,name,type,state,contact_email
MA1,Lee,municipal,MA,ann@example.org
MA2,Lenox,municipal,MA,bob@example.org
"""


def test_a_fingerprint_changes_with_its_departments_rows_alone(empty: Campaign) -> None:
    partners = "partner_id,name,kind\nP1,One,nami\n"
    signed = "department_id,partner_id,kind,signed_on\nMA1,P1,referral,2020-01-01\n"
    empty.publish(departments=ROWS, partners=partners, partnerships=signed)
    before = metrics.fingerprints(empty.store, None)
    empty.publish(pledges="department_id,pledged_on\nMA2,2020-02-03\n")
    pledged = metrics.fingerprints(empty.store, None)
    assert pledged["MA1"] == before["MA1"]
    assert pledged["MA2"] != before["MA2"]
    empty.publish(partners="partner_id,name,kind\nP1,Another name,nami\n")
    renamed = metrics.fingerprints(empty.store, None)
    assert renamed["MA1"] != pledged["MA1"]
    assert renamed["MA2"] == pledged["MA2"]


def test_what_nobody_may_see_is_in_no_fingerprint(empty: Campaign) -> None:
    empty.publish(departments=ROWS)
    window = Window(empty.store, PARTNER)
    before, whole = metrics.fingerprints(window, None), metrics.fingerprints(empty.store, None)
    empty.publish(departments=ROWS.replace("ann@", "dee@"))
    assert metrics.fingerprints(window, None) == before
    assert metrics.fingerprints(empty.store, None) != whole
