"""Folding: uniting the deltas with the sets that stand. This reads, changes and writes, so it holds the latch of folding on the very
connection that is handed in. When to fold, and when to commit, is left to the caller."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, delete, func, select

from metrics.facts import Key
from metrics.ledger.chunks import cut
from metrics.ledger.closing import find_closed
from metrics.ledger.deltas import unpack_delta
from metrics.ledger.latches import bar_folding
from metrics.ledger.persons import all_erased
from metrics.ledger.seen import add_seen, read_seen
from metrics.ledger.sets import read_keys, write_sets
from metrics.ledger.slots import SlotSet
from metrics.ledger.tables import delta

# Deltas read at once, and sets held at once: together they bound the memory that folding takes.
LIMIT_BYTES = 32 * 1024 * 1024
_ROWS = 10_000
_KEYS = 32


class FoldedElsewhere(Exception):
    """Another evaluator folded the same deltas meanwhile: roll back, and see who holds the lock."""


class Folded(msgspec.Struct, frozen=True):
    """What folding changed. `references`: whose sets or rows changed ("" for steps of items that name none); `facts`: new
    ones; `late`: dropped since their references are closed; `forgotten`: dropped since their persons are erased;
    `more`: deltas wait still."""

    references: set[str]
    facts: int
    late: int
    forgotten: int
    more: bool


class _Batch(NamedTuple):
    ids: list[int]
    codes: dict[Key, list[bytes]]
    touched: set[str]
    more: bool


def fold(connection: Connection, *, limit_bytes: int = LIMIT_BYTES) -> Folded:
    """Unite the oldest deltas, up to about `limit_bytes` of them and at least one, with the sets; delete exactly these.
    All in the caller's transaction. FoldedElsewhere where somebody else took some of them."""
    bar_folding(connection)
    # Everything that waits, the oldest first, from no remembered place on: a lower number may be committed after a higher one.
    batch = _read_deltas(connection, limit_bytes)
    closed = find_closed(connection, {key.reference for key in batch.codes})
    late = sum(len(codes) // 8 for key, parts in batch.codes.items() if key.reference in closed for codes in parts)
    erased = np.array(all_erased(connection), np.uint32)
    _note_seen(connection, batch.codes, erased)
    forgotten = facts = 0
    changed = set(batch.touched)
    for keys in cut(sorted(key for key in batch.codes if key.reference not in closed), _KEYS):
        added = {}
        for key in keys:
            brought = SlotSet.from_codes(np.frombuffer(b"".join(batch.codes.pop(key)), "<u8"))
            added[key] = brought.without(erased)
            forgotten += len(brought) - len(added[key])
        grown = _grow(connection, added)
        facts += sum(grown.values())
        changed.update(key.reference for key in grown)
    _delete_deltas(connection, batch.ids)
    return Folded(changed, facts, late, forgotten, batch.more)


def is_waiting(engine: Engine) -> bool:
    """Whether there is anything to fold."""
    with engine.connect() as connection:
        return connection.execute(select(delta.c.id).limit(1)).first() is not None


def _read_deltas(connection: Connection, limit_bytes: int) -> _Batch:
    sizes = connection.execute(
        select(delta.c.id, func.length(delta.c.payload)).order_by(delta.c.id).limit(_ROWS + 1)
    ).all()
    ids: list[int] = []
    for id, size in sizes[:_ROWS]:
        limit_bytes -= size
        if ids and limit_bytes < 0:
            break
        ids.append(id)
    codes: dict[Key, list[bytes]] = defaultdict(list)
    touched: set[str] = set()
    for id in ids:
        payload = connection.execute(select(delta.c.payload).where(delta.c.id == id)).scalar_one()
        brought = unpack_delta(payload)
        for reference, channel, kind, detail, facts in brought.sets:
            codes[Key(reference, channel, kind, detail)].append(facts)
        touched.update(brought.touched)
    return _Batch(ids, codes, touched, len(ids) < len(sizes))


def _note_seen(connection: Connection, codes: Mapping[Key, list[bytes]], erased: NDArray[np.uint32]) -> None:
    """Remember which kinds the deltas show anybody doing; late ones too, so that it does not matter when references were closed."""
    seen = {(channel, kind) for channel, kinds in read_seen(connection).items() for kind in kinds}
    new: set[tuple[str, str]] = set()
    for key, parts in codes.items():
        pair = (key.channel, key.kind)
        if pair not in seen | new and len(SlotSet.from_codes(np.frombuffer(b"".join(parts), "<u8")).without(erased)):
            new.add(pair)
    add_seen(connection, new)


def _grow(connection: Connection, added: dict[Key, SlotSet]) -> dict[Key, int]:
    """Unite sets with those that stand under their keys; the keys that changed, and by how many facts."""
    standing = read_keys(connection, added.keys())
    united = {key: standing.get(key, SlotSet.empty()).union(brought) for key, brought in added.items()}
    grown = {key: len(facts) - len(standing.get(key, ())) for key, facts in united.items()}
    write_sets(connection, {key: united[key] for key, by in grown.items() if by}, collapsed=False)
    return {key: by for key, by in grown.items() if by}


def _delete_deltas(connection: Connection, ids: Iterable[int]) -> None:
    for chunk in cut(ids):
        # By id, not by range: a slower worker may commit a lower id later.
        if connection.execute(delete(delta).where(delta.c.id.in_(chunk))).rowcount != len(chunk):
            raise FoldedElsewhere("deltas that were just folded are gone")
