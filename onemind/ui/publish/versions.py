"""The pieces of the versions page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import streamlit as st

from onemind import documents, publishing, runtime, store, ui
from onemind.access import OFFICERS, PUBLISH, require
from onemind.campaign import contract
from onemind.errors import OneMindError
from onemind.store import Version
from onemind.store.diff import Diff
from onemind.ui import note, noted, plain
from onemind.words import short_day

PER_PAGE = 20


def listed(versions: Sequence[Version]) -> None:
    """List versions, newest first: which, when, by whom, why, and what changed."""
    pages = -(-len(versions) // PER_PAGE)
    place = st.pagination(pages, key="part", bind="query-params") if pages > 1 else 1
    shown = versions[(place - 1) * PER_PAGE : place * PER_PAGE]
    with st.container(border=True, key="card_versions"):
        st.markdown("\n\n".join(map(summary, shown)))


def summary(version: Version) -> str:
    """Return a version as a paragraph of Markdown."""
    when = version.published_at.astimezone()
    head = f"**Version {version.number}** · {short_day(when.date())}, {when:%H:%M} · "
    sentence = f"{plain(version.author)}: {plain(version.message)}"
    return f"{head}{sentence}  \n:small[{_changed(version)}]"


def _changed(version: Version) -> str:
    parts = (
        f"{contract(name).title}: {store.diff.tally(counts)}"
        for name, counts in version.counts.items()
    )
    return " · ".join(parts) or "Nothing changed"


def originals(versions: Sequence[Version]) -> None:
    """Offer the files a version was made of, as they came."""
    with_originals = [item for item in versions if item.originals]
    if not with_originals:
        return
    number = st.selectbox("Files of version", [item.number for item in with_originals], width=200)
    with st.container(horizontal=True, key="originals"):
        for file in _of(with_originals, number).originals:
            path = publishing.originals(runtime.store()).path(file["sha256"])
            if path.exists():
                st.download_button(
                    plain(file["name"]),
                    noted(f"original {file['name']}", path.read_bytes),
                    file_name=file["name"],
                    on_click="ignore",
                    key=f"original_{number}_{file['name']}",
                )


def take_along(versions: Sequence[Version]) -> None:
    """Offer the zip of a version, and its citation; it is made when it is asked for."""
    user, window = ui.visitor.user(), ui.window()
    require(user, OFFICERS)
    with st.container(horizontal=True, vertical_alignment="bottom", key="whole"):
        number = st.selectbox("Data of version", [item.number for item in versions], width=200)
        name = f"one-mind-data-version-{number}.zip"
        st.download_button(
            "Download all data",
            noted(name, lambda: documents.archive(window, number)),
            file_name=name,
            mime="application/zip",
            icon=":material/folder_zip:",
            on_click="ignore",
            help="A zip of CSV files with a Data Package. It can be uploaded again as it is.",
        )
    version, opened = _of(versions, number), runtime.store()
    citation = documents.cited(opened.rules.campaign, version, opened.settings.url)
    with st.expander("How to cite this version"):
        st.code(citation.bibtex(), language=None)
        st.code(citation.cff(), language=None)


def compared(versions: Sequence[Version]) -> None:
    """Compare any two versions."""
    numbers = [item.number for item in versions]
    with st.container(horizontal=True, key="compared"):
        before = st.selectbox("From version", numbers, index=1, width=200)
        after = st.selectbox("to version", numbers, index=0, width=200)
    show(store.publish.compare_versions(runtime.store(), before, after))


def restorable(versions: Sequence[Version]) -> None:
    """Look at an older version, or restore it, with what that would change before it is done."""
    newest = versions[0]
    number = st.selectbox(
        "Older version",
        [item.number for item in versions[1:]],
        format_func=lambda item: f"{item}: {_of(versions, item).message}",
        width=560,
    )
    with st.container(key="concern_version"):
        ui.links.link(
            "pages/explore/overview.py",
            label=f"View the whole dashboard as of version {number}",
            query_params={"version": str(number)},
        )
    diffs = store.publish.compare_versions(runtime.store(), newest.number, number)
    if not diffs:
        st.info(f"Version {number} is the same as the newest. There is nothing to restore.")
        return
    st.markdown(f"Restoring version {number} would make these changes to version {newest.number}:")
    bullets(
        publishing.sentences(publishing.effect_of_restore(runtime.store(), number, runtime.today()))
    )
    show(diffs)
    _offer_restore(number)


def _of(versions: Sequence[Version], number: int) -> Version:
    return next(item for item in versions if item.number == number)


def bullets(lines: Iterable[str]) -> None:
    """List sentences, one below the other."""
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def show(diffs: Sequence[Diff]) -> None:
    """Draw the difference: one line a dataset, its first changes in a table."""
    if not diffs:
        st.markdown("Nothing differs.")
    for item in diffs:
        with st.expander(store.diff.sentence(item)):
            st.dataframe(changes(item), hide_index=True, alt=f"Changes in {item.dataset}")
            shown, total = len(item.changes), item.added + item.changed + item.removed
            if total > shown:
                st.caption(f"The first {shown:,} of {total:,} changes.")


def changes(item: Diff) -> pd.DataFrame:
    """Return the changes of a dataset for reading: the key, and old -> new of what differs."""
    rows = [
        {
            "What": change.kind,
            **change.key,
            "Before": _values(change.before),
            "After": _values(change.after),
        }
        for change in item.changes
    ]
    return pd.DataFrame(rows).astype(str)


def _values(values: dict[str, object]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items() if value is not None)


def _offer_restore(number: int) -> None:
    with st.form("restore"):
        message = st.text_input("Why", f"Restore version {number}", max_chars=500)
        pressed = st.form_submit_button(f"Restore version {number}")
    if pressed and message.strip():
        require(ui.visitor.user(), PUBLISH)
        try:
            version = store.publish.restore(
                runtime.store(), number, ui.visitor.user().name, message.strip()
            )
        except OneMindError as error:
            st.error(plain(str(error)))
            return
        note("restore", f"version {version.number}", of=f"version {number}", why=message.strip())
        st.success(f"Published version {version.number}, equal to version {number}.")
