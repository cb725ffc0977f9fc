"""What is true of one message, counted: by segment, by question, by step of attention. Counts of people only.
Gathering the messages of a history is left to `truth`."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.actions import ACTION_DAYS, Acted
from collectors.simulation.answers import ANSWERS_DAYS, Given
from collectors.simulation.behaviour import Acts, expected_seconds
from collectors.simulation.cascade import CASCADE_HOURS, confirmed_above
from collectors.simulation.company import NEVER, Company, Flags, People
from collectors.simulation.hours import OFFICE, Times
from collectors.simulation.parameters import DAY, HOUR, SECOND
from collectors.simulation.plan import Message
from collectors.simulation.templates import Template
from collectors.simulation.traces import PROXY, SIGN_LIST, Rows, Sign

_SHORTEST_READ = 3.0
_SHARE_READ = 0.3
LADDER = ("ignored", "skimmed", "read", "engaged", "complete")


def deadlines(message: Message) -> dict[str, int]:
    """When each window closes: the starting windows of the published definitions."""
    week = OFFICE.deadline(message.sent_at, 5)
    acknowledged = message.due_at if message.template.acknowledge and message.due_at else week
    closes = dict.fromkeys(("reached", "read", "clicked", "responded"), week)
    return {
        "delivered": message.sent_at + DAY,
        "opened": message.sent_at + 48 * HOUR,
        **closes,
        "acknowledged": acknowledged,
        "answered": message.sent_at + ANSWERS_DAYS * DAY,
        "action": OFFICE.deadline(message.sent_at, ACTION_DAYS),
    }


def true_moments(message: Message, acts: Acts) -> dict[str, Times]:
    """When each person of the audience truly did what the windows ask for; NEVER where not. Seen by a source or not."""
    at, met = acts.at, acts.met()
    enough = acts.engaged >= max(_SHORTEST_READ, _SHARE_READ * expected_seconds(message))
    attended = np.where(
        enough & (met < NEVER), np.where(met < NEVER, met, 0) + (acts.engaged * 1e6).astype(np.int64), NEVER
    )
    read = np.minimum.reduce([attended, at["acknowledged"], at["outdated"], at["answered"], at["replied"]])
    standing = np.where(at["unreacted"] < NEVER, NEVER, at["reacted"])
    delivered = np.where(acts.landed(), at["delivered"], NEVER)
    return {
        "delivered": delivered,
        "opened": met,
        "reached": np.minimum.reduce([met, at["acknowledged"], at["outdated"], at["answered"]]),
        "read": read,
        "clicked": at["clicked"],
        "responded": np.minimum.reduce([at["replied"], standing, at["answered"], at["rated"]]),
        "acknowledged": at["acknowledged"],
    }


def segments_of(company: Company, message: Message, people: People) -> Iterator[tuple[str, Flags]]:
    """Everybody, and each value of each attribute as it was when the message was sent."""
    yield "all", np.ones(len(people), dtype=np.bool_)
    for attribute in company.attributes:
        codes = company.codes(attribute, message.sent_at)[people]
        for code in np.unique(codes).tolist():
            yield f"{attribute}={company.values(attribute)[code]}", codes == code


def shown_as(sign: Sign) -> str:
    """What an event of this sign says, in words that a recount of the streams can use: the action, and what says a machine."""
    return f"{sign.action} by machine" if sign.agent == PROXY else sign.action


def shown_people(rows: Rows) -> dict[str, NDArray[np.int32]]:
    """Who is on record for what."""
    found: dict[str, list[NDArray[np.int32]]] = {}
    for code in np.unique(rows["sign"]).tolist():
        people = rows["person"][rows["sign"] == code]
        found.setdefault(shown_as(SIGN_LIST[code]), []).append(people[people >= 0])
    return {name: np.unique(np.concatenate(parts)) for name, parts in sorted(found.items())}


def count_segment(acts: Acts, chosen: Flags, true: Mapping[str, Flags], shown: Mapping[str, Flags]) -> dict[str, Any]:
    """One segment: `chance` is the true rate that attention was drawn with, the others are people."""
    return {
        "audience": int(chosen.sum()),
        "chance": round(float(acts.chance[chosen].mean()), 6) if chosen.any() else None,
        "true": {kind: int(np.count_nonzero(flags & chosen)) for kind, flags in true.items()},
        "shown": {kind: int(np.count_nonzero(flags & chosen)) for kind, flags in shown.items()},
    }


def half_reached(moments: Times, sent_at: int, before: int) -> float | None:
    """Seconds until half of the people with these moments were reached; None where that was not before another."""
    middle = (len(moments) + 1) // 2 - 1
    if middle < 0:
        return None
    half = int(np.partition(moments, middle)[middle])
    return round((half - sent_at) / SECOND, 3) if half < before else None


def count_attention(message: Message, acts: Acts, chosen: Flags, before: int) -> dict[str, Any]:
    """How far those who viewed its page before a moment truly read: people on each step of the ladder, and the mean share of
    the expected time (at most 1) of those who did not ignore it."""
    seconds = acts.engaged[chosen & (acts.at["viewed"] < before)]
    shares = np.minimum(1.0, seconds / expected_seconds(message))
    noticed = seconds >= _SHORTEST_READ
    steps = np.where(noticed, np.searchsorted(np.array([_SHARE_READ, 0.5, 1.0]), shares, side="right") + 1, 0)
    counts = dict(zip(LADDER, np.bincount(steps, minlength=len(LADDER)).tolist(), strict=True))
    return {**counts, "mean": round(float(shares[noticed].mean()), 6) if noticed.any() else None}


def count_cascade(
    company: Company, message: Message, acts: Acts, segments: Mapping[str, Flags]
) -> dict[str, dict[str, int]]:
    """Of a briefing: who confirmed within its window, and whose managers all did, up to the top."""
    confirmed = acts.at["acknowledged"] < message.sent_at + CASCADE_HOURS * HOUR
    told = confirmed_above(acts.people, company.managers(message.sent_at), confirmed)
    return {
        name: {"confirmed": int((confirmed & chosen).sum()), "chain_confirmed": int((told & chosen).sum())}
        for name, chosen in segments.items()
    }


def count_action(template: Template, acts: Acts, acted: Acted, before: int) -> dict[str, Any]:
    """Who did what a message wants, and how large the effect was expected to be, given who met it."""
    met = float((acts.met() < NEVER).mean()) if len(acts.people) else 0.0
    return {
        "unprompted": template.unprompted,
        "expected_effect": round((1 - template.unprompted) * template.prompted * met, 6),
        **acted.count(before),
    }


def count_answers(given: Given, segments: Mapping[str, Flags], before: int) -> dict[str, Any]:
    """A question's newest answers before a moment. Of a quiz: how many answered, were right, and knew; of a scale: how many gave
    which value."""
    question = given.question
    answered, newest = given.newest(before)
    changed = given.changed_at < before
    right = question.options.index(question.correct) if question.options else -1
    found = {}
    for name, chosen in segments.items():
        mine = answered & chosen
        counts: dict[str, Any] = {"answered": int(mine.sum()), "changed": int((changed & chosen).sum())}
        if question.is_scale:
            rated, times = np.unique(newest[mine], return_counts=True)
            counts["values"] = dict(zip(map(str, rated.tolist()), times.tolist(), strict=True))
        else:
            counts |= {"correct": int((newest[mine] == right).sum()), "knew": int(given.knew[mine].sum())}
        found[name] = counts
    rate = {"mean": question.mean} if question.is_scale else {"knowledge": question.knowledge}
    return {"question": question.id, **rate, "segments": found}
