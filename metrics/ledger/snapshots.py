"""The published snapshot as a row of the database: what every reader sees, also after a restart. What is in it is left to
`metrics.snapshot`."""

from sqlalchemy import Connection, delete, insert, select

from metrics.ledger.tables import snapshot as snapshots
from metrics.snapshot import Snapshot, decode, encode

KEPT = 10


def write_snapshot(connection: Connection, snapshot: Snapshot) -> None:
    """Publish, with the caller's COMMIT. The last ten stay."""
    row = insert(snapshots).values(as_of=snapshot.as_of, body=encode(snapshot)).returning(snapshots.c.id)
    written = connection.execute(row).scalar_one()
    connection.execute(delete(snapshots).where(snapshots.c.id <= written - KEPT))


def read_snapshot(connection: Connection) -> Snapshot | None:
    """The last snapshot that this version of the service can read; None where there is none."""
    for id in connection.execute(select(snapshots.c.id).order_by(snapshots.c.id.desc())).scalars().all():
        body = connection.execute(select(snapshots.c.body).where(snapshots.c.id == id)).scalar_one()
        try:
            return decode(body)
        except ValueError:  # another version's: the next tick publishes one of ours
            continue
    return None
