"""How the ledger forgets, in time: counts are frozen and times go after the grace, sets after the retention. What forgetting
does to the tables is left to `metrics.ledger.forgetting`."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from config.schema import Retention
from metrics.audiences import numbers_in, to_bytes
from metrics.classes import seconds
from metrics.clock import MICROSECONDS, Clocks
from metrics.counting import freeze, thaw
from metrics.curves import Curves
from metrics.evaluate import Answers, Evaluator
from metrics.facts import TICK_SECONDS
from metrics.ledger.audiences import drop_audiences, save_audience
from metrics.ledger.closing import find_closed
from metrics.ledger.database import Connection
from metrics.ledger.delays import prune_delays
from metrics.ledger.forgetting import (
    collapse,
    drop_dead_letters,
    drop_ended_rows,
    drop_sets,
    drop_steps,
    drop_undescribed,
)
from metrics.ledger.frozen import drop_cells, load_cells, save_cells, save_readings
from metrics.ledger.latches import bar_recording
from metrics.ledger.sets import list_references
from metrics.ledger.unused import take_back_numbers
from metrics.messages import Catalogue, Message
from metrics.people import People
from metrics.publish import Publisher
from metrics.shelf import Shelf
from metrics.snapshot import Snapshot
from metrics.traffic import Traffic

_SWEEP_SECONDS = 86_400

LastWindow = Callable[[Message], int]
"""The moment (seconds) at which the longest window of a message closes."""


@dataclass(frozen=True)
class Due:
    """Campaigns (units of the catalogue) whose time has come. `collapse`: times go, counts are frozen; `drop`: sets and frozen
    counts go too."""

    collapse: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten so far: campaigns by how far it has gone."""

    collapsed: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)


def find_due(
    catalogue: Catalogue, retention: Retention, *, clocks: Clocks, last_window: LastWindow, already: Forgotten, now: int
) -> Due:
    """What is due at `now` (seconds). A campaign is forgotten whole, by its youngest message; where it is what other messages want
    done, after these."""
    day = clocks.working_day_seconds
    grace, kept = retention.late_grace.seconds(day), retention.sets.seconds(day)
    wanting = _find_wanting(catalogue, now)
    collapse, drop = [], []
    for unit, ids in catalogue.units.items():
        messages = [catalogue.messages[id] for id in (*ids, *wanting.get(unit, ()))]
        if any(message.sent_at is None for message in messages):
            continue
        youngest = max(seconds(message.sent_at or 0) for message in messages)
        if unit not in already.dropped and youngest + kept <= now:
            drop.append(unit)
        elif unit not in already.collapsed and max(map(last_window, messages)) + grace <= now:
            collapse.append(unit)
    return Due(tuple(collapse), tuple(drop))


def _find_wanting(catalogue: Catalogue, now: int) -> dict[str, list[str]]:
    """By unit, the messages sent by now that want people to go there."""
    found: dict[str, list[str]] = {}
    for reference, ids in catalogue.wanted_by.items():
        own = catalogue.message_of_reference.get(reference)
        if own is not None:
            sent_at = {id: catalogue.messages[id].sent_at for id in ids}
            sent = [id for id, moment in sent_at.items() if moment is not None and seconds(moment) <= now]
            found.setdefault(catalogue.unit_of(own), []).extend(sent)
    return found


