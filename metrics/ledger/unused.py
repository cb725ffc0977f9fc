"""Numbers of pseudonyms that nothing is kept of any more: taken back, and never given again. When that is due is left to the caller, which
bars recording and folding."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select

from metrics.ledger.chunks import cut
from metrics.ledger.deltas import unpack_delta
from metrics.ledger.directory_store import PSEUDONYM_BYTES
from metrics.ledger.persons import TAKEN_BACK, all_numbers
from metrics.ledger.settings import read_setting, write_setting
from metrics.ledger.slots import SlotSet
from metrics.ledger.tables import answer, audience, delta, directory_row, fact_set, person, reaction

_ROWS = 64
_AS_BYTES = np.dtype(f"S{PSEUDONYM_BYTES}")

NumbersIn = Callable[[bytes], Iterable[int]]
"""Everybody in a stored audience."""


def take_back_numbers(connection: Connection, numbers_in: NumbersIn) -> int:
    """Forget pseudonyms that no row of the directory has, and whose numbers stand nowhere; how many."""
    left = _outside_directory(connection)
    for found in _in_use(connection, numbers_in) if len(left) else ():
        left = np.setdiff1d(left, found)
        if not len(left):
            break
    for chunk in cut(left.tolist()):
        connection.execute(delete(person).where(person.c.number.in_(chunk)))
    if len(left):
        # Whoever remembers numbers looks them up again.
        write_setting(connection, TAKEN_BACK, str(int(read_setting(connection, TAKEN_BACK) or 0) + 1))
    return len(left)


def _outside_directory(connection: Connection) -> NDArray[np.int64]:
    named = b"".join(connection.execute(select(directory_row.c.pseudonyms)).scalars())
    pseudonyms, numbers = all_numbers(connection)
    is_named = np.isin(np.frombuffer(b"".join(pseudonyms), _AS_BYTES), np.frombuffer(named, _AS_BYTES))
    return np.array(numbers, dtype=np.int64)[~is_named]


def _in_use(connection: Connection, numbers_in: NumbersIn) -> Iterator[NDArray[np.int64]]:
    for table in (answer, reaction):
        yield np.array(connection.execute(select(table.c.person).distinct()).scalars().all(), dtype=np.int64)
    for body in connection.execute(select(audience.c.body)).scalars():
        yield np.array(list(numbers_in(body)), dtype=np.int64)
    for payload in connection.execute(select(delta.c.payload)).scalars():
        for *_, codes in unpack_delta(payload).sets:
            yield _numbers(np.frombuffer(codes, dtype="<u8").astype(np.uint64))
    for rows in connection.execute(select(fact_set.c.payload)).scalars().partitions(_ROWS):
        for facts in SlotSet.from_many(list(rows)):
            yield _numbers(facts.codes)


def _numbers(codes: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.unique(codes.astype(np.uint32)).astype(np.int64)
