"""Which messages are judged together: units (a message, or a campaign with its reminders), periods, scopes."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from config.duration import Span
from config.schema import Scope, Target
from metrics.clock import Clocks
from metrics.indicator import Indicator
from metrics.messages import Message

_DAY = 86_400
GROUPED_BY = ("topic", "purpose", "setting", "owner", "goal")


@dataclass(frozen=True)
class Unit:
    """What counts each person once: a message, or the messages of a campaign, by their ids, the first sent first.

    Moments in whole seconds: `closes` when the last window has closed, `settles` when the source's lateness has passed too. `settled`:
    how much of it has, once that has begun: a rolling period is never settled whole.
    """

    id: str
    messages: tuple[str, ...]
    channels: frozenset[str]
    sent_at: int
    closes: int
    settles: int
    settled: float = 1.0


@dataclass(frozen=True)
class Group:
    """The units of one class: those settled, and the young ones. `single`: one message on its own. `past`: the moment (seconds)
    by which whatever it is compared with was over."""

    label: str
    units: tuple[Unit, ...]
    young: tuple[Unit, ...]
    single: bool = False
    past: int = 0

    @cached_property
    def first_closes(self) -> float:
        """The moment at which the first window closes; never, where there is none."""
        return min((unit.closes for unit in (*self.units, *self.young)), default=math.inf)

    @property
    def rank(self) -> tuple[bool, int, str]:
        """By which of several one stands for all: that which settled last, else the youngest."""
        return bool(self.units), self.last_settles, self.label if self.single else ""

    @cached_property
    def last_settles(self) -> int:
        """The moment at which the last of all has settled."""
        return max((unit.settles for unit in (*self.units, *self.young)), default=0)


def seconds(microseconds: int) -> int:
    """Rounded up, so that a deadline is never early."""
    return -(-microseconds // 1_000_000)


def deadline(message: Message, indicator: Indicator, window: Span | None, clocks: Clocks) -> int | None:
    """The moment a message's window closes: the target's window, else its own due date where the indicator goes by it, else
    the indicator's. None where neither is there."""
    if message.sent_at is None:
        return None
    if window is None and indicator.due and message.due_at is not None:
        return seconds(message.due_at)
    span = window or indicator.window
    return clocks.deadline(seconds(message.sent_at), span) if span is not None else None


def in_scope(message: Message, scope: Scope) -> bool:
    """Whether a message is one the target speaks of; segments are no matter of messages."""
    return all(
        getattr(scope, name) in (None, getattr(message, name))
        for name in ("channel", "topic", "goal", "purpose", "setting", "owner")
    )


def is_about(message: Message | None, scope: Scope) -> bool:
    """Whether what is about this message, or about none, and has a channel of its own (an item, a fact) is in scope by all but that."""
    of_messages = scope.model_copy(update={"channel": None})
    return of_messages == Scope() or (message is not None and in_scope(message, of_messages))


def label_of(message: Message | None, target: Target) -> str | None:
    """Where what has nobody behind it stands among what the target is broken down by (`topic=brand`), "" where it is not. None where it
    stands nowhere: the message has no such word, or segments of people are asked about."""
    if target.by is None:
        return ""
    word = getattr(message, target.by) if message is not None and target.by in GROUPED_BY else None
    return f"{target.by}={word}" if word else None


def no_units(target: Target) -> dict[str, list[Unit]]:
    """Lists to be filled, by label: all of a target that is not broken down by words stand in one, which is there though it stay empty."""
    return {} if target.by in GROUPED_BY else {"": []}


def split(messages: Iterable[Message], target: Target) -> dict[str, list[Message]]:
    """The messages a target speaks of, by what it is broken down by, sorted; "" where that is no word of messages. Those without
    the word stand in none."""
    scoped = [message for message in messages if in_scope(message, target.scope)]
    if target.by not in GROUPED_BY:
        return {"": scoped}
    found: dict[str, list[Message]] = {}
    for message in scoped:
        label = label_of(message, target)
        if label is not None:
            found.setdefault(label, []).append(message)
    return dict(sorted(found.items()))


Choose = Callable[[Iterable[Unit]], Group]


def choose_period(units: Iterable[Unit], target: Target, *, now: int, clocks: Clocks) -> Choose:
    """What picks a target's class from units. For calendar periods it is the latest one in which any of `units` has settled,
    else the current one: a week that began this morning judges nothing yet."""
    if target.period.startswith("rolling "):
        begin = now - int(target.period.split()[1]) * _DAY
        return lambda chosen: _group(target.period, (unit for unit in chosen if begin < unit.sent_at <= now), now, now)

    def start_of(moment: int) -> date:
        return period_start(target.period, clocks.local_date(moment))

    start = max((start_of(unit.sent_at) for unit in units if unit.settles <= now), default=start_of(now))
    return choose_calendar(target.period, start, now=now, clocks=clocks)


def choose_calendar(period: str, start: date, *, now: int, clocks: Clocks) -> Choose:
    """What picks from units those of the calendar period that begins on a day."""
    label, begin, end = period_label(period, start), clocks.local_midnight(start), period_end(period, start)
    until = clocks.local_midnight(end)
    return lambda chosen: _group(label, (unit for unit in chosen if begin <= unit.sent_at < until), now, begin)


def _group(label: str, units: Iterable[Unit], now: int, past: int) -> Group:
    ordered = sorted(units, key=lambda unit: (unit.sent_at, unit.id))
    return Group(
        label,
        tuple(unit for unit in ordered if unit.settles <= now),
        tuple(unit for unit in ordered if unit.settles > now),
        past=past,
    )


def period_start(period: str, day: date) -> date:
    """The first day of the calendar period a day lies in."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def period_end(period: str, start: date) -> date:
    """The first day after the calendar period that begins on a day."""
    return period_start(period, start + timedelta(days={"week": 7, "month": 31, "quarter": 92}[period]))


def period_label(period: str, start: date) -> str:
    """As people write it: 2026-W45, 2026-11, 2026-Q4."""
    if period == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    if period == "month":
        return f"{start:%Y-%m}"
    return f"{start.year}-Q{(start.month - 1) // 3 + 1}"
