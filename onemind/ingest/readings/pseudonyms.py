"""Officers' names become pseudonyms before anything else is made of a file.

A pseudonym is a keyed hash (HMAC-SHA-256) of the name, the department and, where the file has it,
the date of hire or birth. The same person gets the same one in the next file; without the secret no
one can find the name of one, nor try names out.
"""

from __future__ import annotations

import base64
import csv
import hmac
import re
import unicodedata
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from onemind.campaign import contract
from onemind.ingest.reading import Source, labels_of, plain

FIRST = {"firstname", "first", "givenname", "officerfirstname", "employeefirstname"}
LAST = {"lastname", "last", "surname", "familyname", "officerlastname", "employeelastname"}
FULL = {
    "name", "officername", "fullname", "employeename", "employee", "student", "studentname",
    "learner", "learnername", "participant", "participantname", "attendee", "attendeename",
    "trainee", "traineename", "username", "user", "officersname",
}  # fmt: skip
MAIL = {"email", "emailaddress", "workemail", "officeremail", "useremail", "mail"}
BORN = {"dob", "dateofbirth", "birthdate", "hiredate", "dateofhire", "hiredon", "doh"}
TITLES = re.compile(
    r"\b(?:officer|ofc|ofcr|ptlm?|patrolman|sergeant|sgt|lieutenant|lt|detective|det|captain|capt"
    r"|chief|deputy|trooper|corporal|cpl|mr|mrs|ms|jr|sr|ii|iii)\b\.?",
    re.IGNORECASE,
)
WORD = r"[^\W\d_]+(?:['’.-][^\W\d_]*)*"
A_NAME = re.compile(rf"{WORD}(?:(?:\s*,\s*|\s+){WORD})+")
LETTERS = 16  # of a pseudonym: 80 bits, so that no two of a million officers share one
Department = Callable[[str], str | None]


@dataclass(frozen=True)
class Persons:
    """Where a header has what says who somebody is, by column from 0.

    `half` is a first or a last name alone: too little for a pseudonym, and yet not to be kept.
    """

    officer: int | None
    names: tuple[int, ...]
    mail: int | None
    born: int | None
    department: int | None
    half: tuple[int, ...] = ()

    @property
    def taken_out(self) -> set[int]:
        """The columns that must not be kept."""
        return {*self.names, *self.half, *(() if self.mail is None else (self.mail,))}


def persons(header: tuple[str, ...]) -> Persons | None:
    """Return where a table about officers names them, None where it names none."""
    labels = [plain(label) for label in header]
    officer, department = _field(labels, "officer_id"), _department(labels)
    first, last = _first_of(labels, FIRST), _first_of(labels, LAST)
    full = _first_of(labels, FULL, without=department)
    pair = (last, first) if first is not None and last is not None else ()
    names = tuple(place for place in (pair or (full,)) if place is not None)
    half = tuple(place for place in (first, last) if place is not None and place not in pair)
    mail = _first_of(labels, MAIL)
    if officer is None and not names and mail is None:
        return None
    return Persons(officer, names, mail, _first_of(labels, BORN), department, half)


def _first_of(labels: list[str], known: Set[str], without: int | None = None) -> int | None:
    return next((at for at, label in enumerate(labels) if label in known and at != without), None)


def _field(labels: list[str], name: str) -> int | None:
    return _first_of(labels, labels_of(contract("training").field(name)))


def _department(labels: list[str]) -> int | None:
    found = _field(labels, "department_id")
    words = labels_of(contract("departments").field("name")) - {"name"}  # that may be a person's
    return _first_of(labels, words) if found is None else found


def with_pseudonyms(
    source: Source, secret: bytes, department: Department, folder: Path
) -> tuple[Source, list[int]]:
    """Return a table with pseudonyms for names, and the rows whose department is not known.

    `department` says which id a department as written means. Badge numbers stay as they are. The
    columns of names and e-mail addresses are not in it.
    """
    who = persons(source.header)
    if who is None:
        return source, []
    known = cache(department)  # a file names few, on many rows
    stays = [at for at in range(len(source.header)) if at not in {*who.taken_out, who.officer}]
    path, numbers, unknown = folder / f"{source.sha256[:24]}.pseudonyms.csv", [], []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["officer_id", *(source.header[at] for at in stays)])
        for number, cells in source.records():
            cells += [""] * (len(source.header) - len(cells))
            officer = _officer(who, cells, secret, known)
            if officer is None:
                unknown.append(number)
            numbers.append(number)
            writer.writerow([officer or "", *(cells[at] for at in stays)])
    made = replace(
        source, path=path, body=path, delimiter=",", rows=tuple(numbers), underscores=True,
        header=("officer_id", *(source.header[at] for at in stays)), quotes=True, nameless=True,
    )  # fmt: skip
    return made, unknown


def _officer(who: Persons, cells: list[str], secret: bytes, department: Department) -> str | None:
    """Return what stands for an officer: the badge, else a pseudonym; None for want of an id of
    the department.
    """
    badge = "" if who.officer is None else cells[who.officer]
    if badge and not is_name(badge):
        return badge
    name = " ".join(cells[at] for at in reversed(who.names)) or badge
    if not name and who.mail is not None:
        name = cells[who.mail].casefold()
    if not name.strip():
        return ""
    of = department("" if who.department is None else cells[who.department])
    if of is None:
        return None
    born = "" if who.born is None else re.sub(r"\D+", "", cells[who.born])
    return pseudonym(secret, name, of, born)


def is_name(text: str) -> bool:
    """Whether a text is a person's name or e-mail address, rather than a number or a code."""
    return "@" in text or bool(A_NAME.fullmatch(text.strip()))


def pseudonym(secret: bytes, name: str, department: str, born: str = "") -> str:
    """Return the pseudonym of a person: P- and LETTERS signs."""
    text = "\x1f".join((normal(name), department.casefold(), born))
    digest = hmac.digest(secret, text.encode(), "sha256")
    return f"P-{base64.b32encode(digest).decode()[:LETTERS]}"


def normal(name: str) -> str:
    """Return a name without case, accents, titles and order: "Doe, Jane" is "jane doe"."""
    if "@" in name:
        return name.strip().casefold()
    last, comma, first = name.partition(",")
    text = f"{first} {last}" if comma and first.strip() else name
    text = unicodedata.normalize("NFKD", TITLES.sub(" ", text))
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w\s]|_", " ", text.casefold()).split())
