"""How much of what is published is hidden, as readings of its own (`suppressed`, M4). What is hidden is left to `disclosing`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from config.schema import Target
from metrics.reading import COLUMNS, WHOLE, D, E, Reading, State
from metrics.snapshot import PublishedReading, count_hidden

_Told = tuple[Mapping[str, str], PublishedReading]


def hidden_readings(
    targets: Iterable[Target], asked: Mapping[str, Target], published: Sequence[PublishedReading]
) -> Iterator[tuple[Target, Reading]]:
    """The readings of `targets` about those that are published, by the words of what these are about. `asked`: the targets of these,
    by name."""
    told = [(_words(asked[reading.target], reading), reading) for reading in published]
    for target in targets:
        wanted = _wanted(target)
        fitting = [(words, reading) for words, reading in told if wanted.items() <= words.items()]
        if target.by is None:
            yield target, _reading(target, WHOLE, (reading for _, reading in fitting))
            continue
        for value in sorted({words[target.by] for words, _ in fitting if target.by in words}):
            own = [reading for words, reading in fitting if words.get(target.by) == value]
            yield target, _reading(target, f"{target.by}={value}", own)


def _words(target: Target, reading: PublishedReading) -> dict[str, str]:
    """What a reading is about, word by word: its channel, what its target speaks of, its segment or topic."""
    words = _wanted(target)
    name, sign, value = reading.segment.partition("=")
    return words | ({name: value} if sign else {})


def _wanted(target: Target) -> dict[str, str]:
    scope = target.scope.model_dump(exclude_none=True, exclude={"segment"})
    name, sign, value = (target.scope.segment or "").partition("=")
    return {**scope, **({name: value} if sign else {})}


def _reading(target: Target, segment: str, published: Iterable[PublishedReading]) -> Reading:
    hidden, readings = count_hidden(published)
    counts = np.zeros((1, COLUMNS), dtype=np.int64)
    counts[0, State.H], counts[0, State.NOT] = hidden, readings - hidden
    counts[0, E] = counts[0, D] = readings
    share = hidden / readings if readings else None
    return Reading(
        target=target.name,
        indicator=target.indicator,
        unit="ratio",
        channel=target.scope.channel or WHOLE,
        segment=segment,
        message=None,
        period=target.period,
        units=counts if readings else counts[:0],
        value=share,
        lower=share,
        upper=share,
        measured=None if share is None else (share, share),
        raw=share,
        maturity=1.0 if readings else None,
        units_all=1 if readings else 0,
        closed=True,
        settled=True,
        of="readings",
    )
