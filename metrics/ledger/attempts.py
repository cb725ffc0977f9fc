"""What processes had in hand when they began to work at a place, so that the next can tell how many ended there without a word. What
follows from that is left to `collectors.cautious`."""

import os

from sqlalchemy import Connection, Engine, and_, delete, select
from sqlalchemy.sql.elements import ColumnElement

from metrics.ledger.intervals import Position
from metrics.ledger.tables import in_hand
from metrics.ledger.upsert import insert_or_replace


class Attempts:
    """One source's, by one process. LedgerError where the database is away."""

    def __init__(self, engine: Engine, source: str) -> None:
        self._engine = engine
        self._source = source
        self._process = os.urandom(8).hex()

    def look(self, position: Position, offset: int) -> int:
        """How many other processes began at an offset and never ended."""
        with self._engine.connect() as connection:
            return self._others(connection, position, offset)

    def begin(self, position: Position, offset: int, at_least: int = 0) -> int:
        """Note that work begins at an offset; how many other processes began there and never ended, `at_least` as many as are known
        otherwise."""
        with self._engine.begin() as connection:
            others = max(at_least, self._others(connection, position, offset))
            stream, partition = position
            here = {"source": self._source, "stream": stream, "partition": partition}
            noted = {"offset": offset, "begun": others + 1, "process": self._process}
            insert_or_replace(connection, in_hand, [here | noted])
        return others

    def _others(self, connection: Connection, position: Position, offset: int) -> int:
        noted = connection.execute(select(in_hand).where(self._at(position), in_hand.c.offset == offset)).one_or_none()
        # The same process may try again, after the database was away: it has not died of it.
        return 0 if noted is None else int(noted.begun) - (noted.process == self._process)

    def end(self, position: Position) -> None:
        """What was begun is done."""
        with self._engine.begin() as connection:
            connection.execute(delete(in_hand).where(self._at(position)))

    def _at(self, position: Position) -> ColumnElement[bool]:
        stream, partition = position
        return and_(in_hand.c.source == self._source, in_hand.c.stream == stream, in_hand.c.partition == partition)
