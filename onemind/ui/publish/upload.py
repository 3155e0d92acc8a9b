"""The upload page's steps: files in, what they are, what would change, publish.

Files and choices are kept beside the store until they are published or discarded. A check is done
once for the same files, choices and version.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import streamlit as st

from onemind import ingest, publishing, runtime, settings, ui
from onemind.access import PUBLISH, require
from onemind.appdb import Staged
from onemind.campaign import contracts
from onemind.errors import OneMindError
from onemind.publishing import MODES, Draft, Options, blocking, sentences
from onemind.store import diff
from onemind.ui import note, plain
from onemind.ui.publish import naming, staged, templates, versions

KINDS = [
    "csv", "tsv", "txt", "xlsx", "xls", "xlsm", "xlsb", "ods", "zip", "html", "htm", "xml",
    "json", "jsonl", "ndjson", "parquet",
]  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A draft without its connection, and what it does to the numbers in sentences."""

    draft: Draft
    effect: tuple[str, ...]


def offer_sample() -> None:
    """Offer to load the sample campaign into an empty store."""
    st.info(
        "Nothing is published yet. Drop your own files below, or load the sample campaign: "
        "real places, made-up numbers, all nine kinds of data.",
        icon=":material/waving_hand:",
    )
    if st.button("Load the sample campaign"):
        require(ui.visitor.user(), PUBLISH)
        files = [ingest.Upload(path, path.name) for path in sorted(settings.SAMPLE.glob("*.csv"))]
        options = Options(today=runtime.today())
        try:
            version, _ = publishing.publish(
                runtime.store(), files, options, ui.visitor.user().name, "Sample campaign"
            )
        except OneMindError as error:
            st.error(plain(str(error)))
        else:
            note("publish", f"version {version.number}", why="Sample campaign")
            _published(version.number)


def ask_for_files() -> Staged | None:
    """Ask for files, and return the upload in progress with them."""
    limit = runtime.store().settings.max_upload // (1024 * 1024)
    turn = st.session_state.setdefault("upload_turn", 0)
    uploaded = st.file_uploader(
        f"CSV or spreadsheet files, several at once or in a zip file, up to {limit:,} MB each",
        type=KINDS,
        accept_multiple_files=True,
        key=f"files_{turn}",
        max_upload_size=limit,
    )
    if uploaded:
        require(ui.visitor.user(), PUBLISH)
        naming.take([(file.name, file.getvalue()) for file in uploaded])
        st.session_state["upload_turn"] += 1
        st.rerun()
    return staged.current()


def show_files(upload: Staged) -> None:
    """List the files of the upload, each with a way to take it out again."""
    for file in upload.files:
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"file_{file['sha256'][:12]}"
        ):
            st.markdown(f"**{plain(file['name'])}** · {_sized(file['size'])}")
            if st.button("Remove", key=f"remove_{file['name']}", type="tertiary"):
                staged.remove(upload, file["name"])
                st.rerun()
    if st.button("Discard this upload", key="discard"):
        staged.discard(upload)
        st.rerun()


