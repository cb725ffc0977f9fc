"""Whether a target's window can do its work: long enough to measure, closing within its period, served by what is retained.

Targets that name no window have their indicator's own: the room that knows it hands it in.
"""

from config.baseline import Baseline, BaselinePeriod
from config.duration import Span
from config.problem import Problem, written
from config.schema import Settings, Target
from config.wall import DAY_SECONDS, lengths_on_the_wall

_SHORTEST_SECONDS = 3600
_CALENDAR_DAYS = {"message": 0, "week": 7, "month": 31, "quarter": 92}


def check_window(settings: Settings, number: int, window: Span | None, *, lasting: bool = False) -> list[Problem]:
    """What is wrong with the window of target `number`, be it its own or its indicator's. None: its messages' due dates close
    it, or nobody here knows what does. `lasting`: it rests on nothing that is ever forgotten."""
    if window is not None:
        problem = _too_short(settings, number, window) or _never_closing(settings, number, window)
        if problem is not None:
            return [problem]
    problem = None if lasting else _forgotten_too_soon(settings, number, window)
    return [problem] if problem is not None else []


def period_days(period: str) -> int:
    """The most days a period has; 0 where messages are judged alone."""
    return int(period.split()[1]) if period.startswith("rolling ") else _CALENDAR_DAYS[period]


def baseline_periods(target: Target) -> tuple[BaselinePeriod, ...]:
    """The periods of the past that a target goes by."""
    values = (target.value, *target.values.values())
    return tuple(sorted({value.period for value in values if isinstance(value, Baseline)}))


def days_needed(settings: Settings, target: Target, window: Span | None) -> int:
    """For how many days after a message was sent a target needs the sets of people: its period, or the longer one that it goes by
    (a message sent on the first day is judged with one sent on the last), the last one's window, and the grace in which late
    events still come."""
    longest = 0 if window is None else lengths_on_the_wall(window, settings.organisation).longest
    grace = settings.retention.late_grace.seconds(DAY_SECONDS)
    period = max(map(period_days, (target.period, *baseline_periods(target))))
    return period + -(-(longest + grace) // DAY_SECONDS)


def _too_short(settings: Settings, number: int, window: Span) -> Problem | None:
    hours = settings.organisation.working_hours
    day = (hours.end.hour - hours.start.hour) * 3600 + (hours.end.minute - hours.start.minute) * 60
    if window.seconds(day) >= _SHORTEST_SECONDS:
        return None
    mend = "Times are kept in steps of 5 minutes, too coarse for less."
    return _window_problem(settings, number, window, "an hour or more", mend)


def _never_closing(settings: Settings, number: int, window: Span) -> Problem | None:
    """In a rolling period a message counts from when its window has closed and late events are in, until it is too old."""
    target = settings.targets[number]
    if not target.period.startswith("rolling "):
        return None
    sources = _sources_of(settings, target)
    late = max((settings.sources[at].lateness.seconds(DAY_SECONDS) for at in sources), default=0)
    days = (lengths_on_the_wall(window, settings.organisation).shortest + late) // DAY_SECONDS + 1
    if days <= period_days(target.period):
        return None
    allowed = "a window that has closed, with the source's lateness, before its messages leave the period"
    mend = f"Write a shorter window, or `period: rolling {days} days` at least."
    rests_on = tuple(f"sources[{at}].lateness" for at in sources)
    return _window_problem(settings, number, window, allowed, mend, rests_on=(f"targets[{number}].period", *rests_on))


def _forgotten_too_soon(settings: Settings, number: int, window: Span | None) -> Problem | None:
    target, retention = settings.targets[number], settings.retention
    needed = days_needed(settings, target, window)
    if retention.sets.seconds(DAY_SECONDS) >= needed * DAY_SECONDS:
        return None
    known = "at least " if window is None else ""
    length = "" if window is None else f" ({written(str(window))})"
    key, days, of = _longest_period(target)
    parts = f"{days} of {of}, then its window{length} and `late_grace` ({retention.late_grace})"
    return Problem(
        f"targets[{number}].{key}",
        "" if key in target.model_fields_set else f"nothing, so {written(target.period)}",
        f"a period that is over, with its last window and `late_grace`, within the {retention.sets} of `retention.sets`",
        f"This target needs {known}{needed} days: {parts}. Write `sets: {needed} days` under `retention`, or a shorter period.",
        rests_on=("retention.sets", "retention.late_grace", f"targets[{number}].window", *_clock(window)),
    )


def _longest_period(target: Target) -> tuple[str, int, str]:
    """The key that asks for the longest of a target's periods, its days, and what it is called."""
    past = max(baseline_periods(target), key=period_days, default=target.period)
    if period_days(past) <= period_days(target.period):
        return "period", period_days(target.period), "its period"
    key = "value" if isinstance(target.value, Baseline) and target.value.period == past else "values"
    return key, period_days(past), f"the {past} it goes by"


def _sources_of(settings: Settings, target: Target) -> list[int]:
    """The numbers of the sources whose channel the target speaks of."""
    channel = target.scope.channel
    return [at for at, source in enumerate(settings.sources) if channel in (None, source.channel)]


def _window_problem(
    settings: Settings, number: int, window: Span, allowed: str, mend: str, *, rests_on: tuple[str, ...] = ()
) -> Problem:
    found = "" if settings.targets[number].window else f"nothing, so its indicator's own {written(str(window))}"
    return Problem(f"targets[{number}].window", found, allowed, mend, rests_on=(*rests_on, *_clock(window)))


def _clock(window: Span | None) -> tuple[str, ...]:
    """The paths that a window's length on the wall rests on."""
    keys = ("working_hours", "holidays", "holidays_of") if window is not None and window.working else ()
    return tuple(f"organisation.{key}" for key in keys)
