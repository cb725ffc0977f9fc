"""One target on its way through the recorded past: judged day by day, or message by message, as the service would have done it then
(readings, disclosure, verdicts), by itself. Which targets, and over which days, is left to `rehearse`, chance to `chance`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from config.baseline import Baseline
from config.schema import Target
from metrics.aims import direction_of
from metrics.chance import Judged, Period, Rule, find_chance, find_spread
from metrics.classes import period_end, seconds
from metrics.clock import MICROSECONDS, Clocks
from metrics.evaluate import Answers
from metrics.indicators import INDICATORS
from metrics.publish import Publisher, judge_of
from metrics.reading import COLUMNS, Cells, Reading, State, denominators
from metrics.readings import Ask, message_readings, readings_of
from metrics.recorded import Recorded
from metrics.rehearsal import Chance, Judgement, Rehearsed
from metrics.snapshot import PublishedReading, Snapshot, Versions
from metrics.wording import word_of

_DAY = 86_400
_NO_VERSIONS = Versions("", "", "")
HAPPENED = "Chance has no part in these: it is counted what happened."
_NOT_WORKED_OUT = "How many of these chance explains is worked out for shares of people with a fixed value alone."


@dataclass(frozen=True)
class _Found:
    """One judgement with what stands behind it, which never leaves this module."""

    day: date
    reading: Reading
    published: PublishedReading
    messages: tuple[str, ...]

    @property
    def was_judged(self) -> bool:
        return self.published.verdict in ("met", "missed") or self.published.reason in ("straddles", "chance")


class Trial:
    """One target on its way through the past. `since`: the day that the first message it can be judged by was sent; `shown`: how many
    messages have figures of their own."""

    def __init__(
        self, target: Target, recorded: Recorded, publisher: Publisher, clocks: Clocks, *, now: int, shown: int
    ) -> None:
        self._target = target
        self._shown = shown
        self._recorded = recorded
        self._publisher = publisher
        self._clocks = clocks
        self._now = now
        self._last: Snapshot | None = None
        self._found: list[_Found] = []
        self._chance: Chance | None = None
        self._lost = recorded.find_lost(target, now)
        sent = {each.id: seconds(each.sent_at or 0) for each in recorded.spoken_of(target, now)}
        # No class is whole that reaches back to here.
        self._horizon = max((sent[id] for id in self._lost), default=-1)
        begins = [moment for id, moment in sent.items() if id not in self._lost and moment > self._horizon]
        if INDICATORS[target.indicator].items is not None:
            begins = [moment for item in recorded.heard.items for moment in item.steps.values() if moment <= now]
        self.since = clocks.local_date(min(begins)) if begins else None

    @property
    def _alone(self) -> bool:
        return self._target.period == "message"

    def judge_day(self, day: date, end: int) -> None:
        """The classes of messages, as they stood at the end of a day."""
        if self._alone or self.since is None or day < self.since:
            return
        ask = self._recorded.evaluator.ask(self._target, end, singly=False)
        self._judge(ask, day, end)

    def judge_messages(self) -> None:
        """Each message on its own, at the end of the day on which it settled."""
        if not self._alone:
            return
        ask = self._recorded.evaluator.ask(self._target, self._now, singly=True)
        units = [(unit.settles, unit.id, label, unit) for label, units in ask.units.items() for unit in units]
        for settles, _, label, unit in sorted(units, key=lambda each: each[:3]):
            if settles <= self._now:
                alone = replace(ask, units={label: [unit]})
                day = self._clocks.local_date(settles)
                # What was shown of a young message that day may stand until the day is over.
                self._judge(alone, day, min(self._clocks.local_midnight(day + timedelta(days=1)), self._now))

    def _judge(self, ask: Ask, day: date, now: int) -> None:
        readings = readings_of(ask, now=now, clocks=self._clocks)
        asked = [(self._target, reading) for reading in readings if self._alone or self._is_whole(reading, now)]
        if not asked:
            return
        count = self._recorded.evaluator.count_of
        answers = Answers(asked, self._beside(now), count=count)
        messages = self._recorded.catalogue.messages
        self._last = self._publisher.snapshot(
            answers, messages, as_of=now * MICROSECONDS, versions=_NO_VERSIONS, last=self._last
        )
        for (_, reading), published in zip(asked, self._last.readings, strict=True):
            self._found.append(_Found(day, reading, published, self._messages(reading)))

    def _beside(self, now: int) -> list[tuple[Target, Reading]]:
        """What the service shows beside a target, so that neither gives the other away: the latest messages on their own."""
        if INDICATORS[self._target.indicator].classify is None or not self._shown:
            return []
        ask = self._recorded.evaluator.ask(self._target, now, singly=True)
        sent = [unit for units in ask.units.values() for unit in units if unit.sent_at <= now]
        latest = sorted(sent, key=lambda unit: (unit.sent_at, unit.id))[-self._shown :]
        return [(self._target, reading) for reading in message_readings(ask, latest, now=now)]

    def _is_whole(self, reading: Reading, now: int) -> bool:
        rolling = self._target.period.startswith("rolling ")
        begins = now - int(self._target.period.split()[1]) * _DAY if rolling else reading.past
        return begins > self._horizon

    def _messages(self, reading: Reading) -> tuple[str, ...]:
        """Those of the class, whether anybody of the segment was meant by them or not."""
        members = {id for each in (*reading.members, *reading.without) for id in each}
        known = self._recorded.catalogue.messages
        return tuple(sorted(members & known.keys(), key=lambda id: (known[id].sent_at or 0, id)))

    @cached_property
    def _no_chance(self) -> str:
        """Why nobody can say how much of it is chance; "" where it can be said."""
        indicator = INDICATORS[self._target.indicator]
        if judge_of(self._target) == "count":
            return HAPPENED
        values = (self._target.value, *self._target.values.values())
        # Of the least known goal the smallest of several counts, of deliveries many are one person's.
        of_people = indicator.over is None or (indicator.of == "people" and not indicator.least_known)
        plain = indicator.unit == "ratio" and indicator.method is None and of_people
        return "" if plain and not any(isinstance(value, Baseline) for value in values) else _NOT_WORKED_OUT

    def weigh(self) -> None:
        """Ask what chance alone would have done."""
        found = [each for each in self._found if each.was_judged and len(each.reading.units)]
        if self._no_chance or not found:
            return
        # Messages on their own lie beside each other, not one after the other.
        places = {each.reading.message: place for place, each in enumerate(found)}
        judged = [
            Judged(
                places[each.reading.message] if self._alone else each.day.toordinal(),
                each.reading,
                each.published.target_value or 0.0,
                self._alone,
                self._period(each),
            )
            for each in found
        ]
        of_messages = INDICATORS[self._target.indicator].over is None
        cells = self._settled_cells() if of_messages else []
        rule = Rule(
            direction_of(self._target),
            self._target.assume == "missing_at_random",
            parts=self._target.by is not None,
            blind_share=max(self._target.blind_share, _unseen_share(cells)),
        )
        spread = _spread_of(cells) if of_messages else None
        alarms, missed = find_chance(judged, rule, spread or 0.0, seed=self._target.name)
        there_were = sum(each.published.verdict == "missed" for each in found)
        as_many = float((missed >= there_were).mean())
        self._chance = Chance(float(alarms.mean()), float(missed.mean()), as_many, spread)

    def _period(self, each: _Found) -> Period | None:
        """The days of a whole period, as numbers."""
        if INDICATORS[self._target.indicator].over is None:
            return None
        if self._target.period.startswith("rolling "):
            last = each.day.toordinal()
            return last - int(self._target.period.split()[1]) + 1, last
        first = self._clocks.local_date(each.reading.past)
        return first.toordinal(), period_end(self._target.period, first).toordinal() - 1

    def _settled_cells(self) -> list[Cells]:
        """Those of all messages that have settled, in order of sending."""
        ask = self._recorded.evaluator.ask(self._target, self._now, singly=self._alone)
        units = [unit for units in ask.units.values() for unit in units if unit.settles <= self._now]
        ordered = sorted(units, key=lambda unit: (unit.sent_at, unit.id))
        return [cells for unit in ordered if (cells := ask.cells_of(unit)) is not None]

    def rehearsed(self) -> Rehearsed:
        judgements = [
            Judgement(
                day=each.day,
                segment=each.reading.segment,
                message=each.reading.message,
                period=each.reading.period,
                verdict=each.published.verdict,
                reason=each.published.reason,
                word=word_of(each.published),
                messages=each.messages,
            )
            for each in self._found
        ]
        return Rehearsed(
            info=self._publisher.target_info(self._target),
            judgements=tuple(judgements),
            since=min((each.day for each in self._found), default=None),
            until=self._clocks.local_date(self._now),
            lost=len(self._lost),
            chance=self._chance,
            no_chance=self._no_chance,
        )


def _unseen_share(cells: Sequence[Cells]) -> float:
    """Of those who answered, how many have no opening on record: as it was, where verdicts go by the worst that may be."""
    engaged = sum(number for each in cells for number, _ in each.engaged)
    detected = sum(number for each in cells for _, number in each.engaged)
    return 1 - detected / engaged if engaged else 0.0


def _spread_of(cells: Sequence[Cells]) -> float:
    """Of whole audiences: parts of them are too small to tell messages from people."""
    counts = np.array([each.counts[""][0] for each in cells], dtype=np.int64).reshape(-1, COLUMNS)
    known = denominators(counts) - counts[:, State.P] - counts[:, State.U]
    return find_spread(counts[:, State.H], known)
