"""The linear system over everything that is told of one question: which groups follow from which others, and what is known of each. How
closely that holds a group's own count is left to `rows`, which groups need to be safe, and what is hidden for them, to `suppression`.

The people of different attributes are not crossed, but for segments that are made of others (`blocks`): whatever stands in a department's
row and in a site's, some table agrees with both. Sizes count as known (`docs/decisions/0007-disclosure.md`).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from metrics.disclosing.apart import told_apart
from metrics.disclosing.atoms import Atom, Link, cut, orders_of, rest_of, sparse
from metrics.disclosing.blocks import NO_VALUE, Block, tied_by, values_of
from metrics.disclosing.groups import EVERYBODY, Group, Tally, TallyOf, Told, sums_up, told_of
from metrics.disclosing.programme import Amounts
from metrics.disclosing.questions import SEEN, is_about_held
from metrics.disclosing.rows import Atoms, Ground, Known, Rows
from metrics.disclosing.ties import Ties
from metrics.reading import Members, Place


class System:
    """All groups of some measures that belong together (windows of one indicator), told or not. A group with units whose counts nobody
    knows any more is left out. `items`: they are counted, not people. `besides`: under which other measures a figure tells something.
    `lost`: whether people may have been where nobody is any more."""

    def __init__(
        self,
        groups: Iterable[Group],
        tally_of: Callable[[str], TallyOf],
        *,
        sizes_known: bool = True,
        items: bool = False,
        besides: Callable[[str], Sequence[str]] = lambda _measure: (),
        blocks: Sequence[Block] = (),
        lost: bool = False,
    ) -> None:
        self._tally_of = tally_of
        self._lost = lost
        self._items = items
        self._sizes_known = sizes_known
        self._besides = besides
        self._atoms: list[Atom] = []
        self._at: dict[tuple[str, Place], list[int]] = {}
        self._links: list[Link] = []
        groups = [group for group in dict.fromkeys(self.with_besides(groups)) if self._is_known(group)]
        self._wholes: dict[tuple[str, frozenset[Members]], int] = {}
        self._add_wholes(groups)
        self._ties = self._add_attributes(groups, blocks)
        self._links += self._ties
        self.groups = {
            group: self._atoms_of(group)
            for group in groups
            if group.place != EVERYBODY or (group.measure, next(iter(group.units), ())) in self._measured
        }
        self._number = {group: number for number, group in enumerate(self.groups)}
        self._told_besides = {
            group: [self._number[each] for each in [*self.with_besides([group])][1:] if each in self._number]
            for group in self.groups
        }
        n = [float(atom.tally.n) if sizes_known else np.inf for atom in self._atoms]
        truth = [float(atom.tally.counted) for atom in self._atoms]
        self._counted = [sum(truth[atom] for atom in np.flatnonzero(atoms).tolist()) for atoms in self.groups.values()]
        self._told_as = list(map(self._range_of, self.groups, self._counted))
        self.known = Known(np.array(n), np.array(truth), *self._table())
        self._ground = Ground(self.known)

    def _add_attributes(self, groups: Sequence[Group], blocks: Sequence[Block]) -> list[Link]:
        """The segments of all attributes; the links between those whose people are the same."""
        attributes = sorted({group.place[0] for group in groups} - {""})
        blocks = [block for block in blocks if block.attributes <= set(attributes)]
        wholes = {group.units for group in groups if group.place == EVERYBODY}
        for together in tied_by(blocks, attributes):
            segments = [group for group in groups if group.place[0] in together]
            named = {each: {group.place[1] for group in segments if group.place[0] == each} for each in together}
            places = {each: [(each, value) for value in values_of(each, named[each], blocks)] for each in together}
            self._add_segments(segments, places, wholes)
        ties = Ties(self._atoms, self._at, sizes_known=self._sizes_known)
        return [link for block in blocks for link in ties.of(block)]

    def _range_of(self, group: Group, counted: float) -> Told:
        """What is told beside another figure: of those held out what may be told of anybody, who could be seen as it is."""
        return told_of(self.tally(self.groups[group])) if is_about_held(group.measure) else Told(counted, counted)

    def _table(self) -> tuple[csr_array, csr_array, Amounts, NDArray[np.intp]]:
        """A row for each group, and links with what they come to, over the atoms; and which atom is never more than which."""
        groups = [
            (row, atom, 1)
            for row, inside in enumerate(self.groups.values())
            for atom in np.flatnonzero(inside).tolist()
        ]
        links = [(row, atom, 1) for row, link in enumerate(self._links) for atom in link.parts]
        links += [(row, atom, -1) for row, link in enumerate(self._links) for atom in link.wholes]
        return (
            sparse(groups, (len(self.groups), len(self._atoms))),
            sparse(links, (len(self._links), len(self._atoms))),
            np.array([(link.low, link.high) for link in self._links], dtype=np.float64).reshape(-1, 2),
            np.array(orders_of(self._atoms), dtype=np.intp).reshape(-1, 2),
        )

    def with_besides(self, groups: Iterable[Group]) -> Iterable[Group]:
        """Groups, and of the same people whatever else their figures tell."""
        for group in groups:
            yield group
            yield from (replace(group, measure=measure) for measure in self._besides(group.measure))

    def _is_known(self, group: Group) -> bool:
        tally_of = self._tally_of(group.measure)
        return all(tally_of(members, group.place) is not None for members in group.units)

    def _add(self, measure: str, place: Place, units: frozenset[Members], tallies: Mapping[Members, Tally]) -> int:
        people = {members: tally.people for members, tally in tallies.items()}
        self._at.setdefault((measure, place), []).append(len(self._atoms))
        self._atoms.append(Atom(measure, place, units, people, sums_up(tallies.values())))
        return len(self._atoms) - 1

    def _add_wholes(self, groups: Sequence[Group]) -> None:
        """Where the counts of everybody are known for all units of a measure; else nothing ties its segments together."""
        self._measured = set()
        cuts = cut({group.units for group in groups})
        for measure in sorted({group.measure for group in groups}):
            inside = frozenset().union(*(group.units for group in groups if group.measure == measure))
            tally_of = self._tally_of(measure)
            if all(tally_of(members, EVERYBODY) is not None for members in inside):
                self._measured |= {(measure, members) for members in (*inside, ())}
                for units in (each for each in cuts if each <= inside):
                    tallies = {members: tally_of(members, EVERYBODY) or Tally() for members in units}
                    self._wholes[measure, units] = self._add(measure, EVERYBODY, units, tallies)

    def _add_segments(
        self, groups: Sequence[Group], places: Mapping[str, Sequence[Place]], wholes: Collection[frozenset[Members]]
    ) -> None:
        """Of attributes some of whose segments are made of another's."""
        inside: dict[str, dict[str, frozenset[Members]]] = {attribute: {} for attribute in places}
        for group in groups:
            measures = inside[group.place[0]]
            measures[group.measure] = measures.get(group.measure, frozenset()) | group.units
        classes = {group.units for group in groups}
        for attribute, measures in inside.items() if self._sizes_known else ():
            classes |= told_apart(cut(classes), wholes, measures, places[attribute], self._tally_of)
        cuts = cut(classes)
        for attribute, measures in inside.items():
            for measure in sorted(measures):
                for units in (each for each in cuts if each <= measures[measure]):
                    self._add_parts(measure, places[attribute], units)

    def _add_parts(self, measure: str, places: Sequence[Place], units: frozenset[Members]) -> None:
        tally_of = self._tally_of(measure)
        found = [(place, {each: tally_of(each, place) or Tally() for each in units}) for place in places]
        # Where sizes are known, so is where nobody is.
        parts = [
            self._add(measure, place, units, tallies)
            for place, tallies in found
            if not self._sizes_known or self._lost or any(tally.n for tally in tallies.values())
        ]
        wholes = [atom for (name, each), atom in self._wholes.items() if name == measure and each <= units]
        if wholes:
            rest = {each: rest_of(tally_of, each, places) for each in units}
            if self._lost or any(tally.n for tally in rest.values()):
                parts.append(self._add(measure, (places[0][0], NO_VALUE), units, rest))
            self._links.append(Link(parts, wholes))

    def _atoms_of(self, group: Group) -> Atoms:
        inside = np.zeros(len(self._atoms), dtype=np.bool_)
        places = self._at.get((group.measure, group.place), ())
        inside[[at for at in places if self._atoms[at].units <= group.units]] = True
        return inside

    def tally(self, atoms: Atoms) -> Tally:
        """Of all of them together: whoever stands in the same unit adds up; of items, whose authors nobody knows, all do."""
        people: Counter[Members] = Counter()
        inside = [self._atoms[atom] for atom in np.flatnonzero(atoms).tolist()]
        for atom in inside:
            people.update(atom.people)
        tally = sums_up(atom.tally for atom in inside)
        return tally._replace(people=tally.n if self._items else max(people.values(), default=0))

    def sum(self, group: Group) -> Tally:
        return self.tally(self.groups[group]) if group in self.groups else Tally()

    def differences(self, told: Collection[Group]) -> Iterable[Atoms]:
        """Groups that have no figure of their own but may follow from others': every atom, every segment over the units of any figure,
        and what is left of every whole that is told when the segments that are told are taken off."""
        yield from (np.arange(len(self._atoms)) == atom for atom in range(len(self._atoms)))
        classes = dict.fromkeys((group.measure, group.units) for group in self.groups if len(group.units) > 1)
        for measure, place in self._at if self._sizes_known else ():
            within = (self._atoms_of(Group(measure, units, place)) for name, units in classes if name == measure)
            yield from {atoms.tobytes(): atoms for atoms in within if atoms.sum() > 1}.values()
        told = [group for group in self.with_besides(told) if group in self.groups]
        for whole in (group for group in told if group.place == EVERYBODY):
            segments = [
                one
                for one in told
                if one.place != EVERYBODY and one.measure == whole.measure and one.units == whole.units
            ]
            for attribute in sorted({one.place[0] for one in segments}):
                shown = np.logical_or.reduce([self.groups[one] for one in segments if one.place[0] == attribute])
                inside = [
                    atom.measure == whole.measure and atom.place[0] == attribute and atom.units <= whole.units
                    for atom in self._atoms
                ]
                yield np.array(inside) & ~shown
        shown = {place for group in told for place in np.flatnonzero(self.groups[group]).tolist()}
        for atoms in (side for link in self._ties for side in (link.parts, link.wholes)):
            left = np.zeros(len(self._atoms), dtype=np.bool_)
            left[[atom for atom in atoms if atom not in shown]] = True
            yield left

    def seen(self, atoms: Atoms) -> int:
        """How many of them could be seen; all, where nothing is told of that."""
        found = 0
        for atom in (self._atoms[place] for place in np.flatnonzero(atoms).tolist()):
            others = (self._atoms[at] for at in self._at.get((atom.measure + SEEN, atom.place), ()))
            found += next((other.tally.counted for other in others if other.units == atom.units), atom.tally.n)
        return found

    def measures(self, atoms: Atoms) -> list[str]:
        return sorted({self._atoms[atom].measure for atom in np.flatnonzero(atoms).tolist()}) or [""]

    def is_whole(self, atoms: Atoms) -> bool:
        return all(self._atoms[atom].place == EVERYBODY for atom in np.flatnonzero(atoms).tolist())

    def rows(self, told: Mapping[Group, Told], use: str) -> Rows:
        """What is known where these are told."""
        return Rows(self._ground, *self.numbered(told), use)

    def numbered(self, told: Mapping[Group, Told]) -> tuple[list[Group], NDArray[np.intp], Amounts]:
        """Groups with their rows and what is told of these: whatever else their figures tell, as it is."""
        rows = []
        for group, range in told.items():
            number = self._number.get(group)
            if number is not None:
                rows.append((group, number, range))
                rows += [(group, each, self._told_as[each]) for each in self._told_besides[group]]
        numbers = np.array([number for _, number, _ in rows], dtype=np.intp)
        ranges = np.array([range for _, _, range in rows], dtype=np.float64).reshape(-1, 2)
        return [group for group, _, _ in rows], numbers, ranges

    @property
    def units(self) -> Amounts:
        """Of how many units each atom is."""
        return np.array([len(atom.units) for atom in self._atoms], dtype=np.float64)
