"""Commands for what leaves the dashboard: letters, mail, digests, webhooks."""

__all__ = ["digests", "letters", "outbox", "webhooks"]
