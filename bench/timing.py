"""Time taken fairly on a machine that others use too: the ways to do a thing take turns, and the best of each counts."""

import time
from collections.abc import Callable, Mapping


def take_turns(
    ways: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """The least seconds that each way took, by the CPU's clock unless told otherwise."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, work in ways.items():
            began = clock()
            work()
            best[name] = min(clock() - began, best.get(name, float("inf")))
    return best
