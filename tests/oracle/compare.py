"""Holds readings of `metrics` against the oracle's: counts exactly, floats to 1e-12. Judges by attributes alone, imports neither side."""

from collections.abc import Iterable, Sequence
from math import isclose, isinf
from typing import Any, Protocol

from tests.oracle.reading import OracleReading

TOLERANCE = 1e-12
# The columns of a reading's units, in order; n is all of the first six.
_COLUMNS = ("H", "P", "S_likely", "S", "U", "NOT", "OUT", "E", "D")
_DENOMINATOR = ("H", "P", "S_likely", "S", "U", "NOT")
# What the oracle does not compute (there it has None): the raw figure of what is no ratio of people, the maturity of
# what is made from other readings.
_SKIPPED = {
    "segment_gap": ("raw", "maturity"),
    **dict.fromkeys(
        ("readability", "attention", "comprehension", "usefulness", "advocacy", "critical_parity", "action_effect"),
        ("raw",),
    ),
    **dict.fromkeys(("time_to_answer", "message_load", "topic_balance", "two_way"), ("raw",)),
}


class Comparable(Protocol):
    """What is asked of a reading of `metrics`. `units`: a row a settled unit, the columns as above; `extra`: likewise, what an
    indicator adds up besides people; `value`, bounds: None where undefined, inf where a median is not reached."""

    @property
    def target(self) -> Any: ...
    @property
    def segment(self) -> str: ...
    @property
    def message(self) -> str | None: ...
    @property
    def period(self) -> str | None: ...
    @property
    def units(self) -> Any: ...
    @property
    def extra(self) -> Any: ...
    @property
    def value(self) -> float | None: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...
    @property
    def measured(self) -> Any: ...
    @property
    def raw(self) -> float | None: ...
    @property
    def maturity(self) -> float | None: ...
    @property
    def closed(self) -> bool: ...
    @property
    def settled(self) -> bool: ...


Key = tuple[str, str, str]


def compare(theirs: Iterable[Comparable], ours: Iterable[OracleReading]) -> list[str]:
    """The differences as sentences, none where both sides agree. Readings over nobody may stand on one side alone."""
    left, right = {_key(one): one for one in theirs}, {_key(one): one for one in ours}
    differences = [
        f"{_named(key)}: only the oracle has it" for key in right.keys() - left.keys() if _has_people(right[key])
    ]
    for key, reading in left.items():
        if key in right:
            differences += [f"{_named(key)}: {text}" for text in _differences(reading, right[key])]
        elif sum(_sums(reading)[:6]) > 0:
            differences.append(f"{_named(key)}: the oracle has no such reading")
    return sorted(differences)


def _key(reading: Comparable | OracleReading) -> Key:
    target = reading.target
    return (target if isinstance(target, str) else target.name, reading.segment, reading.message or "")


def _named(key: Key) -> str:
    return " ".join(part for part in key if part)


def _has_people(reading: OracleReading) -> bool:
    """A reading made from others counts nobody of its own: there it is a value that makes it one."""
    return reading.counts["n"] > 0 if reading.counts else reading.value is not None


def _sums(reading: Comparable) -> list[int]:
    return [sum(int(row[column]) for row in reading.units) for column in range(len(_COLUMNS))]


def _differences(theirs: Comparable, ours: OracleReading) -> list[str]:
    found = [*_differing_counts(theirs, ours)]
    if ours.message is None and theirs.period != ours.period:
        found.append(f"period {theirs.period}, the oracle's {ours.period}")
    skipped = _SKIPPED.get(ours.indicator, ())
    for name in ("value", "lower", "upper", "raw", "maturity"):
        left, right = getattr(theirs, name), getattr(ours, name)
        if not (name in skipped and right is None) and not _agree(left, right):
            found.append(f"{name} {left!r}, the oracle's {right!r}")
    measured: Sequence[float | None] = theirs.measured or (None, None)
    if not all(_agree(left, right) for left, right in zip(measured, ours.measured, strict=True)):
        found.append(f"measured {tuple(measured)!r}, the oracle's {ours.measured!r}")
    for name in ("closed", "settled") if _has_people(ours) else ():
        if bool(getattr(theirs, name)) != getattr(ours, name):
            found.append(f"{name} {getattr(theirs, name)}, the oracle's {getattr(ours, name)}")
    return found


def _differing_counts(theirs: Comparable, ours: OracleReading) -> list[str]:
    sums = dict(zip(_COLUMNS, _sums(theirs), strict=True))
    sums["n"] = sum(sums[column] for column in _DENOMINATOR)
    if not sums["n"] and not ours.counts.get("n"):
        return []  # nobody is counted: who stands outside says nothing
    sums["units"] = sum(any(int(count) > 0 for count in row[: len(_DENOMINATOR)]) for row in theirs.units)
    expected = {**ours.counts, "units": ours.units} if ours.counts else {}
    found = [f"{name} {sums[name]}, the oracle's {count}" for name, count in expected.items() if sums[name] != count]
    rows = [[int(number) for number in row] for row in theirs.extra]
    besides = tuple(sum(column) for column in zip(*rows, strict=True))
    if ours.extra and ours.counts["n"] and besides != ours.extra:
        found.append(f"extra {besides}, the oracle's {ours.extra}")
    return found


def _agree(left: float | None, right: float | None) -> bool:
    if left is None or right is None:
        return left is None and right is None
    if isinf(left) or isinf(right):
        return left == right
    return isclose(left, right, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
