"""Recording: everything that one source handed over in one go becomes one transaction. Uniting the sets it leaves behind is left to
`folding`, what an event means to `metrics.facts`."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, insert

from collectors.events import Collected
from config.schema import Mode
from metrics.facts import Facts
from metrics.ledger.as_tokens import as_tokens, cells_of, with_cells
from metrics.ledger.delays import record_delays
from metrics.ledger.deltas import FORGOTTEN, Delta, make_delta, pack_delta
from metrics.ledger.intervals import record_gaps, record_read
from metrics.ledger.latches import share_recording
from metrics.ledger.letters import insert_letters, remove_letters
from metrics.ledger.persons import TAKEN_BACK, give_numbers, numbers_of
from metrics.ledger.published import record_published
from metrics.ledger.rows import persons_of_rows, record_rows
from metrics.ledger.settings import read_setting
from metrics.ledger.tables import delta
from metrics.ledger.tombstones import Mark, find_tombstoned
from metrics.ledger.without_people import without_people
from metrics.translation import translate

# 64 hex digits, a number and their places: about 250 MB. A company that has more people pays a look-up now and then.
_CACHED = 1_000_000


class Recorded(msgspec.Struct, frozen=True):
    """What a batch came to. `forgotten`: facts and rows dropped since their persons were erased; `late`: rows dropped since
    their references are closed; `anonymous`: events that no person can be counted for; `dead`: letters that were new."""

    events: int
    anonymous: int
    forgotten: int
    late: int
    dead: int
    published: int
    new_people: int


class Writer:
    """Records batches. Several may write to one database at once, each with a cache of its own: recording is union.

    `tombstone` marks a pseudonym under the second key, `seal` seals a dead letter's content, `now` gives microseconds
    since 1970 UTC; `mode`: what is kept of people; `connections`: how many it has recorded over. Not for several threads.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        tombstone: Mark,
        seal: Callable[[bytes], bytes],
        now: Callable[[], int],
        mode: Mode = "people",
    ) -> None:
        self._engine = engine
        self._mode = mode
        self._tombstone = tombstone
        self._seal = seal
        self._now = now
        self._numbers: dict[str, int] = {}
        self._taken_back: str | None = None
        self._driver: object = None
        self.connections = 0

    def record(self, collected: Collected, *, replacing: Sequence[int] = ()) -> Recorded:
        """Record a batch entirely, or raise and record nothing. `replacing`: dead letters (ids) whose contents the batch
        brings anew; they go with the same COMMIT."""
        facts = self._translate(collected := self._admitted(collected))
        try:
            with self._engine.begin() as connection:
                self._meet(connection)
                share_recording(connection)
                self._keep_up(connection)
                # Before new letters come: one that is bad again must stay.
                remove_letters(connection, replacing)
                batch = self._number(connection, facts)
                recorded = self._record(connection, collected, facts, batch)
        except BaseException:
            # The numbers just given are undone, and a lost connection may lead to another database next time.
            self.forget_numbers()
            raise
        if len(self._numbers) > _CACHED:
            self.forget_numbers()
        self._numbers.update(batch.learnt)
        return recorded

    def _meet(self, connection: Connection) -> None:
        """A new connection may lead to another database, or to an older state of the same: what was looked up says nothing there."""
        driver = connection.connection.driver_connection
        if driver is not self._driver:
            self._driver = driver
            self.connections += 1
            self.forget_numbers()

    def forget_numbers(self) -> None:
        """Empty the cache, as after an erasure; what it held is looked up again."""
        self._numbers.clear()

    def _admitted(self, collected: Collected) -> Collected:
        """What the mode keeps of it."""
        if self._mode == "people":
            return collected
        return as_tokens(collected) if self._mode == "cells" else without_people(collected)

    def _translate(self, collected: Collected) -> Facts:
        facts = translate(collected.events)
        return with_cells(facts, cells_of(collected)) if self._mode == "cells" else facts

    def _keep_up(self, connection: Connection) -> None:
        """Numbers may have been taken back meanwhile, by whoever forgets."""
        taken_back = read_setting(connection, TAKEN_BACK)
        if taken_back != self._taken_back:
            self.forget_numbers()
        self._taken_back = taken_back

    def _record(self, connection: Connection, collected: Collected, facts: Facts, batch: "_Numbered") -> Recorded:
        source, now = collected.source, self._now()
        if batch.delta.sets or batch.delta.touched:
            row = {"source": source, "facts": batch.delta.count(), "payload": pack_delta(batch.delta)}
            # Its number is nobody's business: who records may not read deltas.
            connection.execute(insert(delta).inline(), row)
        dropped = record_rows(connection, facts, batch.numbers)
        record_published(connection, collected.published, tombstone=self._tombstone)
        dead = insert_letters(connection, source, collected.dead, seal=self._seal, now=now)
        record_delays(connection, source, collected.events)
        # Gaps first: where a log was cut off, what was read of it before does not stand, and what is read now does.
        record_gaps(connection, source, collected.gaps, now=now)
        record_read(connection, source, collected.read)
        return Recorded(
            events=len(collected.events),
            anonymous=facts.anonymous,
            forgotten=batch.forgotten + dropped.forgotten,
            late=dropped.late,
            dead=dead,
            published=len(collected.published),
            new_people=batch.new_people,
        )

    def _number(self, connection: Connection, facts: Facts) -> "_Numbered":
        in_rows = persons_of_rows(facts)
        # Nearly always everybody is known. To find out by trying costs nothing, to ask first a fifth of all recording.
        if in_rows <= self._numbers.keys():
            with suppress(KeyError):
                made, forgotten = make_delta(facts, self._numbers)
                return _Numbered(made, forgotten, self._numbers, {}, 0)
        in_sets = chain.from_iterable(persons for _, persons in facts.sets.values())
        unknown = in_rows.union(in_sets).difference(self._numbers)
        known = numbers_of(connection, unknown)
        missing = unknown.difference(known)
        erased = find_tombstoned(connection, missing, tombstone=self._tombstone)
        given = give_numbers(connection, missing - erased)
        learnt = known | given | dict.fromkeys(erased, FORGOTTEN)
        numbers = self._numbers | learnt
        made, forgotten = make_delta(facts, numbers)
        return _Numbered(made, forgotten, numbers, learnt, len(given))


class _Numbered(NamedTuple):
    """A batch's delta, its facts of erased persons, everybody's numbers, those the cache lacked, and how many are new."""

    delta: Delta
    forgotten: int
    numbers: Mapping[str, int]
    learnt: dict[str, int]
    new_people: int
