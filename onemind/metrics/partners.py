"""Who works with whom as of a day: partnerships, and the organizations with their places."""

from __future__ import annotations

from datetime import date

from onemind.campaign import Filter
from onemind.metrics import model
from onemind.metrics.numbers import Result, Source

PARTNERSHIPS = (
    "department_id", "partner_id", "kind", "signed_on", "ended_on", "active",
)  # fmt: skip
PARTNERS = (
    "partner_id", "name", "kind", "municipality", "county", "state", "website", "latitude",
    "longitude", "placed_by",
)  # fmt: skip


def partnerships(source: Source, chosen: Filter, today: date) -> Result:
    """Return a row a partnership signed by the as-of date, of every department that can be seen:
    columns PARTNERSHIPS. An end still to come is not told; one that came makes it not active.
    """
    sql = f"""
        {model.with_models("partnership_days")}
        select {", ".join(PARTNERSHIPS)}
        from partnership_days
        order by department_id, signed_on, partner_id, kind"""
    with source.reading(chosen.version, model.datasets("partnership_days")) as con:
        rows = con.execute(sql, {"dates": [chosen.as_of or today]}).fetchall()
    return Result(PARTNERSHIPS, tuple(rows))


def partners(source: Source, version: int | None) -> Result:
    """Return a row an organization, columns PARTNERS, by name."""
    sql = f"""
        {model.with_models("partner_points")}
        select
            partner_id, name, kind, municipality, county, state, website,
            partner_points.latitude, partner_points.longitude, placed_by
        from partners
        join partner_points using (partner_id)
        order by name, partner_id"""
    with source.reading(version, model.datasets("partner_points") | {"partners"}) as con:
        return Result(PARTNERS, tuple(con.execute(sql).fetchall()))
