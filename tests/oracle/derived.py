"""Readings made from other readings: how far segments truly lie apart."""

from collections.abc import Callable, Iterable

from config.schema import Target
from tests.oracle.reading import OracleReading
from tests.oracle.shares import true_spread

Read = Callable[[Target], Iterable[OracleReading]]


def segment_gap(target: Target, of: str, k: int, read: Read) -> Iterable[OracleReading]:
    """The spread between the segments of a target's `by` under another indicator, groups under `k` left out. What it adds up
    is counted there, and nothing here."""
    parts = list(read(target.model_copy(update={"indicator": of})))
    if target.by is None or not parts:
        return
    known = [(one.counts["H"], one.counts["n"] - one.counts["P"] - one.counts["U"]) for one in parts]
    value = true_spread([(done, people) for done, people in known if people >= k])
    yield OracleReading(
        target=target.name,
        indicator=target.indicator,
        segment=target.scope.segment or "all",
        message=None,
        period=parts[0].period,
        units=0,
        counts={},
        value=value,
        lower=None,
        upper=None,
        measured=(value, value),
        raw=None,
        maturity=None,
        closed=any(one.closed for one in parts),
        settled=any(one.settled for one in parts),
    )
