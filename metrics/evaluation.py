"""This room's door for whoever runs the service: files in, deltas folded, readings published, the past forgotten. Joins the ledger
with what evaluates it; when each happens, and how long it took, is the caller's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from config.schema import Settings
from config.wall import DAY_SECONDS
from metrics.aims import Aims
from metrics.asks import Heard
from metrics.clock import Clocks
from metrics.curves import Curves
from metrics.described import Described
from metrics.disclosing.blocks import find_blocks
from metrics.evaluate import Answers, Evaluator
from metrics.history import History, Past
from metrics.imports.door import Door
from metrics.imports.files import Held
from metrics.indicators import INDICATORS, steps_kept
from metrics.items import read_items
from metrics.ledger.audiences import load_audiences
from metrics.ledger.audit import record
from metrics.ledger.database import Connection, Engine
from metrics.ledger.folding import fold
from metrics.ledger.latches import bar_folding
from metrics.ledger.persons import count_erased
from metrics.ledger.seen import read_seen
from metrics.ledger.sets import list_references, read_sets, read_steps
from metrics.ledger.snapshots import read_snapshot, write_snapshot
from metrics.looking_back import LookingBack
from metrics.machines import RULES_VERSION
from metrics.measures import wanted_of
from metrics.outside import Outside, find_gaps, find_lateness
from metrics.publish import Publisher
from metrics.raised import find_raised
from metrics.rosters import Roster
from metrics.shelf import Shelf
from metrics.snapshot import Snapshot, Versions
from metrics.teams import find_teams
from metrics.traffic import Traffic
from metrics.trend import Trends
from metrics.unmatched import find_unmatched
from metrics.upkeep import Upkeep

Progress = Callable[[str, int, int], None]
_SECOND = 1_000_000
_MOST_NOTES = 20


@dataclass(frozen=True)
class Surroundings(Outside):
    """With what only the one who writes needs. `digest`: of the configuration."""

    door: Door
    digest: str


@dataclass(frozen=True)
class FoldedFacts:
    """What folding came to: facts that were new, late or about erased people."""

    new: int
    late: int
    forgotten: int


class Evaluation:
    """The one evaluator of a ledger. Not for several threads; moments are microseconds since 1970 UTC. `described`: messages and people
    as they were imported last, with what was wrong in their files."""

    def __init__(self, engine: Engine, settings: Settings, around: Surroundings) -> None:
        self._engine = engine
        self._settings = settings
        self._around = around
        self._clocks = Clocks(settings.organisation)
        self.described = Described(settings, around.door, around.canonical)
        asked = [INDICATORS[target.indicator] for target in settings.targets]
        self._asks_for_feedback = any("raised" in indicator.needs for indicator in asked)
        self._shelf = Shelf(around.sight, self._clocks, around.draw, wanted_of(settings))
        self._evaluator = Evaluator(settings, clocks=self._clocks, lateness=around.lateness)
        self._history = History(self._clocks)
        self._curves = Curves()
        aims, trends = Aims(self._clocks, self._history), Trends(self._clocks, self._curves)
        self._publisher = Publisher(settings, aims, trends, self._clocks)
        self._touched: set[str] = set()
        self._traffic = Traffic(self._clocks.local_date, wanted=any(indicator.facts for indicator in asked))
        kept = settings.retention, self._clocks, self._evaluator, self._shelf, self._publisher, self._curves
        self._upkeep = Upkeep(*kept, self._traffic, steps_kept=steps_kept(settings) * DAY_SECONDS)
        self._looking_back = LookingBack(self._history, self._clocks, self._evaluator.ask)
        self._last: Snapshot | None = None
        self.unmatched: int | None = None

    def start(self) -> None:
        """Take up what an earlier process left."""
        with self._engine.begin() as connection:
            self._upkeep.start(connection)
            self._history.start(connection)
            self._curves.start(connection)
            self._shelf.keep(load_audiences(connection))

    def import_files(
        self, now: int, progress: Progress | None = None, *, files: bool = True, held: Sequence[Held] = ()
    ) -> None:
        """Read catalogue and directory files that changed (unless others do), and topics that were read whole; take the new state of
        both."""
        tell = None if progress is None else partial(progress, "reading the directory")
        with self._engine.begin() as connection:
            bar_folding(connection)
            if files:
                self.described.import_files(connection, now, tell, held)
            if self.described.renew(connection):
                self._describe(connection)
                self._look_at_segments(self.described.people.roster(now))

    def _look_at_segments(self, roster: Roster) -> None:
        self._publisher.teams = find_teams(roster, self._settings.directory.segments)
        asked = {name: coded for name, coded in roster.attributes.items() if name in self._evaluator.attributes}
        self._publisher.blocks = find_blocks(asked)

    def _describe(self, connection: Connection) -> None:
        catalogue, people = self.described.catalogue, self.described.people
        self._shelf.describe(catalogue, people)
        self._traffic.describe(catalogue, people)
        self._upkeep.describe(connection, catalogue)
        self._evaluator.describe(catalogue, self._shelf.footprints())

    def fold(self, progress: Progress | None = None) -> FoldedFacts:
        """Unite all that was recorded with the sets."""
        new = late = forgotten = steps = 0
        more = True
        while more:
            with self._engine.begin() as connection:
                folded = fold(connection)
            self._touched |= folded.references
            new, late, forgotten = new + folded.facts, late + folded.late, forgotten + folded.forgotten
            more, steps = folded.more, steps + 1
            if progress is not None and more:
                progress("folding", steps, steps + 1)
        return FoldedFacts(new, late, forgotten)

    def publish(self, now: int, *, caught_up: bool, progress: Progress | None = None) -> Snapshot:
        """Answer every target as of `now` and publish it; forget what is due. Times are forgotten only where the intake has
        `caught_up`: what still waits to be read would come late."""
        seconds = now // _SECOND
        with self._engine.begin() as connection:
            bar_folding(connection)
            self._count(connection, seconds, progress)
            answers = self._evaluator.answer(seconds, latest=True)
            last = self._last or read_snapshot(connection)
            self._publisher.erased = count_erased(connection)
            snapshot = self._publisher.snapshot(
                answers,
                self.described.catalogue.messages,
                as_of=now,
                versions=self._versions(),
                notes=self._say(),
                last=last,
                past=self._find_past(seconds) if caught_up else (),
                keep=partial(self._history.keep, connection),
            )
            self._upkeep.forget(
                connection, answers, self.described.known_people, snapshot, now=seconds, caught_up=caught_up
            )
            record(connection, now, "disclosure.k", self._publisher.threshold, self._around.digest)
            write_snapshot(connection, snapshot)
        self._last = snapshot
        return snapshot

    def _count(self, connection: Connection, now: int, progress: Progress | None = None) -> None:
        """Count what changed, as of a moment (seconds)."""
        self._evaluator.touch(self._touched)
        self._traffic.count(connection, self._touched)
        self._touched.clear()
        self._evaluator.reveal(self._shelf.reveal(read_seen(connection)))
        self._evaluator.count_dirty(
            partial(self._shelf.views, connection),
            at_once=self._shelf.at_once,
            now=now,
            progress=None if progress is None else lambda done, total: progress("counting", done, total),
        )
        self._evaluator.hear(self._hear(connection, now))

    def _find_past(self, now: int) -> list[Past]:
        """What is to be published for good."""
        forgotten = self.described.messages_of(self._upkeep.dropped)
        return self._looking_back.find(self._settings.targets, forgotten, now=now)

    def count(self, now: int) -> Answers:
        """The readings before disclosure, counted and not published; for those who check figures."""
        with self._engine.begin() as connection:
            bar_folding(connection)
            self._count(connection, now // _SECOND)
        return self.answer(now)

    def answer(self, now: int, *, latest: bool = False) -> Answers:
        """The readings before disclosure, of what was counted last; for those who check figures. `latest`: as they are published."""
        return self._evaluator.answer(now // _SECOND, latest=latest)

    def _say(self) -> tuple[str, ...]:
        """What is wrong with files and entries, for whoever reads the readings."""
        unfit = (problem for problems in self._shelf.problems.values() for problem in problems)
        unproven = [] if self._settings.mode == "counts" else self._shelf.say_unproven()
        listed = self.described
        said = [*unproven, *map(str, listed.problems), *listed.catalogue.problems, *unfit, *listed.notes]
        more = [f"and {len(said) - _MOST_NOTES:,} more notes like these"] if len(said) > _MOST_NOTES else []
        return (*said[:_MOST_NOTES], *more)

    def _versions(self) -> Versions:
        catalogue = self.described.catalogue.version
        return Versions(rules=RULES_VERSION, catalogue=catalogue, configuration=self._around.digest)

    def _hear(self, connection: Connection, now: int) -> Heard:
        items = read_items(read_steps(connection)) if self._asks_for_feedback else []
        return Heard(
            sight=self._shelf.sight,
            employed=self.described.people.employed,
            raised=find_raised(read_sets(connection, [""]), self.described.people),
            items=items,
            describe=self.described.message_of,
            gaps=find_gaps(connection, self._around),
            lateness=find_lateness(connection, self._around, self._settings, self._clocks, now),
            traffic=self._traffic,
        )

    def count_unmatched(self) -> Mapping[str, int]:
        """References that nobody described, and facts by people whom their message was not meant for."""
        with self._engine.connect() as connection:
            references = len(find_unmatched(list_references(connection), self.described.catalogue))
        self.unmatched = references
        return {"reference": references, "outside_audience": sum(self._shelf.outside.values())}

    def forget_person(self) -> None:
        """Somebody was erased: count everything anew from what is left."""
        with self._engine.connect() as connection:
            self._shelf.keep(load_audiences(connection))
        self.described.forget()
