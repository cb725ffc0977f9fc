"""How the ledger forgets, in time: counts are frozen and times go after the grace, sets after the retention. What forgetting
does to the tables is left to `metrics.ledger.forgetting`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from config.schema import Retention
from metrics.classes import seconds
from metrics.clock import Clocks
from metrics.messages import Catalogue, Message

LastWindow = Callable[[Message], int]
"""The moment (seconds) at which the longest window of a message closes."""


@dataclass(frozen=True)
class Due:
    """Campaigns (units of the catalogue) whose time has come. `collapse`: times go, counts are frozen; `drop`: sets and frozen
    counts go too."""

    collapse: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forgotten:
    """What was forgotten so far: campaigns by how far it has gone."""

    collapsed: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)


def find_due(
    catalogue: Catalogue, retention: Retention, *, clocks: Clocks, last_window: LastWindow, already: Forgotten, now: int
) -> Due:
    """What is due at `now` (seconds). A campaign is forgotten whole, by its youngest message."""
    day = clocks.working_day_seconds
    grace, kept = retention.late_grace.seconds(day), retention.sets.seconds(day)
    collapse, drop = [], []
    for unit, ids in catalogue.units.items():
        messages = [catalogue.messages[id] for id in ids]
        if any(message.sent_at is None for message in messages):
            continue
        youngest = max(seconds(message.sent_at or 0) for message in messages)
        if unit not in already.dropped and youngest + kept <= now:
            drop.append(unit)
        elif unit not in already.collapsed and max(map(last_window, messages)) + grace <= now:
            collapse.append(unit)
    return Due(tuple(collapse), tuple(drop))


def references_of(catalogue: Catalogue, units: Iterable[str], by_message: Mapping[str, Iterable[str]]) -> list[str]:
    """All references of these campaigns, sorted."""
    return sorted({ref for unit in units for id in catalogue.units[unit] for ref in by_message.get(id, ())})
