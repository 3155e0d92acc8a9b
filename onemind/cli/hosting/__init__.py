"""The commands for whoever runs the server: moving a store to another place."""

__all__ = ["migrate"]
