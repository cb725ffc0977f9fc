"""Every table of the ledger, for SQLite and PostgreSQL alike. How they come to be is left to `migrations`, what is put
into them to the other modules of this room, and what several of them share to `columns`.

Times are whole microseconds since 1970 UTC. Pseudonyms are their 32 bytes here, 64 hex digits everywhere else.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, Table, UniqueConstraint, false

from metrics.ledger.columns import NUMBER, PSEUDONYM, TEXT, metadata, numbered, order, packed, stretch, whose

# Whoever asks for the metadata wants every table in it.
__all__ = ["metadata"]

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

delta = numbered(
    "delta",
    Column("source", TEXT, nullable=False),
    Column("facts", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
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
    *whose(),
    Column("question", TEXT, primary_key=True),
    Column("choice", TEXT),
    Column("value", Float),
    *order(),
    Column("rated", Boolean, nullable=False, server_default=false()),
    Index(None, "person"),
)

reaction = Table(
    "reaction",
    metadata,
    *whose(),
    Column("reaction", TEXT, primary_key=True),
    Column("stands", Boolean, nullable=False),
    *order(),
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
    *order(),
)

interval = Table(
    "interval",
    metadata,
    *stretch(),
    Column("end", BigInteger, nullable=False),
    Column("check", TEXT, nullable=False),
)

# How much waited in a partition at its reader's last look, `at`.
lag = Table(
    "lag",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("topic", TEXT, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("waiting", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)

# Where a process began to work and has not ended yet, `begun` so many times by different processes.
in_hand = Table(
    "in_hand",
    metadata,
    Column("source", TEXT, primary_key=True),
    Column("stream", TEXT, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", BigInteger, nullable=False),
    Column("begun", Integer, nullable=False),
    Column("process", TEXT, nullable=False),
)

# When the newest event of a source happened.
last_event = Table(
    "last_event", metadata, Column("source", TEXT, primary_key=True), Column("at", BigInteger, nullable=False)
)

gap = Table(
    "gap",
    metadata,
    *stretch(),
    Column("end", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", TEXT, nullable=False),
    Column("after", BigInteger),
    Column("before", BigInteger),
    Column("recorded_at", BigInteger, nullable=False),
)

# `body` is sealed (letters.py): the record's bytes and its headers, since either may hold an identifier.
dead_letter = numbered(
    "dead_letter",
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
directory_row = numbered(
    "directory_row",
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

audience = packed("audience", "message")
frozen_cells = packed("frozen_cells", "unit")
frozen_reading = packed("frozen_reading", "unit")

snapshot = numbered(
    "snapshot",
    Column("as_of", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# Rows are only ever added. `hash`: of this row and the hash of the one before.
audit = numbered(
    "audit",
    Column("at", BigInteger, nullable=False),
    Column("what", TEXT, nullable=False),
    Column("value", TEXT, nullable=False),
    Column("configuration", TEXT, nullable=False),
    Column("hash", TEXT, nullable=False),
)

# What a command asks of the running service. `argument` is blanked with the answer: it may be a pseudonym.
request = numbered(
    "request",
    Column("kind", TEXT, nullable=False),
    Column("argument", TEXT, nullable=False),
    Column("answer", TEXT),
    Column("refused", Boolean),
)

setting = Table("setting", metadata, Column("name", TEXT, primary_key=True), Column("value", TEXT, nullable=False))
