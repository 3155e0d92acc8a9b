"""What the pages under pages/publish show."""

__all__ = [
    "backups",
    "boundaries",
    "card",
    "letters",
    "naming",
    "problems",
    "questions",
    "readings",
    "sources",
    "staged",
    "templates",
    "upload",
    "versions",
]
