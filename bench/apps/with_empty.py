"""The dashboard with one page more, an empty one: what any page of it costs at the least.

It is run from a folder beside links to the pages, which Streamlit looks for next to the script.
"""

import streamlit as st

if __name__ != "__main__":
    from pathlib import Path

    from onemind import web

    web.use_own_menu()
    app = st.App(
        Path(__file__), routes=web.routes, middleware=web.middleware, lifespan=web.lifespan
    )
else:
    from onemind import ui_main
    from onemind.access import EXPLORE

    EMPTY = ("empty_page.py", "Empty", EXPLORE)
    if EMPTY not in ui_main.PAGES["Explore"]:
        ui_main.PAGES["Explore"] = (*ui_main.PAGES["Explore"], EMPTY)
    ui_main.run()
