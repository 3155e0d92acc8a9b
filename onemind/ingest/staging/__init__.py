"""A table of text becomes typed rows in the database, with every fault in it."""

__all__ = []
