"""The few ways things go wrong. Each message is shown to the person as it is."""

from __future__ import annotations

from datetime import date

from onemind.words import long_day


class OneMindError(Exception):
    """The root of all errors whose message is meant to be read by a person."""


class ContractError(OneMindError):
    """A contract, a rule or a metric is declared wrongly: a fault of ours, not of the data."""


class WrongUse(OneMindError):
    """Something was asked for that does not exist: a metric, a dimension, a version, a file."""


class NothingChanged(OneMindError):
    """What was to be published is already there; no version was made."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(f"Nothing changed: version {current} already holds all of this.")


class VersionMoved(OneMindError):
    """Somebody else published between the difference shown and the publish asked for."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(
            f"Somebody published version {current} meanwhile. Nothing of yours was published: "
            "look at the new difference, then publish again."
        )


class NotAllowed(OneMindError):
    """The person may not do this."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(f"You may not {permission}. Ask whoever runs this dashboard.")


class SignedOut(OneMindError):
    """The session has ended, or was ended."""

    def __init__(self) -> None:
        super().__init__("You are signed out. Load the page again to sign in.")


class SignInFailed(OneMindError):
    """Whoever tries to sign in is not let in."""


class TooManyAttempts(OneMindError):
    """Somebody tried too often; they have to wait."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(f"Too many attempts. Try again in {minutes} minutes.")


class NotPossibleNow(OneMindError):
    """The request is sound, but the store's present state forbids it."""


class LinkEnded(OneMindError):
    """A share link is past its last day, or was withdrawn."""

    def __init__(self, ended_on: date) -> None:
        self.ended_on = ended_on
        super().__init__(
            f"This link ended on {long_day(ended_on)}. Ask whoever sent it for a new one."
        )
