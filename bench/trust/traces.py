"""People told from machines over the whole road: companies with scanners, Apple's proxy, caches and blocked images, whose true openings and
clicks have to lie between the published bounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import Tell
from bench.trust.road import UNTIL, Trip, Truth, settled, travel
from bench.trust.told import Claim, Size, Told, percent
from collectors.simulation.parameters import DAY, Parameters
from metrics.machines import LINKS
from metrics.snapshot import PublishedReading

SEEDS = 2000
_DAYS, _CLASS_DAYS = 60, 28
_MOMENTS = [UNTIL - days * DAY for days in range(36, -1, -2)]
_LOW = 0.95
_NAIVE_OFF = 0.05
_MAIL = {"channel": "email"}
_CLASS = {"period": f"rolling {_CLASS_DAYS} days", "scope": {**_MAIL, "topic": "brand"}}  # none of these is reminded of
_TARGETS: list[dict[str, Any]] = [
    {"name": "opened", "indicator": "opened", "period": "message", "scope": _MAIL},
    {"name": "clicked", "indicator": "clicked", "period": "message", "scope": _MAIL},
    {"name": "reach", "indicator": "reach", "period": "message"},
    {"name": "reach_by_department", "indicator": "reach", "period": "message", "by": "department", "judge": "count"},
    {"name": "opened_class", "indicator": "opened", **_CLASS},
    {"name": "clicked_class", "indicator": "clicked", **_CLASS},
]
_ROWS = (
    "openings of a mail with links",
    "openings of a mail without",
    "openings, mails of four weeks",
    "clicks in a mail with three links or more",
    "clicks in a mail with fewer",
    "clicks, mails of four weeks",
    "exposures to a message",
    "exposures to a message, by department",
)


class Held:
    """Readings of one sort, each held against the truth."""

    def __init__(self) -> None:
        self.inside: list[bool] = []
        self.width: list[float] = []
        self.naive_off: list[float] = []

    def add(self, reading: PublishedReading, true: float) -> None:
        assert reading.lower is not None
        assert reading.upper is not None
        self.inside.append(reading.lower - 1e-9 <= true <= reading.upper + 1e-9)
        self.width.append(reading.upper - reading.lower)
        if reading.raw is not None:
            self.naive_off.append(reading.raw - true)

    def row(self) -> tuple[object, ...]:
        off = np.array(self.naive_off)
        return (
            len(self.inside),
            percent(share_inside([self])),
            f"{100 * float(np.mean(self.width)):.0f} points",
            f"{100 * float(np.abs(off).mean()):.0f} points",
            f"{100 * float((off > _NAIVE_OFF).mean()):.0f} %",
            f"{100 * float((off < -_NAIVE_OFF).mean()):.0f} %",
        )


def share_inside(some: Iterable[Held]) -> float:
    return float(np.mean([inside for each in some for inside in each.inside]))


def measure(size: Size, tell: Tell) -> Told:
    """Every message that has settled, for everybody; exposures by department too; classes at the end."""
    held: dict[str, Held] = defaultdict(Held)
    for number in range(size.roads):
        tell("companies with machines, the whole road", number / size.roads)
        trip = travel(Parameters(size.people, _DAYS, SEEDS + number, UNTIL), _TARGETS, _MOMENTS, ["department", "site"])
        for sort, reading, true in (*_messages(trip), *_classes(trip)):
            held[sort].add(reading, true)
    found = [(sort, held[sort]) for sort in _ROWS if sort in held]
    headings = ("what", "readings", "truth inside", "width", "naive: off by", "5 points too high", "5 points too low")
    claims = [
        _claim("human openings of a mail, published bounds", [each for sort, each in found if sort in _ROWS[:2]]),
        _claim("human clicks in a mail, published bounds", [each for sort, each in found if sort in _ROWS[3:5]]),
        _claim(
            "human openings and clicks, mails of four weeks",
            [each for sort, each in found if sort in (_ROWS[2], _ROWS[5])],
        ),
        _claim("exposures, published bounds", [each for sort, each in found if sort in _ROWS[6:]]),
    ]
    figures = [Figure(f"truth inside: {sort}", share_inside([each]), "share", "aim: 0.95") for sort, each in found]
    return Told({"traces": table(headings, [(sort, *each.row()) for sort, each in found])}, claims, figures)


def _claim(what: str, some: list[Held]) -> Claim:
    off = np.abs([each for held in some for each in held.naive_off]).mean()
    return Claim(f"{what} hold the truth", share_inside(some), _LOW, 1, f"off by {100 * off:.0f} points on average")


def _messages(trip: Trip) -> Iterator[tuple[str, PublishedReading, float]]:
    """What was published last of each message that had settled."""
    latest = {
        (reading.target, reading.message, reading.segment): reading
        for snapshot in trip.snapshots
        for reading in (*snapshot.readings, *snapshot.message_readings)
        if reading.message in trip.truth and reading.maturity == 1 and reading.lower is not None
    }
    for (target, message, segment), reading in latest.items():
        truth = trip.truth[message or ""]
        if target.startswith("reach"):
            counts = truth["segments"][segment]
            yield _ROWS[6 if target == "reach" else 7], reading, counts["true"]["reached"] / counts["audience"]
        elif reading.denominator:
            sort = _sort(reading.indicator, truth)
            if sort is not None:
                yield sort, reading, _human(reading.indicator, [truth]) / reading.denominator


def _sort(indicator: str, truth: Truth) -> str | None:
    """None where the truth does not say: links that people without a mailbox followed on the page of a mail stand in it too."""
    links = len(truth["links"])
    if indicator == "opened":
        return _ROWS[0 if links else 1]
    return None if "attention" in truth else _ROWS[3 if links >= LINKS else 4]


def _classes(trip: Trip) -> Iterator[tuple[str, PublishedReading, float]]:
    """The mails of four weeks, as of the day that the figures are of."""
    for reading in trip.snapshots[-1].readings:
        if reading.target.endswith("_class") and reading.denominator and reading.lower is not None:
            as_of = moment_of(reading, [snapshot.as_of for snapshot in trip.snapshots])
            members = [
                truth
                for truth in settled(trip.truth, reading.indicator, as_of - _CLASS_DAYS * DAY, as_of)
                if (truth["channel"], truth["topic"], truth["described"]) == ("email", "brand", "file")
            ]
            yield (
                _ROWS[2 if reading.indicator == "opened" else 5],
                reading,
                _human(reading.indicator, members) / reading.denominator,
            )


def moment_of(reading: PublishedReading, moments: Sequence[int]) -> int:
    """Of which of these its figures are: the last, but where newer ones would tell of a few people those of an earlier day stand."""
    return next((each for each in moments if _day(each) == reading.stands_since), moments[-1])


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1_000_000, UTC).date().isoformat()


def _human(indicator: str, truths: Iterable[Truth]) -> int:
    """How many people truly did it."""
    evidence: list[Mapping[str, int]] = [truth["evidence"][indicator] for truth in truths]
    return sum(each["human"] + each["missed"] for each in evidence)
