"""Providers of sign-in (OpenID Connect): one from the environment, several from secrets.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onemind.errors import WrongUse

NEEDED = ("url", "client_id", "client_secret")


@dataclass(frozen=True)
class Provider:
    """Somebody who vouches for people: where it describes itself, and how it knows us.

    `roles_claim` names the claim that gives a role, `roles` says which of its values means which
    (none: the values are the roles' names). Without it, people are on our own list. `trust_email`
    takes an e-mail address that the provider does not say it verified.
    """

    name: str
    label: str
    url: str
    client_id: str
    client_secret: str = field(repr=False)
    roles_claim: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    trust_email: bool = False


def providers(
    alone: Mapping[str, str], listed: Mapping[str, Mapping[str, Any]]
) -> tuple[Provider, ...]:
    """Return the provider of the environment, if its address is given, and those listed."""
    given = {"company": alone} if alone.get("url") else {}
    return tuple(_provider(name, values) for name, values in {**listed, **given}.items())


def _provider(name: str, values: Mapping[str, Any]) -> Provider:
    missing = [key for key in NEEDED if not values.get(key)]
    if missing or not re.fullmatch(r"[a-z0-9-]{1,40}", name):
        raise WrongUse(
            f"The sign-in provider {name!r} needs {', '.join(NEEDED)}, and a name of small "
            f"letters, digits and hyphens. Missing: {', '.join(missing) or 'nothing'}."
        )
    url = str(values["url"]).rstrip("/")
    if not url.endswith("/.well-known/openid-configuration"):
        url += "/.well-known/openid-configuration"
    return Provider(
        name, str(values.get("label") or name.capitalize()), url, str(values["client_id"]),
        str(values["client_secret"]), str(values.get("roles_claim") or ""),
        tuple((str(value), str(role)) for value, role in dict(values.get("roles") or {}).items()),
        bool(values.get("trust_email", False)),
    )  # fmt: skip
