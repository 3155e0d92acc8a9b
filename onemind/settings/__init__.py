"""Everything that can be set from outside; nothing else reads the environment.

A setting may also stand in .streamlit/secrets.toml, by the same name; the environment wins.
"""

from onemind.settings.mail import EMAIL
from onemind.settings.parts import keeping, providers
from onemind.settings.reading import (
    elsewhere,
    environment,
    load,
    operating_system_user,
    place_of_backups,
    wants_traces,
)
from onemind.settings.values import (
    BOUNDARIES,
    ICON,
    IN_MEMORY,
    MEANING,
    ROOT,
    SAMPLE,
    SECRETS,
    Bucket,
    MailServer,
    Provider,
    Settings,
)

__all__ = [
    "BOUNDARIES",
    "EMAIL",
    "ICON",
    "IN_MEMORY",
    "MEANING",
    "ROOT",
    "SAMPLE",
    "SECRETS",
    "Bucket",
    "MailServer",
    "Provider",
    "Settings",
    "elsewhere",
    "environment",
    "keeping",
    "load",
    "operating_system_user",
    "place_of_backups",
    "providers",
    "wants_traces",
]
