"""What remains when sets are forgotten: cells of counts that a period still needs, and readings once published, by unit (a message
or period and what it is read for). What they hold is left to `metrics`."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection, delete, select

from metrics.ledger.chunks import cut
from metrics.ledger.tables import frozen_cells, frozen_reading
from metrics.ledger.upsert import insert_new, insert_or_replace
from metrics.snapshot import PublishedReading

_readings = msgspec.json.Decoder(tuple[PublishedReading, ...])


def save_cells(connection: Connection, unit: str, body: bytes) -> None:
    """Keep a unit's cells, in the place of those before."""
    insert_or_replace(connection, frozen_cells, [{"unit": unit, "body": body}])


def load_cells(connection: Connection) -> dict[str, bytes]:
    return dict(
        connection.execute(select(frozen_cells.c.unit, frozen_cells.c.body).order_by(frozen_cells.c.unit)).all()
    )


def drop_cells(connection: Connection, units: Collection[str]) -> None:
    for chunk in cut(units):
        connection.execute(delete(frozen_cells).where(frozen_cells.c.unit.in_(chunk)))


def save_readings(connection: Connection, unit: str, readings: Sequence[PublishedReading]) -> bool:
    """Freeze the readings of a unit, called by its kind and, after a space, its name. False where they were frozen before: what
    was published is never computed again."""
    return save_body(connection, unit, msgspec.json.encode(readings))


def load_readings(connection: Connection, kind: str) -> dict[str, tuple[PublishedReading, ...]]:
    """The frozen readings by unit, of those units whose first word is `kind`. ValueError (msgspec.ValidationError) where a version
    wrote them that this one cannot read."""
    return {unit: _readings.decode(body) for unit, body in load_bodies(connection, kind).items()}


def save_body(connection: Connection, unit: str, body: bytes) -> bool:
    """The same for whatever else was published and outlives its sets."""
    return bool(insert_new(connection, frozen_reading, [{"unit": unit, "body": body}]))


def load_bodies(connection: Connection, kind: str) -> dict[str, bytes]:
    chosen = frozen_reading.c.unit.startswith(f"{kind} ", autoescape=True)
    rows = connection.execute(select(frozen_reading).where(chosen).order_by(frozen_reading.c.unit))
    return {row.unit: row.body for row in rows}
