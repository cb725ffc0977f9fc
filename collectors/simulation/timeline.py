"""Time passing in the simulated world: rows in the order of their arrival, from any moment on, without end."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from collectors.simulation.behaviour import LASTS_DAYS, Acts
from collectors.simulation.disturbance import LONGEST_DELAY, in_order
from collectors.simulation.hours import day_of, local_us
from collectors.simulation.items import ITEMS_LAST_DAYS
from collectors.simulation.parameters import DAY
from collectors.simulation.plan import Message
from collectors.simulation.traces import ROW, Rows
from collectors.simulation.world import World

# No row of a message, or of an item, arrives later after its day than this.
_TAIL_DAYS = LASTS_DAYS + LONGEST_DELAY // DAY + 1
_ITEM_TAIL_DAYS = ITEMS_LAST_DAYS + LONGEST_DELAY // DAY + 1

_NOTHING = np.zeros(0, dtype=ROW)

Watcher = Callable[[Message, Acts, Rows], None]


class Timeline:
    """Stands at a moment and moves forward. `watch` is told of every message that is sent on the way, with its acts and all the
    rows it will ever leave."""

    def __init__(self, world: World, after_us: int, *, watch: Watcher | None = None) -> None:
        self._world = world
        self._watch = watch
        self.position = after_us
        earliest = day_of(world.parameters.start_us)
        self._day = max(earliest, day_of(after_us) - timedelta(days=_TAIL_DAYS))
        first = max(earliest, day_of(after_us) - timedelta(days=_ITEM_TAIL_DAYS))
        older = (first + timedelta(days=offset) for offset in range((self._day - first).days))
        self._waiting: list[Rows] = [world.item_rows(day) for day in older]

    def advance(self, to_us: int) -> Rows:
        """The rows that arrive after the position and up to `to_us` (not in the past), in order. Memory follows the distance: go
        in steps of a day."""
        while local_us(self._day, 0) <= to_us:
            self._begin_day()
        due, waiting = [], []
        for rows in self._waiting:
            first = int(rows["arrival"].searchsorted(self.position, side="right"))
            last = int(rows["arrival"].searchsorted(to_us, side="right"))
            due.append(rows[first:last])
            if last < len(rows):
                # A copy, so that what is done with can be freed.
                waiting.append(rows[last:].copy() if last else rows)
        self._waiting = waiting
        self.position = to_us
        return in_order([_NOTHING, *due])

    def _begin_day(self) -> None:
        world = self._world
        for message in world.messages(self._day):
            acts = world.acts(message)
            rows = world.rows(message, acts)
            if self._watch is not None:
                self._watch(message, acts, rows)
            self._waiting.append(rows)
        self._waiting.append(world.item_rows(self._day))
        self._waiting.append(world.background(self._day))
        self._day += timedelta(days=1)
