"""The figures of the last time, so that what did not change is not computed again. What is asked, and when, is left to `readings`."""

from typing import NamedTuple

import numpy as np

from metrics.figures import Figures, Method, Question
from metrics.reading import Found


class _Kept(NamedTuple):
    found: Found
    question: Question
    figures: Figures


class Memory:
    """Remembers what was asked since the last but one `turn`, and forgets the rest."""

    def __init__(self) -> None:
        self._last: dict[str, _Kept] = {}
        self._now: dict[str, _Kept] = {}

    def turn(self) -> None:
        """A new round of questions begins."""
        self._last, self._now = self._now, {}

    def figures(self, key: str, found: Found, question: Question, method: Method) -> Figures:
        """What `method` makes of it. `key` belongs to the reading, and to its indicator."""
        kept = self._now.get(key) or self._last.get(key)
        if kept is None or kept.question != question or not _same(kept.found, found):
            kept = _Kept(found, question, method(found, question))
        self._now[key] = kept
        return kept.figures


def _same(one: Found, other: Found) -> bool:
    for left, right in ((one.counts, other.counts), (one.extra, other.extra), (one.telling, other.telling)):
        if not np.array_equal(left, right):  # type: ignore[arg-type]
            return False
    # Times are made anew with every counting, so the same ones are the same objects; equal ones are worth no search.
    return len(one.times) == len(other.times) and all(a is b for a, b in zip(one.times, other.times, strict=True))
