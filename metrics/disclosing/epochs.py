"""What of the last snapshot stands until the day is over: small groups and whatever is part of something else that shows; of the others
what has moved by so little that it would tell of single people. Within a day nothing that was hidden is shown."""

from collections.abc import Iterable, Sequence
from typing import Literal

from metrics.disclosing.groups import EVERYBODY, Group
from metrics.disclosure import FEW, Disclosed
from metrics.reading import WHOLE, Reading
from metrics.snapshot import PublishedReading, Snapshot

LARGE = 50  # groups under this change once a day

Standing = Literal["new", "shown", "held", "hidden"]
"""`new`: nothing of it was said today, so it is to be decided; `held`: what was published stands."""

Name = tuple[str, str, str, str, str, str]


def name_of(reading: Reading | PublishedReading) -> Name:
    message, period = reading.message or "", reading.period or ""
    return (reading.target, reading.indicator, reading.channel, reading.segment, message, period)


def published_before(snapshot: Snapshot | None) -> dict[Name, PublishedReading]:
    if snapshot is None:
        return {}
    return {name_of(reading): reading for reading in (*snapshot.message_readings, *snapshot.readings)}


def standing_of(reading: Reading, disclosed: Disclosed, before: PublishedReading | None, *, part: bool) -> Standing:
    """`before`: what was published of it today; `part`: whether it is part of something else that shows, or has lost or gained some."""
    if before is None:
        return "new"
    if before.verdict == "suppressed" or disclosed.hidden:
        return "hidden"
    if before.denominator is None:
        return "new" if len(reading.units) else "shown"
    size = reading.people if len(reading.units) else before.denominator
    return "shown" if not part and size >= LARGE and _moved_enough(before, disclosed) else "held"


def _moved_enough(before: PublishedReading, now: Disclosed) -> bool:
    """Numerator, denominator and what lies between them have each moved by nothing or by several people."""
    was = before.numerator or 0, before.denominator or 0
    shall_be = now.numerator or 0, now.denominator or 0
    moves = shall_be[0] - was[0], shall_be[1] - was[1]
    return all(move == 0 or abs(move) >= FEW for move in (*moves, moves[1] - moves[0]))


def is_part(reading: Reading, group: Group, wholes: Iterable[Group]) -> bool:
    """A segment, a word of messages, or units that another whole of the same measure holds and more. `wholes`: of its measure."""
    if reading.segment != WHOLE or group.place != EVERYBODY:
        return True
    return any(group.units < whole.units for whole in wholes)


def hidden_places(published: Iterable[PublishedReading]) -> Sequence[tuple[str, str]]:
    """Segments of which something is hidden."""
    found = [reading.segment.partition("=") for reading in published if reading.verdict == "suppressed"]
    return [(attribute, value) for attribute, sign, value in found if sign]
