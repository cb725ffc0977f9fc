"""A company whose every particular chance decides, from a seed: its size, its history, its hours and zone, its sources, what is said of its
messages, what people did besides what the simulation has them do. What is asked of it is left to `questions`."""

import random
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from collectors.simulation.parameters import Parameters
from tests.flow.company import DAY_US, KEEP, UNTIL, Company, add_odd_events, make_company
from tests.flow.questions import ATTRIBUTES, JUDGING, Asked, every_breakdown, every_target

ZONES = ("Europe/Paris", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC")
GAPS = ("reach", "opened", "read", "acknowledged", "delivered")
SHOWN = ("opened", "viewed", "read", "attended", "clicked", "replied", "reacted", "acknowledged", "answered", "raised")


class Asking(NamedTuple):
    """A company, and the moment (microseconds) as of which it is asked."""

    company: Company
    now: int


def any_company(folder: Path, seed: int) -> Asking:
    """With every indicator by every breakdown for targets."""
    dice = random.Random(seed)
    parameters = Parameters(dice.randint(24, 50), dice.choice([15, 25, 40, 50]), seed, UNTIL, dice.random() < 0.3)
    targets = [*every_target(dice, every_breakdown(dice)), *JUDGING]
    company = make_company(
        folder,
        parameters,
        amend=lambda written: _amend(written, dice),
        targets=targets,
        retention=KEEP,
        organisation=_organisation(dice),
    )
    _describe_anew(folder / "company" / "catalogue" / "messages.yaml", dice)
    add_odd_events(folder, seed, dice.randint(0, 600))
    return Asking(company, UNTIL - dice.choice([0, 0, 3, 9]) * DAY_US)


def _organisation(dice: random.Random) -> Asked:
    start = dice.choice(["06:00", "09:00", "09:30"])
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"][: dice.randint(4, 6)]
    return {
        "zone": dice.choice(ZONES),
        "working_hours": {"days": days, "start": start, "end": dice.choice(["15:00", "17:00", "17:45"])},
        "holidays": ["2026-10-26", "2026-11-11"][: dice.randint(0, 2)],
        **({"holidays_of": dice.choice(["FR", "US"])} if dice.random() < 0.5 else {}),
    }


def _amend(written: Asked, dice: random.Random) -> None:
    """What the sources are said to show, how late they come, and what indicators share."""
    for source in written["sources"]:
        source["lateness"] = dice.choice(["1 hours", "2 days", "2 days", "5 days"])
        if dice.random() < 0.2:
            source["delivered"] = dice.choice([True, False])
        if dice.random() < 0.2:
            source["shows"] = dice.sample(SHOWN, dice.randint(1, 6))
    written["directory"]["segments"] = list(ATTRIBUTES)
    written["indicators"]["gap_of"] = dice.choice(GAPS)
    if dice.random() < 0.3:
        written["indicators"].pop("goals")
    if dice.random() < 0.3:
        written["indicators"]["plan"] = {"brand": 0.2, "safety": 0.2}
    written["disclosure"] = {"k": dice.choice([10, 12, 15])}


def _describe_anew(catalogue: Path, dice: random.Random) -> None:
    """Some entries say more than the simulation has them say, others less."""
    entries: list[dict[str, Any]] = yaml.load(catalogue.read_text(encoding="utf-8"), yaml.CSafeLoader)
    for entry in entries:
        for key in ("words", "goal", "owner", "links", "language", "lix", "topic"):
            if dice.random() < 0.04:
                entry.pop(key, None)
        more: list[dict[str, Any]] = [
            {"urgent": True},
            {"content_id": "same"},
            {"campaign": dice.choice(["one", "two"])},
            {"expects": dice.sample(["read", "acknowledge", "answer", "reply"], 2)},
            {"links": dice.randint(0, 4)},
            {"version": "2"},
            {"action": dice.choice(entries)["id"], "holdout": {"wave": ["later"]}},
        ]
        for addition in more:
            if dice.random() < 0.08:
                entry.update(addition)
    catalogue.write_text(yaml.dump(entries, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")
