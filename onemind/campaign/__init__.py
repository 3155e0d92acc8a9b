"""What the campaign is, as data and types: datasets, rules, labels, a Filter, a Scope."""

from onemind.campaign.datasets import DATASETS, MISSING_VALUES, Contract, Field, contract, contracts
from onemind.campaign.filters import DIMENSIONS, Filter
from onemind.campaign.labels import (
    CONCERNS,
    PARTNER_KINDS,
    PARTNERSHIP_KINDS,
    PRACTICES,
    SOURCES,
    STAGES,
    STATUSES,
    TRAINING,
)
from onemind.campaign.rules import Need, Practice, Rules, load_rules
from onemind.campaign.scope import EVERYTHING, SMALL, WHOLE, Scope, Sight

__all__ = [
    "CONCERNS",
    "DATASETS",
    "DIMENSIONS",
    "EVERYTHING",
    "MISSING_VALUES",
    "PARTNERSHIP_KINDS",
    "PARTNER_KINDS",
    "PRACTICES",
    "SMALL",
    "SOURCES",
    "STAGES",
    "STATUSES",
    "TRAINING",
    "WHOLE",
    "Contract",
    "Field",
    "Filter",
    "Need",
    "Practice",
    "Rules",
    "Scope",
    "Sight",
    "contract",
    "contracts",
    "load_rules",
]
