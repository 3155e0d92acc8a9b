"""What Alembic runs the revisions with: the connection that `run` opened."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"]
)  # fmt: skip
with context.begin_transaction():
    context.run_migrations()
