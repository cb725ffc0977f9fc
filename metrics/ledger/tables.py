"""Every table of the ledger, for SQLite and PostgreSQL alike. How they come to be is left to `migrations`, what is put
into them to the other modules of this room.

Times are whole microseconds since 1970 UTC. Pseudonyms are their 32 bytes here, 64 hex digits everywhere else.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite counts up by itself only in a column that is exactly INTEGER.
NUMBER = BigInteger().with_variant(Integer(), "sqlite")
# Rows are ordered by their texts too (time, id, hash), so every store must compare texts by their bytes.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
PSEUDONYM = LargeBinary(32)

# sqlite_autoincrement: a number that was ever given is never given again, also after its row is gone.
person = Table(
    "person",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("pseudonym", PSEUDONYM, nullable=False, unique=True),
    sqlite_autoincrement=True,
)

erased_number = Table("erased_number", metadata, Column("number", NUMBER, primary_key=True, autoincrement=False))

tombstone = Table("tombstone", metadata, Column("mark", LargeBinary(32), primary_key=True))

delta = Table(
    "delta",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("source", TEXT, nullable=False),
    Column("facts", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

fact_set = Table(
    "fact_set",
    metadata,
    Column("reference", TEXT, primary_key=True),
    Column("channel", TEXT, primary_key=True),
    Column("kind", TEXT, primary_key=True),
    Column("detail", TEXT, primary_key=True),
    Column("facts", Integer, nullable=False),
    Column("collapsed", Boolean, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

# References whose times are forgotten, later their sets too: what still arrives for them is late. A digest, so that
# nothing readable outlives the sets.
closed_reference = Table("closed_reference", metadata, Column("mark", LargeBinary(16), primary_key=True))

# What anybody at all was ever recorded doing, by channel. It only grows: what a source has shown once, it is able to show.
seen_kind = Table(
    "seen_kind", metadata, Column("channel", TEXT, primary_key=True), Column("kind", TEXT, primary_key=True)
)

# How late the events of a source came: by UTC day and a hash of the moment they happened, the longest delay, in steps.
source_delay = Table(
    "source_delay",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("mark", Integer, primary_key=True),
    Column("step", Integer, nullable=False),
)

answer = Table(
    "answer",
    metadata,
    Column("reference", TEXT, primary_key=True),
    Column("person", NUMBER, ForeignKey("person.number", ondelete="CASCADE"), primary_key=True),
    Column("question", TEXT, primary_key=True),
    Column("choice", TEXT),
    Column("value", Float),
    Column("time", BigInteger, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
    Column("rated", Boolean, nullable=False, server_default=false()),
    Index(None, "person"),
)

reaction = Table(
    "reaction",
    metadata,
    Column("reference", TEXT, primary_key=True),
    Column("person", NUMBER, ForeignKey("person.number", ondelete="CASCADE"), primary_key=True),
    Column("reaction", TEXT, primary_key=True),
    Column("stands", Boolean, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
    Index(None, "person"),
)

item_step = Table(
    "item_step",
    metadata,
    Column("item", TEXT, primary_key=True),
    Column("action", TEXT, primary_key=True),
    Column("channel", TEXT, nullable=False),
    Column("reference", TEXT),
    Column("stance", TEXT),
    Column("time", BigInteger, nullable=False),
    Column("id", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
)

interval = Table(
    "interval",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("stream", TEXT, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("end", BigInteger, nullable=False),
    Column("check", TEXT, nullable=False),
)

gap = Table(
    "gap",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("stream", TEXT, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("end", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", TEXT, nullable=False),
    Column("after", BigInteger),
    Column("before", BigInteger),
    Column("recorded_at", BigInteger, nullable=False),
)

# `body` is sealed (letters.py): the record's bytes and its headers, since either may hold an identifier.
dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("source", TEXT, nullable=False),
    Column("stream", TEXT, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("index", Integer, nullable=False),
    Column("reason", TEXT, nullable=False),
    Column("detail", TEXT, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", BigInteger),
    Column("recorded_at", BigInteger, nullable=False),
    UniqueConstraint("source", "stream", "partition", "offset", "index"),
    sqlite_autoincrement=True,
)

source_state = Table(
    "source_state",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("reason", TEXT, nullable=False),
    Column("paused_at", BigInteger, nullable=False),
)

# One entry of a message by each origin, 'file' or 'event': the event's is newest by (occurred_at, event_id, hash).
entry = Table(
    "entry",
    metadata,
    Column("message", TEXT, primary_key=True),
    Column("origin", TEXT, primary_key=True),
    Column("file", TEXT),
    Column("occurred_at", BigInteger),
    Column("event_id", TEXT, nullable=False, server_default=""),
    Column("hash", TEXT, nullable=False, server_default=""),
    Column("body", TEXT, nullable=False),
)

# `pseudonyms`: all of the row's, 32 bytes each, one after the other. `groups`: joined by line feeds. `attributes`: a JSON object.
directory_row = Table(
    "directory_row",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("origin", TEXT, nullable=False),
    Column("main", PSEUDONYM, nullable=False),
    Column("pseudonyms", LargeBinary, nullable=False),
    Column("manager", PSEUDONYM),
    Column("groups", TEXT, nullable=False),
    Column("images_blocked", Boolean, nullable=False),
    Column("objects", Boolean, nullable=False),
    Column("attributes", TEXT, nullable=False),
    Column("valid_from", BigInteger),
    Column("valid_to", BigInteger),
    Index(None, "main"),
    sqlite_autoincrement=True,
)

# Which catalogue and directory files were read, so that one that has not changed is not read again.
imported = Table(
    "imported",
    metadata,
    Column("kind", TEXT, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("digest", TEXT, nullable=False),
    Column("as_of", BigInteger),
    Column("at", BigInteger, nullable=False),
)

audience = Table(
    "audience", metadata, Column("message", TEXT, primary_key=True), Column("body", LargeBinary, nullable=False)
)

frozen_cells = Table(
    "frozen_cells", metadata, Column("unit", TEXT, primary_key=True), Column("body", LargeBinary, nullable=False)
)

frozen_reading = Table(
    "frozen_reading", metadata, Column("unit", TEXT, primary_key=True), Column("body", LargeBinary, nullable=False)
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("as_of", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# Rows are only ever added. `hash`: of this row and the hash of the one before.
audit = Table(
    "audit",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("what", TEXT, nullable=False),
    Column("value", TEXT, nullable=False),
    Column("configuration", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
    sqlite_autoincrement=True,
)

# What a command asks of the running service. `argument` is blanked with the answer: it may be a pseudonym.
request = Table(
    "request",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=True),
    Column("kind", TEXT, nullable=False),
    Column("argument", TEXT, nullable=False),
    Column("answer", TEXT),
    Column("refused", Boolean),
    sqlite_autoincrement=True,
)

setting = Table("setting", metadata, Column("name", TEXT, primary_key=True), Column("value", TEXT, nullable=False))
