"""One drawn company for a year, a day at a time: its messages with their true shares, the verdicts that the service's own methods give, and
the alerts that come of them. What is counted of many years is left to `__main__`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bench.noise.verdicts import verdict
from bench.trust.draws import ALL_SEEN, Counts, count_people, draw_shares
from metrics.bounds import chance_below
from metrics.change import find_fallen, hold_to_rate, moving_average, score
from metrics.reading import Judge, State, denominators

DAYS = 365
PERIOD = 28  # days of a class
SETTLES = 9  # days from sending to judging: five working days of window, two of lateness
SMALLEST, LARGEST, HIDDEN_UNDER = 8, 30, 10
TARGET, HEALTHY, SPREAD = (
    0.80,
    0.05,
    0.05,
)  # shares: the truth lies five points over the target, and differs by as much between messages
_BEFORE = 90  # days of history that the year begins with
_MOST, _BACK = (
    100,
    60,
)  # earlier messages that a score rests on, and scores that the average feels, as in `metrics.trend`

Kind = Literal["whole by count", "whole by process", "teams by process"]

Part = int
"""A team by its number; WHOLE is everybody."""
WHOLE: Part = -1


@dataclass(frozen=True)
class Drop:
    """From `day` on, so many `points` (a share) fewer for one team, or for everybody."""

    day: int
    points: float
    part: Part


@dataclass
class Goal:
    """A target: how many messages it sees in 28 days, how it is judged, and what is wrong with it, if anything."""

    messages: int
    kind: Kind
    drop: Drop | None = None
    sent: list[int] = field(default_factory=list)
    counts: list[Counts] = field(default_factory=list)
    """Of each message: shape (teams, COLUMNS)."""

    def truth(self, part: Part, day: int) -> float:
        """Of a message of that day."""
        drop = self.drop
        fallen = drop is not None and day >= drop.day and drop.part in (WHOLE, part)
        return TARGET + HEALTHY - (drop.points if fallen and drop is not None else 0.0)


def send_all(goal: Goal, people: NDArray[np.int64], dice: np.random.Generator) -> None:
    """Every message of the year and of the history before it. A message is as good or bad for all teams, but for a drop."""
    days = np.arange(-_BEFORE, DAYS, PERIOD / goal.messages)
    goal.sent = sorted(np.clip(days + dice.uniform(-1, 1, len(days)), -_BEFORE, DAYS - 1).astype(int).tolist())
    for day in goal.sent:
        luck = float(draw_shares(TARGET + HEALTHY, SPREAD, 1, dice)[0]) - TARGET - HEALTHY
        shares = np.array([goal.truth(team, day) for team in range(len(people))]) + luck
        goal.counts.append(count_people(people, np.clip(shares, 0.01, 0.99), ALL_SEEN, dice))


def members(goal: Goal, day: int) -> tuple[int, int]:
    """Of its messages, by place, those of the class that is judged on a day: [first, last)."""
    return int(np.searchsorted(goal.sent, day - PERIOD, side="right")), int(
        np.searchsorted(goal.sent, day - SETTLES, side="right")
    )


def judge_parts(counts: Sequence[Counts], shown: Sequence[Part], *, one_is_enough: bool = False) -> set[Part]:
    """Those missed, as parts are judged: chance included, and as many of them as keep the share of false ones low."""
    stacked = np.stack(counts)
    done, people = stacked[:, :, State.H].sum(axis=0), denominators(stacked.sum(axis=0))
    # Where the bare percentage is on the good side so is the upper end, and chance explains all of it: not to be looked at closely.
    below = [team for team in shown if done[team] < TARGET * people[team]]
    chances = {team: chance_below(stacked[:, team, State.H], denominators(stacked[:, team]), TARGET) for team in below}
    kept = hold_to_rate([chances.get(team, 1.0) for team in shown])
    surviving = {team for team, stands in zip(shown, kept, strict=True) if stands}
    return {team for team in below if team in surviving and _is_missed(stacked[:, team], "process", one_is_enough)}


def _is_missed(counts: Counts, asked: Judge, one_is_enough: bool) -> bool:
    return verdict(counts, TARGET, asked, k=HIDDEN_UNDER, one_is_enough=one_is_enough) == "missed"


@dataclass(frozen=True)
class Fired:
    """An alert that began on a day; `happened`: whether what the readings were about truly lay under the target, whatever the process."""

    goal: int
    part: Part
    day: int
    happened: bool
    falling: bool = False


def live_through(goals: Sequence[Goal], people: NDArray[np.int64], *, one_is_enough: bool = False) -> Iterator[Fired]:
    """A year of alerts: of targets missed, once each time one begins, and of indicators that fall. `one_is_enough`: as if a process were
    judged by one message too."""
    shown = [team for team in range(len(people)) if people[team] >= HIDDEN_UNDER]
    scores = [_scores(goal) for goal in goals]
    standing: list[set[Part]] = [set() for _ in goals]
    last: list[tuple[int, int] | None] = [None for _ in goals]
    fallen_before: list[bool] = [False for _ in goals]
    for day in range(DAYS):
        charts = []
        for number, goal in enumerate(goals):
            found = members(goal, day)
            if found != last[number]:
                last[number] = found
                missed = _missed(goal, found, shown, one_is_enough)
                for part in sorted(missed - standing[number]):
                    yield Fired(number, part, day, _happened(goal, found, part))
                standing[number] = missed
            charts.append(moving_average(scores[number][max(0, found[1] - _BACK) : found[1]]))
        fallen = find_fallen(charts)
        for number, is_fallen in enumerate(fallen):
            if is_fallen and not fallen_before[number]:
                yield Fired(number, WHOLE, day, True, falling=True)
        fallen_before = fallen


def _missed(goal: Goal, found: tuple[int, int], shown: Sequence[Part], one_is_enough: bool) -> set[Part]:
    counts = goal.counts[found[0] : found[1]]
    if not counts:
        return set()
    if goal.kind == "teams by process":
        return judge_parts(counts, shown, one_is_enough=one_is_enough)
    asked: Judge = "count" if goal.kind == "whole by count" else "process"
    return {WHOLE} if _is_missed(_together(counts), asked, one_is_enough) else set()


def _together(counts: Sequence[Counts]) -> Counts:
    together: Counts = np.stack(counts).sum(axis=1)
    return together


def _happened(goal: Goal, found: tuple[int, int], part: Part) -> bool:
    stacked = np.stack(goal.counts[found[0] : found[1]])
    of = stacked.sum(axis=1) if part == WHOLE else stacked[:, part]
    return bool(of[:, State.H].sum() < TARGET * denominators(of).sum())


def _scores(goal: Goal) -> list[float]:
    """Of each message of the whole audience, against those before it."""
    together = _together(goal.counts)
    done, people = together[:, State.H], denominators(together)
    odds = np.log(done + 0.5) - np.log(people - done + 0.5)
    found = [score(float(value), odds[max(0, place - _MOST) : place]) for place, value in enumerate(odds)]
    return [0.0 if one is None else one for one in found]