class Upkeep:
    """Forgets for one evaluator; what has to outlive the sets is frozen in the same transaction."""

    def __init__(
        self,
        retention: Retention,
        clocks: Clocks,
        evaluator: Evaluator,
        shelf: Shelf,
        publisher: Publisher,
        curves: Curves,
        traffic: Traffic,
        *,
        steps_kept: int,
    ) -> None:
        """`steps_kept`: for how many seconds the steps of a feedback item stand after its last."""
        self._retention = retention
        self._clocks = clocks
        self._evaluator = evaluator
        self._shelf = shelf
        self._publisher = publisher
        self._curves = curves
        self._traffic = traffic
        self._steps_kept = steps_kept
        self._catalogue = Catalogue({}, {}, {})
        self._forgotten = Forgotten()
        self._swept = self._taken_back = 0

    def start(self, connection: Connection) -> None:
        """Take up the counts that an earlier process froze."""
        frozen = {unit: thaw(body) for unit, body in load_cells(connection).items()}
        self._traffic.take_out(frozen.values())
        self._evaluator.freeze(frozen)
        self._forgotten.collapsed.update(frozen)

    def describe(self, connection: Connection, catalogue: Catalogue) -> None:
        """Take a new catalogue. Whatever of it lost its sets before, in an earlier process or while nobody had described it, is
        forgotten here too: to count what is left of it would be to say that nobody did anything."""
        self._catalogue = catalogue
        references = {unit: self._shelf.references(unit) for unit in catalogue.units}
        closed = find_closed(connection, (each for found in references.values() for each in found))
        gone = [
            unit for unit, found in references.items() if unit not in self._forgotten.collapsed and closed & set(found)
        ]
        self._evaluator.drop(gone)
        self._forgotten.dropped.update(gone)

    @property
    def dropped(self) -> Iterable[str]:
        """Campaigns of which nothing is left to count."""
        return self._forgotten.dropped

    def forget(
        self,
        connection: Connection,
        answers: Answers,
        people: People | None,
        last: Snapshot,
        *,
        now: int,
        caught_up: bool,
    ) -> None:
        """Whatever is due at `now` (seconds). Times stand until the intake has `caught_up`: what still waits to be read would
        come late. `last`: what is published."""
        bar_recording(connection)
        due = find_due(
            self._catalogue,
            self._retention,
            clocks=self._clocks,
            last_window=self._evaluator.last_window,
            already=self._forgotten,
            now=now,
        )
        for unit in due.collapse if caught_up else ():
            assert people is not None
            self._collapse(connection, unit, answers, people, last)
        if caught_up:
            for unit in due.drop:
                if unit not in self._forgotten.collapsed:
                    self._keep_published(connection, unit, answers, last)
        self._drop(connection, due.drop)
        if now - self._swept >= _SWEEP_SECONDS:
            self._swept = now
            self._sweep(connection, now)
        # Of whom something still waits to be read, the number would be given anew.
        if caught_up and now - self._taken_back >= _SWEEP_SECONDS:
            self._taken_back = now
            take_back_numbers(connection, numbers_in)
        letters = self._retention.dead_letters.seconds(self._clocks.working_day_seconds)
        drop_dead_letters(connection, (now - letters) * MICROSECONDS)

    def _drop(self, connection: Connection, units: Collection[str]) -> None:
        """The sets, audiences and counts of campaigns."""
        for unit in units:
            drop_sets(connection, self._shelf.references(unit))
            drop_audiences(connection, self._catalogue.units[unit])
            self._traffic.drop(self._catalogue.units[unit])
        drop_cells(connection, units)
        self._evaluator.drop(units)
        self._forgotten.dropped.update(units)

    def _sweep(self, connection: Connection, now: int) -> None:
        """What goes by its age alone."""
        prune_delays(connection, now)
        drop_steps(connection, (now - self._steps_kept) * MICROSECONDS)
        self._forget_undescribed(connection, now)
        drop_ended_rows(connection, self._needs_directory_since(now))

    def _needs_directory_since(self, now: int) -> int:
        """The moment (microseconds) from which somebody may ask who was there: what is kept of messages, and the periods that they lie
        in, reach no further back."""
        day = self._clocks.working_day_seconds
        kept = self._retention.sets.seconds(day) + self._retention.late_grace.seconds(day)
        units = [ids for unit, ids in self._catalogue.units.items() if unit not in self._forgotten.dropped]
        sent = [self._catalogue.messages[id].sent_at for ids in units for id in ids]
        return min([(now - kept) * MICROSECONDS, *(moment for moment in sent if moment is not None)])

    def _forget_undescribed(self, connection: Connection, now: int) -> None:
        """What has no window, being described by nobody or sent at no known time, goes by the age of its newest fact."""
        timeless = {id for id, message in self._catalogue.messages.items() if message.sent_at is None}
        message_of = self._catalogue.message_of_reference
        references = {size.reference for size in list_references(connection)}
        undescribed = {each for each in references if message_of.get(each) is None or message_of[each] in timeless}
        kept = self._retention.sets.seconds(self._clocks.working_day_seconds)
        if drop_undescribed(connection, undescribed, (now - kept) // TICK_SECONDS):
            self._traffic.recount()

    def _collapse(self, connection: Connection, unit: str, answers: Answers, people: People, last: Snapshot) -> None:
        """Freeze counts, audiences and readings of a campaign, then let its times go."""
        counted = self._evaluator.counted(unit)
        save_cells(connection, unit, freeze({**counted, **self._traffic.keep(self._catalogue.units[unit])}))
        for id in self._catalogue.units[unit]:
            audience = self._shelf.audience(self._catalogue.messages[id])
            if audience is not None:
                footprint = self._evaluator.footprint(id)
                marks = {} if footprint is None else footprint.marks
                body = to_bytes(replace(audience, marks=marks), people)
                save_audience(connection, id, body)
                self._shelf.keep({id: body})
        self._keep_published(connection, unit, answers, last)
        collapse(connection, self._shelf.references(unit))
        self._evaluator.freeze({unit: counted})
        self._forgotten.collapsed.add(unit)

    def _keep_published(self, connection: Connection, unit: str, answers: Answers, last: Snapshot) -> None:
        """What was published of a campaign's messages, and how they grew."""
        messages = [self._catalogue.messages[id] for id in self._catalogue.units[unit]]
        for message in messages:
            asked = answers.of_message.get(message.id, ())
            readings = self._publisher.publish_together(asked, answers.count, last=last, as_of=last.as_of)
            save_readings(connection, f"message {message.id}", readings)
        sent_at = {message.id: seconds(message.sent_at or 0) for message in messages}
        self._curves.keep(connection, unit, self._evaluator.counted(unit), sent_at)
