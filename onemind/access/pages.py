"""Which pages there are, and what each of them needs; the command line knows them too."""

from __future__ import annotations

from onemind.access.roles import ADMINISTER, EXPLORE, PUBLISH, SHARE, Permission

MAP = "pages/explore/map.py"
DEPARTMENT = "pages/explore/department.py"
METHODOLOGY = "pages/explore/methodology.py"
# (file, title, permission); the folder is the menu section and the permission.
PAGES: dict[str, tuple[tuple[str, str, Permission], ...]] = {
    "Explore": (
        ("pages/explore/overview.py", "Overview", EXPLORE),
        (MAP, "Map", EXPLORE),
        ("pages/explore/departments.py", "Departments", EXPLORE),
        (DEPARTMENT, "Department", EXPLORE),
        ("pages/explore/training.py", "Training", EXPLORE),
        ("pages/explore/partners.py", "Partners", EXPLORE),
        ("pages/explore/outcomes.py", "Outcomes", EXPLORE),
        (METHODOLOGY, "Methodology", EXPLORE),
    ),
    "Publish": (
        ("pages/publish/upload.py", "Upload", PUBLISH),
        ("pages/publish/versions.py", "Versions", PUBLISH),
        ("pages/publish/letters.py", "Letters", PUBLISH),
        ("pages/publish/readings.py", "Readings", PUBLISH),
        ("pages/publish/boundaries.py", "Boundaries", PUBLISH),
    ),
    "Admin": (
        ("pages/admin/links.py", "Links", SHARE),
        ("pages/admin/people.py", "People", ADMINISTER),
        ("pages/admin/activity.py", "Activity", ADMINISTER),
    ),
}

EXPLORING = tuple(title for _, title, permission in PAGES["Explore"])


def shareable() -> tuple[str, ...]:
    """Return the titles of the pages that a share link may open."""
    return EXPLORING
