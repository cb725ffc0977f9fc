"""False alarms, and what is found: drawn companies of 40 teams of 8 to 30 people, whose truth is known against the target. What disclosure
and the rate of false discoveries make of it is left to `road`, which takes simulated companies the whole way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import Tell
from bench.trust.draws import ALL_SEEN, Counts, Hidden, count_people, draw_shares
from bench.trust.methods import Method, count, percentage, process
from bench.trust.told import Claim, Size, Told, percent

SEED = 20_261_103
TEAMS, SMALLEST, LARGEST = 40, 8, 30
MESSAGES = (2, 4, 8, 12)
HEALTHY = 0.05
TRUTHS = (HEALTHY, 0.0, -0.05, -0.10, -0.15, -0.20)  # against the target
TARGETS = ((0.80, 0.05), (0.80, 0.10), (0.50, 0.05), (0.50, 0.10), (0.90, 0.04))
"""With the standard deviation between messages."""
_UNSEEN = Hidden(0.2)
_MOST_FALSE = 0.01


@dataclass
class Tally:
    """Verdicts on readings that were all true to one truth."""

    readings: int = 0
    missed: int = 0
    met: int = 0
    below: int = 0

    def add(self, counts: Counts, method: Method, target: float) -> None:
        """`below`: what the naive percentage would have called missed."""
        low, high = method(counts)
        self.readings += 1
        self.missed += high < target
        self.met += low >= target
        self.below += percentage(counts) < target

    @property
    def false(self) -> float:
        return self.missed / self.readings

    @property
    def naive(self) -> float:
        return self.below / self.readings

    @property
    def undetermined(self) -> float:
        return 1 - (self.missed + self.met) / self.readings

    def text(self) -> str:
        return f"{100 * self.false:.1f} ({100 * self.undetermined:.0f})"


def companies(
    truth: float, spread: float, messages: int, hidden: Hidden, number: int, dice: np.random.Generator
) -> Iterator[Counts]:
    """Shape (messages, teams, COLUMNS): a message is as good for all teams."""
    for _ in range(number):
        people = dice.integers(SMALLEST, LARGEST + 1, TEAMS)
        shares = draw_shares(truth, spread, (messages, 1), dice)
        everybody = np.broadcast_to(people, (messages, TEAMS))
        yield count_people(everybody, np.broadcast_to(shares, everybody.shape), hidden, dice)


def judge_teams(
    target: float,
    off: float,
    spread: float,
    messages: int,
    size: Size,
    methods: Mapping[str, Method],
    hidden: Hidden = ALL_SEEN,
) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Of every team, and of every whole company; by method."""
    teams, wholes = ({name: Tally() for name in methods} for _ in range(2))
    dice = np.random.default_rng(
        [SEED, messages, round(1000 * (target + off)), round(1000 * spread), round(1000 * hidden.share)]
    )
    for counts in companies(target + off, spread, messages, hidden, size.companies, dice):
        for name, method in methods.items():
            for team in range(TEAMS):
                teams[name].add(counts[:, team], method, target)
            wholes[name].add(counts.sum(axis=1), method, target)
    return teams, wholes


def measure_healthy(size: Size, tell: Tell, ours: Method = process) -> Told:
    """Truth five points over the target, several targets."""
    rows, figures, worst, naive = [], [], 0.0, 0.0
    for place, (target, spread) in enumerate(TARGETS):
        tell("false alarms", place / len(TARGETS))
        told = [judge_teams(target, HEALTHY, spread, messages, size, {"": ours})[0][""] for messages in MESSAGES]
        rows.append(
            (
                percent(target),
                f"{100 * spread:.0f} points",
                *(each.text() for each in told),
                *(f"{100 * each.naive:.0f}" for each in told),
            )
        )
        worst, naive = max(worst, *(each.false for each in told)), max(naive, *(each.naive for each in told))
        figures += [
            Figure(
                f"false missed, target {target}, spread {spread}, {m} messages",
                each.false,
                "share",
                "aim: at most 0.01",
            )
            for m, each in zip(MESSAGES, told, strict=True)
        ]
    numbers = [f"{messages} messages" for messages in MESSAGES]
    headings = ("target", "between messages", *numbers, *(f"naive, {messages}" for messages in MESSAGES))
    claim = Claim(
        f"healthy teams' readings called *missed*, the worst of {len(TARGETS)} targets and {len(MESSAGES)} numbers of messages",
        worst,
        high=_MOST_FALSE,
        naive=f"up to {percent(naive)}",
    )
    return Told({"healthy": table(headings, rows)}, [claim], figures)


def measure_drops(size: Size, tell: Tell) -> Told:
    """The truth at, over and under a target of 80 %, judged by both questions."""
    methods = {"process": process, "count": count}
    blocks: dict[tuple[str, str], list[list[Tally]]] = {}
    for place, off in enumerate(TRUTHS):
        for messages in MESSAGES:
            tell("drops", (place + messages / 20) / len(TRUTHS))
            found = judge_teams(0.80, off, 0.05, messages, size, methods)
            for who, tallies in zip(("team", "company"), found, strict=True):
                for name in methods:
                    rows = blocks.setdefault((who, name), [[] for _ in TRUTHS])
                    rows[place].append(tallies[name])
    numbers = [f"{messages} messages" for messages in MESSAGES]
    tables = {
        f"drops {who} {name}": table(
            ("the truth", *numbers),
            ((_against(off), *(each.text() for each in row)) for off, row in zip(TRUTHS, rows, strict=True)),
        )
        for (who, name), rows in blocks.items()
    }
    figures = [
        Figure(
            f"{who} by {name}, truth {off:+.2f}, {m} messages",
            each.false,
            "share missed",
            f"undetermined {each.undetermined:.3f}",
        )
        for (who, name), rows in blocks.items()
        for off, row in zip(TRUTHS, rows, strict=True)
        for m, each in zip(MESSAGES, row, strict=True)
    ]
    return Told(tables, (), figures)


def measure_unseen(size: Size, tell: Tell) -> Told:
    """The same with 12 messages, one in five people unseen."""
    methods = {"process": process, "count": count}
    rows = []
    for place, off in enumerate(TRUTHS):
        tell("drops with people unseen", place / len(TRUTHS))
        teams, wholes = judge_teams(0.80, off, 0.05, MESSAGES[-1], size, methods, _UNSEEN)
        tallies = (teams["process"], teams["count"], wholes["process"], wholes["count"])
        rows.append((_against(off), *(each.text() for each in tallies), f"{100 * teams['count'].naive:.0f}"))
    headings = ("the truth", "team, process", "team, count", "company, process", "company, count", "naive, team")
    return Told({"drops unseen": table(headings, rows)})


def _against(off: float) -> str:
    where = "at the target" if not off else f"{100 * abs(off):.0f} points {'over' if off > 0 else 'under'} it"
    drop = round(100 * (HEALTHY - off))
    return f"{where}, {f'a drop of {drop}' if drop else 'healthy'}"
