"""Times as sources write them, to whole microseconds since 1970 UTC and back. Each decoder declares its own form and unit:
nothing is guessed from the size of a number, and a time without a zone is refused. Whether a time can be true is judged
by `event_time`."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from collectors.events import Undecodable

SECONDS = 1_000_000
MILLISECONDS = 1_000
MICROSECONDS = 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
# What can be written again as a date: years 1 to 9999.
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _TICK
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _TICK

_MINUTE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2})")
_REST = re.compile(r"(?:\.([0-9]{1,9}))?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))")
_SECOND = {f":{second:02}": second * SECONDS for second in range(60)}
# Nearly all times are written in one of these ways, and all of one source in the same: 0 stands for any digit.
_LAYOUTS = {len(form): np.frombuffer(form, np.uint8) for form in (b"0000-00-00T00:00:00Z", b"0000-00-00T00:00:00.000Z")}
# The ends of nearly all times: looked up in half the time that reading them takes.
_REST_OF_MANY = {"Z": 0} | {f".{number:03}Z": number * MILLISECONDS for number in range(1000)}


def read_rfc3339(text: str, name: str) -> int:
    """Microseconds of an RFC 3339 time with 0 to 9 fraction digits (beyond six they are cut) and an offset.

    `name`: the field, for the detail of Undecodable. A leap second (`:60`) is refused.
    """
    try:
        moment = _minute(text[:16]) + _SECOND[text[16:19]]
        rest = text[19:]
        if rest in _REST_OF_MANY:
            return moment + _REST_OF_MANY[rest]
        digits = rest[1:-1]
        if rest[0] == "." and rest[-1] == "Z" and len(digits) <= 9 and digits.isdecimal() and digits.isascii():
            return moment + int(digits[:6].ljust(6, "0"))
        return _within_range(moment + _fraction_and_offset(rest))
    except (KeyError, IndexError, ValueError):
        raise Undecodable("bad_time", f"{name}: not a time of RFC 3339 with its offset") from None


def read_rfc3339_column(texts: Sequence[str | None], name: str, odd: set[int]) -> Sequence[int | None]:
    """What `read_rfc3339` gives for each of many, None for None; the places of those that are no times are odd. Those that look alike
    are read together."""
    there = [text for text in texts if text is not None]
    moments = _read_alike(there)
    if moments is not None and len(there) == len(texts):
        return moments
    coming = iter(moments) if moments is not None else None
    read: list[int | None] = []
    for place, text in enumerate(texts):
        try:
            read.append(None if text is None else read_rfc3339(text, name) if coming is None else next(coming))
        except Undecodable:
            read.append(None)
            odd.add(place)
    return read


def read_epoch(value: Any, unit: int, name: str) -> int:
    """Microseconds of a whole number of SECONDS, MILLISECONDS or MICROSECONDS since 1970."""
    if type(value) is not int:
        raise Undecodable("bad_time", f"{name}: not a whole number")
    try:
        return _within_range(value * unit)
    except ValueError:
        raise Undecodable("bad_time", f"{name}: outside the years 1 to 9999") from None


def format_time(microseconds: int) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`, for what the readers above gave."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return f"{moment.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


# Events come in bursts: most share their minute with many others.
@lru_cache(maxsize=16_384)
def _minute(text: str) -> int:
    parts = _MINUTE.fullmatch(text)
    if parts is None:
        raise ValueError
    year, month, day, hour, minute = map(int, parts.groups())
    return (datetime(year, month, day, hour, minute, tzinfo=UTC) - _EPOCH) // _TICK


def _read_alike(texts: Sequence[str]) -> list[int] | None:
    """None where they are not all written in one of the usual ways, or one of them is no time."""
    lengths, together = set(map(len, texts)), "".join(texts)
    layout = _LAYOUTS.get(max(lengths, default=0))
    if layout is None or len(lengths) > 1 or not together.isascii():
        return None
    letters = np.frombuffer(together.encode(), np.uint8).reshape(len(texts), len(layout))
    # How far each letter is above the layout's: up to nine for a digit, not at all for what stands between (below wraps to much).
    if (letters - layout > np.where(layout == ord("0"), 9, 0)).any():
        return None
    bare = np.ascontiguousarray(letters[:, :-1]).view(f"S{len(layout) - 1}").ravel()
    try:
        moments = bare.astype("M8[us]").astype(np.int64)
    except ValueError:  # no such day or hour
        return None
    return moments.tolist() if moments.min() >= _FIRST else None  # there was no year 0


def _fraction_and_offset(rest: str) -> int:
    parts = _REST.fullmatch(rest)
    if parts is None:
        raise ValueError
    digits, sign, hours, minutes = parts.groups()
    added = int(digits[:6].ljust(6, "0")) if digits else 0
    if sign:
        offset = (int(hours) * 60 + int(minutes)) * 60 * SECONDS
        added += offset if sign == "-" else -offset
    return added


def _within_range(moment: int) -> int:
    if not _FIRST <= moment <= _LAST:
        raise ValueError
    return moment
