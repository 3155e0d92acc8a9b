"""What partners are and do, in words for people."""

from __future__ import annotations

KINDS = {
    "community_behavioral_health": "Behavioral health center",
    "hospital": "Hospital",
    "nami": "NAMI chapter",
    "recovery_coalition": "Recovery coalition",
    "court": "Court",
    "school": "School",
    "council_on_aging": "Council on aging",
    "other": "Other organisation",
}
WORK = {
    "co_response": "Co-response",
    "jail_diversion": "Jail diversion",
    "training": "Training",
    "referral": "Referral",
    "other": "Other",
}
