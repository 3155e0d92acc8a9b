"""Who may do what: three roles, three permissions, and a refusal that reads as a sentence."""

import pytest

from onemind import access
from onemind.access import ADMINISTER, EXPLORE, PERMISSIONS, PUBLISH, ROLES, User, require
from onemind.errors import NotAllowed

MAY = {
    "viewer": {EXPLORE},
    "staff": {EXPLORE, PUBLISH},
    "admin": {EXPLORE, PUBLISH, ADMINISTER},
}


def test_these_are_the_roles():
    assert set(ROLES) == set(MAY)


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda item: item.name)
def test_a_role_may_what_the_design_says_and_nothing_else(role: str, permission):
    user = User("pat", role)
    assert user.may(permission) == (permission in MAY[role])


def test_who_may_is_let_through():
    require(User("pat", "staff"), PUBLISH)


def test_who_may_not_is_told_what_and_whom_to_ask():
    with pytest.raises(NotAllowed) as refusal:
        require(User("pat", "viewer"), PUBLISH)
    assert str(refusal.value) == (
        "You may not upload, publish or restore data. Ask whoever runs this dashboard."
    )
    assert refusal.value.permission == PUBLISH.description


def test_a_role_that_does_not_exist_may_nothing():
    with pytest.raises(KeyError):
        require(User("pat", "king"), EXPLORE)


def test_every_permission_completes_the_sentence_you_may_not():
    assert len({item.name for item in PERMISSIONS}) == len(PERMISSIONS)
    for item in PERMISSIONS:
        assert item.description[0].islower() and not item.description.endswith(".")


def test_whoever_sits_at_this_computer_is_its_admin(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOGNAME", "pat")
    assert access.local_admin() == User("pat", "admin")
