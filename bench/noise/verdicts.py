"""The service's own verdict on a class that was drawn, by its own doors: figures, coarsening, judgement. Each by itself; what parts of a
target do to each other is left to `year`."""

from bench.trust.draws import Counts
from metrics.disclosure import disclose
from metrics.figures import Question, ratio
from metrics.reading import Judge, Reading
from metrics.snapshot import Verdict
from metrics.targets import Aim, judge


def verdict(counts: Counts, target: float, asked: Judge, *, k: int, one_is_enough: bool = False) -> Verdict:
    """`counts`: shape (messages, COLUMNS), all settled. `one_is_enough`: a process is judged by one message too."""
    reading = _read(counts, asked)
    aim = Aim(target, "at_least", grows=True, by_messages=asked == "process" and not one_is_enough)
    return judge(reading, disclose(reading, k=k), aim)[0]


def _read(counts: Counts, asked: Judge) -> Reading:
    return Reading(
        target="drawn",
        indicator="reach",
        unit="ratio",
        channel="all",
        segment="all",
        message=None,
        period="rolling 28 days",
        units=counts,
        **vars(ratio(counts, Question(asked))),
        maturity=1.0,
        units_all=len(counts),
        closed=True,
        settled=True,
    )
