"""The truth of feedback items: every one with its stance and what became of it. Raising them is left to `items`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from collectors.simulation.catalogue import utc_text
from collectors.simulation.company import values
from collectors.simulation.hours import day_of
from collectors.simulation.items import STANCES, Items
from collectors.simulation.world import World


def true_items(world: World) -> Iterator[dict[str, Any]]:
    """Every item raised up to the parameters' `until_us`, in the order of days; a step taken only later is absent."""
    parameters = world.parameters
    first, last = day_of(parameters.start_us), day_of(parameters.until_us)
    for offset in range((last - first).days + 1):
        items = world.items(first + timedelta(days=offset))
        for place in range(len(items.people)):
            if items.at["raised"][place] <= parameters.until_us:
                yield _describe(world, items, place)


def _describe(world: World, items: Items, place: int) -> dict[str, Any]:
    until, person, about = world.parameters.until_us, int(items.people[place]), int(items.about[place])
    moments = {step: int(moments[place]) for step, moments in items.at.items()}
    department = world.company.codes("department", moments["raised"])[person]
    return {
        "item": items.id(place),
        "stance": STANCES[items.stance[place]],
        "named": bool(items.named[place]),
        "department": values("department")[department],
        "about": world.message(about).id if about else None,
        **{step: utc_text(moment) if moment <= until else None for step, moment in moments.items()},
    }
