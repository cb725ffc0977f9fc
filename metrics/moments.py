"""Times as people and programs write them, read into whole microseconds since 1970 UTC. Deadlines and working hours are left to `clock`."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

ALLOWED = "a time with its zone, such as `2026-11-02T08:15:00Z` or `2026-11-02T09:15:00+01:00`"
ALLOWED_IN_FILES = f"{ALLOWED}, or without one (`2026-11-02 09:15`: the organisation's zone)"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1995, 2199
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?\s?([Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_moment(text: str, zone: tzinfo | None) -> int:
    """The moment a date-time means. Without an offset it is read in `zone` (None: refused); an hour that occurs twice is
    the earlier one. ValueError says what is allowed."""
    allowed = ALLOWED if zone is None else ALLOWED_IN_FILES
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(allowed)
    day, clock, fraction, offset = match.groups()
    if offset is None and zone is None:
        raise ValueError(allowed)
    offset = "+00:00" if offset in ("Z", "z") else offset or ""
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{offset}")
    except ValueError:
        raise ValueError(allowed) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return _microseconds(moment) + int((fraction or "").ljust(6, "0")[:6])


def read_day(text: str) -> date:
    """ValueError where it is not a day of the calendar written as `2026-11-02`."""
    if _DAY.fullmatch(text.strip()) is None:
        raise ValueError("a day, such as `2026-11-02`")
    return date.fromisoformat(text.strip())


def midnight(day: date, zone: tzinfo) -> int:
    """The moment a day begins in a zone."""
    return _microseconds(datetime.combine(day, time(), zone))


def write_moment(microseconds: int) -> str:
    """RFC 3339 in UTC; `read_moment` gives the same moment back."""
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat().replace("+00:00", "Z")


def _microseconds(moment: datetime) -> int:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"a time from {_FIRST_YEAR} to {_LAST_YEAR}")
    return (moment - _EPOCH) // timedelta(microseconds=1)
