"""What workers note of their own work, in tables of its own, so that their role need not write settings: taken over from them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_LAST_EVENT = "last event of "


def upgrade() -> None:
    op.create_table(
        "in_hand",
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("stream", TEXT, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("begun", sa.Integer, nullable=False),
        sa.Column("process", TEXT, nullable=False),
    )
    op.create_table(
        "last_event",
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.execute(
        f"INSERT INTO last_event (source, at) SELECT substr(name, {len(_LAST_EVENT) + 1}), CAST(value AS bigint) "  # noqa: S608
        f"FROM setting WHERE name LIKE '{_LAST_EVENT}%'"
    )
    # What is in hand just then is noted anew by whoever begins anew.
    op.execute(f"DELETE FROM setting WHERE name LIKE '{_LAST_EVENT}%' OR name LIKE 'in hand of %'")  # noqa: S608


def downgrade() -> None:
    op.execute(f"INSERT INTO setting (name, value) SELECT '{_LAST_EVENT}' || source, at FROM last_event")  # noqa: S608
    op.drop_table("last_event")
    op.drop_table("in_hand")
