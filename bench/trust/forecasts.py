"""Whether forecasts of young messages hold as often as they say: of drawn messages by their number, and of articles of simulated companies
over the whole road."""

from collections.abc import Iterator

import numpy as np
from scipy.special import logit

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import Tell
from bench.trust.road import UNTIL, Trip, travel
from bench.trust.told import Claim, Size, Told, percent
from collectors.simulation.parameters import DAY, HOUR, Parameters
from metrics.forecast import FEWEST, forecast
from metrics.snapshot import Ahead

SEEDS = 4000
SAID = 0.90
_TIMES = 8
_EARLIER = (FEWEST, 39, 50, 100)
_TEAMS, _WEEKS = 10, 26
_BEFORE = 160  # days until there are enough earlier ones
_CHANCE = 0.01  # of our own trial
# An article is sent on Thursday mornings and settles after nine days: at these moments exactly one is young, and known up to these ages
# (working hours). Hours before the next Thursday, 9:00.
_MOMENTS = {8: 93 * HOUR, 16: 45 * HOUR, 24: 13 * HOUR}
_THURSDAY = UNTIL + 22 * HOUR  # the next one, 9:00 in Paris
_TARGETS = [
    {"name": "articles", "indicator": "reach", "value": "0.8", "period": "message", "scope": {"channel": "intranet"}}
]


def measure(size: Size, tell: Tell) -> Told:
    """Both, the naive forecast beside: that it stays as it is."""
    tell("forecasts", 0.0)
    drawn, naive = zip(*(_drawn(earlier, _TIMES * size.classes) for earlier in _EARLIER), strict=True)
    inside, claimed = _watch(size, tell)
    everything = float(np.mean([each for some in inside.values() for each in some]))
    rows = [
        *(
            (f"drawn, {earlier} earlier", _TIMES * size.classes, percent(share), "-")
            for earlier, share in zip(_EARLIER, drawn, strict=True)
        ),
        *(
            (f"the whole road, {age} working hours old", len(each), percent(float(np.mean(each))), "-")
            for age, each in inside.items()
        ),
        ("the whole road, all of them", len(claimed), percent(everything), percent(float(np.mean(claimed)))),
    ]
    what = "ranges of 90 % hold where young messages end, drawn ones, worst number of earlier ones"
    off = f"as it stands today, off by {100 * max(naive):.0f} points"
    claims = [
        Claim(what, min(drawn), SAID - _CHANCE, 1, off),
        Claim("ranges of 90 % hold where young articles end, the whole road", everything, SAID - _CHANCE, 1),
    ]
    figures = [
        Figure(f"forecasts inside, {earlier} earlier", share, "share", "aim: 0.90")
        for earlier, share in zip(_EARLIER, drawn, strict=True)
    ]
    figures.append(Figure("forecasts inside, the whole road", everything, "share", "aim: 0.90"))
    headings = ("young messages", "forecasts", "ended inside", "said of itself")
    return Told({"forecasts": table(headings, rows)}, claims, figures)


def _watch(size: Size, tell: Tell) -> tuple[dict[int, list[bool]], list[float]]:
    """Over the whole road: by age, whether each article ended inside; how often each forecast said that it would hold."""
    inside: dict[int, list[bool]] = {age: [] for age in _MOMENTS}
    claimed: list[float] = []
    companies = max(1, size.roads // 2)
    watched = _WEEKS if size.roads > 1 else 3
    moments = [_THURSDAY - week * 7 * DAY - before for week in range(watched, -1, -1) for before in _MOMENTS.values()]
    for number in range(companies):
        tell("forecasts, the whole road", number / companies)
        parameters = Parameters.of_teams(_TEAMS, _BEFORE + 7 * watched, SEEDS + number, UNTIL)
        for age, ahead, final in _judged(travel(parameters, _TARGETS, moments, ["team"])):
            inside[age].append(ahead.lower <= final <= ahead.upper)
            claimed.append(ahead.covered)
    return inside, claimed


def _drawn(earlier: int, number: int) -> tuple[float, float]:
    """Messages that grow by a share of their own to a share of their own: how many end inside, and how far off they stand before."""
    dice, inside, off = np.random.default_rng([SEEDS, earlier]), 0, 0.0
    for _ in range(number):
        final = dice.beta(20, 8, earlier + 1)
        then = final * dice.beta(12, 8, earlier + 1)
        now = logit(then)
        found = forecast(float(now[-1]), now[:-1], logit(final[:-1]))
        assert found is not None
        inside += found.lower <= final[-1] <= found.upper
        off += float(final[-1] - then[-1])
    return inside / number, off / number


def _judged(trip: Trip) -> Iterator[tuple[int, Ahead, float]]:
    """Every forecast with its age and what the message came to."""
    final = {
        reading.message: reading.value
        for snapshot in trip.snapshots
        for reading in (*snapshot.readings, *snapshot.message_readings)
        if reading.maturity == 1 and reading.value is not None
    }
    ages = list(_MOMENTS)
    for place, snapshot in enumerate(trip.snapshots):
        for reading in snapshot.readings:
            value = final.get(reading.ahead.message) if reading.ahead is not None else None
            if reading.ahead is not None and value is not None:
                yield ages[place % len(ages)], reading.ahead, value
