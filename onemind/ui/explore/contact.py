"""How to report an error: a mail with the department and the number already in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from onemind import metrics, runtime, ui
from onemind.access import VERSIONS
from onemind.metrics import MetricName
from onemind.ui import plain
from onemind.words import long_day


def report_error_link(
    view: ui.View, department: dict[str, Any] | None = None, metric: MetricName | None = None
) -> None:
    """Offer a mail about a number (a metric's name) or a department (its row of `progress`), or the
    view as a whole; without ONEMIND_CONTACT, say whom to ask.
    """
    contact = runtime.store().settings.contact
    if not contact:
        st.caption(whom_to_ask(view))
        return
    st.link_button(
        "Report an error",
        mail(contact, *letter(view, department, metric)),
        icon=":material/mail:",
    )


def whom_to_ask(view: ui.View) -> str:
    """Say in Markdown whom to ask where no address is set; partners are told no person's name."""
    whom = "the person who gave you this address"
    if ui.visitor.user().may(VERSIONS):
        author, number = plain(view.version.author), view.version.number
        whom = f"{author}, who published version {number}, or {whom}"
    return f"Found an error? Tell {whom}: the department, the number, and what it should be."


def letter(
    view: ui.View, department: dict[str, Any] | None, metric: MetricName | None
) -> tuple[str, str]:
    """Return subject and body of the mail: what, as of when, at which version, seen where."""
    what = []
    if department:
        what.append(f"{department['name']} ({department['department_id']})")
    if metric:
        what.append(metrics.metric(metric).label)
    subject = "Possible error: " + (", ".join(what) or "One Mind Campaign dashboard")
    lines = [f"Department: {what[0]}"] if department else []
    if metric:
        lines.append(f"Number: {metrics.metric(metric).label} ({metric})")
    lines += [
        f"As of: {long_day(view.as_of)}, version {view.version.number}, {view.filter.words()}",
        f"Address: {st.context.url or address(view)}",
        "",
        "What it says:",
        "What it should be:",
        "Where that is written:",
    ]
    return subject, "\n".join(lines)


def mail(contact: str, subject: str, body: str) -> str:
    """Return a mailto: address with subject and body filled in."""
    return f"mailto:{quote(contact, safe='@')}?subject={quote(subject)}&body={quote(body)}"


def address(view: ui.View) -> str:
    """Return the address that shows this view again, with its date and its version."""
    parts = urlsplit(st.context.url or "")
    here = f"{parts.scheme}://{parts.netloc}{parts.path.rpartition('/')[0]}" if parts.netloc else ""
    query = urlencode(view.filter.address(), doseq=True)
    return f"{runtime.store().settings.url or here}/?{query}"
