"""The one set of words for practices, statuses, stages, sources and kinds."""

from __future__ import annotations

PARTNER_KINDS = {
    "community_behavioral_health": "Behavioral health center",
    "hospital": "Hospital",
    "nami": "NAMI chapter",
    "recovery_coalition": "Recovery coalition",
    "court": "Court",
    "school": "School",
    "council_on_aging": "Council on aging",
    "other": "Other organization",
}
PARTNERSHIP_KINDS = {
    "co_response": "Co-response",
    "jail_diversion": "Jail diversion",
    "training": "Training",
    "referral": "Referral",
    "other": "Other",
}
PRACTICES = {"partnership": "Partnership", "policy": "Policy", "mhfa": "MHFA", "cit": "CIT"}
TRAINING = ("mhfa", "cit")  # the practices that are counted in officers
SOURCES = {"records": "Records", "totals": "Totals", "none": "None"}
STAGES = {
    "completed": "Completed",
    "awaiting_confirmation": "Awaiting confirmation",
    "in_progress": "In progress",
    "due_soon": "Due soon",
    "overdue": "Overdue",
    "withdrawn": "Withdrawn",
    "not_pledged": "Not pledged",
}
STATUSES = {
    "met": "Met",
    "not_met": "Not met",
    "unclear": "Unclear",
    "not_reported": "Not reported",
}
# Why a department needs attention, most urgent first: its title, and the word before its day.
CONCERNS = {
    "due_soon": ("Due soon", "on"),
    "overdue": ("Overdue", "since"),
    "late": ("Likely to be late", "done about"),
    "expiring": ("Certificates about to lapse", ""),
    "silent": ("Silent", "since"),
}
