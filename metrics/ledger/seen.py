"""What anybody was ever recorded doing, by channel: what a source has shown once. Nobody's name, no time; it only grows, and outlives the
sets. What follows from it for a figure is left to `metrics.view`."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from metrics.ledger.tables import seen_kind
from metrics.ledger.upsert import insert_new

Seen = Mapping[str, frozenset[str]]
"""Channel to kinds of facts."""


def read_seen(connection: Connection) -> Seen:
    found: dict[str, frozenset[str]] = {}
    for channel, kind in connection.execute(select(seen_kind.c.channel, seen_kind.c.kind)):
        found[channel] = found.get(channel, frozenset()) | {kind}
    return found


def add_seen(connection: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Unite what stands with these pairs of channel and kind."""
    insert_new(connection, seen_kind, [{"channel": channel, "kind": kind} for channel, kind in sorted(set(pairs))])
