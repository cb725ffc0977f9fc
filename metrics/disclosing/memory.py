"""Of whom figures were shown lately, to hold the next ones against: two classes that differ by one message tell of that message, also
where days lie between them. Where it is kept is left to `metrics.snapshot`."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from metrics.disclosing.groups import EVERYBODY, Group
from metrics.reading import Members, Place, Reading
from metrics.snapshot import Remembered

_DAYS = 7  # the longer ago, the more messages two classes differ by, and the less their difference tells

Key = tuple[str, str, str]
_Class = tuple[Key, str, tuple[Members, ...], str]


class Last(NamedTuple):
    """What a figure was made of when it was shown last, and on which day."""

    day: str
    group: Group


def remember(shown: Iterable[tuple[Key, Group]], before: Iterable[Remembered], epoch: str) -> tuple[Remembered, ...]:
    """What was remembered `before` and what is shown today. What was shown last of a target is kept, and all of the last days."""
    newest: dict[tuple[Key, Place], str] = {}
    days: dict[tuple[_Class, str], str] = {}
    for each in before:
        for value in each.values:
            place = (each.key, (each.attribute, value))
            newest[place] = max(newest.get(place, ""), each.day)
            days[(each.key, each.measure, each.units, each.attribute), value] = each.day
    for key, group in shown:
        attribute, value = group.place
        newest[key, group.place] = epoch
        days[(key, group.measure, tuple(sorted(group.units)), attribute), value] = epoch
    since = lately(epoch)
    found: dict[tuple[_Class, str], list[str]] = {}
    for (one, value), day in days.items():
        if day >= since or day == newest[one[0], (one[3], value)]:
            found.setdefault((one, day), []).append(value)
    return tuple(
        Remembered(key, day, measure, units, attribute, tuple(sorted(values)))
        for ((key, measure, units, attribute), day), values in sorted(found.items())
    )


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
