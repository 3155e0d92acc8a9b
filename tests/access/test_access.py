"""Who may do what: four roles, their permissions, and a refusal that reads as a sentence."""

import pytest

from onemind.access import (
    CONTACTS,
    DOWNLOAD,
    EXPLORE,
    OFFICERS,
    PERMISSIONS,
    PUBLISH,
    SHARE,
    SMALL_COUNTS,
    VERSIONS,
    User,
    require,
    roles,
)
from onemind.access.roles import ROLES
from onemind.errors import NotAllowed

MAY = {
    "partner": {EXPLORE},
    "viewer": {EXPLORE, DOWNLOAD, OFFICERS, VERSIONS},
    "staff": {EXPLORE, DOWNLOAD, OFFICERS, VERSIONS, CONTACTS, SMALL_COUNTS, PUBLISH, SHARE},
    "admin": set(PERMISSIONS),
}


def test_these_are_the_roles():
    assert set(ROLES) == set(MAY)


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda item: item.name)
def test_a_role_may_what_the_design_says_and_nothing_else(role: str, permission):
    user = User("pat", role)
    assert user.may(permission) == (permission in MAY[role])


def test_a_partner_downloads_what_the_link_allows_and_opens_its_pages_only():
    assert User("pat", "partner", downloads=True).may(DOWNLOAD)
    held = User("pat", "partner", pages=("Overview",))
    assert held.may_open("Overview")
    assert not held.may_open("Training")


def test_who_may_is_let_through():
    require(User("pat", "staff"), PUBLISH)


def test_who_may_not_is_told_what_and_whom_to_ask():
    with pytest.raises(NotAllowed) as refusal:
        require(User("pat", "viewer"), PUBLISH)
    assert str(refusal.value) == (
        "You don't have permission to upload, publish or restore data. "
        "Ask the person who runs this dashboard."
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
    assert roles.local_admin() == User("pat", "admin")
