"""What stands in the database at this moment, in sums: read without writing, beside a running service. What is said of it is left to
`statement`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from metrics.ledger.audit import Entry, read_audit
from metrics.ledger.catalogue_store import read_entries
from metrics.ledger.database import open_readonly
from metrics.ledger.inventory import count_items, count_rows, oldest_letter
from metrics.ledger.letters import count_letters
from metrics.ledger.seen import read_seen
from metrics.ledger.sets import list_references
from metrics.ledger.snapshots import read_snapshot
from metrics.messages import Catalogue, read_catalogue


@dataclass(frozen=True)
class Standing:
    """Moments in microseconds, None where there is nothing. `published`: of the last snapshot, `configuration`: the digest of the one it
    was computed under. `timed` and `untimed`: messages whose facts still have times, and those whose sets stand without; `oldest`: when
    the first of either was sent; `undescribed`: references that belong to no message of the catalogue. `rows`: by what they are; `seen`:
    channel to kinds that anybody was ever recorded with; `thresholds`: every value that `disclosure.k` was set to, the first first."""

    published: int | None
    configuration: str
    timed: int
    untimed: int
    oldest_timed: int | None
    oldest: int | None
    undescribed: int
    rows: Mapping[str, int]
    items: int
    letters: int
    oldest_letter: int | None
    seen: Mapping[str, frozenset[str]]
    thresholds: Sequence[Entry]


def read_standing(url: str, canonical: Callable[[str], str]) -> Standing:
    """LedgerError where there is no database."""
    with open_readonly(url).connect() as connection:
        snapshot = read_snapshot(connection)
        catalogue = read_catalogue(read_entries(connection), canonical)
        found = [size for size in list_references(connection) if size.reference]
        message_of = catalogue.message_of_reference
        kept = {message_of[size.reference] for size in found if size.reference in message_of}
        timed = {message_of[size.reference] for size in found if size.reference in message_of and not size.collapsed}
        return Standing(
            published=None if snapshot is None else snapshot.as_of,
            configuration="" if snapshot is None else snapshot.versions.configuration,
            timed=len(timed),
            untimed=len(kept - timed),
            oldest_timed=_oldest(catalogue, timed),
            oldest=_oldest(catalogue, kept),
            undescribed=len({size.reference for size in found if size.reference not in message_of}),
            rows=count_rows(connection),
            items=count_items(connection),
            letters=sum(count_letters(connection).values()),
            oldest_letter=oldest_letter(connection),
            seen=read_seen(connection),
            thresholds=[entry for entry in read_audit(connection) if entry.what == "disclosure.k"],
        )


def _oldest(catalogue: Catalogue, messages: Collection[str]) -> int | None:
    moments = [at for id in messages if (at := catalogue.messages[id].sent_at) is not None]
    return min(moments, default=None)
