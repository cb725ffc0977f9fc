"""Somebody with every snapshot, the catalogue and a solver. Written without the product's disclosure: what is published is turned into
linear relations between counts of people, and whatever these leave open is looked for.

Known to the attacker: which messages stand behind which figure and when their windows closed (the catalogue), that people who did
something do not undo it, that a longer window catches no fewer, that whoever opened or answered was reached, what
"at most" and "at least" mean, which segments lie in which others, and how many people were erased between two figures. Not known: how
many people a group has, unless it is published; and to how many of it messages went counts as known to all, as sizes do, and is left out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from metrics.snapshot import PublishedReading
from tests.metrics.disclosure.effects import DEED, HELD, sides_of
from tests.metrics.disclosure.solver import Solver

Place = tuple[str, str]
Unit = tuple[str, ...]
What = Literal["did", "not", "unseen", "meant"]
_EVERYBODY: Place = ("", "")
_ROUNDING = 1e-6
_BLURRED = 3  # one to three are told as three
_OF_DELIVERED = ("opened", "response")


class Subject(NamedTuple):
    """What a figure is about, as the catalogue has it. `indicator`, `hours`: what is counted, until how long after sending."""

    indicator: str
    hours: int
    units: frozenset[Unit]
    place: Place


class Fact(NamedTuple):
    """A figure, with when it was made (seconds) and how many people had been erased by then. `held`: how many were held out, which counts
    as known as sizes do; `by_count`: whether chance has no part in its interval."""

    subject: Subject
    made_at: int
    erased: int
    reading: PublishedReading
    held: int = 0
    by_count: bool = False


class Question(NamedTuple):
    """How many `did` it, or did `not`, when it was asked."""

    subject: Subject
    what: What
    made_at: int
    erased: int


class Public(NamedTuple):
    """When messages were sent (seconds), the attributes of which everybody has a value, with their values, and which segments lie in
    which others but for so many `misfits`."""

    sent_at: Mapping[str, int]
    complete: Mapping[str, Collection[str]]
    inside: Mapping[Place, Place]
    misfits: int


class Range(NamedTuple):
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


class _Piece(NamedTuple):
    """A count of people of one unit: who `did` it until a moment, who did `not`, which of these were `unseen`, or all it was `meant`
    for."""

    indicator: str
    hours: int
    unit: Unit
    place: Place
    until: int
    erased: int
    what: What


class Attacker:
    """Knows some figures; of others (`unread`) only what they are about."""

    def __init__(self, facts: Iterable[Fact], public: Public, unread: Iterable[Fact] = ()) -> None:
        facts, unread = list(facts), list(unread)
        self._public = public
        self._number: dict[_Piece, int] = {}
        self._rows: list[tuple[dict[int, float], float, float]] = []
        self._named: dict[str, set[str]] = {}
        for fact in (*facts, *unread):
            attribute, value = fact.subject.place
            if attribute:
                self._named.setdefault(attribute, set()).add(value)
        for fact in facts:
            self._learn(fact)
        for fact in unread:
            whats: tuple[What, ...] = ("did", "not", "meant")
            self._row(self._pieces(fact.subject, fact, whats))
        for piece in [piece for piece in self._number if piece.what == "did" and piece.indicator != HELD]:
            self._belong_together(piece)
        self._add_up()
        self._compare()
        self._solver = self._make_solver()

    def _piece(self, subject: Subject, unit: Unit, made_at: int, erased: int, what: What) -> _Piece:
        if what == "meant":
            return _Piece("", 0, unit, subject.place, 0, erased, what)
        if subject.indicator == "delivered":
            return _Piece("delivered", 0, unit, subject.place, 0, erased, what)
        # Once the window is over nothing moves any more: all later figures are about the same.
        closes = max(self._public.sent_at[id] for id in unit) + subject.hours * 3600
        return _Piece(subject.indicator, subject.hours, unit, subject.place, min(made_at, closes), erased, what)

    def _pieces(self, subject: Subject, fact: Fact, whats: Sequence[What]) -> Iterable[_Piece]:
        return (
            self._piece(subject, unit, fact.made_at, fact.erased, what)
            for unit in sorted(subject.units)
            for what in whats
        )

    def _row(self, pieces: Iterable[_Piece]) -> dict[int, float]:
        return {self._number.setdefault(piece, len(self._number)): 1.0 for piece in pieces}

    def _say(self, one: _Piece, others: Iterable[_Piece], low: float, high: float) -> None:
        """One of them less the others lies between these."""
        less = dict.fromkeys(self._row(others), -1.0)
        self._rows.append((self._row([one]) | less, low, high))

    def _learn(self, fact: Fact) -> None:
        subject, reading = fact.subject, fact.reading

        def tell(subject: Subject, whats: Sequence[What], low: float, high: float) -> None:
            self._rows.append((self._row(self._pieces(subject, fact, whats)), low, high))

        n, told = reading.denominator, reading.numerator
        if n is not None and reading.indicator in DEED:
            sides = sides_of(reading, fact.held, by_count=fact.by_count)
            tell(subject, ["did"], *sides.audience)
            tell(subject, ["did", "not"], n, n)
            tell(subject._replace(indicator=HELD), ["did"], *sides.held)
            return
        if n is None or told is None:
            if reading.verdict != "suppressed":  # nothing is said because nobody is there
                tell(subject, ["did", "not"], 0, 0)
            return
        tell(
            subject,
            ["did"],
            *{"": (told, told), "at_most": (0, told - 1), "at_least": (min(told + 1, n), n)}[reading.coarse],
        )
        tell(subject, ["did", "not"], n, n)
        meant, unseen = reading.parts.E, reading.parts.U
        if meant is not None and unseen is not None:
            # Messages of which none of a segment counts are left out of its audience too.
            tell(subject, ["meant"], meant, np.inf if subject.indicator in _OF_DELIVERED else meant)
            tell(subject, ["unseen"], 1 if unseen == _BLURRED else unseen, unseen)

    def _belong_together(self, piece: _Piece) -> None:
        """Of one unit and segment: nobody counts who was not meant."""
        others, unseen = piece._replace(what="not"), piece._replace(what="unseen")
        of = _Piece("", 0, piece.unit, piece.place, 0, piece.erased, "meant")
        # Opening and answering are counted of those it was delivered to.
        self._say(of, [piece, others], 0, np.inf if piece.indicator in _OF_DELIVERED else 0)
        self._say(unseen, [others], -np.inf, 0)

    def _add_up(self) -> None:
        """Segments come to the whole, whether or not either was published, and those inside of others to these."""
        for whole in sorted({piece._replace(place=_EVERYBODY) for piece in self._number}):
            for attribute, values in sorted(self._named.items()):
                # The last one: people with none of the values that were ever named.
                rest = [] if values >= set(self._public.complete.get(attribute, [""])) else [""]
                self._say(whole, [whole._replace(place=(attribute, value)) for value in (*sorted(values), *rest)], 0, 0)
            around: dict[Place, list[Place]] = {}
            for place, outer in self._public.inside.items():
                around.setdefault(outer, []).append(place)
            for outer, places in around.items():
                if all(value in self._named.get(attribute, ()) for attribute, value in (outer, *places)):
                    misfits = self._public.misfits * len(whole.unit)
                    inner = [whole._replace(place=place) for place in places]
                    self._say(whole._replace(place=outer), inner, -misfits, misfits)

    def _compare(self) -> None:
        """What happened stays; longer windows hold more; erasing takes at most so many; whoever opened or answered was reached."""
        alike: dict[tuple[str, Unit, Place, What], list[_Piece]] = {}
        for piece in self._number:
            alike.setdefault((piece.indicator, piece.unit, piece.place, piece.what), []).append(piece)
        for pieces in alike.values():
            pieces.sort(key=lambda piece: (piece.until, piece.erased))
        for (indicator, unit, place, what), pieces in alike.items():
            for one, other in pairwise(pieces) if what != "unseen" else ():
                gone = float(abs(other.erased - one.erased))
                # Erasing takes away; and what has no end in time changes by nothing else.
                high = 0.0 if other.erased >= one.erased else gone
                high = np.inf if what == "did" and indicator != "delivered" else high
                self._say(other, [one], -np.inf if what == "not" and indicator != "delivered" else -gone, high)
            if indicator in _OF_DELIVERED and what == "did":
                reached = alike.get(("reach", unit, place, "did"), [])
                for piece in pieces:
                    later = next((each for each in reached if each.until >= piece.until), None)
                    if later is not None:
                        self._say(piece, [later], -np.inf, float(abs(later.erased - piece.erased)))

    def _make_solver(self) -> Solver:
        entries = [
            (row, column, weight)
            for row, (weights, _, _) in enumerate(self._rows)
            for column, weight in weights.items()
        ]
        rows, columns, weights = (np.array(each) for each in zip(*entries, strict=True))
        matrix = csr_array((weights, (rows, columns)), shape=(len(self._rows), len(self._number)))
        low, high = (np.array([row[end] for row in self._rows], dtype=np.float64) for end in (1, 2))
        return Solver(matrix, low, high)

    def ranges(self, questions: Sequence[Question], *, enough: Sequence[float]) -> list[Range | None]:
        """Between what each of these counts lies; None where nothing published is about it. A range that is `enough` wide is not
        looked into any further."""
        goals = [self._goal(question) for question in questions]
        found = _Ranges(
            np.array([goal for goal in goals if goal is not None]).reshape(-1, len(self._number)),
            np.array([width for goal, width in zip(goals, enough, strict=True) if goal is not None]),
        )
        # Every solution is a world that nobody can exclude: a few of them open most of the ranges wide enough.
        random = np.random.default_rng(0)
        while len(narrow := found.narrow):
            signs = random.choice([-1.0, 1.0], len(narrow))
            for end in (signs, -signs):
                found.take(self._solver.solve(end @ found.goals[narrow]))
            if len(found.narrow) > _WORTH_IT * len(narrow):
                break
        for place in found.narrow.tolist():
            for sign in (1.0, -1.0):
                if place in found.narrow:
                    found.settle(place, sign, self._solver.solve(sign * found.goals[place]))
        settled = iter(zip(found.low.tolist(), found.high.tolist(), strict=True))
        return [Range(*next(settled)) if goal is not None else None for goal in goals]

    def most(self, question: Question) -> float:
        """The highest that a count may be."""
        goal = self._goal(question)
        world = None if goal is None else self._solver.solve(-goal)
        return np.inf if goal is None or world is None else float(goal @ world)

    def _goal(self, question: Question) -> NDArray[np.float64] | None:
        subject, what, made_at, erased = question
        pieces = [self._piece(subject, unit, made_at, erased, what) for unit in subject.units]
        if not self._number.keys() >= set(pieces):
            return None
        goal = np.zeros(len(self._number))
        goal[[self._number[piece] for piece in pieces]] = 1
        return goal


_WORTH_IT = 0.8  # of those that were narrow; where more still are, each is looked at by itself


class _Ranges:
    """What is known so far of some counts (rows of `goals`), each of which is done with where it is `wanted` wide."""

    def __init__(self, goals: NDArray[np.float64], wanted: NDArray[np.float64]) -> None:
        self.goals, self._wanted = goals, wanted
        self.low, self.high = np.full(len(goals), np.inf), np.full(len(goals), -np.inf)
        self._settled = np.zeros(len(goals), dtype=np.bool_)

    @property
    def narrow(self) -> NDArray[np.intp]:
        return np.flatnonzero((self.high - self.low < self._wanted - _ROUNDING) & ~self._settled)

    def take(self, world: NDArray[np.float64] | None) -> None:
        if world is not None:
            counts = self.goals @ world
            self.low, self.high = np.minimum(self.low, counts), np.maximum(self.high, counts)

    def settle(self, place: int, sign: float, world: NDArray[np.float64] | None) -> None:
        """`world`: where this one is least, or (a negative sign) most."""
        self.take(world)
        if world is None:
            (self.low if sign > 0 else self.high)[place] = -sign * np.inf
        self._settled[place] |= sign < 0
