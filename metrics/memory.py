"""The figures of the last time, so that what did not change is not computed again. What is asked, and when, is left to `readings`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metrics.figures import Figures, Question, median, ratio
from metrics.reading import Times


class _Kept(NamedTuple):
    counts: NDArray[np.int64]
    times: Sequence[Times]
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

    def ratio(self, key: str, counts: NDArray[np.int64], question: Question) -> Figures:
        """What `figures.ratio` gives. `key` belongs to the reading."""
        kept = self._find(key, counts, (), question)
        return self._keep(key, kept or _Kept(counts, (), question, ratio(counts, question)))

    def median(self, key: str, counts: NDArray[np.int64], times: Sequence[Times], question: Question) -> Figures:
        """What `figures.median` gives; `counts` of the same units as `times`."""
        kept = self._find(key, counts, times, question)
        return self._keep(key, kept or _Kept(counts, times, question, median(times, question)))

    def _find(self, key: str, counts: NDArray[np.int64], times: Sequence[Times], question: Question) -> _Kept | None:
        kept = self._now.get(key) or self._last.get(key)
        if kept is None or kept.question != question or not np.array_equal(kept.counts, counts):
            return None
        # Times are made anew with every counting, so the same ones are the same objects; equal ones are worth no search.
        same = len(kept.times) == len(times) and all(one is other for one, other in zip(kept.times, times, strict=True))
        return kept if same else None

    def _keep(self, key: str, kept: _Kept) -> Figures:
        self._now[key] = kept
        return kept.figures
