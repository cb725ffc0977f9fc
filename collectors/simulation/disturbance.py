"""What happens to events on their way: they arrive out of order, some hours late, some twice, and some lines are spoilt."""

import numpy as np

from collectors.simulation.parameters import HOUR, MINUTE, SECOND
from collectors.simulation.traces import Rows

LATE = HOUR
LONGEST_DELAY = 48 * HOUR
"""No line arrives later than this, but for some seconds: a late one and its repeat together."""

_JITTER = 4 * SECOND
_LATE_SHARE = 0.008
_DOUBLED_SHARE = 0.01
_DAMAGED_SHARE = 0.003

# How a line can be spoilt, from 1 on: each format spells them in its own way.
DAMAGES = ("cut", "foreign", "not_utf8", "bad_time", "bad_action")
CUT, FOREIGN, NOT_UTF8, BAD_TIME, BAD_ACTION = range(1, len(DAMAGES) + 1)

# What a gateway writes into a log or a topic on a bad day.
FOREIGN_LINE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def disturb(rows: Rows, dice: np.random.Generator) -> Rows:
    """The rows with their times of arrival, repeats and spoilt copies added, in the order of arrival. A spoilt line is a copy, so
    that nothing is lost by it."""
    count = len(rows)
    rows["arrival"] = rows["at"] + dice.exponential(_JITTER, count).astype(np.int64) + SECOND // 5
    late = dice.random(count) < _LATE_SHARE
    delay = LATE + dice.exponential(8 * HOUR, count).astype(np.int64)
    rows["arrival"] += np.where(late, np.minimum(delay, LONGEST_DELAY * 3 // 4), 0)
    repeats = rows[dice.random(count) < _DOUBLED_SHARE].copy()
    repeats["copy"] = 1
    again = dice.exponential(20 * MINUTE, len(repeats)).astype(np.int64)
    repeats["arrival"] += np.minimum(again, LONGEST_DELAY // 4)
    spoilt = rows[dice.random(count) < _DAMAGED_SHARE].copy()
    spoilt["damage"] = dice.integers(1, len(DAMAGES) + 1, len(spoilt))
    spoilt["arrival"] += SECOND
    return in_order([rows, repeats, spoilt])


def in_order(parts: list[Rows]) -> Rows:
    """All rows by arrival; equal moments by message and place, so that the order never depends on the parts."""
    rows = np.concatenate(parts)
    return rows[np.lexsort((rows["damage"], rows["copy"], rows["serial"], rows["message"], rows["arrival"]))]


def spoil_json(text: str, damage: int) -> bytes:
    """A JSON object as a line that nobody can decode. Bad times and actions are spelled by the formats themselves."""
    line = text.encode()
    if damage == CUT:
        return line[: len(line) // 2]
    if damage == FOREIGN:
        return FOREIGN_LINE
    return line[:10] + b"\xff\xfe" + line[10:] if damage == NOT_UTF8 else line
