"""The published snapshot as a row."""

from sqlalchemy import Engine, func, insert, select

from metrics.ledger.snapshots import KEPT, read_snapshot, write_snapshot
from metrics.ledger.tables import snapshot as snapshots
from metrics.snapshot import PublishedReading, Snapshot, Versions


def published(as_of: int) -> Snapshot:
    reading = PublishedReading(
        target="reach", indicator="reach", unit="ratio", channel="all", segment="all", message=None, period="2026-W45",
        value=0.5, numerator=50, denominator=100, lower=0.4, upper=0.6, raw=0.5, coarse="", maturity=1.0,
        verdict="missed", reason="",
    )  # fmt: skip
    return Snapshot(as_of, Versions("1", "2", "3"), (), (reading,), notes=("a note",))


def test_there_is_no_snapshot_at_first(engine: Engine) -> None:
    with engine.connect() as connection:
        assert read_snapshot(connection) is None


def test_the_last_snapshot_written_is_read_back_as_it_was(engine: Engine) -> None:
    with engine.begin() as connection:
        write_snapshot(connection, published(9))
        write_snapshot(connection, published(5))
        assert read_snapshot(connection) == published(5)


def test_the_last_ten_snapshots_stay(engine: Engine) -> None:
    with engine.begin() as connection:
        for as_of in range(25):
            write_snapshot(connection, published(as_of))
        kept = connection.execute(select(snapshots.c.as_of).order_by(snapshots.c.id)).scalars().all()
    assert kept == list(range(25 - KEPT, 25))


def test_a_snapshot_of_another_version_is_passed_over(engine: Engine) -> None:
    with engine.begin() as connection:
        write_snapshot(connection, published(1))
        for body in (b"{}", b"\xff", b'{"as_of": "yesterday"}'):
            connection.execute(insert(snapshots).values(as_of=2, body=body))
        assert read_snapshot(connection) == published(1)


def test_a_snapshot_that_is_not_committed_is_not_seen(engine: Engine) -> None:
    with engine.connect() as connection:
        write_snapshot(connection, published(1))
        connection.rollback()
        assert connection.execute(select(func.count()).select_from(snapshots)).scalar_one() == 0
