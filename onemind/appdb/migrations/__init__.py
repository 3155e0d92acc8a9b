"""The state's schema, step by step: each change of a table is a revision that Alembic runs."""

from onemind.appdb.migrations.run import HEAD, SCHEMA, revision, upgrade

__all__ = ["HEAD", "SCHEMA", "revision", "upgrade"]
