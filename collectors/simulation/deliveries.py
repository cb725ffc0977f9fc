"""Deliveries: which repeat what the same person received within a week, and which come outside working hours. Counts only."""

from collections import defaultdict

import numpy as np

from collectors.simulation.behaviour import Acts
from collectors.simulation.company import People
from collectors.simulation.hours import OFFICE, Times
from collectors.simulation.parameters import DAY
from collectors.simulation.plan import Message

REPEATED_DAYS = 7


class Deliveries:
    """Remembers who was delivered what, so that a repeat is known as one."""

    def __init__(self) -> None:
        self._earlier: dict[str, list[tuple[People, Times]]] = defaultdict(list)

    def count(self, message: Message, acts: Acts, before: int) -> dict[str, int]:
        """A message's deliveries before a moment; those whose person was delivered the same content, or a message of the same
        campaign, up to seven days earlier (of a reminder all of them are reminders); and those outside working hours."""
        landed = acts.landed() & (acts.at["delivered"] < before)
        people, moments = acts.people[landed], acts.at["delivered"][landed]
        repeated = np.zeros(len(people), dtype=np.bool_)
        for name in filter(None, (message.campaign, message.content_id)):
            for others, earlier in self._earlier[name]:
                places = np.minimum(np.searchsorted(others, people), len(others) - 1)
                same = others[places] == people
                repeated |= same & (earlier[places] < moments) & (moments <= earlier[places] + REPEATED_DAYS * DAY)
            if len(people):
                self._earlier[name].append((people, moments))
        return {
            "all": len(people),
            "repeated": int(repeated.sum()),
            "outside_hours": int((~OFFICE.cover(moments)).sum()),
        }
