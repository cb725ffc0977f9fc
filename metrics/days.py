"""Days as units: how many of a day's facts are what an indicator asks for. The facts are counted in `traffic`, what they come to over many
days is left to `readings`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

import numpy as np

from config.schema import Target
from metrics.classes import Unit, is_about, label_of, no_units
from metrics.clock import Clocks
from metrics.machines import RULES_VERSION
from metrics.reading import COLUMNS, Cells, D, E, State
from metrics.traffic import Traffic
from metrics.trust import Tally

_ByDay = dict[date, dict[str, Tally]]


class Days:
    """`lateness`: seconds by which a channel's events may come late."""

    def __init__(self, clocks: Clocks, lateness: Mapping[str, int]) -> None:
        self._clocks = clocks
        self._lateness = lateness

    def units(
        self, target: Target, chosen: Callable[[Tally], int], traffic: Traffic, now: int
    ) -> tuple[dict[str, list[Unit]], dict[Unit, Cells]]:
        """Each day that has begun by now (seconds) as a unit of its own, by what the target is broken down by."""
        units = no_units(target)
        cells: dict[Unit, Cells] = {}
        for label, days in sorted(_by_label(target, traffic).items()):
            for day, channels in sorted(days.items()):
                unit = self._unit(label, day, target.scope.channel, channels)
                if unit.sent_at <= now:
                    units.setdefault(label, []).append(unit)
                    cells[unit] = _cells(sum(channels.values(), Tally()), chosen)
        return units, cells

    def _unit(self, label: str, day: date, channel: str | None, channels: Iterable[str]) -> Unit:
        begin = self._clocks.local_midnight(day)
        end = self._clocks.local_midnight(day + timedelta(days=1))
        # A source may still tell of a channel that was silent so far.
        late = [self._lateness.get(channel, 0)] if channel is not None else self._lateness.values()
        return Unit(f"{label or 'facts'} {day}", (), frozenset(channels), begin, end, end + max(late, default=0))


def _by_label(target: Target, traffic: Traffic) -> Mapping[str, _ByDay]:
    found: dict[str, _ByDay] = {}
    for message, counted in traffic.parts(lambda message: is_about(message, target.scope)):
        label = label_of(message, target)
        for (channel, day), tally in counted.items():
            if label is not None and target.scope.channel in (None, channel):
                channels = found.setdefault(label, {}).setdefault(day, {})
                channels[channel] = channels.get(channel, Tally()) + tally
    return found


def _cells(tally: Tally, chosen: Callable[[Tally], int]) -> Cells:
    counts = np.zeros((1, COLUMNS), dtype=np.int64)
    counts[0, State.H] = chosen(tally)
    counts[0, State.NOT] = tally.facts - chosen(tally)
    counts[0, E] = counts[0, D] = tally.people
    return Cells({"": ("",)}, {"": counts}, rules=RULES_VERSION)
