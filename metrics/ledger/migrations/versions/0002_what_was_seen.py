"""What anybody was ever recorded doing, by channel: taken over from the sets that stand."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "seen_kind",
        sa.Column("channel", TEXT, primary_key=True),
        sa.Column("kind", TEXT, primary_key=True),
    )
    op.execute("INSERT INTO seen_kind (channel, kind) SELECT DISTINCT channel, kind FROM fact_set")


def downgrade() -> None:
    op.drop_table("seen_kind")
