"""From people classed for one message to counts by segment: the last place where people are told apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from metrics.growth import SMALLEST_AUDIENCE, count_by_age
from metrics.machines import RULES_VERSION
from metrics.people import Coded
from metrics.reading import COLUMNS, Cells, D, Delays, E, State, States, Times

_MOST_COMBINATIONS = 10_000  # of values of all attributes; where there are more, only those that somebody has
# In which columns of a table of counts people stand, by state, not delivered beside delivered.
_COLUMNS_OF = np.zeros((State.OUT + 1, 2, COLUMNS), dtype=np.int64)
_COLUMNS_OF[:, :, : State.OUT + 1] = np.eye(State.OUT + 1)[:, np.newaxis]
_COLUMNS_OF[:, :, E] = _COLUMNS_OF[:, 1, D] = 1


@dataclass(frozen=True)
class Classed:
    """One message under one indicator, person by person. `person`: dense numbers of the audience, shape (audience,);
    everything else beside it. `delays` only for indicators in seconds; `extra`, shape (audience, width), for those that sum up more
    than people, of whoever stands in H; `since`: when they came to stand there (seconds), where the indicator says so; `engaged`: as in
    `Cells`; `held`: those held out, where the indicator compares with them."""

    person: NDArray[np.int32]
    attributes: dict[str, Coded]
    states: States
    delivered: NDArray[np.bool_]
    delays: Delays | None = None
    extra: NDArray[np.int64] | None = None
    since: NDArray[np.int64] | None = None
    engaged: tuple[tuple[int, int], ...] = ()
    held: "Classed | None" = None


def merge(parts: Sequence[Classed]) -> Classed:
    """The messages of a campaign as one: each person once, by their best evidence, in the segments of the first message
    meant for them. Delays are those of the first message that reached them; what people come to besides is not told by parts."""
    if len(parts) == 1:
        return parts[0]
    person = np.unique(np.concatenate([part.person for part in parts]))
    states = np.full(len(person), State.OUT, dtype=np.uint8)
    delivered = np.zeros(len(person), dtype=np.bool_)
    attributes: dict[str, Coded] = {}
    for part in reversed(parts):  # the first message writes last
        places = np.searchsorted(person, part.person)
        states[places] = np.minimum(states[places], part.states)
        delivered[places] |= part.delivered
        for name, coded in part.attributes.items():
            attributes[name] = _overlay(attributes.get(name), coded, places, len(person))
    delays = _merge_delays(parts, person) if parts[0].delays is not None else None
    return Classed(
        person=person,
        attributes=attributes,
        states=states,
        delivered=delivered,
        delays=delays,
        since=_merge_since(parts, person),
        engaged=tuple(pair for part in parts for pair in part.engaged),
        held=_merge_held([part.held for part in parts if part.held is not None], person),
    )


def _merge_held(parts: Sequence[Classed], person: NDArray[np.int32]) -> Classed | None:
    """Whoever was sent any of the messages (`person`) was not held out of the campaign."""
    if not parts:
        return None
    merged = merge(parts)
    apart = ~np.isin(merged.person, person)
    return Classed(
        person=merged.person[apart],
        attributes={name: coded.take(apart) for name, coded in merged.attributes.items()},
        states=merged.states[apart],
        delivered=merged.delivered[apart],
    )


def _merge_since(parts: Sequence[Classed], person: NDArray[np.int32]) -> NDArray[np.int64] | None:
    since = np.full(len(person), np.iinfo(np.int64).max, dtype=np.int64)
    for part in parts:
        if part.since is None:
            return None
        counted = part.states == State.H
        places = np.searchsorted(person, part.person[counted])
        since[places] = np.minimum(since[places], part.since[counted])
    return since


def _overlay(under: Coded | None, coded: Coded, places: NDArray[np.intp], size: int) -> Coded:
    values = list(under.values) if under else []
    codes = under.codes.copy() if under else np.full(size, -1, dtype=np.int16)
    number = {value: index for index, value in enumerate(values)}
    for value in coded.values:
        if value not in number:
            number[value] = len(values)
            values.append(value)
    renumbered = np.array([number[value] for value in coded.values] + [-1], dtype=np.int16)
    codes[places] = renumbered[coded.codes]  # -1, no value, takes the last entry
    return Coded(values=tuple(values), codes=codes)


def _merge_delays(parts: Sequence[Classed], person: NDArray[np.int32]) -> Delays:
    """A campaign is watched from its first message; whoever a reminder reached counts from the message that reached them."""
    delays = [(part.person, part.delays) for part in parts if part.delays is not None]
    raw = [(who, each.raw) for who, each in delays if each.raw is not None]
    return replace(_first_of(delays, person), raw=_first_of(raw, person) if raw else None)


def _first_of(parts: Sequence[tuple[NDArray[np.int32], Delays]], person: NDArray[np.int32]) -> Delays:
    seconds = np.zeros(len(person), dtype=np.int64)
    reached = np.zeros(len(person), dtype=np.bool_)
    unknown = np.zeros(len(person), dtype=np.bool_)
    window = 0
    for who, delays in parts:
        places = np.searchsorted(person, who)
        new = delays.reached & ~reached[places]
        seconds[places[new]] = delays.seconds[new]
        reached[places] |= delays.reached
        unknown[places] |= delays.unknown
        window = max(window, delays.window)
    return Delays(seconds=seconds, reached=reached, unknown=unknown & ~reached, window=window)


class Segments:
    """The segments that people stand in: `values`, attribute to the names of its rows; the whole audience is attribute "" with one row.

    A few attributes together have some hundred combinations of values: what is counted is counted once, by combination, and only then
    summed by attribute.
    """

    def __init__(self, attributes: Mapping[str, Coded], wanted: Collection[str], people: int) -> None:
        self.codes = {name: attributes[name].codes for name in wanted if name in attributes}
        self.values = {"": ("",)} | {name: attributes[name].values for name in self.codes}
        self._groups: list[_Group] = [_Group(np.zeros(people, dtype=np.intp))]
        for name, codes in self.codes.items():
            rows = len(self.values[name]) + 1  # the first one: no value
            if self._groups[-1].size * rows > _MOST_COMBINATIONS:
                self._groups.append(_Group(np.zeros(people, dtype=np.intp)))
            self._groups[-1].add(name, codes, rows)

    def tally(self, kind: NDArray[np.uint8], kinds: int) -> dict[str, NDArray[np.int64]]:
        """How many people of each `kind` (shape (people,), below `kinds`) stand in each row, by attribute: shape (rows, kinds)."""
        tables: dict[str, NDArray[np.int64]] = {}
        for group in self._groups:
            tables.update(group.tally(kind, kinds))
        return tables

    def sum(self, amounts: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """Sums of each column of `amounts` (shape (people, width), sums below 2^53) in each row, by attribute: shape (rows, width)."""
        tables = {"": amounts.sum(axis=0, keepdims=True)}
        for name, codes in self.codes.items():
            rows = len(self.values[name])
            columns = [np.bincount(codes.astype(np.intp) + 1, column, rows + 1)[1:] for column in amounts.T]
            tables[name] = np.array(columns, dtype=np.int64).reshape(-1, rows).T
        return tables


class _Group:
    """Attributes whose combinations of values are few. `place`: of each person's combination among all."""

    def __init__(self, place: NDArray[np.intp]) -> None:
        self.size = 1
        self._place = place
        self._rows: dict[str, int] = {}

    def add(self, name: str, codes: NDArray[np.int16], rows: int) -> None:
        self._place = self._place * rows + codes + 1
        self._rows[name] = rows
        self.size *= rows

    def tally(self, kind: NDArray[np.uint8], kinds: int) -> dict[str, NDArray[np.int64]]:
        counts = np.bincount(self._place * kinds + kind, minlength=self.size * kinds)
        tables = {}
        for name, rows in self._rows.items():
            counts = counts.reshape(rows, -1, kinds)  # of this attribute, and of those after it
            tables[name] = np.einsum("rok->rk", counts)[1:]  # a third of the time that sum takes
            counts = counts.sum(axis=0)
        return {"": counts.reshape(1, kinds)} | tables


