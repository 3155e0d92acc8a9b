"""The revisions, in order; one that is released is never changed."""

__all__: list[str] = []  # Alembic finds them by path
