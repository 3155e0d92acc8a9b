"""The pieces of the upload page: files in, what they are, what is wrong, what changes, publish.

The files lie in a folder of the session until they are published; the session keeps nothing else.
A check is kept until the files, the options or the newest version change.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace

import pandas as pd
import streamlit as st

from onemind import contract, diff, exports, ingest, settings, ui, ui_versions
from onemind.access import PUBLISH, require
from onemind.errors import CheckFailed, NothingChanged, OneMindError
from onemind.problem import Problem

FIRST_ROWS = 20


def offer_sample() -> None:
    """Offer to load the sample campaign into an empty store."""
    st.info(
        "Nothing is published yet. Drop your own files below, or load the sample campaign: "
        "real places, made-up figures, all nine kinds of data.",
        icon=":material/waving_hand:",
    )
    if st.button("Load the sample campaign"):
        require(ui.user(), PUBLISH)
        files = [ingest.Upload(path, path.name) for path in sorted(settings.SAMPLE.glob("*.csv"))]
        _publish(files, ingest.Options(today=ui.today()), "Sample campaign")


def files() -> list[ingest.Upload]:
    """Ask for files and lay them down for reading."""
    limit = ui.store().settings.max_upload // (1024 * 1024)
    given = st.file_uploader(
        f"CSV files of one or several datasets, up to {limit} MB each",
        type=["csv", "tsv", "txt"],
        accept_multiple_files=True,
        key="files",
    )
    return [_laid_down(file.name, file.getvalue()) for file in given]


def _laid_down(name: str, content: bytes) -> ingest.Upload:
    folder = ui.store().settings.store / "staged"
    folder.mkdir(exist_ok=True)
    path = folder / hashlib.sha256(content).hexdigest()
    if not path.exists():
        path.write_bytes(content)
    return ingest.Upload(path, name)


def expectations() -> None:
    """Say what files are understood, and offer the templates."""
    st.markdown(
        "Each file is recognised by its header. Files that belong together go together: "
        "they become one version, or none. Nothing is published before you have seen the "
        "difference."
    )
    with st.expander("What the files hold, and empty templates"):
        for parsed in contract.contracts().values():
            with st.container(horizontal=True, key=f"template_{parsed.name}"):
                st.download_button(
                    f"{parsed.name}.csv",
                    exports.to_csv(parsed.columns, []).encode(),
                    file_name=f"{parsed.name}.csv",
                    mime="text/csv",
                    on_click="ignore",
                    width=200,
                )
                st.markdown(parsed.description)


def options() -> ingest.Options:
    """Ask how the files are to be let in."""
    with st.container(horizontal=True, key="options"):
        mode = st.segmented_control(
            "What the files are",
            ingest.MODES,
            default="update",
            required=True,
            format_func={
                "update": "An update: add and change rows",
                "replace": "The whole: replace what is published",
            }.__getitem__,
        )
        skip = st.toggle(
            "Leave faulty rows out", help="Publish the sound rows and drop the others."
        )
        shrink = mode == "replace" and st.toggle("Allow removing over 20 % of the rows")
    return ingest.Options(ui.today(), mode, skip_bad_rows=skip, allow_shrink=bool(shrink))


def checked(uploads: list[ingest.Upload], chosen: ingest.Options) -> ingest.Draft:
    """Check and compare the files, once for the same files, options and version."""
    current = ui.store().current()
    key = (tuple(uploads), replace(chosen, say=print), current and current.number)
    kept = st.session_state.get("draft")
    if kept and kept[0] == str(key):
        found: ingest.Draft = kept[1]
        return found
    with st.status("Checking …") as status:
        chosen = replace(chosen, say=lambda text: status.update(label=f"{text} …"))
        with ingest.draft(ui.store(), uploads, chosen) as (made, _):
            st.session_state["draft"] = (str(key), made)
        status.update(label="Checked", state="complete")
    return made


def show_files(made: ingest.Draft) -> None:
    """Say what each file is."""
    for file in made.files:
        title = contract.contract(file["dataset"]).title
        st.markdown(f"**{file['name']}** holds **{title.lower()}** (`{file['dataset']}`).")
    if made.drops_sample:
        st.info("This is the first real data: the whole sample campaign goes in the same version.")


def show_problems(made: ingest.Draft) -> None:
    """List the problems under a heading for each kind, errors first."""
    kinds = Counter((item.severity, item.code) for item in made.problems)
    for severity, code in sorted(kinds):
        found = [item for item in made.problems if item.code == code]
        mark = ":material/error:" if severity == "error" else ":material/warning:"
        title = f"{found[0].heading} ({len(found):,})"
        with st.expander(title, expanded=severity == "error", icon=mark):
            for item in found[:FIRST_ROWS]:
                st.text(f"{item.file}: {item.message}" if len(made.files) > 1 else item.message)
            if len(found) > FIRST_ROWS:
                st.caption(f"The first {FIRST_ROWS} of {len(found):,}.")
    if made.problems:
        st.download_button(
            "Download all problems as CSV",
            lambda: _as_csv(made.problems),
            file_name="problems.csv",
            mime="text/csv",
            on_click="ignore",
        )


def _as_csv(problems: tuple[Problem, ...]) -> bytes:
    frame = pd.DataFrame([item.record() for item in problems])
    return exports.to_csv(list(frame.columns), frame.astype(object).to_numpy().tolist()).encode()


def show_difference(made: ingest.Draft) -> None:
    """Show what a publish would change."""
    if made.diffs:
        st.subheader("What would change", anchor=False)
        ui_versions.show(made.diffs)


def offer_publish(uploads: list[ingest.Upload], chosen: ingest.Options, made: ingest.Draft) -> None:
    """Ask for a message and publish, or say why that can't be done."""
    if found := ingest.blocking(made, chosen.skip_bad_rows):
        st.error(
            f"{len(found):,} errors keep these files from being published. Correct them in the "
            "file and drop it again; nothing has been changed."
        )
        return
    if all(item.empty for item in made.diffs):
        st.info("Nothing would change: all of this is published already.")
        return
    with st.form("publish"):
        message = st.text_input("Why (for the list of versions)", _proposed(made), max_chars=500)
        pressed = st.form_submit_button("Publish", type="primary")
    if pressed and not message.strip():
        st.error("Write why before publishing: the message stands in the list of versions.")
    elif pressed:
        require(ui.user(), PUBLISH)
        _publish(uploads, chosen, message.strip())


def _proposed(made: ingest.Draft) -> str:
    parts = (
        f"{item.dataset} ({diff.tally(item.counts())})" for item in made.diffs if not item.empty
    )
    return f"Update {', '.join(parts)}"[:500]


def _publish(uploads: list[ingest.Upload], chosen: ingest.Options, message: str) -> None:
    try:
        with st.spinner("Publishing …"):
            version, _ = ingest.publish(ui.store(), uploads, chosen, ui.user().name, message)
    except NothingChanged as same:
        st.info(str(same))
    except CheckFailed as failed:
        st.error(str(failed))
    except OneMindError as error:
        st.error(str(error))
    else:
        st.success(f"Published version {version.number}.")
        st.page_link("pages/explore/overview.py", label="See it on the overview")
