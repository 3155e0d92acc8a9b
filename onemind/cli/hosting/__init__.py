"""The commands for whoever runs the server: moving a store, serving with several processes."""

__all__ = ["migrate", "serve"]
