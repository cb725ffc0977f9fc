"""What Prometheus keeps beside what it scrapes: readings counted once whatever the number of replicas, whether a target was missed
when it
was last decided, and how much of what comes in is not understood."""

from dashboards.promql import A_READING, once, select
from dashboards.rule import Recording
from metrics import catalogue

MISSED = f"reading:{catalogue.VERDICT.name}:missed"
SETTLED = f"reading:{catalogue.SETTLED.name}:max"
LAST_MISSED = f"reading:{catalogue.VERDICT.name}:last_missed"
GAPS = f"source:{catalogue.GAPS.name}:max"
DEAD = f"source:{catalogue.DEAD_LETTERS.name}:rate"
EVENTS = f"source:{catalogue.EVENTS.name}:rate"
# The windows of the burn rates: a long one that says it is serious, a short one that says it is still so.
WINDOWS = ("5m", "30m", "1h", "6h")


def verdict(word: str) -> str:
    """Readings at 1 where that is their verdict, else 0."""
    return once(select(catalogue.VERDICT, f'verdict="{word}"'), "verdict")


# A class that was missed stays in mind until it is decided again: with every other verdict the last one known stands, over a day without
# any scrape too. What is no longer there at all is forgotten.
_LAST = f"""\
({MISSED} == 1)
or
(({verdict("met")} == 1) * 0)
or
(last_over_time({LAST_MISSED}[1d]) and on ({", ".join(A_READING)}) {MISSED})"""

OF_READINGS = (
    Recording(MISSED, verdict("missed")),
    Recording(SETTLED, once(catalogue.SETTLED.name)),
    Recording(LAST_MISSED, _LAST),
)


def _rates(window: str) -> tuple[Recording, Recording]:
    """Numerator and denominator apart: a ratio of sums, never a mean of ratios. Replicas share the work, so here they add up."""
    dead = f"sum without (instance, pod, reason) (rate({catalogue.DEAD_LETTERS.name}[{window}]))"
    events = f"sum without (instance, pod, outcome) (rate({catalogue.EVENTS.name}[{window}]))"
    return Recording(f"{DEAD}{window}", dead), Recording(f"{EVENTS}{window}", events)


OF_THE_SERVICE = (
    Recording(GAPS, once(catalogue.GAPS.name)),
    *(recording for window in WINDOWS for recording in _rates(window)),
)
