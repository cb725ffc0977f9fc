"""What was decided about who may see what: rows that are only ever added, each holding the hash of the one before, so that a row taken
away or changed afterwards shows. When something is worth a row is left to `metrics.evaluation`."""

import hashlib

import msgspec
from sqlalchemy import Connection, Row, insert, select

from metrics.ledger.tables import audit


class Entry(msgspec.Struct, frozen=True):
    """`at`: microseconds since 1970 UTC; `what` was set to `value`, under the configuration of this digest. `whole`: whether the chain
    up to here is as it was written."""

    at: int
    what: str
    value: str
    configuration: str
    whole: bool


def record(connection: Connection, at: int, what: str, value: str, configuration: str) -> bool:
    """Add a row where the value is another than the last one written; whether it was."""
    rows = _rows(connection)
    standing = next((row.value for row in reversed(rows) if row.what == what), None)
    if standing == value:
        return False
    before = rows[-1].hash if rows else ""
    values = {"at": at, "what": what, "value": value, "configuration": configuration}
    connection.execute(insert(audit).values(**values, hash=_hash(before, at, what, value, configuration)))
    return True


def read_audit(connection: Connection) -> list[Entry]:
    """Every row, the oldest first."""
    entries = []
    before, whole = "", True
    for row in _rows(connection):
        whole = whole and row.hash == _hash(before, row.at, row.what, row.value, row.configuration)
        entries.append(Entry(row.at, row.what, row.value, row.configuration, whole))
        before = row.hash
    return entries


def _rows(connection: Connection) -> list[Row[tuple[int, int, str, str, str, str]]]:
    return list(connection.execute(select(audit).order_by(audit.c.id)).all())


def _hash(before: str, at: int, what: str, value: str, configuration: str) -> str:
    return hashlib.sha256(msgspec.json.encode([before, at, what, value, configuration])).hexdigest()
