"""From people classed for one message to counts by segment: the last place where people are told apart."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.people import Coded
from metrics.reading import COLUMNS, Cells, D, Delays, E, State, States, Times


@dataclass(frozen=True)
class Classed:
    """One message under one indicator, person by person. `person`: dense numbers of the audience, shape (audience,);
    everything else beside it. `delays` only for indicators in seconds."""

    person: NDArray[np.int32]
    attributes: dict[str, Coded]
    states: States
    delivered: NDArray[np.bool_]
    delays: Delays | None = None


def merge(parts: Sequence[Classed]) -> Classed:
    """The messages of a campaign as one: each person once, by their best evidence, in the segments of the first message
    meant for them. Delays are those of the first message that reached them."""
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
    return Classed(person, attributes, states, delivered, delays)


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
    seconds = np.zeros(len(person), dtype=np.int64)
    reached = np.zeros(len(person), dtype=np.bool_)
    unknown = np.zeros(len(person), dtype=np.bool_)
    window = 0
    for part in parts:
        assert part.delays is not None
        places = np.searchsorted(person, part.person)
        new = part.delays.reached & ~reached[places]
        seconds[places[new]] = part.delays.seconds[new]
        reached[places] |= part.delays.reached
        unknown[places] |= part.delays.unknown
        window = max(window, part.delays.window)
    return Delays(seconds=seconds, reached=reached, unknown=unknown & ~reached, window=window)


def count(classed: Classed, attributes: Collection[str]) -> Cells:
    """Counts of the whole audience (attribute "") and of each value of `attributes`."""
    values: dict[str, tuple[str, ...]] = {"": ("",)}
    codes: dict[str, NDArray[np.int16]] = {"": np.zeros(len(classed.person), dtype=np.int16)}
    for name in attributes:
        if name in classed.attributes:
            values[name] = classed.attributes[name].values
            codes[name] = classed.attributes[name].codes
    counts = {name: _table(classed, codes[name], len(values[name])) for name in values}
    times = {}
    if classed.delays is not None:
        times = {name: _times(classed.delays, codes[name], len(values[name])) for name in values}
    return Cells(values, counts, times)


def _table(classed: Classed, codes: NDArray[np.int16], rows: int) -> NDArray[np.int64]:
    """Shape (rows, COLUMNS); people without a value of the attribute stand in no row."""
    table = np.zeros((rows, COLUMNS), dtype=np.int64)
    known = codes >= 0
    places = codes[known].astype(np.int64)
    flat = np.bincount(places * (State.OUT + 1) + classed.states[known], minlength=rows * (State.OUT + 1))
    table[:, : State.OUT + 1] = flat.reshape(rows, State.OUT + 1)
    table[:, E] = np.bincount(places, minlength=rows)
    table[:, D] = np.bincount(codes[known & classed.delivered].astype(np.int64), minlength=rows)
    return table


def _times(delays: Delays, codes: NDArray[np.int16], rows: int) -> tuple[Times, ...]:
    found = []
    for row in range(rows):
        inside = codes == row
        seconds, reached = np.unique(delays.seconds[inside & delays.reached], return_counts=True)
        unknown = int((inside & delays.unknown).sum())
        left = int(inside.sum()) - int(reached.sum()) - unknown
        found.append(Times(seconds, reached.astype(np.int64), open=left, unknown=unknown, window=delays.window))
    return tuple(found)
