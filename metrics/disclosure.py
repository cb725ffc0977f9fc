"""What may show. A reading is coarsened before anything is judged or printed: value and bounds are computed anew from
what may be published, or they would give the hidden count away."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import NOT_REACHED, Interval, wilson
from metrics.forecast import Forecast
from metrics.reading import COLUMNS, D, E, Reading, State, denominators
from metrics.snapshot import Ahead, Coarse, Parts

FEW = 3  # fewer people than this are published as "at most 3", and as many missing to the whole as "at least all but 3"
_PLACES = 3  # an interval that chance has a part in is rounded outward: its digits would tell of single messages


NO_PARTS = Parts()
_NOT_COARSE: Coarse = ""
_OPPOSITE: dict[Coarse, Coarse] = {"": "", "at_most": "at_least", "at_least": "at_most"}


@dataclass(frozen=True)
class Disclosed:
    """A reading as it may be published; all None where `hidden`. Bounds may be NOT_REACHED."""

    hidden: bool = False
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    raw: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    coarse: Coarse = ""
    parts: Parts = NO_PARTS


def disclose(reading: Reading, *, k: int) -> Disclosed:
    """The reading, coarsened; hidden where the group behind it has fewer than `k` people."""
    if not len(reading.units):
        return Disclosed()
    if reading.people < k and not reading.is_open:
        return Disclosed(hidden=True)
    counts, coarse = (reading.totals, _NOT_COARSE) if reading.is_open else coarsen(reading.totals)
    parts = _parts(counts)
    n = _people(reading.totals)
    if reading.compared:
        return _disclose_difference(reading, counts, coarse=coarse, parts=parts)
    if not reading.is_share:
        return Disclosed(
            value=_rounded(reading, reading.value),
            lower=_rounded(reading, reading.lower, down=True),
            upper=_rounded(reading, reading.upper, down=False),
            raw=_rounded(reading, reading.raw),
            numerator=n if reading.of == "amounts" else int(counts[State.H]),
            denominator=n,
            coarse="" if reading.of == "amounts" else coarse,
            parts=parts,
        )
    return _disclose_ratio(reading, counts, coarse=coarse, parts=parts)


def _disclose_ratio(reading: Reading, counts: NDArray[np.int64], *, coarse: Coarse, parts: Parts) -> Disclosed:
    n, human = _people(reading.totals), int(counts[State.H])
    lower, upper = _measured(reading.totals, counts, coarse)
    upper = _widened(upper, reading.blind_share)
    value = _value(counts) if reading.value is not None else None
    if not _all_tell(reading) and not coarse:
        # Drawn from some of the messages alone: without the digits that would tell of them.
        value = _rounded(reading, reading.value)
    if reading.at_random and value is not None:
        lower, upper = _at_random(reading, value, coarse)
    elif reading.measured != (reading.lower, reading.upper) and reading.lower is not None and reading.upper is not None:
        # Chance, or the operator's own knowledge, has a part in the interval: never narrower than what it is drawn from.
        by_chance = _chance_of(reading.people, lower, upper) if coarse else (reading.lower, reading.upper)
        lower = min(lower, _outward(by_chance[0], down=True))
        upper = max(upper, _outward(by_chance[1], down=False))
    raw = (human + int(counts[State.P] + counts[State.S] + counts[State.S_LIKELY])) / n
    return Disclosed(
        value=value,
        lower=lower,
        upper=upper,
        raw=min(1.0, raw),
        numerator=human,
        denominator=n,
        coarse=coarse,
        parts=parts,
    )


def _at_random(reading: Reading, value: float, coarse: Coarse) -> tuple[float, float]:
    """The range around the value, where the unseen are taken to have done as the others: of what happened, the value itself; with chance
    in it, no narrower."""
    lower = upper = value
    if reading.lower is not None and reading.upper is not None and reading.lower < reading.upper:
        by_chance = _chance_of(reading.people, value, value) if coarse else (reading.lower, reading.upper)
        lower, upper = min(value, _outward(by_chance[0], down=True)), max(value, _outward(by_chance[1], down=False))
    return 0.0 if coarse == "at_most" else lower, 1.0 if coarse == "at_least" else upper


def _all_tell(reading: Reading) -> bool:
    return reading.telling is None or bool(reading.telling.all())


def _measured(totals: NDArray[np.int64], counts: NDArray[np.int64], coarse: Coarse) -> tuple[float, float]:
    """The range of what happened, from counts as they may be told."""
    n = _people(totals)
    # Scanned surely, and so surely not counted: only as many as may be told.
    surely = int(totals[State.S]) if totals[State.S] >= FEW else 0
    lower, upper = int(counts[State.H]) / n, (n - int(counts[State.NOT]) - surely) / n
    return 0.0 if coarse == "at_most" else lower, 1.0 if coarse == "at_least" else upper


def _value(counts: NDArray[np.int64]) -> float | None:
    known = _people(counts) - int(counts[State.P] + counts[State.U])
    return min(1.0, int(counts[State.H]) / known) if known > 0 else None


def _disclose_difference(reading: Reading, counts: NDArray[np.int64], *, coarse: Coarse, parts: Parts) -> Disclosed:
    """Of two groups, each coarsened: at most of one less at least of the other. Mapped from -1..1 to 0..1."""
    totals = reading.held.sum(axis=0)
    others, other = coarsen(totals)
    (low, high), (other_low, other_high) = _measured(reading.totals, counts, coarse), _measured(totals, others, other)
    lower, upper = (low - other_high + 1) / 2, (high - other_low + 1) / 2
    if reading.measured != (reading.lower, reading.upper) and reading.lower is not None and reading.upper is not None:
        chance = reading.lower, reading.upper
        if coarse or other:
            mine_by_chance = _chance_of(reading.people, low, high)
            other_by_chance = _chance_of(int(denominators(reading.held).max()), other_low, other_high)
            chance = (
                (mine_by_chance[0] - other_by_chance[1] + 1) / 2,
                (mine_by_chance[1] - other_by_chance[0] + 1) / 2,
            )
        lower, upper = min(lower, chance[0]), max(upper, chance[1])
    kinds: set[Coarse] = {coarse, _OPPOSITE[other]} - {""}
    value, mine, theirs = reading.value, _value(counts), _value(others)
    if len(kinds) > 1:
        value = None  # somewhere between: nobody can say on which side
    elif value is not None and mine is not None and theirs is not None and _all_tell(reading):
        value = (mine - theirs + 1) / 2
    return Disclosed(
        value=_rounded(reading, value),
        lower=_outward(lower, down=True),
        upper=_outward(upper, down=False),
        numerator=int(counts[State.H]),
        denominator=_people(reading.totals),
        coarse=kinds.pop() if value is not None and kinds else "",
        parts=parts,
    )


def _chance_of(people: int, lower: float, upper: float) -> Interval:
    """Of a count that is told as a range, from that alone: the exact interval would tell none from two. As if all stood in one message as
    large as the largest (`people`), which is hardly ever less wide."""
    people = max(people, 1)
    return wilson(math.floor(lower * people), people)[0], wilson(math.ceil(upper * people), people)[1]


def coarsen(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], Coarse]:
    """Counts of one row (shape (COLUMNS,)) with the small ones blurred, and how the numerator is to be read.

    H under 3 becomes 3, a rest under 3 becomes 3; P, S and U of one or two become 3 (none at all tells of nobody). What
    is added is taken from those not reached, else from H, so that n stands.
    """
    coarse = np.array(counts, dtype=np.int64)
    n = _people(counts)
    for state in (State.P, State.S_LIKELY, State.S, State.U):
        if 0 < coarse[state] < FEW:
            coarse[state] = FEW
    kind: Coarse = ""
    if counts[State.H] < FEW:
        coarse[State.H], kind = FEW, "at_most"
    elif n - counts[State.H] < FEW:
        coarse[State.H], kind = n - FEW, "at_least"
    rest = n - int(coarse[: State.NOT].sum())
    coarse[State.NOT] = rest if rest >= FEW else 0
    if rest < 0 and kind != "at_most":
        coarse[State.H] = max(int(coarse[State.H]) + rest, 0)
        kind = "at_least"
    if 0 < coarse[E] - coarse[D] < FEW:
        coarse[D] = coarse[E] - FEW
    return coarse, kind


def _widened(upper: float, blind_share: float) -> float:
    """By those who may have left no trace, in whole per cent: its digits would tell of single people who answered."""
    percent = math.ceil(round(blind_share * 100, _PLACES))
    return min(1.0, upper / (1 - percent / 100)) if percent < 100 else 1.0


def _rounded(reading: Reading, figure: float | None, *, down: bool | None = None) -> float | None:
    """A median as it is; a mean without the digits that would tell of single people."""
    if figure is None or reading.unit == "seconds":
        return figure
    return round(figure, _PLACES) if down is None else _outward(figure, down=down)


def _outward(bound: float, *, down: bool) -> float:
    scale = 10.0**_PLACES
    return (math.floor(bound * scale) if down else math.ceil(bound * scale)) / scale


def _people(counts: NDArray[np.int64]) -> int:
    return int(counts[: State.OUT].sum())


def _parts(counts: NDArray[np.int64]) -> Parts:
    assert counts.shape == (COLUMNS,)
    return Parts(
        E=int(counts[E]),
        D=int(counts[D]),
        H=int(counts[State.H]),
        P=int(counts[State.P]),
        S=int(counts[State.S] + counts[State.S_LIKELY]),
        U=int(counts[State.U]),
    )


def shown(seconds: float | None) -> float | None:
    """A median as it is published: absent where it was not reached."""
    return None if seconds is None or seconds == NOT_REACHED else seconds


def shown_ahead(worst: tuple[str, Forecast] | None) -> Ahead | None:
    """A forecast, with its message, rounded outward, so that no digit tells of single people."""
    if worst is None:
        return None
    message, found = worst
    lower, upper = _outward(found.lower, down=True), _outward(found.upper, down=False)
    return Ahead(round(found.value, _PLACES), lower, upper, found.earlier, round(found.covered, _PLACES), message)
