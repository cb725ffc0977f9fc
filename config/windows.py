"""Whether a target's window can do its work: long enough to measure, closing within its period, served by what is retained.

Targets that name no window have their indicator's own: the room that knows it hands it in.
"""

from config.duration import Span
from config.problem import Problem, written
from config.schema import Settings, Target
from config.wall import DAY_SECONDS, lengths_on_the_wall

_SHORTEST_SECONDS = 3600
_CALENDAR_DAYS = {"message": 0, "week": 7, "month": 31, "quarter": 92}
_CLOCK = ("organisation.working_hours", "organisation.holidays")


def check_window(settings: Settings, number: int, window: Span | None) -> list[Problem]:
    """What is wrong with the window of target `number`, be it its own or its indicator's. None: its messages' due dates close
    it, or nobody here knows what does."""
    if window is not None:
        problem = _too_short(settings, number, window) or _never_closing(settings, number, window)
        if problem is not None:
            return [problem]
    problem = _forgotten_too_soon(settings, number, window)
    return [problem] if problem is not None else []


def period_days(period: str) -> int:
    """The most days a period has; 0 where messages are judged alone."""
    return int(period.split()[1]) if period.startswith("rolling ") else _CALENDAR_DAYS[period]


def days_needed(settings: Settings, target: Target, window: Span | None) -> int:
    """For how many days after a message was sent a target needs the sets of people: its period (a message sent on the first
    day is judged with one sent on the last), the last one's window, and the grace in which late events still come."""
    longest = 0 if window is None else lengths_on_the_wall(window, settings.organisation).longest
    grace = lengths_on_the_wall(settings.retention.late_grace, settings.organisation).longest
    return period_days(target.period) + -(-(longest + grace) // DAY_SECONDS)


def _too_short(settings: Settings, number: int, window: Span) -> Problem | None:
    hours = settings.organisation.working_hours
    day = (hours.end.hour - hours.start.hour) * 3600 + (hours.end.minute - hours.start.minute) * 60
    if window.seconds(day) >= _SHORTEST_SECONDS:
        return None
    mend = "Times are kept in steps of 5 minutes, too coarse for less than an hour."
    return _problem(settings, number, window, "an hour or more", mend)


def _never_closing(settings: Settings, number: int, window: Span) -> Problem | None:
    """A message leaves a rolling period at its far end, and counts only when its window has closed and late events are in."""
    period = settings.targets[number].period
    if not period.startswith("rolling "):
        return None
    lateness = _lateness(settings, settings.targets[number])
    days = -(-(lengths_on_the_wall(window, settings.organisation).shortest + lateness) // DAY_SECONDS) + 1
    if days <= period_days(period):
        return None
    allowed = f"a window that closes, and settles, while its message is in the period of {period_days(period)} days"
    mend = f"Write a shorter window, or `period: rolling {days} days` or more."
    return _problem(settings, number, window, allowed, mend)
