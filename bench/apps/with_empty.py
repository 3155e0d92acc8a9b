"""The dashboard with one page more, an empty one: what any page of it costs at the least.

It is run from a folder beside links to the pages, which Streamlit looks for next to the script.
"""

import streamlit as st

if __name__ != "__main__":
    from pathlib import Path

    from onemind import server

    server.use_own_menu()
    app = st.App(
        Path(__file__), routes=server.routes, middleware=server.middleware, lifespan=server.lifespan
    )
else:
    from onemind import access
    from onemind.access import EXPLORE
    from onemind.ui.shell import script

    EMPTY = ("empty_page.py", "Empty", EXPLORE)
    if EMPTY not in access.PAGES["Explore"]:
        access.PAGES["Explore"] = (*access.PAGES["Explore"], EMPTY)
    script.run()
