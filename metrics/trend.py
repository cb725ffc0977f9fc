"""Which targets are falling against their own history, and where young messages will end: whole audiences alone. Charts and forecasts
themselves are left to `change` and `forecast`, what is said of them to `wording`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from metrics.aims import direction_of
from metrics.change import find_fallen, moving_average, score
from metrics.classes import GROUPED_BY, Unit, choose_period, split
from metrics.clock import Clocks
from metrics.counting import Measure
from metrics.curves import Curve, Curves, make_curve
from metrics.forecast import Forecast, forecast, pooled
from metrics.growth import age_moments
from metrics.messages import Message
from metrics.reading import WHOLE, Cells, Reading, denominators
from metrics.readings import Ask
from metrics.targets import Aim

_MOST = 100  # earlier messages that a score or a forecast rests on
_SETTLED = -1
_TOO_YOUNG = -2

Key = tuple[str, str]
"""Target and segment (`all`, or a word of messages)."""


@dataclass(frozen=True)
class Point:
    """A message, or a campaign as one, as far as it has come: `age` is its place among those of its curve."""

    id: str
    channels: frozenset[str]
    curve: Curve
    age: int


@dataclass(frozen=True)
class Trend:
    """None where it cannot be told. `young`: how many messages are still open; `ahead`: forecasts of them by message, or of the whole
    class (""); `parts`: what that is made of, the people of each young message with its forecast; `messages`: how many the class will
    be judged by in the end."""

    falling: bool | None = None
    young: int | None = None
    ahead: Mapping[str, Forecast] = field(default_factory=dict)
    parts: tuple[tuple[int, Forecast | None], ...] = ()
    messages: int = 0

    def at_risk(self, aim: Aim) -> bool | None:
        """Whether a target will probably be missed: by a whole range of what is to be expected."""
        if aim.value is None or (aim.by_messages and self.messages == 1):
            return None
        if any(_misses(each, aim) for each in self.ahead.values()):
            return True
        # A class in which nothing is young has no forecast, nor needs one.
        return False if "" in self.ahead or len(self.ahead) == self.young else None

    def worst(self, aim: Aim) -> tuple[str, Forecast] | None:
        """The forecast that matters most, with its message."""
        highest = aim.direction == "at_least"
        ordered = sorted(self.ahead.items(), key=lambda each: (each[1].upper if highest else -each[1].lower, each[0]))
        return ordered[0] if ordered else None


NO_TREND = Trend()


def _misses(each: Forecast, aim: Aim) -> bool:
    assert aim.value is not None
    return each.upper < aim.value if aim.direction == "at_least" else each.lower > aim.value


class Trends:
    """Remembers the charts of the last time, so that what did not change is not drawn again."""

    def __init__(self, clocks: Clocks, curves: Curves) -> None:
        self._clocks = clocks
        self._curves = curves
        self._made: dict[tuple[str, tuple[str, ...]], tuple[Cells, Curve | None]] = {}
        self._drawn: dict[Key, tuple[list[Point], list[float | None]]] = {}
        self._kept_of: dict[str, tuple[Mapping[str, Message], int, dict[str, list[Point]]]] = {}
        self._found: dict[Key, Trend] = {}

    def look(self, asks: Mapping[str, Ask], messages: Mapping[str, Message], now: int) -> None:
        """Draw every chart as of `now` (seconds)."""
        points = {key: found for ask in asks.values() for key, found in self._points(ask, messages, now)}
        averages = {key: self._average(key, found) for key, found in points.items()}
        charts = {
            key: average if direction_of(asks[key[0]].target) == "at_least" else -average
            for key, average in averages.items()
            if average is not None
        }
        fallen = dict(zip(charts, find_fallen(list(charts.values())), strict=True))
        self._found = {
            key: self._trend(asks[key[0]], key, found, fallen.get(key), now) for key, found in points.items()
        }

    def of(self, reading: Reading) -> Trend:
        """What is known of a target's reading; a class comes to what has settled and what its young messages will."""
        found = self._found.get((reading.target, reading.segment), NO_TREND)
        people = int(denominators(reading.units).sum())
        if not found.parts or (people and reading.value is None):
            return found
        whole = pooled((people, reading.value or 0.0), found.parts)
        messages = reading.counting + sum(number > 0 for number, _ in found.parts)
        return replace(found, messages=messages, ahead={"": whole} if whole is not None else {})

    def _points(self, ask: Ask, messages: Mapping[str, Message], now: int) -> Iterator[tuple[Key, list[Point]]]:
        """The messages of each reading over whole audiences, in order of sending."""
        target, indicator = ask.target, ask.indicator
        by_words = target.by is None or target.by in GROUPED_BY
        if indicator.since is None or indicator.unit != "ratio" or target.scope.segment is not None or not by_words:
            return
        measure = Measure(indicator, target.window)
        kept = self._kept(ask, measure, messages)
        for label, units in ask.units.items():
            found = {unit.messages: self._point(ask, unit, measure, now) for unit in units}
            for point in kept.get(label, ()):
                found.setdefault(point.curve.messages, point)
            points = [point for point in found.values() if point is not None]
            yield (target.name, label or WHOLE), sorted(points, key=lambda one: (one.curve.sent_at, one.id))

    def _point(self, ask: Ask, unit: Unit, measure: Measure, now: int) -> Point | None:
        cells = ask.cells_of(unit)
        if cells is None:
            return None
        kept = self._made.get((measure.key, unit.messages))
        if kept is None or kept[0] is not cells:
            kept = cells, make_curve(unit.messages, measure.key, unit.sent_at, cells)
            self._made[measure.key, unit.messages] = kept
        curve = kept[1]
        return None if curve is None else Point(unit.id, unit.channels, curve, self._age(unit, measure, now))

    def _age(self, unit: Unit, measure: Measure, now: int) -> int:
        """The last age of which late events are in."""
        if unit.settles <= now:
            return _SETTLED
        moments = age_moments(unit.sent_at, unit.closes, working=measure.working, clocks=self._clocks)
        late = unit.settles - unit.closes
        reached = sum(moment + late <= now for moment in moments)
        return reached - 1 if reached else _TOO_YOUNG

    def _kept(self, ask: Ask, measure: Measure, messages: Mapping[str, Message]) -> dict[str, list[Point]]:
        """Those whose sets are forgotten: of a campaign its messages alone, or as many of them as the target speaks of together."""
        standing = self._kept_of.get(ask.target.name)
        if standing is not None and standing[0] is messages and standing[1] == self._curves.version:
            return standing[2]
        found: dict[str, list[Point]] = {}
        alone = ask.target.period == "message"
        for curves in self._curves.of_measure(measure.key):
            ids = {id for curve in curves for id in curve.messages}
            described = [messages[id] for id in sorted(ids) if id in messages]
            for label, members in split(described, ask.target).items():
                spoken_of = {message.id for message in members}
                fitting = [
                    c for c in curves if spoken_of.issuperset(c.messages) and (len(c.messages) == 1 or not alone)
                ]
                longest = max((len(curve.messages) for curve in fitting), default=0)
                for curve in fitting:
                    if alone or len(curve.messages) == longest:
                        channels = frozenset(messages[id].channel or "" for id in curve.messages)
                        found.setdefault(label, []).append(Point(curve.messages[0], channels, curve, _SETTLED))
        self._kept_of[ask.target.name] = messages, self._curves.version, found
        return found

    def _average(self, key: Key, points: list[Point]) -> float | None:
        """What stands before the first message that has changed scores as it did."""
        drawn, scores = self._drawn.get(key, ([], []))
        same = next(
            (place for place, (one, other) in enumerate(zip(drawn, points, strict=False)) if one != other), None
        )
        same = min(len(drawn), len(points)) if same is None else same
        histories = islice(_histories(points), same, None)
        scores = [*scores[:same], *map(_score, points[same:], histories)]
        self._drawn[key] = points, scores
        told = [each for each in scores if each is not None]
        return moving_average(told) if told else None

    def _trend(self, ask: Ask, key: Key, points: list[Point], falling: bool | None, now: int) -> Trend:
        young = {point.id: point for point in points if point.age != _SETTLED}
        ahead = {id: _forecast(point, points) for id, point in young.items()}
        known = {id: found for id, found in ahead.items() if found is not None}
        if ask.target.period == "message":
            return Trend(falling, len(young), known)
        everything = [unit for units in ask.units.values() for unit in units]
        label = "" if key[1] == WHOLE else key[1]
        group = choose_period(everything, ask.target, now=now, clocks=self._clocks)(ask.units[label])
        foretold = {point.curve.messages: known.get(point.id) for point in points}
        parts = [(_people(ask, unit), foretold.get(unit.messages)) for unit in group.young]
        return Trend(falling, len(parts), parts=tuple(parts))


