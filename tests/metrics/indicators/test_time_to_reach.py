"""How long it took to reach half, of messages sent at different moments of their five minutes."""

import numpy as np
import pytest

from config.duration import Span
from config.schema import Organisation
from metrics.bounds import NOT_REACHED
from metrics.clock import Clocks
from metrics.figures import Question, median
from metrics.indicators.time_to_reach import INDICATOR
from metrics.moments import read_moment
from metrics.reading import Delays, Times
from tests.metrics.indicators.scene import Scene

PEOPLE = ("anna", "ben", "cleo", "dora")
CLOCKS = Clocks(Organisation())


def delays_of(scene: Scene, sent_at: str, window: Span) -> Delays:
    assert INDICATOR.delays is not None
    deadline = CLOCKS.deadline(read_moment(sent_at, None) // 1_000_000, window)
    return INDICATOR.delays(scene.view(sent_at=sent_at), deadline, window.working)


def times_of(delays: Delays) -> Times:
    seconds, reached = np.unique(delays.seconds[delays.reached], return_counts=True)
    return Times(seconds, reached, int((~delays.reached & ~delays.unknown).sum()), 0, delays.window)


@pytest.mark.parametrize("window", [Span(1, "hours"), Span(1, "hours", working=True)], ids=str)
def test_nobody_leaves_while_others_are_still_told_as_reached(window: Span) -> None:
    at_nine, four_past = Scene(PEOPLE), Scene(PEOPLE)
    # Of the second message three are reached in the five minutes in which its hour ends: it ends at 10:04, they at 10:05.
    four_past.did("opened", "anna", "ben", "cleo", hours=61 / 60)
    delays = [
        delays_of(at_nine, "2026-03-02T09:00:00Z", window),
        delays_of(four_past, "2026-03-02T09:04:00Z", window),
    ]
    assert [each.reached.sum() for each in delays] == [0, 3]
    # Three of eight; if those of the first had left by 10:00, it would be three of four.
    assert median([times_of(each) for each in delays], Question("count")).value == NOT_REACHED
