"""What the pages under pages/publish show."""

__all__ = [
    "boundaries",
    "card",
    "problems",
    "questions",
    "readings",
    "staged",
    "templates",
    "upload",
    "versions",
]
