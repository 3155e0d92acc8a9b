"""The Partners page's frames: organizations, kinds of work, and departments without any."""

from __future__ import annotations

from urllib.parse import urlsplit

import pandas as pd

from onemind.campaign import PARTNER_KINDS, PARTNERSHIP_KINDS, STAGES

ENDED, NONE = "Only ended ones", "None on record"


def partners(partners: pd.DataFrame, partnerships: pd.DataFrame) -> pd.DataFrame:
    """Return each organization with how many departments it works with now, and worked with before
    and no longer, and the kinds of work in force; most departments first.
    """
    active = partnerships[partnerships["active"].astype(bool)]
    now = active.groupby("partner_id")["department_id"].nunique()
    ever = partnerships.groupby("partner_id")["department_id"].nunique()
    kinds = active.groupby("partner_id")["kind"].agg(lambda kinds: sorted(set(kinds), key=_place))
    rows = partners.assign(
        departments=partners["partner_id"].map(now).fillna(0).astype(int),
        ever=partners["partner_id"].map(ever).fillna(0).astype(int),
        work=[
            ", ".join(PARTNERSHIP_KINDS.get(kind, kind) for kind in kinds.get(partner, ()))
            for partner in partners["partner_id"]
        ],
    )
    rows["before"] = rows["ever"] - rows["departments"]
    return rows.sort_values(["departments", "name"], ascending=[False, True])


def _place(kind: str) -> int:
    return (
        list(PARTNERSHIP_KINDS).index(kind) if kind in PARTNERSHIP_KINDS else len(PARTNERSHIP_KINDS)
    )


def reading(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of `partners` for reading."""
    place = [
        ", ".join(str(part) for part in parts if not pd.isna(part))
        for parts in zip(rows["municipality"], rows["county"], rows["state"], strict=True)
    ]
    return pd.DataFrame(
        {
            "partner_id": rows["partner_id"],
            "Organization": rows["name"],
            "Kind": rows["kind"].map(PARTNER_KINDS),
            "Place": place,
            "Departments now": rows["departments"],
            "Ended": rows["before"],
            "Kinds of work now": rows["work"],
        }
    )


def pairs(partners: pd.DataFrame, partnerships: pd.DataFrame) -> pd.DataFrame:
    """Return active partnerships counted by kind of organization and kind of work: organization,
    work, partnerships, departments.
    """
    active = partnerships[partnerships["active"].astype(bool)]
    kinds = partners.set_index("partner_id")["kind"]
    rows = active.assign(organization=active["partner_id"].map(kinds), work=active["kind"])
    grouped = rows.groupby(["organization", "work"])["department_id"]
    return grouped.agg(partnerships="size", departments="nunique").reset_index()


def shared(rows: pd.DataFrame) -> str:
    """Say how many departments share an organization."""
    counts = rows["departments"]
    working = int((counts > 0).sum())
    if not working:
        return f"None of the {len(rows):,} organizations works with a department in view now."
    most = rows.iloc[0]
    alone, several = int((counts == 1).sum()), int((counts > 1).sum())
    sentence = (
        f"{working:,} of {len(rows):,} organizations work with a department in view now: "
        f"{alone:,} with one, {several:,} with several"
    )
    if several:
        sentence += f", at most {most['departments']:,} ({most['name']})"
    return sentence + "."


def gaps(progress: pd.DataFrame, partnerships: pd.DataFrame) -> pd.DataFrame:
    """Return the departments without an active partnership, and what is on record instead."""
    active = partnerships.loc[partnerships["active"].astype(bool), "department_id"]
    last = partnerships.groupby("department_id")["ended_on"].max()
    rows = progress[~progress["department_id"].isin(active)]
    known = rows["department_id"].isin(partnerships["department_id"])
    table = pd.DataFrame(
        {
            "department_id": rows["department_id"],
            "Department": rows["name"],
            "County": rows["county"],
            "Stage": rows["stage"].map(STAGES),
            "On record": known.map({True: ENDED, False: NONE}),
            "Last one ended": rows["department_id"].map(last),
        }
    )
    return table.sort_values(["County", "Department"], na_position="last")


def gap_words(rows: pd.DataFrame, of: int) -> str:
    """Say how many departments have no active partnership, and what that proves."""
    counts = rows["On record"].value_counts()
    return (
        f"{len(rows):,} of {of:,} departments have no partnership in force on record: "
        f"{counts.get(NONE, 0):,} have none on record at all, {counts.get(ENDED, 0):,} have only "
        "ended ones. None on record is not proof of none: a department may have a "
        "partnership it did not report."
    )


def departments_of(
    partner: str, partnerships: pd.DataFrame, progress: pd.DataFrame
) -> pd.DataFrame:
    """Return one organization's partnerships with departments in view, for reading."""
    rows = partnerships[partnerships["partner_id"] == partner]
    rows = rows.merge(progress[["department_id", "name", "county"]], on="department_id")
    rows = rows.sort_values(["active", "name", "signed_on"], ascending=[False, True, True])
    return pd.DataFrame(
        {
            "department_id": rows["department_id"],
            "Department": rows["name"],
            "County": rows["county"],
            "Kind of work": rows["kind"].map(PARTNERSHIP_KINDS),
            "Since": rows["signed_on"],
            "Ended": rows["ended_on"],
            "Now": ["in force" if active else "ended" for active in rows["active"]],
        }
    )


def safe_link(website: object) -> tuple[str, str] | None:
    """Return the address and the host to show, for http and https alone; else None."""
    if not isinstance(website, str):
        return None
    try:
        parts = urlsplit(website.strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        return None
    return parts.geturl(), host
