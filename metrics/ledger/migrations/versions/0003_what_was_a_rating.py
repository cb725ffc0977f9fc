"""Whether an answer was a rating of the message; of earlier ones, those that gave a number and chose nothing are taken for ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Made anew where the database can only add columns behind the table's constraints, so that old and new ones are alike.
    with op.batch_alter_table("answer", recreate="auto") as table:
        table.add_column(sa.Column("rated", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE answer SET rated = (value IS NOT NULL AND choice IS NULL)"))


def downgrade() -> None:
    with op.batch_alter_table("answer") as table:
        table.drop_column("rated")
