"""The read-only API: what pages count, as JSON, CSV and Parquet, for programs."""

from onemind.server.api.endpoints import routes

__all__ = ["routes"]
