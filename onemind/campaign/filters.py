"""One Filter: what part of the campaign is looked at, as of when, at which version.

It turns itself into SQL with parameters, into words, and to and from the page's address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Self

from onemind.errors import WrongUse

DIMENSIONS = ("state", "county", "type", "edition", "stage", "source")


@dataclass(frozen=True)
class Filter:
    """Values kept of each dimension (none = all), as-of date and version (None = newest)."""

    state: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    edition: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    as_of: date | None = None
    version: int | None = None

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return the dimensions that are narrowed, with their values."""
        return {name: getattr(self, name) for name in DIMENSIONS if getattr(self, name)}

    def sql(self) -> tuple[str, dict[str, Any]]:
        """Return a condition over the columns of `progress`, and its parameters."""
        chosen = self.chosen()
        parts = [f"coalesce({name}, '') in (select unnest($only_{name}))" for name in chosen]
        return (
            " and ".join(parts) or "true",
            {f"only_{name}": list(values) for name, values in chosen.items()},
        )

    def only(self, *names: str) -> Self:
        """Return the filter narrowed by these dimensions alone; as-of date and version stay."""
        dropped: dict[str, Any] = {name: () for name in DIMENSIONS if name not in names}
        return replace(self, **dropped)

    def words(self) -> str:
        """Say it in words: "county Worcester or Essex, type municipal"; "all departments"."""
        parts = [f"{name} {' or '.join(values)}" for name, values in self.chosen().items()]
        return ", ".join(parts).replace("_", " ") or "all departments"

    def address(self) -> dict[str, str | list[str]]:
        """Return the filter as parameters of an address; what is not narrowed is left out.

        A dimension with several values is a parameter that is repeated.
        """
        parameters: dict[str, str | list[str]] = {
            name: list(values) for name, values in self.chosen().items()
        }
        if self.as_of:
            parameters["as_of"] = self.as_of.isoformat()
        if self.version is not None:
            parameters["version"] = str(self.version)
        return parameters

    @classmethod
    def from_address(cls, parameters: Mapping[str, str | list[str]]) -> Self:
        """Read a filter from an address; what can't be understood is left out."""
        given: dict[str, Any] = {
            name: (values,) if isinstance(values, str) else tuple(values)
            for name in DIMENSIONS
            if (values := parameters.get(name))
        }
        number = str(parameters.get("version", ""))
        given["as_of"] = _day(str(parameters.get("as_of", "")))
        given["version"] = int(number) if number.isdecimal() and len(number) < 10 else None
        return cls(**given)

    @classmethod
    def from_pairs(cls, pairs: list[str]) -> Self:
        """Read a filter from "dimension=value" words; raises WrongUse for another form."""
        given: dict[str, tuple[str, ...]] = {}
        for pair in pairs:
            name, sign, value = pair.partition("=")
            if not sign or name not in DIMENSIONS:
                raise WrongUse(
                    f"'{pair}' is not a condition. Write DIMENSION=VALUE with one of: "
                    f"{', '.join(DIMENSIONS)}."
                )
            given[name] = (*given.get(name, ()), value)
        known = {field.name for field in fields(cls)}
        return cls(**{name: values for name, values in given.items() if name in known})  # type: ignore[arg-type]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
