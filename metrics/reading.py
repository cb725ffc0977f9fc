"""What indicators hand on: people classed by evidence, counted by segment, and a reading made of such counts.
Before disclosure; what may show is left to `metrics.disclosure`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import Interval
from metrics.snapshot import Of, Reason, Unit

WHOLE = "all"

Direction = Literal["at_least", "at_most"]
Judge = Literal["count", "process"]  # what happened; is this how we communicate

Members = tuple[str, ...]
"""What counts each person once, by the ids of its messages: a message, or those of a campaign."""

Place = tuple[str, str]
"""(attribute, value) of a segment; ("", "") is the whole audience."""

CountOf = Callable[[str, Members, Place], NDArray[np.int64] | None]
"""The counts (shape (COLUMNS,)) of a unit under a measure, in a segment, or of those held out of it (the measure with `HELD` after it);
None where they are not known (any more)."""

HELD = "\0held"
"""After a measure: of those held out of the same messages, how many did it."""


class State(IntEnum):
    """What is known of one person for one ratio (indicators.md, section 1), best evidence first: across the messages of
    a campaign a person stands in the lowest."""

    H = 0
    P = 1
    S_LIKELY = 2
    S = 3
    U = 4
    NOT = 5
    OUT = 6  # not in the denominator


States = NDArray[np.uint8]

# Columns of a table of counts: the seven states, then the people of the audience and of the deliveries.
E, D = 7, 8
COLUMNS = 9


@dataclass(frozen=True)
class Delays:
    """Times to an event. All shape (audience,): `seconds` on the target's clock, meaningful where `reached`;
    `unknown`: nobody can tell whether or when. Everybody else is watched until the window closes, `window` seconds on
    the same clock: how far a young message has come changes no median that lies within it. `raw`: the same as a naive count would have
    it, every machine taken for a person, where the indicator goes by evidence."""

    seconds: NDArray[np.int64]
    reached: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    window: int
    raw: "Delays | None" = None


@dataclass(frozen=True)
class Times:
    """Delays of one cell without people: `seconds` (sorted, distinct) and how many were `reached` then; `open`: watched for
    the whole `window` (seconds on the same clock) and not reached; `unknown`. `raw`: as of `Delays`."""

    seconds: NDArray[np.int64]
    reached: NDArray[np.int64]
    open: int
    unknown: int
    window: int
    raw: "Times | None" = None

    @property
    def people(self) -> int:
        return int(self.reached.sum()) + self.open + self.unknown


@dataclass(frozen=True)
class Cells:
    """One unit (a message, or a campaign) under one indicator and window, counted by segment, nobody named.

    `counts[attribute]` has shape (values, COLUMNS) and `values[attribute]` the names of its rows; the whole audience is
    attribute "" with one row. For indicators in seconds `times[attribute]` has one entry a row beside it; `extra[attribute]`,
    shape (values, width), is what an indicator sums up besides. `growth`: how many of the whole audience stood in H at the first of
    the ages of `metrics.growth`; none where the indicator does not say since when. `engaged`: for
    indicators whose upper end is widened by what `detected` leaves open, of each message of the unit how many of the whole audience
    engaged, and how many of these were detected. `rules`: the version of the rules on machines that judged it.
    """

    values: dict[str, tuple[str, ...]]
    counts: dict[str, NDArray[np.int64]]
    times: dict[str, tuple[Times, ...]] = field(default_factory=dict)
    extra: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    growth: tuple[int, ...] = ()
    engaged: tuple[tuple[int, int], ...] = ()
    rules: str = ""

    @property
    def telling(self) -> bool:
        """Whether it tells who did not. Where everybody who is not known to have done it could not be seen, its channel shows nothing."""
        whole = self.counts[""][0]
        return bool(whole[State.NOT] or not whole[State.U])


@dataclass(frozen=True)
class Found:
    """What stands behind one reading, a row a unit: `counts`, shape (units, COLUMNS); `times` beside it for indicators in seconds;
    `extra`, shape (units, width), for those that sum up more than people; `telling`: which units tell who did not (None: all)."""

    counts: NDArray[np.int64]
    times: Sequence[Times] = ()
    extra: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    telling: NDArray[np.bool_] | None = None


@dataclass  # made by the thousand, and a frozen one takes three times as long
class Reading:
    """An indicator's value for a target's scope, with what its bounds came from; exact, not to be published as it is.

    `units`: shape (matured units with anybody in the cell, COLUMNS), one row each, sorted by unit; `times` beside it for
    indicators in seconds. `value`, `lower`, `upper` are None where undefined, and `bounds.NOT_REACHED` where a median lies
    beyond what was watched. `measured`: the bounds of `count`. `units_all`: matured or not; `nothing`: why there are none.
    `past`: the moment (seconds) by which whatever it is compared with was over. `blind_share`: of those who met it, how many may have
    left no trace, by which the upper end is widened. `rules`: the versions of the rules on machines that judged its units.
    `note`: what else is to be said, in a sentence.
    `measure` and `place`: what was counted, of whom. `members`: a unit a row; `without`: units of the class in which nobody of the
    segment stands; `young`: those that have not settled and are not counted yet. `compared`: it is a difference from those held out, whose
    states `extra` counts.
    """

    target: str
    indicator: str
    unit: Unit
    channel: str
    segment: str
    message: str | None
    period: str | None
    units: NDArray[np.int64]
    value: float | None
    lower: float | None
    upper: float | None
    measured: Interval | None
    raw: float | None
    maturity: float | None
    units_all: int
    closed: bool
    settled: bool
    gap: Reason = ""
    nothing: Reason = "no_data"
    times: tuple[Times, ...] = ()
    extra: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    telling: NDArray[np.bool_] | None = None
    of: Of = "people"
    at_random: bool = False
    settled_at: int = 0
    blind_share: float = 0.0
    rules: tuple[str, ...] = ()
    past: int = 0
    note: str = ""
    measure: str = ""
    place: Place = ("", "")
    members: tuple[Members, ...] = ()
    without: tuple[Members, ...] = ()
    young: tuple[Members, ...] = ()
    compared: bool = False

    @property
    def totals(self) -> NDArray[np.int64]:
        """Shape (COLUMNS,): sums over the units."""
        total: NDArray[np.int64] = self.units.sum(axis=0)
        return total

    @property
    def counting(self) -> int:
        """How many units tell by how far they differ: of differences, those of which anybody is held out; of shares that leave out
        whoever could not be seen, those that tell who did not."""
        counts = denominators(self.held if self.compared else self.units) > 0
        if self.at_random and self.value is not None and self.telling is not None and (self.is_share or self.compared):
            counts &= self.telling
        return int(counts.sum())

    @property
    def held(self) -> NDArray[np.int64]:
        """Shape (units, COLUMNS): those held out, where it is compared with them."""
        return widen(self.extra)

    @property
    def is_open(self) -> bool:
        """Whether it counts what tells of nobody: messages, by their age or a verdict that is made of what may be told, or readings."""
        return self.of in ("messages", "readings")

    @property
    def is_share(self) -> bool:
        """Whether it is a share of people (or deliveries, or items), to be told from its counts alone."""
        return self.unit == "ratio" and not self.extra.size

    @property
    def people(self) -> int:
        """How many different people stand behind it at the least: the largest denominator of one unit. Of deliveries, the people
        they went to; of facts, those who are on record with them; of items, whose authors nobody knows, the items."""
        if not len(self.units):
            return 0
        if self.of in ("items", "messages", "readings"):
            return int(denominators(self.units).sum())
        if self.compared:
            return int(min(denominators(self.units).max(), denominators(self.held).max()))
        of_others = self.of in ("deliveries", "facts")
        return int(self.units[:, E].max() if of_others else denominators(self.units).max())


def widen(states: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts by state, shape (units, OUT), as rows of counts: whoever is counted is meant, and needs no delivery."""
    counts = np.zeros((len(states), COLUMNS), dtype=np.int64)
    counts[:, : State.OUT] = states
    counts[:, E] = counts[:, D] = states.sum(axis=1)
    return counts


def denominators(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """n of each row: everybody in one of the six states. Shape (..., COLUMNS) to (...,)."""
    people: NDArray[np.int64] = counts[..., : State.OUT].sum(axis=-1)
    return people
