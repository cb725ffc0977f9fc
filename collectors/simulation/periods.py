"""What is true of weeks, months and quarters: who received how much, who was reached and by what, who took part, who knows of which goal.
Gathered message by message; people are told apart here and leave as counts. Single messages are left to `tally`."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.behaviour import Acts, expected_seconds
from collectors.simulation.company import NEVER, Company, Flags, People
from collectors.simulation.hours import Times, day_of, local_us
from collectors.simulation.plan import Message
from collectors.simulation.spans import MONTH, QUARTER, WEEK, Span
from collectors.simulation.templates import TEMPLATES
from collectors.simulation.world import World

OFTEN = 3
"""Who met so many messages about a goal is aware of it."""

_CHANNEL_OF_ACT = {"viewed": "intranet", "acknowledged": "intranet"}
_TAGS = sorted(
    {f"goal={template.goal}" for template in TEMPLATES if template.goal}
    | {f"topic={template.topic}" for template in TEMPLATES}
)
_Marks = dict[tuple[date, str], Flags]
_Tell = Callable[[date, Flags], dict[str, Any]]


class Periods:
    """What happens only after the parameters' `until_us` is left out, and so are messages that nobody describes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._before = world.parameters.until_us + 1
        size = world.company.size
        # By the period's first day, and what is marked; a month and the quarter it begins share no dictionary.
        self._load: dict[date, NDArray[np.float64]] = defaultdict(lambda: np.zeros(size))
        self._reached: _Marks = defaultdict(lambda: np.zeros(size, dtype=np.bool_))
        self._active: _Marks = defaultdict(lambda: np.zeros(size, dtype=np.bool_))
        self._met: dict[tuple[date, str], NDArray[np.int16]] = defaultdict(lambda: np.zeros(size, dtype=np.int16))
        self._known: _Marks = defaultdict(lambda: np.zeros(size, dtype=np.bool_))
        self._answers: dict[tuple[date, str], NDArray[np.int64]] = defaultdict(lambda: np.full((2, size), -1))

    def watch(self, message: Message, acts: Acts, reached: Flags) -> None:
        """Take note of a message that was sent. `reached`: who of its audience truly was, within its window."""
        self._receive(message, acts)
        self._reach(message, acts)
        self._expose(message, acts.people[reached])
        if message.template.channel == "survey":
            self._ask(message, acts)

    def _receive(self, message: Message, acts: Acts) -> None:
        received = np.full(len(acts.people), message.sent_at, dtype=np.int64)
        if message.template.channel in ("email", "survey"):
            received = np.where(acts.landed(), acts.at["delivered"], NEVER)
        for week, chosen in WEEK.split(received, self._before):
            self._load[week][acts.people[chosen]] += expected_seconds(message)

    def _reach(self, message: Message, acts: Acts) -> None:
        channel = message.template.channel
        for way in ("opened", "viewed", "clicked", "replied", "acknowledged"):
            self._mark(self._reached, _CHANNEL_OF_ACT.get(way, channel), acts.people, acts.at[way])
        standing = np.where(acts.at["unreacted"] < NEVER, NEVER, acts.at["reacted"])
        for moments in (standing, acts.at["replied"]):
            self._mark(self._active, "participated", acts.people, moments)
        if channel == "intranet":
            self._mark(self._active, "voiced", acts.people, acts.at["replied"])

    def _mark(self, marks: _Marks, name: str, people: People, moments: Times) -> None:
        for month, chosen in MONTH.split(moments, self._before):
            marks[month, name][people[chosen]] = True

    def _expose(self, message: Message, reached: People) -> None:
        template, quarter = message.template, QUARTER.begin_of(message.day)
        # A reminder is no second message.
        known = self._known[message.subject.day, message.subject.id]
        fresh = reached[~known[reached]]
        known[reached] = True
        for tag in (f"goal={template.goal}", f"topic={template.topic}"):
            self._met[quarter, tag][fresh] += 1

    def _ask(self, message: Message, acts: Acts) -> None:
        for given in self._world.answers(message, acts):
            moments = np.where(given.changed_at < self._before, given.changed_at, given.at)
            _, newest = given.newest(self._before)
            for quarter, chosen in QUARTER.split(moments, self._before):
                kept = self._answers[quarter, given.question.id]
                later = chosen & (moments > kept[0, acts.people])
                kept[:, acts.people[later]] = moments[later], newest[later]

    def describe(self) -> Iterator[dict[str, Any]]:
        """A line a period, by kind and day."""
        parameters = self._world.parameters
        first, last = day_of(parameters.start_us), day_of(parameters.until_us)
        for offset in range((last - first).days + 1):
            self._raise(first + timedelta(days=offset))
        for span, tell in ((WEEK, self._tell_week), (MONTH, self._tell_month), (QUARTER, self._tell_quarter)):
            for begin in span.between(first, last):
                yield self._describe(span, begin, tell)

    def _raise(self, day: date) -> None:
        items = self._world.items(day)
        named = np.where(items.named, items.at["raised"], NEVER)
        for name, moments in (("participated", named), ("voiced", named), ("raised", items.at["raised"])):
            self._mark(self._active, name, items.people, moments)

    def _describe(self, span: Span, begin: date, tell: _Tell) -> dict[str, Any]:
        company, parameters = self._world.company, self._world.parameters
        from_us, to_us = local_us(begin, 0), local_us(span.end_of(begin), 0)
        last_us = min(to_us - 1, parameters.until_us)
        throughout = (company.joined_us <= from_us) & (company.left_us > last_us)
        present = company.present(last_us)
        return {
            "period": span.name,
            "begins": begin.isoformat(),
            "whole": from_us >= parameters.start_us and to_us - 1 <= parameters.until_us,
            "segments": {
                name: {
                    "employed": int((throughout & chosen).sum()),
                    "at_the_end": int((present & chosen).sum()),
                    **tell(begin, throughout & chosen),
                }
                for name, chosen in _segments(company, from_us)
            },
        }

    def _tell_week(self, week: date, chosen: Flags) -> dict[str, Any]:
        seconds = self._load[week][chosen]
        if not len(seconds):
            return {"load_90th": None, "load_mean": None}
        return {"load_90th": round(float(np.quantile(seconds, 0.9)), 6), "load_mean": round(float(seconds.mean()), 6)}

    def _tell_month(self, month: date, chosen: Flags) -> dict[str, Any]:
        ways = np.zeros(len(chosen), dtype=np.int64)
        for (begin, _), reached in self._reached.items():
            if begin == month:
                ways += reached
        active = ("participated", "voiced", "raised")
        return {
            "reached": int(((ways > 0) & chosen).sum()),
            "by_one_channel": int(((ways == 1) & chosen).sum()),
            **{name: int((self._active[month, name] & chosen).sum()) for name in active},
        }

    def _tell_quarter(self, quarter: date, chosen: Flags) -> dict[str, Any]:
        aware = {tag: int((self._met[quarter, tag][chosen] >= OFTEN).sum()) for tag in _TAGS}
        answers = {}
        for (begin, question), kept in sorted(self._answers.items()):
            if begin == quarter:
                found, times = np.unique(kept[1, chosen & (kept[0] >= 0)], return_counts=True)
                answers[question] = dict(zip(map(str, found.tolist()), times.tolist(), strict=True))
        return {"aware": aware, "answers": answers}


def _segments(company: Company, moment: int) -> Iterator[tuple[str, Flags]]:
    """As they were when the period began."""
    yield "all", np.ones(company.size, dtype=np.bool_)
    for attribute in company.attributes:
        codes = company.codes(attribute, moment)
        for code, value in enumerate(company.values(attribute)):
            yield f"{attribute}={value}", codes == code
