"""Live: an open screen hears of a publish, draws itself again where it is, and says what changed.

The listener holds a stream only while its screen is seen; a screen brought back, or a computer
that wakes, connects again and is told the newest version first. Where streams are held back on
their way, it asks from time to time. What is said is worked out within the viewer's own sight; it
comes with the word of the publish and is shown at once, while the page is drawn anew.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from onemind import metrics, narrative, runtime, ui
from onemind.campaign import Filter, Sight, contracts
from onemind.metrics import MetricName
from onemind.store import Window
from onemind.ui import plain

LARGE = 200_000  # certificates: with more, a version that nobody has opened takes long to show
_HELD: dict[Path, int] = {}  # the version that each store holds in memory
SOON, READY = 0.03, 30.0  # seconds
LISTENER = """
const ASK = 20000, SILENT = 60000, SHOWN = 8000;

export default function ({ data, parentElement, setTriggerValue }) {
  const old = parentElement.listener;
  const base = window.__streamlit?.BACKEND_BASE_URL || document.baseURI;
  const address = () => new URL("api/events?since=" + listener.shown, base).href;
  const listener = old || { source: null, heard: Date.now(), asked: 0 };
  parentElement.listener = listener;
  listener.shown = data.version;
  listener.say = (words) => {
    const note = parentElement.querySelector("[role=status]");
    note.textContent = words;
    clearTimeout(listener.leaving);
    listener.leaving = setTimeout(() => { note.textContent = ""; }, SHOWN);
  };
  listener.hear = ({ version, said }) => {
    listener.heard = Date.now();
    if (version > listener.shown && version > listener.asked) {
      listener.asked = version;
      if (said) listener.say(said);
      setTriggerValue("heard", { version, said: Boolean(said) });
    }
  };
  if (old) return old.end;

  const stop = () => { listener.source?.close(); listener.source = null; };
  const start = () => {
    stop();
    if (document.hidden) return;
    listener.source = new EventSource(address());
    listener.source.onmessage = (event) => listener.hear(JSON.parse(event.data));
  };
  const ask = async () => {
    if (document.hidden || Date.now() - listener.heard < SILENT) return;
    const answer = await fetch(address(), { cache: "no-store" }).catch(() => null);
    if (answer?.ok) listener.hear(await answer.json());
    if (!listener.source || listener.source.readyState === EventSource.CLOSED) start();
  };
  const timer = setInterval(ask, ASK);
  document.addEventListener("visibilitychange", start);
  window.addEventListener("online", start);
  start();
  listener.end = () => {
    stop();
    clearInterval(timer);
    clearTimeout(listener.leaving);
    document.removeEventListener("visibilitychange", start);
    window.removeEventListener("online", start);
    parentElement.listener = null;
  };
  return listener.end;
}
"""
NOTE = '<p role="status"></p>'
LOOK = """
p {
  position: fixed; top: 4.5rem; right: 1.5rem; z-index: 1000; max-width: min(24rem, 80vw);
  margin: 0; padding: 0.75rem 1rem; border-radius: 8px; border: 1px solid var(--st-border-color);
  background: var(--st-secondary-background-color); color: var(--st-text-color);
  box-shadow: 0 4px 16px rgb(0 0 0 / 16%); font-family: var(--st-font); font-size: 0.95rem;
}
p:empty { display: none; }
@media print { p { display: none; } }
"""
_listener = st.components.v2.component("onemind_live", html=NOTE, css=LOOK, js=LISTENER)


def listen() -> None:
    """Keep the screen live, and say once what a version that came while it was open has changed."""
    newest = ui.window().current()
    if newest is None or ui.visitor.user().sight.version is not None:
        return
    with st.container(key="live", height="content"):
        came = _listener(
            key="live_listener",
            data={"version": newest.number},
            on_heard_change=lambda: None,
        )
    before = st.session_state.get("live_version", newest.number)
    st.session_state["live_version"] = newest.number
    if before < newest.number and not (came.heard and came.heard["said"]):
        st.toast(plain(news(*ui.seen(), before, newest.number)), icon=":material/update:")


@st.cache_data(max_entries=64, show_spinner=False)
def news(place: str, sight: Sight, before: int, after: int) -> str:
    """Say what differs between two versions of a store's place, of what a sight shows."""
    window, day = Window(runtime.store(), sight), runtime.today()
    old, new = (
        metrics.progress(window, Filter(as_of=day, version=number), day).records()
        for number in (before, after)
    )
    return narrative.news(old, new, after)


def patience(number: int) -> float:
    """Return for how many seconds open screens may stay as they are while a version is warmed.

    Of a large store it is shown when it is ready: else all who look would wait for it, and for
    each other.
    """
    return READY if runtime.store().count("training", number) > LARGE else SOON


def hold() -> None:
    """Hold what pages read of the newest version in memory, so that they last without the disk.

    A dataset of more than 200,000 rows is not held.
    """
    store = runtime.store()
    newest = store.current()
    if newest is None or newest.number == _HELD.get(store.settings.store):
        return
    for name in contracts():
        if store.count(name, newest.number) <= LARGE:
            with store.reading(newest.number, [name]):
                pass
    _HELD[store.settings.store] = newest.number


def warm() -> None:
    """Work out what the first screens show: progress, the histories, and the version before."""
    store, day = runtime.store(), runtime.today()
    newest = store.current()
    if newest is None:
        return
    for number in (newest.number, newest.number - 1):
        if number > 0:
            metrics.progress(store, Filter(as_of=day, version=number), day)
    asked = metrics.Query(MetricName.PLEDGED, ("month",), Filter(as_of=day, version=newest.number))
    metrics.query(store, asked, day)
