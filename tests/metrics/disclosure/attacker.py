"""Somebody with every snapshot, the catalogue and a solver. Written without the product's disclosure: what is published is turned into
linear relations between counts of people, and whatever these leave open is looked for.

Known to the attacker: which messages stand behind which figure and when their windows closed (the catalogue), that people who did
something do not undo it, that a longer window catches no fewer, what "at most" and "at least" mean, and how many people were erased
between two figures. Not known: how many people a group has, unless it is published.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from metrics.snapshot import PublishedReading

Place = tuple[str, str]
Unit = tuple[str, ...]
What = Literal["did", "not", "meant"]
_EVERYBODY: Place = ("", "")
_ROUNDING = 1e-6


class Subject(NamedTuple):
    """What a figure is about, as the catalogue has it. `indicator`, `hours`: what is counted, until how long after sending."""

    indicator: str
    hours: int
    units: frozenset[Unit]
    place: Place


class Fact(NamedTuple):
    """A figure, with when it was made (seconds) and how many people had been erased by then."""

    subject: Subject
    made_at: int
    erased: int
    reading: PublishedReading


class Range(NamedTuple):
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


class _Piece(NamedTuple):
    """A count of people of one unit: who `did` it until a moment, who did `not`, or all it was `meant` for."""

    indicator: str
    hours: int
    unit: Unit
    place: Place
    until: int
    erased: int
    what: What


class Attacker:
    """`sent_at`: of every message, in seconds. `complete`: attributes of which everybody has a value, with all of these."""

    def __init__(
        self, facts: Iterable[Fact], sent_at: Mapping[str, int], complete: Mapping[str, Collection[str]]
    ) -> None:
        facts = list(facts)
        self._sent_at = sent_at
        self._number: dict[_Piece, int] = {}
        self._rows: list[tuple[dict[int, float], float, float]] = []
        self._named: dict[str, set[str]] = {}
        for fact in facts:
            attribute, value = fact.subject.place
            if attribute:
                self._named.setdefault(attribute, set()).add(value)
        for fact in facts:
            self._learn(fact)
        self._add_up(complete)
        self._compare()
        self._matrix, self._low, self._high = self._system()

    def _piece(self, subject: Subject, unit: Unit, made_at: int, erased: int, what: What) -> _Piece:
        if what == "meant":
            return _Piece("", 0, unit, subject.place, 0, erased, what)
        # Once the window is over nothing moves any more: all later figures are about the same.
        closes = max(self._sent_at[id] for id in unit) + subject.hours * 3600
        return _Piece(subject.indicator, subject.hours, unit, subject.place, min(made_at, closes), erased, what)

    def _row(self, pieces: Iterable[_Piece]) -> dict[int, float]:
        return {self._number.setdefault(piece, len(self._number)): 1.0 for piece in pieces}

    def _learn(self, fact: Fact) -> None:
        subject, reading = fact.subject, fact.reading

        def sum_of(what: What) -> dict[int, float]:
            return self._row(self._piece(subject, unit, fact.made_at, fact.erased, what) for unit in subject.units)

        did, others, meant = sum_of("did"), sum_of("not"), sum_of("meant")
        n, told = reading.denominator, reading.numerator
        if n is None or told is None:
            return
        low, high = {"": (told, told), "at_most": (0, told - 1), "at_least": (min(told + 1, n), n)}[reading.coarse]
        self._rows.append((did, low, high))
        self._rows.append((did | others, n, n))
        if reading.parts.E is not None:
            self._rows.append((meant, reading.parts.E, reading.parts.E))

    def _add_up(self, complete: Mapping[str, Collection[str]]) -> None:
        """Segments come to the whole, whether or not either was published."""
        whole = {piece._replace(place=_EVERYBODY) for piece in self._number}
        for piece in sorted(whole):
            for attribute, values in sorted(self._named.items()):
                # The last one: people with none of the values that were ever named.
                others = [] if values >= set(complete.get(attribute, [""])) else [""]
                parts = [piece._replace(place=(attribute, value)) for value in (*sorted(values), *others)]
                total = next(iter(self._row([piece])))
                self._rows.append((self._row(parts) | {total: -1.0}, 0, 0))

    def _compare(self) -> None:
        """What happened stays; longer windows hold more; erasing takes at most so many; nobody counts who was not meant."""
        alike: dict[tuple[str, Unit, Place, What], list[_Piece]] = {}
        for piece in self._number:
            alike.setdefault((piece.indicator, piece.unit, piece.place, piece.what), []).append(piece)
        for (_, _, _, what), pieces in alike.items():
            for one, other in pairwise(sorted(pieces, key=lambda piece: (piece.until, piece.erased))):
                gone = float(abs(other.erased - one.erased))
                low = -np.inf if what == "not" else -gone
                high = np.inf if what == "did" else gone
                self._rows.append(({self._number[other]: 1.0, self._number[one]: -1.0}, low, high))
        for piece in [piece for piece in self._number if piece.what == "did"]:
            meant = _Piece("", 0, piece.unit, piece.place, 0, piece.erased, "meant")
            row = self._row([piece, piece._replace(what="not")]) | {self._number[meant]: -1.0}
            # Everybody it was meant for counts for reach; for the others those it was delivered to.
            self._rows.append((row, 0.0 if piece.indicator == "reach" else -np.inf, 0.0))

    def _system(self) -> tuple[csr_array, NDArray[np.float64], NDArray[np.float64]]:
        entries = [
            (row, column, weight)
            for row, (weights, _, _) in enumerate(self._rows)
            for column, weight in weights.items()
        ]
        rows, columns, weights = (np.array(each) for each in zip(*entries, strict=True))
        matrix = csr_array((weights, (rows, columns)), shape=(len(self._rows), len(self._number)))
        low, high = (np.array([row[end] for row in self._rows], dtype=np.float64) for end in (1, 2))
        return matrix, low, high

    def ranges(
        self, subjects: Sequence[tuple[Subject, What]], made_at: int, erased: int, *, enough: Sequence[float]
    ) -> list[Range | None]:
        """Between what each of these counts lies; None where nothing published is about it. A range that is `enough` wide is not
        looked into any further."""
        goals = [self._goal(subject, made_at, erased, what) for subject, what in subjects]
        asked = np.array([goal for goal in goals if goal is not None]).reshape(-1, len(self._number))
        wanted = np.array([width for goal, width in zip(goals, enough, strict=True) if goal is not None])
        low, high = np.full(len(asked), np.inf), np.full(len(asked), -np.inf)
        # Every solution is a world that nobody can exclude: a few of them open most of the ranges wide enough.
        random = np.random.default_rng(0)
        for _ in range(4):
            narrow = high - low < wanted
            direction = np.where(random.random(len(asked)) < 0.5, 1.0, -1.0) * narrow
            for end in (direction, -direction) if narrow.any() else ():
                world = self._solve(end @ asked)
                if world is not None:
                    low, high = np.minimum(low, asked @ world), np.maximum(high, asked @ world)
        for place in np.flatnonzero(high - low < wanted - _ROUNDING).tolist():
            low[place], high[place] = self._end(asked[place]), -self._end(-asked[place])
        found = iter(zip(low.tolist(), high.tolist(), strict=True))
        return [None if goal is None else Range(*next(found)) for goal in goals]

    def _goal(self, subject: Subject, made_at: int, erased: int, what: What) -> NDArray[np.float64] | None:
        pieces = [self._piece(subject, unit, made_at, erased, what) for unit in subject.units]
        if not all(piece in self._number for piece in pieces):
            return None
        goal = np.zeros(len(self._number))
        goal[[self._number[piece] for piece in pieces]] = 1
        return goal

    def _end(self, goal: NDArray[np.float64]) -> float:
        world = self._solve(goal)
        return -np.inf if world is None else float(goal @ world)

    def _solve(self, goal: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """A world in which `goal` is least; None where it can be as little as one likes."""
        exact = self._low == self._high
        upper, lower = ~exact & np.isfinite(self._high), ~exact & np.isfinite(self._low)
        found = linprog(
            goal,
            A_eq=self._matrix[np.flatnonzero(exact)],
            b_eq=self._low[exact],
            A_ub=vstack([self._matrix[np.flatnonzero(upper)], -self._matrix[np.flatnonzero(lower)]]),
            b_ub=np.concatenate([self._high[upper], -self._low[lower]]),
        )
        if found.status == 3:
            return None
        assert found.status == 0, found.message
        world: NDArray[np.float64] = found.x
        return world