def count(classed: Classed, segments: Segments, ages: Sequence[int] = ()) -> Cells:
    """Counts of the whole audience (attribute "") and of each value of every attribute; of the whole audience also at the moments
    of these ages (seconds)."""
    tallied = segments.tally(classed.states * np.uint8(2) + classed.delivered, 2 * (State.OUT + 1))
    counts = {name: _table(tally) for name, tally in tallied.items()}
    times = _times(classed.delays, segments) if classed.delays is not None else {}
    extra = {} if classed.extra is None else segments.sum(classed.extra * (classed.states == State.H)[:, np.newaxis])
    if classed.held is not None:
        extra = _count_held(classed.held, segments)
    growth: tuple[int, ...] = ()
    if classed.since is not None and len(classed.person) >= SMALLEST_AUDIENCE:
        growth = count_by_age(classed.since[np.flatnonzero(classed.states == State.H)], ages)
    return Cells(segments.values, counts, times, extra, growth, classed.engaged, RULES_VERSION)


def _count_held(held: Classed, segments: Segments) -> dict[str, NDArray[np.int64]]:
    """How many of those held out stand in each state, shape (values, states), in the order of the audience's segments."""
    own = Segments(held.attributes, list(segments.codes), len(held.person))
    found = {}
    for name, table in own.tally(held.states, State.OUT).items():
        row_of = dict(zip(own.values[name], table, strict=True))
        nobody = np.zeros(State.OUT, dtype=np.int64)
        found[name] = np.array([row_of.get(value, nobody) for value in segments.values[name]]).reshape(-1, State.OUT)
    return found


def _table(tally: NDArray[np.int64]) -> NDArray[np.int64]:
    """Shape (rows, COLUMNS), from people by state, not delivered beside delivered."""
    table: NDArray[np.int64] = tally @ _COLUMNS_OF.reshape(-1, COLUMNS)
    return table


def _times(delays: Delays, segments: Segments) -> dict[str, tuple[Times, ...]]:
    reached = np.flatnonzero(delays.reached)
    seconds = delays.seconds[reached]
    # Delays are few different numbers, none longer than the window: looked up, which is faster than searched for.
    met = np.zeros(int(seconds.max(initial=0)) + 1, dtype=np.bool_)
    met[seconds] = True
    distinct = np.flatnonzero(met)
    number = np.cumsum(met) - 1
    place = number[seconds]
    others = segments.tally(delays.unknown + 2 * delays.reached.view(np.uint8), 3)
    found = {}
    for name, values in segments.values.items():
        rows = segments.codes[name][reached].astype(np.intp) + 1 if name else np.ones(len(reached), dtype=np.intp)
        size = (len(values) + 1, len(distinct))
        table = np.bincount(rows * len(distinct) + place, minlength=size[0] * size[1]).reshape(size)[1:]
        found[name] = tuple(
            Times(distinct[row > 0], row[row > 0], open=left, unknown=unknown, window=delays.window)
            for row, (left, unknown, _) in zip(table, others[name].tolist(), strict=True)
        )
    if delays.raw is None:
        return found
    raw = _times(delays.raw, segments)
    return {name: tuple(map(_with_raw, row, raw[name])) for name, row in found.items()}


def _with_raw(times: Times, raw: Times) -> Times:
    return replace(times, raw=raw)
