"""Healthy companies and drops, over the whole road: what is published of 40 teams, beside what the naive percentage says."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import Tell
from bench.trust.road import UNTIL, Trip, settled, travel
from bench.trust.told import Claim, Size, Told, percent
from collectors.simulation.parameters import DAY, Parameters
from metrics.snapshot import PublishedReading

SEEDS = 1000
TARGET, REACH = 0.80, 0.85
DROPS = (10, 20)
SPANS = (14, 28, 42)  # days of the classes
_AFTER = 45  # days that a drop has lasted at the end
_MOST_FALSE = 0.01
_TARGETS: list[dict[str, Any]] = [
    {
        "name": f"teams_{days}",
        "indicator": "reach",
        "value": str(TARGET),
        "by": "team",
        "period": f"rolling {days} days",
    }
    for days in SPANS
] + [
    {"name": f"whole_{days}", "indicator": "reach", "value": str(TARGET), "period": f"rolling {days} days"}
    for days in SPANS
]

When = str
"""`healthy`, or after which drop."""


class Verdicts:
    """Of readings of one truth, each with the naive figure beside it."""

    def __init__(self) -> None:
        self.said: Counter[str] = Counter()
        self.below = self.messages = 0

    def add(self, reading: PublishedReading, naive: float, messages: int) -> None:
        self.said["chance" if reading.reason == "chance" else reading.verdict] += 1
        self.below += naive < TARGET
        self.messages += messages

    def share(self, verdict: str) -> float:
        return self.said[verdict] / max(self.said.total(), 1)

    @property
    def naive(self) -> float:
        return self.below / max(self.said.total(), 1)


class Exactness:
    """Whether what is published as having happened is what truly happened. Senders like their own articles, by which they count as
    reached, and which the truth leaves out: as many may be more."""

    def __init__(self) -> None:
        self.compared = self.alike = 0

    def add(self, reading: PublishedReading, reached: int, audience: int, articles: int) -> None:
        if reading.numerator is not None and not reading.coarse:
            self.compared += 1
            more = reading.numerator - reached
            self.alike += reading.denominator == audience and 0 <= more <= articles


def measure(size: Size, tell: Tell) -> Told:
    """Half of the companies lose ten points, the others twenty."""
    found: dict[tuple[When, int], Verdicts] = {}
    exact = Exactness()
    for number in range(max(size.roads, len(DROPS))):
        tell("plain companies, the whole road", number / max(size.roads, len(DROPS)))
        drop = DROPS[number % len(DROPS)]
        day = datetime.fromtimestamp(UNTIL / 1_000_000, UTC).date() - timedelta(days=_AFTER)
        parameters = Parameters.of_teams(
            size.teams, size.days, SEEDS + number, UNTIL, reach=REACH, drop=f"{drop},{day}"
        )
        before = UNTIL - (_AFTER + 1) * DAY
        trip = travel(parameters, _TARGETS, [before - 14 * DAY, before, UNTIL], ["team"])
        for snapshot, when in zip(trip.snapshots, ("healthy", "healthy", f"a drop of {drop}"), strict=True):
            for reading in snapshot.readings:
                _note(reading, trip, snapshot.as_of, found, when, exact)
    return _tell(found, exact)


def _note(
    reading: PublishedReading,
    trip: Trip,
    now: int,
    found: dict[tuple[When, int], Verdicts],
    when: When,
    exact: Exactness,
) -> None:
    name, _, days = reading.target.partition("_")
    members = settled(trip.truth, "reached", now - int(days) * DAY, now)
    counts = [each["segments"][reading.segment] for each in members]
    reached, audience = sum(each["true"]["reached"] for each in counts), sum(each["audience"] for each in counts)
    if not audience:
        return
    exact.add(reading, reached, audience, sum(each["channel"] == "intranet" for each in members))
    if name == "teams":
        found.setdefault((when, int(days)), Verdicts()).add(reading, reached / audience, len(members))


_SAID = {"missed": "missed", "chance": "chance", "undetermined": "undetermined", "met": "met", "suppressed": "hidden"}
"""What is counted of the readings: verdicts and `chance`, by their headings."""


def _tell(found: Mapping[tuple[When, int], Verdicts], exact: Exactness) -> Told:
    placed = sorted(found.items(), key=_place)
    rows = [
        (
            when,
            days,
            f"{each.messages / each.said.total():.0f}",
            each.said.total(),
            *(f"{100 * each.share(verdict):.1f}" for verdict in _SAID),
            f"{100 * each.naive:.1f}",
        )
        for (when, days), each in placed
    ]
    headings = ("the company", "days", "messages", "readings", *_SAID.values(), "naive: missed")
    healthy = [each for (when, _), each in placed if when == "healthy"]
    naive = [each.naive for each in healthy]
    claims = [
        Claim(
            "healthy teams' readings published as *missed*, the whole road, worst of three periods",
            max(each.share("missed") for each in healthy),
            high=_MOST_FALSE,
            naive=f"{percent(min(naive))} to {percent(max(naive))}",
        ),
        Claim(
            "published figures of teams and companies that are what truly happened, where nothing hides",
            exact.alike / max(exact.compared, 1),
            1.0,
        ),
    ]
    figures = [
        Figure(f"the whole road, {when}, {days} days: missed", each.share("missed"), "share", f"naive {each.naive:.3f}")
        for (when, days), each in placed
    ]
    return Told({"road teams": table(headings, rows)}, claims, figures)


def _place(item: tuple[tuple[When, int], Verdicts]) -> tuple[bool, When, int]:
    (when, days), _ = item
    return when != "healthy", when, days
