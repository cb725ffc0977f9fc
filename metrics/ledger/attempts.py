"""What processes had in hand when they began to work at a place, so that the next can tell how many ended there without a word. What
follows from that is left to `collectors.cautious`."""

import os

from sqlalchemy import Connection, Engine

from metrics.ledger.settings import read_setting, write_setting


class Attempts:
    """One source's, by one process. LedgerError where the database is away."""

    def __init__(self, engine: Engine, source: str) -> None:
        self._engine = engine
        self._source = source
        self._process = os.urandom(8).hex()

    def look(self, position: tuple[str, int], offset: int) -> int:
        """How many other processes began at an offset and never ended."""
        with self._engine.connect() as connection:
            return self._others(connection, position, offset)

    def begin(self, position: tuple[str, int], offset: int, at_least: int = 0) -> int:
        """Note that work begins at an offset; how many other processes began there and never ended, `at_least` as many as are known
        otherwise."""
        with self._engine.begin() as connection:
            others = max(at_least, self._others(connection, position, offset))
            write_setting(connection, self._key(position), f"{offset} {others + 1} {self._process}")
        return others

    def _others(self, connection: Connection, position: tuple[str, int], offset: int) -> int:
        noted = (read_setting(connection, self._key(position)) or "").split()
        if len(noted) != 3 or int(noted[0]) != offset:
            return 0
        # The same process may try again, after the database was away: it has not died of it.
        return int(noted[1]) - (noted[2] == self._process)

    def end(self, position: tuple[str, int]) -> None:
        """What was begun is done."""
        with self._engine.begin() as connection:
            write_setting(connection, self._key(position), "")

    def _key(self, position: tuple[str, int]) -> str:
        stream, partition = position
        return f"in hand of {self._source}: {stream} {partition}"
