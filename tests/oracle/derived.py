"""Readings made from other readings: how far segments truly lie apart."""

from collections.abc import Callable, Iterable, Mapping

from config.schema import Target
from tests.oracle.reading import OracleReading
from tests.oracle.shares import Trials, spread_interval, true_spread

Read = Callable[[Target], Iterable[OracleReading]]


def segment_gap(target: Target, of: str, k: int, read: Read) -> Iterable[OracleReading]:
    """The spread between the segments of a target's `by` under another indicator, groups under `k` left out. What it adds up
    is counted there, and nothing here."""
    parts = list(read(target.model_copy(update={"indicator": of})))
    if target.by is None or not parts:
        return
    large = [one for one in parts if _known(one.counts)[1] >= k]
    value = true_spread([_known(one.counts) for one in large])
    lower, upper = value, value
    if value is not None and target.judge == "process":  # one figure and no breakdown: by count unless told otherwise
        messages = zip(*(one.cells for one in large), strict=True)
        lower, upper = spread_interval([[_known(cell.counts) for cell in message] for message in messages])
    yield OracleReading(
        target=target.name,
        indicator=target.indicator,
        segment=target.scope.segment or "all",
        message=None,
        period=parts[0].period,
        units=0,
        counts={},
        value=value,
        lower=lower,
        upper=upper,
        measured=(value, value),
        raw=None,
        maturity=None,
        closed=any(one.closed for one in parts),
        settled=any(one.settled for one in parts),
    )


def _known(counts: Mapping[str, int]) -> Trials:
    return counts["H"], counts["n"] - counts["P"] - counts["U"]
