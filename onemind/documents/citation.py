"""How to cite the data of one version: for GitHub and Zenodo as CITATION.cff, and as BibTeX."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from onemind.store import Version

# What TeX reads as its own, written so that it stands for itself.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """A version's data: of which campaign, published when, and where ("" is nowhere)."""

    campaign: str
    version: int
    published_on: date
    address: str
    sample: bool

    @property
    def title(self) -> str:
        """What the data is called."""
        return f"{self.campaign} data{' (made-up sample)' if self.sample else ''}"

    def cff(self) -> str:
        """Return it as the Citation File Format says; its texts are JSON, which YAML reads."""
        lines = {
            "cff-version": "1.2.0",
            "message": "Please cite the data by these words.",
            "type": "dataset",
            "title": self.title,
            "version": str(self.version),
            "date-released": self.published_on.isoformat(),
            **({"url": self.address} if self.address else {}),
        }
        text = "".join(f"{name}: {_quoted(value)}\n" for name, value in lines.items())
        return f"{text}authors:\n  - name: {_quoted(self.campaign)}\n"

    def bibtex(self) -> str:
        """Return it as BibTeX."""
        key = re.sub(r"[^a-z0-9]+", "-", self.campaign.lower()).strip("-")
        fields = {
            "title": f"{{{self.title.translate(_TEX)}}}",
            "author": f"{{{self.campaign.translate(_TEX)}}}",
            "year": str(self.published_on.year),
            "month": str(self.published_on.month),
            "version": str(self.version),
            **({"url": self.address.translate(_TEX)} if self.address else {}),
            "note": f"Version {self.version}, published {self.published_on.isoformat()}",
        }
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{key}-version-{self.version},\n{body}}}\n"


def cited(campaign: str, version: Version, address: str) -> Citation:
    """Return how to cite a version; `address` is where the dashboard is."""
    published_on = version.published_at.astimezone().date()
    return Citation(campaign, version.number, published_on, address, version.sample)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
