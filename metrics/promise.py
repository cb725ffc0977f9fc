"""What a target may promise before it is set: how small a drop it can find with this audience and this rhythm of sending, and when it can
first be judged. Whether its sources show anything at all is left to `check`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from config.baseline import Baseline
from config.duration import Span
from config.schema import Settings, Target
from config.windows import period_days
from metrics.audiences import Audience, find_audience
from metrics.classes import GROUPED_BY, deadline, in_scope, period_end, period_start, seconds
from metrics.clock import Clocks
from metrics.detectable import Blindness, find_smallest, size_text
from metrics.draw import Draw
from metrics.facts import TRACKED
from metrics.indicator import OF_NOBODY, Indicator
from metrics.indicators import INDICATORS
from metrics.last_ranges import blindness_of, by_range, judged_targets, last_of
from metrics.messages import Catalogue, Message
from metrics.people import People
from metrics.readings import choose_judge
from metrics.snapshot import PublishedReading
from metrics.spelling import moment_text

_DAY = 86_400
_RHYTHM_DAYS = 56  # what was sent in eight weeks says how often something is sent
_ONE = "Of one message a period no process is judged: choose a longer period, or `judge: count`."
_FEEDBACK = "Feedback comes when it comes: nobody can say beforehand when it can be judged."
_NO_TRACE = "It takes more where some leave no trace, which shows once anything was read."

Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class Before:
    """What is known before anything is promised. `lateness`: seconds by channel; `draw`: who is in a holdout that is a share; `now`:
    microseconds; `readings`: what was published last; `unshown`: targets of which no source shows anything."""

    settings: Settings
    catalogue: Catalogue
    people: People
    clocks: Clocks
    lateness: Mapping[str, int]
    draw: Draw
    now: int
    readings: Sequence[PublishedReading] = ()
    unshown: Collection[str] = ()


def promises(before: Before) -> list[str]:
    """A sentence or two for each target that judges."""
    return [f"{target.name}: {_promise(before, target)}" for target in judged_targets(before.settings)]


def _promise(before: Before, target: Target) -> str:
    indicator = INDICATORS[target.indicator]
    if target.name in before.unshown:
        return "no source shows what it counts, so there is nothing that it could find."
    messages = [message for message in _described(before.catalogue) if in_scope(message, target.scope)]
    if indicator.items is not None:
        return f"{_FEEDBACK} {by_range(before.readings, target, indicator)}"
    if indicator.by_verdict:
        return "it counts verdicts on single messages: see what the targets promise that these are judged by."
    if indicator.of in OF_NOBODY:
        return "what it counts is known as it happens: it can be judged once there is anything to count."
    if not messages:
        return "the catalogue has no message that it speaks of; it is judged once one is described, sent and settled."
    return f"{_smallest(before, target, indicator, messages)} {_first(before, target, indicator, messages)}"


def _described(catalogue: Catalogue) -> list[Message]:
    known = [each for each in catalogue.messages.values() if each.sent_at is not None and each.audience is not None]
    return sorted(known, key=lambda each: (each.sent_at or 0, each.id))


def _smallest(before: Before, target: Target, indicator: Indicator, messages: Sequence[Message]) -> str:
    aim = target.value if target.value is not None else next(iter(target.values.values()))
    if indicator.unit != "ratio" or indicator.method is not None or isinstance(aim, Span | Baseline):
        return by_range(before.readings, target, indicator)
    audiences = _recent(before, target, indicator, messages)
    if not audiences:
        return f"Nothing was sent in the last {_RHYTHM_DAYS // 7} weeks, so nobody can say how small a drop it finds."
    judge = choose_judge(target, indicator)
    fewest = 2 if _is_by_messages(target, indicator) else 1
    hidden = {each.segment for each in last_of(before.readings, target, indicator) if each.verdict == "suppressed"}
    sides = _sides(target, audiences, before.settings.disclosure.k, hidden)
    if not sides:
        return f"Every group of it is hidden: fewer than {before.settings.disclosure.k} people, or too few beside those that show."
    down = (target.direction or indicator.direction) == "at_least"
    told = []
    for name, people in sides.items():
        smallest = partial(find_smallest, float(aim), people, judge=judge, down=down, seed=f"{target.name} {name}")
        drop = smallest() if len(people) >= fewest else None
        if drop is not None:
            drop = smallest(blindness=_blindness(before, target, indicator, name, audiences, drop))
        told.append(_tell(name, people, drop))
    what = "drop" if down else "rise"
    found = f"Smallest {what} beyond the target found four times of five, judged by {judge}: {'; '.join(told)}."
    if any(len(people) < fewest for people in sides.values()):
        found += f" {_ONE}"
    if down and indicator.needs & TRACKED and not last_of(before.readings, target, indicator):
        found += f" {_NO_TRACE}"
    return found


def _blindness(
    before: Before, target: Target, indicator: Indicator, name: str, audiences: Sequence[Audience], chance: float
) -> Blindness:
    """Who cannot be seen, and who may leave no trace: as the directory and the target say, or where that is more, as it was in what was
    published last. `chance`: the drop that chance alone leaves to find."""
    if not indicator.needs & TRACKED:
        return Blindness()
    told = [each for each in last_of(before.readings, target, indicator) if not name or each.segment == name]
    seen = [found for each in told if (found := blindness_of(each, chance)) is not None]
    seen.append(Blindness(_unseen(audiences), target.blind_share))
    return Blindness(max(each.unseen for each in seen), max(each.blind for each in seen))


def _is_by_messages(target: Target, indicator: Indicator) -> bool:
    """Whether a class is judged as a process, for which it needs two messages."""
    return target.period != "message" and indicator.by_messages and choose_judge(target, indicator) == "process"


def _tell(name: str, people: Amounts, drop: float | None) -> str:
    who = f"{int(np.median(people)):,} people, {len(people)} message{'s' if len(people) != 1 else ''} a period"
    size = "none can be found" if drop is None else size_text(drop, "ratio")
    return f"{size} ({name + ': ' if name else ''}{who})"


def _recent(before: Before, target: Target, indicator: Indicator, messages: Sequence[Message]) -> list[Audience]:
    """The audiences of as many messages as a period has, by what was sent lately; one of the whole period where it is one figure."""
    since = before.now - _RHYTHM_DAYS * _DAY * 1_000_000
    lately = [each for each in messages if since < (each.sent_at or 0) <= before.now]
    found = [
        meant for each in lately if (meant := find_audience(each, before.people, before.draw).audience) is not None
    ]
    single = target.period == "message" or indicator.over is not None
    often = 1 if single else max(1, round(len(found) * period_days(target.period) / _RHYTHM_DAYS))
    return [found[place % len(found)] for place in range(often)] if found else []


def _unseen(audiences: Iterable[Audience]) -> float:
    """The share of whom the directory says that they cannot be seen."""
    known = [(int((each.objects | each.images_blocked).sum()), len(each.person)) for each in audiences]
    return sum(unseen for unseen, _ in known) / max(sum(people for _, people in known), 1)


def _sides(target: Target, audiences: Sequence[Audience], k: int, hidden: Collection[str]) -> dict[str, Amounts]:
    """People by message: of everybody, of one segment, or of the largest and the smallest that show. `hidden`: what did not show last."""
    whole = np.array([len(each.person) for each in audiences], dtype=np.int64)
    attribute = target.by if target.by is not None and target.by not in GROUPED_BY else None
    if target.scope.segment is not None:
        groups = {target.scope.segment: _in_segment(audiences, target.scope.segment)}
    elif attribute is not None:
        coded = [each.attributes[attribute].values for each in audiences if attribute in each.attributes]
        names = sorted(f"{attribute}={value}" for value in {value for values in coded for value in values})
        groups = {name: _in_segment(audiences, name) for name in names}
    else:
        groups = {"": whole}
    shown = {
        name: people[people > 0] for name, people in groups.items() if people.max(initial=0) >= k and name not in hidden
    }
    ordered = sorted(shown, key=lambda name: (int(shown[name].sum()), name))
    return {name: shown[name] for name in dict.fromkeys([*ordered[-1:], *ordered[:1]])}


def _in_segment(audiences: Sequence[Audience], segment: str) -> Amounts:
    attribute, _, value = segment.partition("=")
    counts = []
    for each in audiences:
        coded = each.attributes.get(attribute)
        code = coded.values.index(value) if coded is not None and value in coded.values else -2
        counts.append(0 if coded is None else int((coded.codes == code).sum()))
    return np.array(counts, dtype=np.int64)


def _first(before: Before, target: Target, indicator: Indicator, messages: Sequence[Message]) -> str:
    """When it can first be judged."""
    dated = [(each, at) for each in messages if (at := _settles(before, target, indicator, each)) is not None]
    if not dated:
        return "None of its messages has a date that closes it."
    moments = [at for _, at in dated]
    if _is_by_messages(target, indicator):
        moments = [
            max(at, following)
            for (message, at), (other, following) in pairwise(dated)
            if _stand_together(before, target, message, other, max(at, following))
        ]
        if not moments:
            return "It is judged once a second message of one period has settled."
    if min(moments) * 1_000_000 <= before.now:
        return "It can be judged already."
    return f"First judged on {moment_text(min(moments) * 1_000_000, before.settings.organisation.zone)}."


def _stand_together(before: Before, target: Target, message: Message, other: Message, moment: int) -> bool:
    """Whether two messages, the earlier one first, lie in one class at a moment (seconds)."""
    sent, later = seconds(message.sent_at or 0), seconds(other.sent_at or 0)
    if target.period.startswith("rolling "):
        return sent > moment - int(target.period.split()[1]) * _DAY
    start, end = (period_start(target.period, before.clocks.local_date(each)) for each in (sent, later))
    return start == end


def _settles(before: Before, target: Target, indicator: Indicator, message: Message) -> int | None:
    closes = deadline(message, indicator, target.window, before.clocks)
    if closes is None:
        return None
    settles = closes + before.lateness.get(message.channel or "", 0)
    if indicator.over is None or target.period.startswith("rolling "):
        return settles
    start = period_start(target.period, before.clocks.local_date(seconds(message.sent_at or 0)))
    return max(settles, before.clocks.local_midnight(period_end(target.period, start)))
