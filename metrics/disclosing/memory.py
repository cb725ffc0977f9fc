"""Of whom figures were shown lately, to hold the next ones against: two classes that differ by one message tell of that message, also
where days lie between them. Where it is kept is left to `metrics.snapshot`."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from metrics.disclosing.groups import EVERYBODY, Earlier, Group, Told, told_of_reading
from metrics.reading import Members, Place, Reading, State
from metrics.snapshot import Remembered

_DAYS = 7  # the longer ago, the more messages two classes differ by, and the less their difference tells

Key = tuple[str, str, str]
_Class = tuple[Key, str, tuple[Members, ...], str]
Figure = tuple[int, int, int]
"""What is told of a count, the least and the most, and of how many."""
_UNKNOWN: Figure = (0, 2**31, 0)  # where it was not remembered


class Last(NamedTuple):
    """What a figure was made of when it was shown last, and on which day."""

    day: str
    group: Group


def remember(
    shown: Iterable[tuple[Key, Group, Figure]], before: Iterable[Remembered], epoch: str, erased: int
) -> tuple[Remembered, ...]:
    """What was remembered `before` and what is shown today. What was shown last of a target is kept, and all of the last days; of the
    same people once for each time before which somebody was `erased`."""
    newest: dict[tuple[Key, Place], str] = {}
    days: dict[tuple[_Class, str, int], tuple[str, Figure]] = {}
    for each in before:
        for value, figure in _figures(each):
            place = (each.key, (each.attribute, value))
            newest[place] = max(newest.get(place, ""), each.day)
            days[(each.key, each.measure, each.units, each.attribute), value, each.erased] = each.day, figure
    for key, group, figure in shown:
        attribute, value = group.place
        newest[key, group.place] = epoch
        days[(key, group.measure, tuple(sorted(group.units)), attribute), value, erased] = epoch, figure
    since = lately(epoch)
    found: dict[tuple[_Class, str, int], list[tuple[str, Figure]]] = {}
    for (one, value, gone), (day, figure) in days.items():
        if day >= since or day == newest[one[0], (one[3], value)]:
            found.setdefault((one, day, gone), []).append((value, figure))
    return tuple(
        Remembered(
            *(key, day, measure, units, attribute),
            values=tuple(value for value, _ in sorted(told)),
            figures=tuple(figure for _, figure in sorted(told)),
            erased=gone,
        )
        for ((key, measure, units, attribute), day, gone), told in sorted(found.items())
    )


def _figures(each: Remembered) -> Iterable[tuple[str, Figure]]:
    return zip(each.values, each.figures or [_UNKNOWN] * len(each.values), strict=True)


def earlier_of(remembered: Iterable[Remembered], erased: int) -> list[Earlier]:
    """What was told before the last of so many people were erased."""
    return [
        Earlier(
            Group(each.measure, frozenset(each.units), (each.attribute, value)),
            erased - each.erased,
            Told(low, high),
            n,
        )
        for each in remembered
        if each.erased < erased
        for value, (low, high, n) in _figures(each)
    ]


def figure_of(reading: Reading) -> Figure:
    told = told_of_reading(reading)
    return int(told.low), int(told.high), int(reading.totals[: State.OUT].sum())


def lately(epoch: str) -> str:
    """The first of the last days."""
    return (date.fromisoformat(epoch) - timedelta(days=_DAYS)).isoformat()


def newest_of(remembered: Iterable[Remembered]) -> dict[tuple[Key, Place], Last]:
    """Of every figure what was shown of it last."""
    newest: dict[tuple[Key, Place], Last] = {}
    for each in sorted(remembered, key=lambda each: each.day):
        for value in each.values:
            place = (each.attribute, value)
            newest[each.key, place] = Last(each.day, Group(each.measure, frozenset(each.units), place))
    return newest


def groups_of(remembered: Iterable[Remembered]) -> list[Group]:
    return [
        Group(each.measure, frozenset(each.units), (each.attribute, value))
        for each in remembered
        for value in each.values
    ]


def key_of(reading: Reading, group: Group, *, past: bool = False) -> Key:
    """What has become `past` is shown for good, and nothing takes its place."""
    word = "" if group.place != EVERYBODY else reading.segment
    return reading.target, f"past {reading.period}" if past else reading.message or reading.period or "", word
