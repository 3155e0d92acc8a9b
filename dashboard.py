"""The launcher, when a server imports it; the script, when Streamlit runs it."""

import streamlit as st

if __name__ != "__main__":
    from pathlib import Path

    from onemind import server

    server.refuse_unsafe_address()
    server.use_own_menu()
    app = st.App(
        Path(__file__), routes=server.routes, middleware=server.middleware, lifespan=server.lifespan
    )
else:
    from onemind.ui.shell import script

    script.run()
