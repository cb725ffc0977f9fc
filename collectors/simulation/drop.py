"""A planted drop in readership, as it is asked for: how many points, from which day. Whom it concerns is found in the `world`."""

from dataclasses import dataclass
from datetime import date

FORM = "POINTS,DAY or POINTS,DAY,WHOSE, such as 20,2026-10-12,department=Sales or 20,2026-10-12,owner=operations"


@dataclass(frozen=True)
class Drop:
    """From `day` on (local), so many percentage `points` fewer look: of everybody (`name` empty), of a value of an attribute of the
    directory, or of whoever an `owner`'s messages are meant for."""

    points: float
    day: date
    name: str = ""
    value: str = ""


def read_drop(text: str) -> Drop | None:
    """The drop that a text asks for; an empty one asks for none. ValueError with a sentence."""
    if not text:
        return None
    points, _, rest = text.partition(",")
    day, _, whose = rest.partition(",")
    name, equals, value = whose.partition("=")
    try:
        drop = Drop(float(points), date.fromisoformat(day), name, value)
    except ValueError:
        raise ValueError(f"drop: found {text}; allowed: {FORM}") from None
    if not 0 < drop.points <= 100 or (whose and not (name and equals and value)):
        raise ValueError(f"drop: found {text}; allowed: {FORM}")
    return drop
