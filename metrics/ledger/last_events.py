"""When the newest event of each source happened, as far as is known. What is shown of it is left to `metrics.intake_record`."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from metrics.ledger.tables import last_event
from metrics.ledger.upsert import insert_or_replace


def read_last_events(connection: Connection) -> dict[str, int]:
    """By source, in microseconds since 1970 UTC; a source of which nothing came in is left out."""
    return {row.source: row.at for row in connection.execute(select(last_event))}


def note_last_events(connection: Connection, newest: Mapping[str, int]) -> None:
    """What one of those who record knows; a later moment that is known stands."""
    rows = [{"source": source, "at": at} for source, at in newest.items()]
    insert_or_replace(connection, last_event, rows, wins=lambda new: new["at"] > last_event.c.at)
