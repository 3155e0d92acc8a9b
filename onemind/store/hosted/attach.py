"""The statements that attach a lake over PostgreSQL and, where the data is in one, a bucket."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from onemind.settings import Bucket, Settings

EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")


def attach(settings: Settings, quoted: Callable[[object], str]) -> str:
    """Return the statement that attaches the lake.

    A commit is not tried again by itself: the id of a snapshot is a key in the catalog, so of two
    that started alike one fails, whatever else is missed.
    """
    if settings.bucket:
        data = f"{settings.bucket.address}data/"
    else:
        data = f"{(settings.data or settings.store) / 'data'}/"
    return f"""
        attach {quoted(f"ducklake:postgres:{settings.catalog}")} as lake (
            data_path {quoted(data)},
            override_data_path true,
            data_inlining_row_limit 0
        );
        set ducklake_max_retry_count = 0"""


def secret(bucket: Bucket, quoted: Callable[[object], str]) -> str:
    """Return the statement that lets DuckDB into the bucket; it is kept in memory alone."""
    given = {
        "key_id": bucket.key, "secret": bucket.secret, "session_token": bucket.token,
        "region": bucket.region,
    }  # fmt: skip
    parts = [f"{name} {quoted(value)}" for name, value in given.items() if value]
    if bucket.endpoint:
        server = urlsplit(bucket.endpoint)
        parts += [
            f"endpoint {quoted(server.netloc + server.path)}",
            f"use_ssl {str(server.scheme == 'https').lower()}",
            "url_style 'path'",
        ]
    return f"create or replace secret onemind (type s3, {', '.join(parts)})"