def _sized(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(size // 1000, 1):,} KB"


def ask_for_choices(upload: Staged) -> Staged:
    """Ask how the files are to be let in."""
    chosen = {**staged.CHOICES, **upload.choices}
    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        mode = st.segmented_control(
            "What the files contain",
            MODES,
            default=chosen["mode"],
            required=True,
            format_func={
                "update": "Update: add and change rows",
                "replace": "Replace: use these files as the complete data",
            }.__getitem__,
        )
        skip = st.toggle("Leave out rows with errors", chosen["skip"])
        shrink = mode == "replace" and st.toggle(
            "Allow removing more than 20% of rows", chosen["shrink"]
        )
    choices = {"mode": mode, "skip": skip, "shrink": bool(shrink)}
    if any(chosen[name] != value for name, value in choices.items()):
        return staged.choose(upload, **choices)
    return upload


def key_of(upload: Staged, what: str) -> str:
    """Return the key of work on these files, with these choices, against the newest version."""
    current = runtime.store().current()
    files = [(file["name"], file["sha256"]) for file in upload.files]
    return json.dumps(
        [what, files, upload.choices, current and current.number, str(runtime.today())]
    )


def checked(upload: Staged) -> Checked:
    """Check and compare the files, and work out what they do to the numbers."""
    files, options, today = staged.uploads(upload), staged.options(upload), runtime.today()
    store = runtime.store()

    def work(job: ui.jobs.Job) -> Checked:
        watched = replace(options, say=job.say, lend=job.lend)
        with publishing.draft(store, files, watched) as (draft, con):
            words: tuple[str, ...] = ()
            if draft.diffs and not blocking(draft, options.skip_bad_rows):
                job.say("Calculating changes to the numbers")
                words = tuple(sentences(publishing.effect(store, con, draft, today)))
            job.lend(None)
            return Checked(draft, words)

    result: Checked = ui.jobs.done(key_of(upload, "check"), *_size(upload), work)
    return result


def _size(upload: Staged) -> tuple[int, int]:
    size = sum(file["size"] for file in upload.files)
    return size, sum(file["lines"] for file in upload.files)


def show_what_they_are(draft: Draft) -> None:
    """Say what each table is."""
    for item in draft.taken:
        title = contracts()[item.dataset].title.lower()
        st.markdown(
            f"**{plain(item.name)}** holds **{title}** (`{item.dataset}`), {item.rows:,} rows."
        )


def first_real_file(upload: Staged, draft: Draft) -> None:
    """Say that the sample goes with the first real data, and offer to practice on it instead."""
    base = runtime.store().current()
    if base is None or not base.sample or draft.is_sample:
        return
    if upload.choices.get("practice"):
        st.success("Practice: this is tried on the sample campaign, and nothing is kept.")
        staged.button(upload, "End the practice", "tertiary", practice=False)
        return
    has_departments = any(item.dataset == "departments" for item in draft.taken)
    start = "" if has_departments else " Start with your departments: other data refers to them."
    st.info(
        "This is your first real data. The whole sample campaign goes away with it, in the same "
        f"version.{start}"
    )
    with st.container(horizontal=True, key="first"):
        if not has_departments:
            templates.download("departments")
        staged.button(upload, "Practice on the sample instead", practice=True)


def show_difference(result: Checked) -> None:
    """Show what a publish would change, in the data and in the numbers."""
    if not result.draft.diffs:
        return
    st.subheader("What would change", anchor=False)
    versions.bullets(result.effect)
    versions.show(result.draft.diffs)


def offer_publish(upload: Staged, result: Checked) -> None:
    """Ask for a message and publish, or say why that can't be done."""
    if ended := st.session_state.pop("ended", None):
        st.warning(plain(ended))
    draft = result.draft
    if errors := blocking(draft, upload.choices.get("skip", False)):
        noun = "1 error is keeping" if len(errors) == 1 else f"{len(errors):,} errors are keeping"
        st.error(f"{noun} this from being published. Nothing has been changed.")
        return
    if upload.choices.get("practice"):
        st.info("This is practice: nothing is published. End it above to publish.")
        return
    if all(item.empty for item in draft.diffs):
        st.info("Nothing would change. All of this is already published.")
        return
    with st.form("publish"):
        message = st.text_input(
            "Reason for the change (shown in the list of versions)", _proposed(draft), max_chars=500
        )
        pressed = st.form_submit_button("Publish", type="primary")
    if pressed and not message.strip():
        st.error("Enter a reason before publishing. It appears in the list of versions.")
    elif pressed:
        require(ui.visitor.user(), PUBLISH)
        st.session_state["publishing"] = (upload.id, message.strip(), draft.base)
        st.rerun()  # it goes on above, where nothing of the upload is left to press


def _proposed(draft: Draft) -> str:
    parts = (
        f"{item.dataset} ({diff.tally(item.counts())})" for item in draft.diffs if not item.empty
    )
    return f"Update {', '.join(parts)}"[:500]


def publish_under_way(upload: Staged) -> None:
    """Go on with a publish that was begun, and say how it ended; it ends the page while it runs.

    The version may be there before the page asks again, so this comes before any check.
    """
    begun = st.session_state.get("publishing")
    if not begun or begun[0] != upload.id:
        return
    _, message, base = begun
    files, options = staged.uploads(upload), staged.options(upload)
    store, author = runtime.store(), ui.visitor.user().name

    def work(job: ui.jobs.Job) -> int:
        watched = replace(options, say=job.say, lend=job.lend)
        return publishing.publish_against(store, files, watched, author, message, base).number

    key = f"publish {upload.id} {message}"
    try:
        number = ui.jobs.done(key, *_size(upload), work)
    except OneMindError as error:
        _ended(key)
        st.session_state["ended"] = str(error)
        st.rerun()  # to the difference as it is now
    _ended(key)
    note("publish", f"version {number}", why=message, files=len(upload.files))
    staged.discard(upload)
    _published(number)


def _ended(key: str) -> None:
    ui.jobs.forget(key)
    st.session_state.pop("publishing", None)


def _published(number: int) -> None:
    st.session_state["published"] = number
    st.rerun()


def say_published() -> None:
    """Say once which version was just published, on a page that knows of it."""
    number = st.session_state.pop("published", None)
    if number is None:
        return
    st.success(f"Published version {number}.")
    ui.links.link("pages/explore/overview.py", label="View it on the overview")
    ui.links.link("pages/publish/versions.py", label="View it in the list of versions, or undo it")
