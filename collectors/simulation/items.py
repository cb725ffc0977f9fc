"""Feedback items: what people raise on a day, and what becomes of each: answered, decided, implemented, recognised, or left open.
Pure in seed and day, as `plan` is. Which messages they are about is handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.company import NEVER, Company, Flags, People
from collectors.simulation.hours import PRESENCE, Times, local_us
from collectors.simulation.parameters import HOUR, MINUTE, Chance, Parameters
from collectors.simulation.traces import ANONYMOUS, Rows, Traces, only

STANCES = ("critical", "neutral", "supportive")
STEPS = ("answered", "decided", "implemented", "recognised")
ITEMS_LAST_DAYS = 84
"""Nothing happens to an item after so many days: the longest delays of all steps together."""

_RAISED_A_DAY = 0.006  # of the people, on a working day
_SHARES = (0.45, 0.30, 0.25)
_NAMELESS = 0.1
_ABOUT_A_MESSAGE = 0.4


@dataclass(frozen=True)
class Step:
    """`share` of the items that came so far go further, after a median of `days` working days."""

    share: float
    days: float
    longest: int
    spread: float = 0.8


FATE: dict[str, Step] = {
    "answered": Step(0.94, 2.0, 15),
    "decided": Step(0.75, 4.0, 10),
    "implemented": Step(0.45, 6.0, 15),
    "recognised": Step(0.85, 4.0, 15),
}
"""What becomes of an item that is not critical."""
CRITICAL = Step(0.87, 2.6, 15)
"""How critical ones are answered: a little less often, a little later."""


@dataclass(frozen=True)
class Items:
    """The items raised on a day, arrays with an entry each. `people`: who raised it, `named`: whether the tool says so;
    `stance`: positions in STANCES; `about`: a message's number, 0 for none; `at`: step to its moment, NEVER where it is not
    taken."""

    day: date
    people: People
    named: Flags
    stance: NDArray[np.int64]
    about: NDArray[np.int64]
    at: dict[str, Times]

    def id(self, place: int) -> str:
        return f"i-{self.day:%Y%m%d}-{place}"


def raise_items(parameters: Parameters, company: Company, day: date, subjects: Sequence[int]) -> Items:
    """The day's items; none at a weekend. `subjects`: numbers of the messages they can be about."""
    dice = parameters.dice(Chance.ITEMS, day.toordinal())
    noon = local_us(day, 12)
    able = np.flatnonzero(company.present(noon) & ~company.on_leave(noon))
    count = dice.binomial(len(able), _RAISED_A_DAY) if day.weekday() < 5 else 0
    raised_at = local_us(day, 8) + dice.integers(0, 12 * HOUR, count)
    items = Items(
        day=day,
        people=dice.choice(able, count).astype(np.int32),
        named=dice.random(count) >= _NAMELESS,
        stance=dice.choice(len(STANCES), count, p=_SHARES),
        about=_subjects(subjects, count, dice),
        at={"raised": only(raised_at >= parameters.start_us, raised_at)},
    )
    _decide_fates(items, dice)
    return items


def _subjects(subjects: Sequence[int], count: int, dice: np.random.Generator) -> NDArray[np.int64]:
    concerned = dice.random(count) < _ABOUT_A_MESSAGE
    if not subjects:
        return np.zeros(count, dtype=np.int64)
    return np.where(concerned, dice.choice(np.array(subjects, dtype=np.int64), count), 0)


def _decide_fates(items: Items, dice: np.random.Generator) -> None:
    before, count = items.at["raised"], len(items.people)
    for name in STEPS:
        step = FATE[name]
        share, days = np.full(count, step.share), np.full(count, step.days)
        if name == "answered":
            critical = items.stance == STANCES.index("critical")
            share[critical], days[critical] = CRITICAL.share, CRITICAL.days
        taken = (before < NEVER) & (dice.random(count) < share)
        drawn = dice.lognormal(np.log(days), step.spread) * PRESENCE.day_length
        working = np.clip(drawn, MINUTE, step.longest * PRESENCE.day_length).astype(np.int64)
        moments = np.full(count, NEVER, dtype=np.int64)
        moments[taken] = PRESENCE.after(before[taken], working[taken])
        items.at[name] = before = moments


def leave_items(items: Items) -> Rows:
    """What the tool for ideas shows: who raised an item, unless it was left without a name; of the later steps only when."""
    places = np.arange(len(items.people))
    nobody = np.full(len(places), ANONYMOUS, dtype=np.int32)
    value = places.astype(np.float64)
    traces = Traces()
    traces.add("raised", np.where(items.named, items.people, nobody), items.at["raised"], value=value)
    for name in STEPS:
        traces.add(f"item {name}", nobody, items.at[name], value=value)
    return traces.rows(items.day.toordinal())
