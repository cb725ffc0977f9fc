"""What blocks come to: links between the atoms of segments that are made of each other. Which segments are, is left to `blocks`; what the
links hold, to `system`."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

import numpy as np

from metrics.disclosing.atoms import Atom, Link
from metrics.disclosing.blocks import Block, Side
from metrics.disclosing.questions import may_hold
from metrics.reading import Place


class Ties:
    """`at`: the places of atoms, by measure and segment."""

    def __init__(
        self, atoms: Sequence[Atom], at: Mapping[tuple[str, Place], Sequence[int]], *, sizes_known: bool
    ) -> None:
        self._atoms = atoms
        self._at = at
        self._sizes_known = sizes_known
        self._measures = sorted({measure for measure, _ in at})

    def of(self, block: Block) -> Iterable[Link]:
        """What stands on one side of a block stands on the other, under each measure. Where one is asked about by one attribute, and by the
        other only one that holds it, it comes to no more than that."""
        for measure in self._measures:
            for one, other in self._facing(block[:2], measure, measure):
                yield Link(one, other, *self._strays(one, other, block.misfits))
        for sides in permutations(block[:2]):
            for less, more in permutations(self._measures, 2):
                if may_hold(less, more) and not (self._atoms_at(less, sides[1]) or self._atoms_at(more, sides[0])):
                    for one, other in self._facing(sides, less, more):
                        strays = block.misfits * len(self._atoms[one[0]].units)
                        yield Link(one, other, -np.inf, max(strays, self._counted(one) - self._counted(other)))

    def _facing(self, sides: Sequence[Side], *measures: str) -> Iterable[tuple[list[int], list[int]]]:
        """Atoms of both sides over the same units, each under its own measure."""
        atoms = [self._atoms_at(measure, side) for measure, side in zip(measures, sides, strict=True)]
        for units in sorted({self._atoms[atom].units for atom in atoms[0]}, key=sorted):
            one, other = ([atom for atom in side if self._atoms[atom].units == units] for side in atoms)
            if other:
                yield one, other

    def _atoms_at(self, measure: str, side: Side) -> list[int]:
        return [atom for value in sorted(side.values) for atom in self._at.get((measure, (side.attribute, value)), ())]

    def _strays(self, one: Sequence[int], other: Sequence[int], misfits: int) -> tuple[float, float]:
        """By how much the counts of both sides may differ: by those who stand on one side alone, of whom so many are on the one and so many
        on the other as the sizes say. Who stood where when messages were sent may differ from today."""
        more, strays = self._counted(one) - self._counted(other), misfits * len(self._atoms[one[0]].units)
        if not self._sizes_known:
            return min(-strays, more), max(strays, more)
        larger = sum(self._atoms[atom].tally.n for atom in one) - sum(self._atoms[atom].tally.n for atom in other)
        strays = max(strays, abs(larger))
        return min((larger - strays) / 2, more), max((larger + strays) / 2, more)

    def _counted(self, atoms: Iterable[int]) -> int:
        return sum(self._atoms[atom].tally.counted for atom in atoms)
