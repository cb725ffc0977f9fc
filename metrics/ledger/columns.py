"""What several tables of the ledger are made of: types every store understands, and the columns that go together. The tables
themselves are left to `tables`."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.schema import SchemaItem

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


def numbered(name: str, *parts: SchemaItem) -> Table:
    """A table whose rows are numbered as they come; a number that was ever given is never given again, also after its row is gone."""
    number = Column("id", NUMBER, primary_key=True, autoincrement=True)
    return Table(name, metadata, number, *parts, sqlite_autoincrement=True)


def packed(name: str, key: str) -> Table:
    """A table of one packed body by `key`."""
    return Table(name, metadata, Column(key, TEXT, primary_key=True), Column("body", LargeBinary, nullable=False))


def whose() -> tuple[SchemaItem, ...]:
    """Which message a row is about and whose it is: it goes when the person goes."""
    owner = ForeignKey("person.number", ondelete="CASCADE")
    return Column("reference", TEXT, primary_key=True), Column("person", NUMBER, owner, primary_key=True)


def order() -> tuple[SchemaItem, ...]:
    """The total order by which one row wins over another."""
    return (
        Column("time", BigInteger, nullable=False),
        Column("id", TEXT, nullable=False),
        Column("hash", TEXT, nullable=False),
    )


def stretch() -> tuple[SchemaItem, ...]:
    """Where in what a source reads a run of positions begins."""
    return (
        Column("source", TEXT, primary_key=True),
        Column("stream", TEXT, primary_key=True),
        Column("partition", Integer, primary_key=True, autoincrement=False),
        Column("start", BigInteger, primary_key=True, autoincrement=False),
    )
