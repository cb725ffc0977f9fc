"""The recorded past of a ledger, for whoever asks it other questions than the service does: everything that still stands, counted again
under targets of the asker's own. Reads one state of the database and writes nothing; what is asked is left to `rehearse`."""

from collections.abc import Mapping
from functools import partial

from config.schema import Settings, Target
from metrics.asks import Heard
from metrics.classes import GROUPED_BY, in_scope, seconds, split
from metrics.clock import Clocks
from metrics.counting import Counted, thaw
from metrics.evaluate import Evaluator
from metrics.indicator import OF_NOBODY
from metrics.indicators import INDICATORS
from metrics.items import read_items
from metrics.ledger.audiences import load_audiences
from metrics.ledger.catalogue_store import read_entries
from metrics.ledger.closing import find_closed
from metrics.ledger.database import Connection
from metrics.ledger.frozen import load_cells
from metrics.ledger.seen import read_seen
from metrics.ledger.sets import read_sets, read_steps
from metrics.measures import measure_of, wanted_of
from metrics.messages import Message, read_catalogue
from metrics.outside import Outside, find_gaps, find_lateness
from metrics.people import read_people
from metrics.raised import find_raised
from metrics.shelf import Shelf
from metrics.traffic import Traffic


class Recorded:
    """`settings`: with the targets to ask. `connection`: one read transaction, nobody else's as long as this is used. Moments are
    seconds; `now`: up to when it was recorded.

    A campaign whose times are forgotten stands as it was counted then, and only if it was counted so.
    """

    def __init__(
        self, connection: Connection, settings: Settings, outside: Outside, clocks: Clocks, *, now: int
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._shelf = Shelf(outside.sight, clocks, outside.draw, wanted_of(settings))
        catalogue = read_catalogue(read_entries(connection), outside.canonical)
        self.catalogue = catalogue.as_kept(settings.mode, outside.canonical)
        self._people = read_people(connection)
        self._shelf.keep(load_audiences(connection))
        self._shelf.describe(self.catalogue, self._people)
        units = self.catalogue.units
        self._frozen = {unit: thaw(body) for unit, body in load_cells(connection).items() if unit in units}
        self._traffic = self._count_traffic(clocks)
        self._gone = self._find_gone()
        self._footprints = {each.message.id: each for each in self._shelf.footprints()}
        self.evaluator = Evaluator(settings, clocks=clocks, lateness=outside.lateness)
        # Before anything is described: nothing without times may be counted, and what is left of it for periods stays.
        self.evaluator.drop([*self._frozen, *self._gone])
        self.evaluator.describe(self.catalogue, self._footprints.values())
        self.evaluator.reveal(self._shelf.reveal(read_seen(connection)))
        self.heard = self._hear(outside, find_lateness(connection, outside, settings, clocks, now))
        self.evaluator.hear(self.heard)
        self._waiting = dict(self._frozen)

    def _count_traffic(self, clocks: Clocks) -> Traffic:
        asked = any(INDICATORS[target.indicator].facts for target in self._settings.targets)
        traffic = Traffic(clocks.local_date, wanted=asked)
        traffic.take_out(self._frozen.values())
        traffic.describe(self.catalogue, self._people)
        traffic.count(self._connection)
        return traffic

    def _find_gone(self) -> set[str]:
        references = {unit: self._shelf.references(unit) for unit in self.catalogue.units if unit not in self._frozen}
        closed = find_closed(self._connection, (each for found in references.values() for each in found))
        return {unit for unit, found in references.items() if closed & set(found)}

    def _hear(self, outside: Outside, lateness: Mapping[str, int]) -> Heard:
        return Heard(
            sight=self._shelf.sight,
            employed=self._people.employed,
            raised=find_raised(read_sets(self._connection, [""]), self._people),
            items=read_items(read_steps(self._connection)),
            describe=self._describe,
            gaps=find_gaps(self._connection, outside),
            lateness=lateness,
            traffic=self._traffic,
        )

    def _describe(self, reference: str | None) -> Message | None:
        id = self.catalogue.message_of_reference.get(reference or "")
        return self.catalogue.messages[id] if id is not None else None

    def go_to(self, now: int) -> None:
        """Count what was sent by a moment. Only forward: what was sent is not taken back."""
        sent = {unit: counted for unit, counted in self._waiting.items() if self._last_sent(unit) <= now}
        self.evaluator.freeze(sent)
        for unit in sent:
            del self._waiting[unit]
        show = partial(self._shelf.views, self._connection)
        self.evaluator.count_dirty(show, at_once=self._shelf.at_once, now=now)

    def _last_sent(self, unit: str) -> int:
        return max(seconds(self.catalogue.messages[id].sent_at or 0) for id in self.catalogue.units[unit])

    def spoken_of(self, target: Target, now: int) -> list[Message]:
        """The messages in a target's scope that were sent by a moment, in order of sending."""
        sent = (message for message in self.catalogue.messages.values() if message.sent_at is not None)
        found = [each for each in sent if in_scope(each, target.scope) and seconds(each.sent_at or 0) <= now]
        return sorted(found, key=lambda each: (each.sent_at or 0, each.id))

    def find_lost(self, target: Target, now: int) -> set[str]:
        """Those of them that cannot be counted for this target any more: forgotten, or never counted so while that could be done."""
        if INDICATORS[target.indicator].of in OF_NOBODY:
            return set()
        messages = self.spoken_of(target, now)
        unit_of = {message.id: self.catalogue.unit_of(message.id) for message in messages}
        if INDICATORS[target.indicator].over is not None:
            return {id for id, unit in unit_of.items() if self._without_marks(id, unit, target)}
        counted = [id for id, unit in unit_of.items() if unit in self._frozen and self._was_counted(unit, target)]
        # Before the first that was counted so nobody asked; what was not counted after it is what the question makes no sense for.
        first = counted[0] if counted else None
        older = {message.id for message in messages[: 0 if first is None else list(unit_of).index(first)]}
        return {
            id
            for id, unit in unit_of.items()
            if unit in self._gone or (unit in self._frozen and (first is None or id in older))
        }

    def _without_marks(self, id: str, unit: str, target: Target) -> bool:
        if unit not in self._frozen and unit not in self._gone:
            return False
        words = vars(self._settings.indicators)
        asked = {mark.format_map(words) for mark in INDICATORS[target.indicator].marks}
        kept = self._footprints.get(id)
        return kept is None or not asked <= kept.marks.keys()

    def _was_counted(self, unit: str, target: Target) -> bool:
        """Whether a campaign's counts answer a target: its measure, its attributes, and its messages as one where it asks for that."""
        counted: Counted = self._frozen[unit]
        measure = measure_of(target, self._settings.indicators.gap_of)
        assert measure is not None
        ids = [id for id in self.catalogue.units[unit] if ((id,), measure.key) in counted]
        attributes = {target.by} - {None, *GROUPED_BY} | {(target.scope.segment or "").partition("=")[0]}
        groups = [[id] for id in ids]
        if target.period != "message":
            members = split((self.catalogue.messages[id] for id in ids), target).values()
            groups = [[message.id for message in each] for each in members if each]
        found = [counted.get((tuple(each), measure.key)) for each in groups]
        return bool(found) and all(cells is not None and attributes <= cells.values.keys() for cells in found)
