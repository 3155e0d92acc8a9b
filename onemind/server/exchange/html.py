"""Plain pages around the dashboard: signing in, refusals. No script, nothing from elsewhere.

They are Jinja2's templates (onemind/server/templates), which escapes every value by itself. A value
that a template asks for and nobody gave is an error.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from jinja2 import Environment  # a twentieth of a second that a start need not wait for

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'"
)


@cache
def templates() -> Environment:
    """Return the templates, ready to be filled in."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def page(
    template: str, title: str, status: int = 200, *, fault: str = "", **values: object
) -> HTMLResponse:
    """Return a page made of a template and its values, under the fault if there is one."""
    text = templates().get_template(template).render(title=title, fault=fault, **values)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(text, status, headers)


def says(title: str, text: str, status: int, *links: tuple[str, str]) -> HTMLResponse:
    """Return a page that says one thing, with links (address, words) under it."""
    return page("message.html", title, status, text=text, links=links)
