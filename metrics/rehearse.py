"""Targets tried on the recorded past before they are set: which of them, beside what they are, over all that still stands of it. What one
target comes to is left to `trial`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from config.schema import Scope, Settings, Target
from metrics.aims import Aims
from metrics.clock import MICROSECONDS, Clocks
from metrics.curves import Curves
from metrics.history import History
from metrics.ledger.database import Connection, open_readonly
from metrics.ledger.snapshots import read_snapshot
from metrics.outside import Outside
from metrics.publish import Publisher
from metrics.recorded import Recorded
from metrics.rehearsal import Comparison, Rehearsed
from metrics.trend import Trends
from metrics.trial import Trial

Progress = Callable[[str, int, int], None]
_TRIED = " as tried"


@dataclass(frozen=True)
class Choice:
    """A target of one name as it is, and as it is to be tried; None where there is none, or nothing to try."""

    name: str
    as_it_is: Target | None
    as_tried: Target | None


def choose(as_they_are: Sequence[Target], tried: Sequence[Target], name: str | None) -> list[Choice]:
    """All that differ; where none does, or one is asked for by name that does not, as they are."""
    before = {target.name: target for target in as_they_are}
    after = {target.name: target for target in tried}
    names = [*after, *(other for other in before if other not in after)] if name is None else [name]
    differing = [each for each in names if each in after and after[each] != before.get(each)]
    return [Choice(each, before.get(each), after[each]) for each in differing] or [
        Choice(each, before[each], None) for each in names
    ]


def compare(
    url: str, chosen: Sequence[Choice], settings: Settings, outside: Outside, *, progress: Progress
) -> tuple[int, list[Comparison]] | None:
    """Each of them over the past of a ledger, up to what was published last (microseconds); None where nothing was."""
    with open_readonly(url).connect() as connection:
        snapshot = read_snapshot(connection)
        if snapshot is None:
            return None
        targets = [each.as_it_is for each in chosen if each.as_it_is is not None]
        targets += [
            each.as_tried.model_copy(update={"name": each.name + _TRIED})
            for each in chosen
            if each.as_tried is not None
        ]
        now = snapshot.as_of // MICROSECONDS
        found = rehearse(connection, targets, settings, outside, now=now, progress=progress)
    by_name = {target.name: each for target, each in zip(targets, found, strict=True)}
    return snapshot.as_of, [
        Comparison(each.name, _say_change(each), by_name.get(each.name), by_name.get(each.name + _TRIED))
        for each in chosen
    ]


def _say_change(choice: Choice) -> str:
    if choice.as_tried is None:
        return ""
    if choice.as_it_is is None:
        return "new"
    before, after = choice.as_it_is, choice.as_tried
    keys = [key for key in type(after).model_fields if getattr(before, key) != getattr(after, key)]
    return "; ".join(f"{key} {_say(getattr(before, key))} becomes {_say(getattr(after, key))}" for key in keys)


def _say(value: object) -> str:
    if isinstance(value, Scope):
        value = value.model_dump(exclude_none=True)
    if isinstance(value, dict):
        return ", ".join(f"{key} {each}" for key, each in value.items()) or "nothing"
    return "nothing" if value in (None, "") else str(value)


def rehearse(
    connection: Connection,
    targets: Sequence[Target],
    settings: Settings,
    outside: Outside,
    *,
    now: int,
    progress: Progress,
) -> list[Rehearsed]:
    """Each of the targets (names different) over all that stands at `now` (seconds). `connection`: one read transaction."""
    clocks = Clocks(settings.organisation)
    settings = settings.model_copy(update={"targets": tuple(targets)})
    history = History(clocks)
    history.start(connection)
    recorded = Recorded(connection, settings, outside, clocks, now=now)
    trials = [
        Trial(
            target,
            recorded,
            _publisher(target, settings, clocks, history),
            clocks,
            now=now,
            shown=settings.page.messages,
        )
        for target in targets
    ]
    days = list(_days(trials, clocks, now))
    for done, day in enumerate(days, start=1):
        end = min(clocks.local_midnight(day + timedelta(days=1)), now)
        recorded.go_to(end)
        for trial in trials:
            trial.judge_day(day, end)
        progress("going through the past", done, len(days))
    recorded.go_to(now)
    for done, trial in enumerate(trials, start=1):
        trial.judge_messages()
        trial.weigh()
        progress("asking what chance explains", done, len(trials))
    return [trial.rehearsed() for trial in trials]


def _publisher(target: Target, settings: Settings, clocks: Clocks, history: History) -> Publisher:
    alone = settings.model_copy(update={"targets": (target,)})
    return Publisher(alone, Aims(clocks, history), Trends(clocks, Curves()), clocks)


def _days(trials: Sequence["Trial"], clocks: Clocks, now: int) -> Iterator[date]:
    begins = [trial.since for trial in trials if trial.since is not None]
    day = min(begins, default=None)
    while day is not None and day <= clocks.local_date(now):
        yield day
        day += timedelta(days=1)
