"""Everything about a round of letters in one zip: papers, drafts of mail, and the addresses."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from onemind.documents.letters.letter import Letter
from onemind.documents.letters.paper import each
from onemind.mail import Attachment, Mail, identity, unsent
from onemind.metrics import export

ADDRESSES = "addresses.csv"
COLUMNS = (
    "department_id", "department", "place", "contact", "email", "stage", "deadline_on", "met",
    "missing", "letter", "draft",
)  # fmt: skip


def bundle(letters: Sequence[Letter], sender: str, published: datetime, now: datetime) -> bytes:
    """Return a zip with each letter as a PDF, its mail as a draft, and a table for mail merge.

    A department without an address that can be used has no draft; the table says so.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(ADDRESSES, addresses(letters))
        papers = zip(_files(letters), letters, each(letters, published), strict=True)
        for (printed, drafted), letter, paper in papers:
            zipped.writestr(printed, paper, zipfile.ZIP_STORED)
            if drafted:
                draft = unsent(mail(letter, paper), sender, key(letter), now)
                zipped.writestr(drafted, draft)
    return packed.getvalue()


def addresses(letters: Sequence[Letter]) -> str:
    """Return the letters' addresses as CSV, with the names of their files in the zip."""
    return export.to_csv(
        COLUMNS,
        [
            (
                item.department_id, item.name, item.place, item.contact, item.given, item.stage,
                item.deadline_on, item.met, item.missing, *files,
            )
            for item, files in zip(letters, _files(letters), strict=True)
        ],
    )  # fmt: skip


def _files(letters: Sequence[Letter]) -> list[tuple[str, str]]:
    """Return where the page and the draft of each letter are, numbered: names may be the same."""
    names = [f"{number:03}-{item.file}" for number, item in enumerate(letters, 1)]
    return [
        (f"letters/{name}.pdf", f"drafts/{name}.eml" if item.address else "")
        for name, item in zip(names, letters, strict=True)
    ]


def mail(letter: Letter, paper: bytes) -> Mail:
    """Return a letter as mail: its words, and the page as a PDF."""
    attached = Attachment(f"{letter.file}.pdf", paper, "application/pdf")
    return Mail(letter.address, letter.subject, letter.words(), attachments=(attached,))


def key(letter: Letter) -> str:
    """Return the id of a letter's mail: the same letter to the same address has the same one."""
    return identity("letter", letter.department_id, letter.address, letter.subject, letter.words())
