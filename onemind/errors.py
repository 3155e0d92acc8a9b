"""The few ways things go wrong. People see each message word for word."""

from __future__ import annotations

import errno
from datetime import date

from onemind.words import long_day


class OneMindError(Exception):
    """The root of all errors whose message people read."""


class ContractError(OneMindError):
    """A contract, a rule or a metric is declared wrong: our fault, not the data's."""


class WrongUse(OneMindError):
    """The request names something that does not exist: a metric, a dimension, a version, a file."""


class WrongParameters(WrongUse):
    """A request to the API has parameters that can't be understood: `faults` by parameter."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


class DataMoved(OneMindError):
    """Someone published while a reader went from page to page, and may see the newest alone."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(
            f"Version {current} was published in the meantime, and you read the newest version "
            "only. Start again at the first page, without 'version'."
        )


class NothingChanged(OneMindError):
    """The data is already published; no version was created."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(f"Nothing changed: version {current} already has all of this data.")


class VersionMoved(OneMindError):
    """Someone else published after the person saw the differences and before they published."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(
            f"Someone published version {current} in the meantime. Your data was not published. "
            "Review the new differences, then publish again."
        )


class NotAllowed(OneMindError):
    """The person may not do this."""

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(
            f"You don't have permission to {permission}. Ask the person who runs this dashboard."
        )


class SignedOut(OneMindError):
    """The session ran out, or someone ended it."""

    def __init__(self) -> None:
        super().__init__("You are signed out. Reload the page to sign in.")


class SignInFailed(OneMindError):
    """A sign-in was refused."""


class BrowserNeeded(OneMindError):
    """A program came with a share link that asks for a passphrase."""

    def __init__(self) -> None:
        super().__init__(
            "This link asks for a passphrase, so it opens in a browser only. "
            "Ask the person who sent it for a link without one."
        )


class TooManyAttempts(OneMindError):
    """Someone tried too often and has to wait."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(f"Too many attempts. Try again in {minutes} minutes.")


class NotPossibleNow(OneMindError):
    """The request is valid, but can't be carried out in the store's current state."""


class NotWritable(NotPossibleNow):
    """The store can't be written now. `why` is a clause: "the disk of the store is full"."""

    def __init__(self, why: str, action: str) -> None:
        self.why, self.action = why, action
        super().__init__(f"Nothing was changed: {why}. {action}")

    @classmethod
    def of(cls, error: OSError) -> NotWritable:
        """Return what an error of the system means for the store."""
        name = errno.errorcode.get(error.errno or 0, "")
        if name in OF_SPACE:
            return FULL
        if name in OF_RIGHTS:
            return LOCKED
        why = (error.strerror or str(error)).lower()
        return cls(f"the store can't be written ({why})", "Check the disk, then try again.")


OF_SPACE, OF_RIGHTS = ("ENOSPC", "EDQUOT", "EFBIG"), ("EROFS", "EACCES", "EPERM")
FULL = NotWritable("the disk of the store is full", "Free some space on it, then try again.")
LOCKED = NotWritable(
    "the folder of the store is read-only", "Make it writable for whoever runs the dashboard."
)


class Unreachable(NotPossibleNow):
    """The store can't be read now. `why` is a clause: "its catalog is missing"."""

    def __init__(self, why: str, action: str) -> None:
        self.why, self.action = why, action
        super().__init__(f"The store can't be read: {why}. {action}")


REPAIR = "Restore it from a backup: python -m onemind doctor --repair BACKUP"


class DataLost(NotPossibleNow):
    """A data file of a version is missing or damaged (`fault`); others can be read."""

    def __init__(self, version: int | None, file: str, fault: str) -> None:
        self.version, self.file, self.fault = version, file, fault
        whose = f"The data of version {version}" if version else "Some data"
        super().__init__(f"{whose} can't be read: the file {file} is {fault}. {REPAIR}")


class LinkEnded(OneMindError):
    """A share link is past its last day, or was revoked."""

    def __init__(self, ended_on: date) -> None:
        self.ended_on = ended_on
        super().__init__(
            f"This link ended on {long_day(ended_on)}. Ask the person who sent it for a new one."
        )
