"""How somebody sees the data: which departments, and what of them is kept back.

A Scope says which departments; a Sight adds what is kept back within it (contacts, small counts)
and the version it is held at. Both come from the session, never from the address, and the store
applies them (`store.window`), so that whatever reads through it is narrowed already.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self
from urllib.parse import unquote

from onemind.errors import WrongUse
from onemind.geography import state_name
from onemind.words import counted

_MARKS = str.maketrans({sign: f"%{ord(sign):02X}" for sign in ",;=%"})
SMALL = 5  # counts of people under this are suppressed for whoever is not staff


@dataclass(frozen=True)
class Scope:
    """Values kept of each dimension (none = all); a department must fit every one of them."""

    state: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    department_id: tuple[str, ...] = ()

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return the dimensions that are narrowed, with their values."""
        return {item.name: values for item in fields(self) if (values := getattr(self, item.name))}

    def at(self, department_id: str) -> Self | None:
        """Return the scope narrowed to one department of it; None if its list leaves that one out.

        What the other dimensions leave out stays out.
        """
        listed = self.department_id
        if listed and department_id not in listed:
            return None
        return replace(self, department_id=(department_id,))

    def words(self) -> str:
        """Say it in words: "Massachusetts, county Worcester or Essex"; "all departments"."""
        parts = []
        for name, values in self.chosen().items():
            if name == "department_id":
                parts.append(counted(len(values), "department"))
            else:
                shown = map(state_name, values) if name == "state" else values
                parts.append(("" if name == "state" else f"{name} ") + " or ".join(shown))
        return ", ".join(parts).replace("_", " ") or "all departments"

    def text(self) -> str:
        """Write it as `from_text` reads it: "state=MA;county=Worcester,Essex", or "all".

        A comma, semicolon, equals or per-cent sign within a value is written %2C, and so on.
        """
        parts = (
            f"{name}={','.join(value.translate(_MARKS) for value in values)}"
            for name, values in self.chosen().items()
        )
        return ";".join(parts) or "all"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a scope; raises WrongUse for one that can't be understood, never a wider one."""
        if text.strip().lower() == "all":
            return cls()
        given: dict[str, tuple[str, ...]] = {}
        known = {item.name for item in fields(cls)}
        for part in text.split(";"):
            name, sign, listed = part.partition("=")
            values = tuple(unquote(value.strip()) for value in listed.split(",") if value.strip())
            if not sign or name.strip() not in known or not values or name.strip() in given:
                raise WrongUse(
                    f"'{text}' is not a scope. Write 'all', or DIMENSION=VALUE,VALUE;… with "
                    f"{', '.join(sorted(known))}, such as 'state=MA;county=Worcester,Essex'."
                )
            given[name.strip()] = values
        return cls(**given)


EVERYTHING = Scope()


@dataclass(frozen=True)
class Sight:
    """What somebody sees: the scope; whether contacts and counts under SMALL are among it; the
    one version it is held at (None: whichever is asked for).
    """

    scope: Scope = EVERYTHING
    contacts: bool = True
    small_counts: bool = True
    version: int | None = None


WHOLE = Sight()
