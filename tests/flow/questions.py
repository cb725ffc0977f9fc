"""Every question that may be asked: each indicator, by each breakdown that a target can name, in ways that chance decides. Which of them
make no sense is said by hand. Companies to ask are left to `any_company`."""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from config.target import Scope
from metrics.indicators import INDICATORS

Asked = dict[str, Any]

WORDS = ("topic", "purpose", "setting", "owner", "goal")
ATTRIBUTES = ("department", "site", "level")
# Of each part of a scope some values that the simulated company knows.
SCOPES: Mapping[str, Sequence[str]] = {
    "channel": ("email", "intranet", "chat", "survey"),
    "topic": ("goals", "safety", "brand", "processes"),
    "goal": ("growth", "zero-accidents", "faster-delivery"),
    "purpose": ("inform", "persuade", "act", "engage"),
    "setting": ("formal", "informal"),
    "owner": ("executive office", "internal communications"),
    "segment": ("site=Lyon", "department=Production", "level=lead"),
}
OF_NO_SEGMENT = frozenset(
    {
        *("time_to_answer", "loop_closure", "actioned", "recognised", "critical_parity"),
        *("purpose_success", "maturity", "machine_share", "joined"),
    }
)
# They have a window of their own and no other: that of a whole period, each message's own date, or none at all.
WITHOUT_WINDOW = frozenset(
    {
        *("period_reach", "message_load", "duplicate_load", "channel_dependence", "out_of_hours", "awareness"),
        *("goal_awareness", "topic_balance", "alignment", "advocacy", "participation", "voice_reach", "two_way"),
        *("reach_on_time", "actioned", "purpose_success", "machine_share", "joined", "suppressed"),
    }
)
# What messages are judged by, each for itself, where their purpose is asked for.
JUDGING: list[Asked] = [
    {"name": "judging", "indicator": "reach_on_time", "value": 0.8, "period": "message"},
    {"name": "engaging", "indicator": "response", "value": 0.05, "period": "message"},
]


class Breakdown(NamedTuple):
    """`by`: what a target is broken down by, `scope`: what it speaks of alone; empty where that is everything."""

    by: str = ""
    scope: Mapping[str, str] = {}

    def __str__(self) -> str:
        of = [f"of {name}" for name in self.scope]
        return " ".join([f"by {self.by}"] * bool(self.by) + of) or "whole"

    def target(self) -> Asked:
        return {**({"by": self.by} if self.by else {}), "scope": dict(self.scope)}

    def makes_sense_for(self, indicator: str) -> bool:
        """Whether anybody can be asked for it. What counts nobody has no segment of people, differences need segments, and awareness is of
        something."""
        by_people, of_people = self.by in ATTRIBUTES, "segment" in self.scope
        if by_people and of_people:
            return False
        if indicator == "segment_gap":
            return by_people and not of_people
        if indicator == "awareness":
            return self.by in ("goal", "topic") or "goal" in self.scope or "topic" in self.scope
        return indicator not in OF_NO_SEGMENT or not (by_people or of_people)


def every_breakdown(dice: random.Random) -> list[Breakdown]:
    """Each thing to break down by and each part of a scope alone, and a few of both together."""
    assert set(SCOPES) == set(Scope.model_fields), "a part of a scope is asked nothing"
    scopes = [{name: dice.choice(values)} for name, values in SCOPES.items()]
    alone = [Breakdown(), *map(Breakdown, (*WORDS, *ATTRIBUTES)), *(Breakdown(scope=scope) for scope in scopes)]
    both = [Breakdown(by, scope) for by, scope in product((*WORDS, *ATTRIBUTES), scopes) if by not in scope]
    return [*alone, *dice.sample(both, 4)]


def every_target(dice: random.Random, breakdowns: Sequence[Breakdown]) -> Iterator[Asked]:
    """Every indicator by all of these that make sense for it, each in a way of its own."""
    for breakdown, name in product(breakdowns, INDICATORS):
        if breakdown.makes_sense_for(name):
            title = f"{name}_{breakdown}".replace(" ", "_")
            yield {"name": title, "indicator": name, **breakdown.target(), **_way(name, dice)}


def _way(name: str, dice: random.Random) -> Asked:
    """The messages judged together, and what may be said about them besides."""
    allowed = INDICATORS[name].periods or ("rolling", "week", "month", "quarter", "message")
    period = dice.choice(allowed)
    way: Asked = {"period": f"rolling {dice.choice([10, 20, 28, 60])} days" if period == "rolling" else period}
    if dice.random() < 0.5:
        way["judge"] = dice.choice(["count", "process"])
    if dice.random() < 0.2:
        way["assume"] = "missing_at_random"
    if dice.random() < 0.2:
        way["blind_share"] = dice.choice([0.05, 0.3])
    if name not in WITHOUT_WINDOW and dice.random() < 0.3:
        way["window"] = dice.choice(["1 hours", "24 hours", "3 days", "9 working hours", "3 working days"])
    return way
