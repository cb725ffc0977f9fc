"""How earlier messages grew with age, kept when their sets are forgotten: whole audiences of fifty and more, in figures as they may be
published. What they foretell is left to `trend`."""

from collections.abc import Mapping, Sequence

import msgspec

from metrics.counting import Counted
from metrics.disclosure import FEW, coarsen
from metrics.growth import SMALLEST_AUDIENCE
from metrics.ledger.database import Connection
from metrics.ledger.frozen import load_bodies, save_body
from metrics.reading import Cells, State

_KIND = "curve"
_MOST = 1000  # of one measure: what is older says little of now


class Curve(msgspec.Struct, frozen=True):
    """One measure of one message, or of a campaign as one. `grown`: of so many `people` this many at the first of the ages of
    `metrics.growth`, in steps of three, so that nobody is told apart; `value`: what it came to, or has come to so far."""

    messages: tuple[str, ...]
    measure: str
    sent_at: int
    people: int
    value: float
    grown: tuple[int, ...]


def make_curve(messages: tuple[str, ...], measure: str, sent_at: int, cells: Cells) -> Curve | None:
    """None where it has no curve, or no value."""
    if not cells.growth:
        return None
    counts, _ = coarsen(cells.counts[""][0])
    people = int(counts[: State.OUT].sum())
    known = people - int(counts[State.P] + counts[State.U])
    if people < SMALLEST_AUDIENCE or known * 2 < people:
        return None
    grown = tuple(number // FEW * FEW for number in cells.growth)
    return Curve(messages, measure, sent_at, people, min(1.0, int(counts[State.H]) / known), grown)


class Curves:
    """Those of messages whose windows have closed for good. `version`: another one whenever there are more."""

    def __init__(self) -> None:
        self._kept: dict[str, list[list[Curve]]] = {}
        self.version = 0

    def start(self, connection: Connection) -> None:
        """Take up what an earlier process kept."""
        for body in load_bodies(connection, _KIND).values():
            self._add(_decoder.decode(body))

    def keep(self, connection: Connection, unit: str, counted: Counted, sent_at: Mapping[str, int]) -> None:
        """Keep the curves of a campaign, once. `sent_at`: of its messages (seconds)."""
        made = (
            make_curve(ids, measure, sent_at[ids[0]], cells)
            for (ids, measure), cells in sorted(counted.items(), key=_key)
        )
        curves = tuple(curve for curve in made if curve is not None)
        if curves and save_body(connection, f"{_KIND} {unit}", msgspec.json.encode(curves)):
            self._add(curves)

    def _add(self, curves: Sequence[Curve]) -> None:
        self.version += 1
        for measure in {curve.measure for curve in curves}:
            kept = self._kept.setdefault(measure, [])
            kept.append([curve for curve in curves if curve.measure == measure])
            kept.sort(key=_place)
            del kept[:-_MOST]

    def of_measure(self, measure: str) -> Sequence[Sequence[Curve]]:
        """By campaign, the latest of them; of one campaign its messages alone and together."""
        return self._kept.get(measure, [])


_decoder = msgspec.json.Decoder(tuple[Curve, ...])


def _key(item: tuple[tuple[tuple[str, ...], str], Cells]) -> tuple[tuple[str, ...], str]:
    return item[0]


def _place(curves: Sequence[Curve]) -> tuple[int, tuple[str, ...]]:
    return curves[0].sent_at, curves[0].messages
