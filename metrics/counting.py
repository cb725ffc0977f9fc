"""Counts a campaign (or a single message) under every indicator and window that some target asks for, in one go: the sets
are read once, people are classed as arrays, and only counts leave."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import starmap, zip_longest

import msgspec
import numpy as np

from config.duration import Span
from metrics.cells import Classed, Segments, count, merge
from metrics.classes import deadline, seconds
from metrics.clock import Clocks
from metrics.exposure import find_engaged
from metrics.growth import age_moments
from metrics.indicator import Indicator
from metrics.messages import Message
from metrics.people import Coded
from metrics.reading import COLUMNS, Cells, Delays, States, Times
from metrics.view import View


@dataclass(frozen=True)
class Measure:
    """An indicator with the window some target gives it (None: the indicator's own)."""

    indicator: Indicator
    window: Span | None

    @property
    def key(self) -> str:
        return f"{self.indicator.id}|{self.window or ''}"

    @property
    def working(self) -> bool:
        span = self.window or self.indicator.window
        return span is not None and span.working


Counted = dict[tuple[tuple[str, ...], str], Cells]
"""(message ids, measure key) -> counts; absent where the indicator does not apply."""


Together = Callable[[Measure, Sequence[Message]], Iterable[tuple[str, ...]]]
"""Which of a campaign's messages some target judges as one, given those to which the measure applies: tuples of ids."""


class Segmented:
    """Segments by the same attributes (`wanted`), of one audience after the other: those of the last one are not made again."""

    def __init__(self, wanted: Collection[str]) -> None:
        self._wanted = wanted
        self._last: tuple[Mapping[str, Coded], Segments] | None = None

    def of(self, attributes: Mapping[str, Coded], people: int) -> Segments:
        if self._last is None or self._last[0] is not attributes:
            self._last = attributes, Segments(attributes, self._wanted, people)
        return self._last[1]


def count_campaign(
    views: Sequence[View],
    measures: Collection[Measure],
    *,
    together: Together,
    segmented: Segmented,
    clocks: Clocks,
) -> Counted:
    """Counts of each message on its own, and of those judged as one. `views` in order of sending."""
    counted: Counted = {}
    segments = {view.message.id: segmented.of(view.audience.attributes, view.size) for view in views}
    for measure in measures:
        parts: dict[str, Classed] = {}
        for view in views:
            classed = class_people(view, measure, clocks)
            if classed is not None:
                parts[view.message.id] = classed
                ages = find_ages([view.message], measure, clocks)
                counted[(view.message.id,), measure.key] = count(classed, segments[view.message.id], ages)
        applying = [view.message for view in views if view.message.id in parts]
        for ids in together(measure, applying):
            if len(ids) > 1:
                members = [view for view in views if view.message.id in ids]
                merged = _sum_up(merge([parts[id] for id in ids]), measure, members, clocks)
                ages = find_ages([view.message for view in members], measure, clocks)
                counted[ids, measure.key] = count(merged, segmented.of(merged.attributes, len(merged.person)), ages)
    return counted


def find_ages(messages: Sequence[Message], measure: Measure, clocks: Clocks) -> list[int]:
    """The moments (seconds) of a campaign's ages: from its first message on, until its last window closes."""
    if measure.indicator.since is None:
        return []
    ends = [deadline(message, measure.indicator, measure.window, clocks) for message in messages]
    closes = max(end for end in ends if end is not None)
    return age_moments(seconds(messages[0].sent_at or 0), closes, working=measure.working, clocks=clocks)


def class_people(view: View, measure: Measure, clocks: Clocks) -> Classed | None:
    """Everybody of one message's audience under one measure; None where it does not apply."""
    closes = deadline(view.message, measure.indicator, measure.window, clocks)
    if closes is None or not measure.indicator.applies(view):
        return None
    states, delays = _states(view, measure, closes)
    classed = Classed(
        person=view.audience.person,
        attributes=view.audience.attributes,
        states=states,
        delivered=view.delivered(closes),
        delays=delays,
        since=measure.indicator.since(view) if measure.indicator.since is not None else None,
        engaged=(_engaged(view, closes),) if measure.indicator.seen_by_opening else (),
        held=_class_held(view, measure.indicator, closes),
    )
    return _sum_up(classed, measure, [view], clocks)


def _class_held(view: View, indicator: Indicator, closes: int) -> Classed | None:
    if indicator.held is None:
        return None
    held, states = indicator.held(view, closes)
    nobody = np.zeros(held.size, dtype=np.bool_)
    return Classed(person=held.audience.person, attributes=held.audience.attributes, states=states, delivered=nobody)


def _sum_up(classed: Classed, measure: Measure, views: Sequence[View], clocks: Clocks) -> Classed:
    """With what people come to, where the indicator sums that up."""
    if measure.indicator.sums is None:
        return classed
    ends = [(view, deadline(view.message, measure.indicator, measure.window, clocks)) for view in views]
    judged = [(view, end) for view, end in ends if end is not None]
    return replace(classed, extra=measure.indicator.sums(judged, classed.person))


def _engaged(view: View, closes: int) -> tuple[int, int]:
    engaged, detected = find_engaged(view, closes)
    return len(engaged), int(np.count_nonzero(detected))


def _states(view: View, measure: Measure, closes: int) -> tuple[States, Delays | None]:
    indicator = measure.indicator
    assert indicator.classify is not None
    states = indicator.classify(view, closes)
    return states, indicator.delays(view, closes, measure.working) if indicator.delays is not None else None


_Times = tuple[list[int], list[int], int, int, int]


class _Frozen(msgspec.Struct):
    values: dict[str, tuple[str, ...]]
    counts: dict[str, list[list[int]]]
    times: dict[str, list[_Times]]
    extra: dict[str, list[list[int]]] = {}
    growth: tuple[int, ...] = ()
    engaged: tuple[tuple[int, int], ...] = ()
    rules: str = "source-flags-1"  # what was frozen before versions were kept beside it
    raw: dict[str, list[_Times]] = {}


def freeze(counted: Mapping[tuple[tuple[str, ...], str], Cells]) -> bytes:
    """Counts as bytes, to outlive the sets they came from."""
    rows = [
        (
            ids,
            measure,
            _Frozen(
                values=cells.values,
                counts={name: table.tolist() for name, table in cells.counts.items()},
                times={name: [_freeze_times(each) for each in row] for name, row in cells.times.items()},
                raw={
                    name: [_freeze_times(each.raw) for each in row if each.raw is not None]
                    for name, row in cells.times.items()
                },
                extra={name: table.tolist() for name, table in cells.extra.items()},
                growth=cells.growth,
                engaged=cells.engaged,
                rules=cells.rules,
            ),
        )
        for (ids, measure), cells in sorted(counted.items(), key=lambda item: item[0])
    ]
    return msgspec.msgpack.encode(rows)


def _freeze_times(times: Times) -> _Times:
    return times.seconds.tolist(), times.reached.tolist(), times.open, times.unknown, times.window


def _thaw_times(times: _Times, raw: _Times | None) -> Times:
    seconds, reached, left, unknown, window = times
    beside = None if raw is None else _thaw_times(raw, None)
    return Times(np.array(seconds, dtype=np.int64), np.array(reached, dtype=np.int64), left, unknown, window, beside)


def thaw(body: bytes) -> Counted:
    """The counts that `freeze` wrote."""
    rows = msgspec.msgpack.decode(body, type=list[tuple[tuple[str, ...], str, _Frozen]])
    return {(ids, measure): _cells(frozen) for ids, measure, frozen in rows}


def _cells(frozen: _Frozen) -> Cells:
    return Cells(
        values=frozen.values,
        counts={name: np.array(table, dtype=np.int64).reshape(-1, COLUMNS) for name, table in frozen.counts.items()},
        times={
            name: tuple(starmap(_thaw_times, zip_longest(row, frozen.raw.get(name, ()))))
            for name, row in frozen.times.items()
        },
        extra={name: np.array(table, dtype=np.int64) for name, table in frozen.extra.items()},
        growth=frozen.growth,
        engaged=frozen.engaged,
        rules=frozen.rules,
    )