def _people(ask: Ask, unit: Unit) -> int:
    cells = ask.cells_of(unit)
    return 0 if cells is None else int(denominators(cells.counts[""][0]))


def _histories(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Of each message the latest settled ones before it on the same channels."""
    before: dict[frozenset[str], list[Point]] = {}
    for point in points:
        yield before.get(point.channels, [])[-_MOST:]
        if point.age == _SETTLED:
            before.setdefault(point.channels, []).append(point)


def _score(point: Point, history: Sequence[Point]) -> float | None:
    """Against the others at the same age."""
    if point.age == _TOO_YOUNG:
        return None
    return score(_log_odds([point], point.age)[0], _log_odds(_as_old(history, point.age), point.age))


def _forecast(point: Point, points: Sequence[Point]) -> Forecast | None:
    if point.age == _TOO_YOUNG:
        return None
    settled = [other for other in points if other.age == _SETTLED and other.channels == point.channels]
    alike = _as_old(settled, point.age)[-_MOST:]
    return forecast(_log_odds([point], point.age)[0], _log_odds(alike, point.age), _log_odds(alike, _SETTLED))


def _as_old(points: Sequence[Point], age: int) -> list[Point]:
    return [point for point in points if len(point.curve.grown) > age]


def _log_odds(points: Sequence[Point], age: int) -> NDArray[np.float64]:
    """What they had come to at an age, half a person added to both sides."""
    people = np.array([point.curve.people for point in points], dtype=np.float64)
    reached = np.array(
        [point.curve.value * point.curve.people if age == _SETTLED else point.curve.grown[age] for point in points],
        dtype=np.float64,
    )
    odds: NDArray[np.float64] = np.log(reached + 0.5) - np.log(people - reached + 0.5)
    return odds
