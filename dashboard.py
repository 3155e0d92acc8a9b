"""The launcher, when a server imports it; the script, when Streamlit runs it."""

import streamlit as st

if __name__ != "__main__":
    from pathlib import Path

    from onemind import web

    web.refuse_unsafe_address()
    web.use_own_menu()
    app = st.App(
        Path(__file__), routes=web.routes, middleware=web.middleware, lifespan=web.lifespan
    )
else:
    from onemind import ui_main

    ui_main.run()
