"""Alembic's environment: the connection comes from `agent.ledger.migrate`."""

from alembic import context

from agent.ledger.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
