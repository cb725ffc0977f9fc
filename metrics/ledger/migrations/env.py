"""What Alembic runs for each migration: always on the connection handed in by `metrics.ledger.database.migrate`, so that
the check for the version, the change and its record are one transaction."""

from alembic import context

from metrics.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
