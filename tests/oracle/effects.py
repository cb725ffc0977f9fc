"""How many more acted than among those held out: who these are over the messages of a unit, and the difference with its interval."""

from collections.abc import Mapping, Sequence
from math import hypot
from typing import NamedTuple

from tests.oracle.acts import State
from tests.oracle.cases import Case, Shows
from tests.oracle.deeds import acted
from tests.oracle.directory import Row
from tests.oracle.figures import Interval, across_units

Group = tuple[Mapping[str, int], bool]
"""The counts of a unit, and whether it tells who did not."""


def held_states(judged: Sequence[tuple[Case, int]], shows: Shows) -> dict[int, tuple[Row, State]]:
    """Whoever was held out of every message of a unit that was ever theirs to get, by their best evidence; `judged`: its messages, each
    with the second at which its window closes."""
    sent_to = {person for case, _ in judged for person in case.audience}
    found: dict[int, tuple[Row, State]] = {}
    for case, deadline in judged:
        held = case.deed.holdout if case.deed is not None else None
        for person, row in held.audience.items() if held is not None else ():
            if person in sent_to or held is None or case.deed is None:
                continue
            state = acted(case.deed, held, shows, person, deadline)
            first, best = found.get(person, (row, state))
            found[person] = first, min(best, state)
    return found


class Difference(NamedTuple):
    value: float | None
    lower: float
    upper: float
    measured: Interval


class _Side(NamedTuple):
    """One group over all units: the least and the most that may have acted, and what chance makes of these; likewise of those known."""

    value: float | None
    least: float
    most: float
    chance: Interval
    known: Interval


def difference(
    audience: Sequence[Group], holdout: Sequence[Group], *, process: bool, at_random: bool, blind_share: float
) -> Difference | None:
    """Mapped from -1..1 to 0..1; None where one group is empty. `blind_share`: of those who act in either, the share that nobody sees."""
    if not sum(one["n"] for one, _ in audience) or not sum(one["n"] for one, _ in holdout):
        return None
    mine, theirs = _side(audience, 1 - blind_share), _side(holdout, 1 - blind_share)
    measured = mine.least - theirs.most, mine.most - theirs.least
    value = None if mine.value is None or theirs.value is None else mine.value - theirs.value
    lower, upper = measured
    if at_random and mine.value is not None and theirs.value is not None:
        lower = upper = mine.value - theirs.value
        if process:
            lower -= hypot(mine.value - mine.known[0], theirs.known[1] - theirs.value)
            upper += hypot(mine.known[1] - mine.value, theirs.value - theirs.known[0])
    elif process:
        lower -= hypot(mine.least - mine.chance[0], theirs.chance[1] - theirs.most)
        upper += hypot(mine.chance[1] - mine.most, theirs.least - theirs.chance[0])
    ends = _mapped(measured[0]), _mapped(measured[1])
    return Difference(None if value is None else _mapped(value), _mapped(lower), _mapped(upper), ends)


def _mapped(one: float) -> float:
    return (one + 1) / 2


def _side(units: Sequence[Group], visible: float) -> _Side:
    counts = [one for one, _ in units]
    trials, done = [one["n"] for one in counts], [one["H"] for one in counts]
    possible = [one["H"] + one["P"] + one["U"] + one["S_likely"] for one in counts]
    told = [(one["H"], one["n"] - one["P"] - one["U"]) for one, tells in units if tells]
    n, known = sum(trials), sum(people for _, people in told)
    value = sum(y for y, _ in told) / known if 2 * (n - known) <= n else None
    below, above = across_units(done, trials), across_units(possible, trials)
    assert below is not None
    assert above is not None
    around = across_units([y for y, _ in told], [people for _, people in told]) or (0.0, 1.0)
    most, above_all = (min(1.0, end / visible) for end in (sum(possible) / n, above[1]))
    return _Side(value, sum(done) / n, most, (below[0], above_all), around)
