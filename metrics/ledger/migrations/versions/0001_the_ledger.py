"""The first tables: people, facts, rows, what was read, catalogue and directory, what is published. Spelled out in full,
not taken from `tables`: a migration must go on making what it made when it was written."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
PSEUDONYM = sa.LargeBinary(32)


def upgrade() -> None:
    _create_people()
    _create_facts()
    _create_answers()
    _create_item_steps()
    _create_positions()
    _create_dead_letters()
    _create_catalogue()
    _create_directory()
    _create_frozen()
    _create_published()


def downgrade() -> None:
    for name in (
        *("setting", "request", "snapshot", "frozen_reading", "frozen_cells", "audience", "imported", "directory_row"),
        *("entry", "source_state", "dead_letter", "gap", "interval", "item_step", "reaction", "answer"),
        *("closed_reference", "fact_set", "delta", "tombstone", "erased_number", "person"),
    ):
        op.drop_table(name)


def _create_people() -> None:
    op.create_table(
        "person",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("pseudonym", PSEUDONYM, nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_table("erased_number", sa.Column("number", NUMBER, primary_key=True, autoincrement=False))
    op.create_table("tombstone", sa.Column("mark", sa.LargeBinary(32), primary_key=True))


def _create_facts() -> None:
    op.create_table(
        "delta",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("facts", sa.Integer, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "fact_set",
        sa.Column("reference", TEXT, primary_key=True),
        sa.Column("channel", TEXT, primary_key=True),
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("detail", TEXT, primary_key=True),
        sa.Column("facts", sa.Integer, nullable=False),
        sa.Column("collapsed", sa.Boolean, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
    )
    op.create_table("closed_reference", sa.Column("mark", sa.LargeBinary(16), primary_key=True))


def _order_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("time", sa.BigInteger, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
    ]


def _person_column() -> sa.Column[object]:
    return sa.Column("person", NUMBER, sa.ForeignKey("person.number", ondelete="CASCADE"), primary_key=True)


def _create_answers() -> None:
    op.create_table(
        "answer",
        sa.Column("reference", TEXT, primary_key=True),
        _person_column(),
        sa.Column("question", TEXT, primary_key=True),
        sa.Column("choice", TEXT),
        sa.Column("value", sa.Float),
        *_order_columns(),
    )
    op.create_index(None, "answer", ["person"])
    op.create_table(
        "reaction",
        sa.Column("reference", TEXT, primary_key=True),
        _person_column(),
        sa.Column("reaction", TEXT, primary_key=True),
        sa.Column("stands", sa.Boolean, nullable=False),
        *_order_columns(),
    )
    op.create_index(None, "reaction", ["person"])


def _create_item_steps() -> None:
    op.create_table(
        "item_step",
        sa.Column("item", TEXT, primary_key=True),
        sa.Column("action", TEXT, primary_key=True),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("reference", TEXT),
        sa.Column("stance", TEXT),
        *_order_columns(),
    )


def _create_positions() -> None:
    op.create_table(
        "interval",
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("stream", TEXT, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("end", sa.BigInteger, nullable=False),
        sa.Column("check", TEXT, nullable=False),
    )
    op.create_table(
        "gap",
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("stream", TEXT, primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("end", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("after", sa.BigInteger),
        sa.Column("before", sa.BigInteger),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "source_state",
        sa.Column("source", TEXT, primary_key=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("paused_at", sa.BigInteger, nullable=False),
    )


def _create_dead_letters() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("index", sa.Integer, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.BigInteger),
        sa.Column("recorded_at", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("source", "stream", "partition", "offset", "index"),
        sqlite_autoincrement=True,
    )


def _create_catalogue() -> None:
    op.create_table(
        "entry",
        sa.Column("message", TEXT, primary_key=True),
        sa.Column("origin", TEXT, primary_key=True),
        sa.Column("file", TEXT),
        sa.Column("occurred_at", sa.BigInteger),
        sa.Column("event_id", TEXT, nullable=False, server_default=""),
        sa.Column("hash", TEXT, nullable=False, server_default=""),
        sa.Column("body", TEXT, nullable=False),
    )
    op.create_table(
        "imported",
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("as_of", sa.BigInteger),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _create_directory() -> None:
    op.create_table(
        "directory_row",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("main", PSEUDONYM, nullable=False),
        sa.Column("pseudonyms", sa.LargeBinary, nullable=False),
        sa.Column("manager", PSEUDONYM),
        sa.Column("groups", TEXT, nullable=False),
        sa.Column("images_blocked", sa.Boolean, nullable=False),
        sa.Column("objects", sa.Boolean, nullable=False),
        sa.Column("attributes", TEXT, nullable=False),
        sa.Column("valid_from", sa.BigInteger),
        sa.Column("valid_to", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "directory_row", ["main"])


def _create_frozen() -> None:
    for name, key in (("audience", "message"), ("frozen_cells", "unit"), ("frozen_reading", "unit")):
        op.create_table(name, sa.Column(key, TEXT, primary_key=True), sa.Column("body", sa.LargeBinary, nullable=False))


def _create_published() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("as_of", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "request",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("argument", TEXT, nullable=False),
        sa.Column("answer", TEXT),
        sa.Column("refused", sa.Boolean),
        sqlite_autoincrement=True,
    )
    op.create_table("setting", sa.Column("name", TEXT, primary_key=True), sa.Column("value", TEXT, nullable=False))
