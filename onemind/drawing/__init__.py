"""Rows in, figure or table out; never a query, never Streamlit."""

__all__ = ["charts", "maps", "palette", "tables"]
