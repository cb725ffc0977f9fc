"""How late the events of each source come: a sample, which begins empty."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "source_delay",
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("day", sa.Integer, primary_key=True),
        sa.Column("mark", sa.Integer, primary_key=True),
        sa.Column("step", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("source_delay")
