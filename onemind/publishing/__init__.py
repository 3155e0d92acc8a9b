"""Checked tables become a draft, a draft a difference, a difference one version."""

from onemind.publishing import sources
from onemind.publishing.effect_words import sentences
from onemind.publishing.effects import effect, effect_of_restore
from onemind.publishing.inbox import Inbox
from onemind.publishing.naming import held, nameless, naming
from onemind.publishing.options import MODES, Draft, Options, Shaped
from onemind.publishing.publisher import (
    blocking,
    draft,
    originals,
    prefetch,
    publish,
    publish_against,
)
from onemind.publishing.sources import Allowance, Came, due, fetch
from onemind.publishing.watch import FAILED, PUBLISHED, WAITING, Outcome, Watch

__all__ = [
    "FAILED",
    "MODES",
    "PUBLISHED",
    "WAITING",
    "Allowance",
    "Came",
    "Draft",
    "Inbox",
    "Options",
    "Outcome",
    "Shaped",
    "Watch",
    "blocking",
    "draft",
    "due",
    "effect",
    "effect_of_restore",
    "fetch",
    "held",
    "nameless",
    "naming",
    "originals",
    "prefetch",
    "publish",
    "publish_against",
    "sentences",
    "sources",
]
