"""What came of trying a target on the recorded past: its judgements in order of time, and the alarms they would have raised. Trying it is
left to `rehearse`, telling people to `rehearsal_text`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from metrics.snapshot import Reason, TargetInfo, Verdict
from metrics.wording import Word


@dataclass(frozen=True)
class Judgement:
    """One verdict. `day`: at whose end it stood, or on which a message on its own had settled; `messages`: those judged by it."""

    day: date
    segment: str
    message: str | None
    period: str | None
    verdict: Verdict
    reason: Reason
    word: Word
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Alarm:
    """A run of *missed* without a break, or one missed message. `lasting`: whether it still stands at the end."""

    segment: str
    first: date
    last: date
    judgements: int
    messages: tuple[str, ...]
    lasting: bool


@dataclass(frozen=True)
class Chance:
    """How often a truth that just meets the target would be missed all the same, on average: `alarms` and missed `judgements`.
    `as_many`: in which share of such pasts there were as many of these as there are here, or more; `spread`: by how much messages
    differ (a standard deviation of their true shares); None where it is about whole periods."""

    alarms: float
    judgements: float
    as_many: float
    spread: float | None


@dataclass(frozen=True)
class Rehearsed:
    """One target over the past. `judgements`: in order of time; `since` and `until`: the first and the last day; `lost`: how many of its
    messages nobody can count any more; `chance`: None where it has no part or cannot be worked out, and `no_chance` says why."""

    info: TargetInfo
    judgements: tuple[Judgement, ...]
    since: date | None
    until: date
    lost: int = 0
    chance: Chance | None = None
    no_chance: str = ""

    @property
    def tally(self) -> Mapping[Word, int]:
        return Counter(each.word for each in self.judgements)

    @property
    def reasons(self) -> Mapping[Reason, int]:
        """Why what was neither met nor missed was so."""
        return Counter(each.reason for each in self.judgements if each.reason)

    @property
    def alarms(self) -> list[Alarm]:
        """By the day they began."""
        by_segment: dict[str, list[Judgement]] = {}
        for each in self.judgements:
            by_segment.setdefault(each.segment, []).append(each)
        found = [
            _alarm(run, lasting=run[-1] is track[-1] and run[-1].message is None)
            for track in by_segment.values()
            for run in runs(track)
        ]
        return sorted(found, key=lambda alarm: (alarm.first, alarm.segment, alarm.messages))


@dataclass(frozen=True)
class Comparison:
    """A target of one name as it is (None: it is new), and as it was tried (None: nothing was to be changed). `change`: in words."""

    name: str
    change: str
    as_it_is: Rehearsed | None
    as_tried: Rehearsed | None


def runs(track: Iterable[Judgement]) -> list[list[Judgement]]:
    """The runs of *missed* in the judgements of one segment; a message on its own is never part of a longer one, and a day without a
    judgement ends one."""
    found: list[list[Judgement]] = []
    before: Judgement | None = None
    for each in track:
        if each.verdict == "missed":
            goes_on = before is not None and before.message is None and each.day - before.day <= timedelta(days=1)
            if not goes_on:
                found.append([])
            found[-1].append(each)
        before = each if each.verdict == "missed" else None
    return found


def _alarm(run: Sequence[Judgement], *, lasting: bool) -> Alarm:
    messages = dict.fromkeys(message for each in run for message in each.messages)
    return Alarm(run[0].segment, run[0].day, run[-1].day, len(run), tuple(messages), lasting)
