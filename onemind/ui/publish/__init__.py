"""What the pages under pages/publish show."""

__all__ = ["boundaries", "problems", "questions", "staged", "templates", "upload", "versions"]
