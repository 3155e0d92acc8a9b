"""The overview as it is usually written: no cache, plotly.express, defaults, a file read each run.

It draws what the overview draws (five numbers, a map, a funnel, two lines, a table), from the same
store, so that the difference is how it is done.
"""

from datetime import date

import plotly.express as px
import streamlit as st

from onemind import metrics, settings
from onemind.campaign import Filter
from onemind.metrics import MetricName, Query
from onemind.store import Store

st.set_page_config(page_title="Plain", layout="wide")


@st.cache_resource
def store() -> Store:
    """Return the store; nobody opens a database in each run."""
    return Store(settings.load())


today = date.today()
state = st.multiselect("State", ["MA", "NH"])
progress = metrics.progress(store(), Filter(state=tuple(state)), today).frame()
st.title("Overview")
for column, name in zip(st.columns(5), metrics.OVERVIEW, strict=True):
    column.metric(name, metrics.query(store(), Query(name), today).rows[0][0])
points = metrics.department_points(store(), None).frame().merge(progress, on="department_id")
st.plotly_chart(px.scatter_geo(points, lat="latitude", lon="longitude", color="stage"))
stages = progress["stage"].value_counts().reset_index()
st.plotly_chart(px.bar(stages, x="count", y="stage"))
for name in (MetricName.PLEDGED, MetricName.COMPLETED):
    history = metrics.query(store(), Query(name, ("month",)), today).frame()
    st.plotly_chart(px.line(history, x="month", y="value", title=name))
st.dataframe(progress)
