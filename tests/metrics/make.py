"""Readings made by hand, for tests of what comes after counting."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from metrics.figures import Question, ratio
from metrics.reading import COLUMNS, D, E, Reading, State
from metrics.snapshot import Reason


def row(people: Mapping[State, int]) -> NDArray[np.int64]:
    """One unit's counts: everybody delivered to, the audience as large as the states."""
    counts = np.zeros(COLUMNS, dtype=np.int64)
    for state, number in people.items():
        counts[state] = number
    counts[E] = counts[D] = sum(people.values())
    return counts


def reading(
    *rows: NDArray[np.int64],
    question: Question | None = None,
    settled: bool = True,
    closed: bool = True,
    gap: Reason = "",
    units_all: int | None = None,
    blind_share: float = 0.0,
) -> Reading:
    """A ratio reading of these units."""
    counts = np.array(rows, dtype=np.int64).reshape(-1, COLUMNS)
    return Reading(
        target="reach",
        indicator="reach",
        unit="ratio",
        channel="all",
        segment="all",
        message=None,
        period="rolling 28 days",
        units=counts,
        **vars(ratio(counts, question or Question("count"))),
        maturity=1.0 if settled else 0.0,
        units_all=len(counts) if units_all is None else units_all,
        closed=closed,
        settled=settled,
        gap=gap,
        blind_share=blind_share,
        at_random=question is not None and question.missing_at_random,
    )
