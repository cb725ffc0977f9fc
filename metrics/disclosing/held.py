"""How closely guards are held by what is told: today, with what was told before as if it were of today's people, and with what was told
before of those there were then. What is hidden for them is left to `suppression`."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from metrics.disclosing.erasures import Erasures
from metrics.disclosing.family import Family, Guard
from metrics.disclosing.groups import EVERYBODY, Group, Told
from metrics.disclosing.rows import Atoms, Range, Rows
from metrics.disclosing.system import System


class Held:
    """By the figures of one family."""

    def __init__(self, system: System, family: Family) -> None:
        self._system = system
        self._family = family
        self._before = {group: family.told(system.sum(group)) for group in family.before if group in system.groups}
        self._rows: dict[tuple[frozenset[Group], str], Rows] = {}

    @cached_property
    def _erasures(self) -> Erasures:
        return Erasures(self._system, self._family.earlier)

    def rows(self, told: Mapping[Group, Told], use: str) -> Rows:
        """`use`: "today", "before" (with what was told before), "erased" (of those there were then), or "fixed" (the same of what is not
        to be decided)."""
        key = (frozenset(told), use)
        if key not in self._rows:
            self._rows.clear() if len(self._rows) > 50 else None
            self._rows[key] = self._make_rows(told, use)
        return self._rows[key]

    def _make_rows(self, told: Mapping[Group, Told], use: str) -> Rows:
        if use in ("erased", "fixed"):
            return self._erasures.rows(self._since(told), use)
        return self._system.rows(self.with_before(told) if use == "before" else told, use)

    def with_before(self, told: Mapping[Group, Told]) -> dict[Group, Told]:
        return {**self._before, **told}

    def _since(self, told: Mapping[Group, Told]) -> dict[Group, Told]:
        """Without what was told before the last who was erased."""
        stale, asked = self._family.stale, self._family.asked
        before = {group: range for group, range in self._before.items() if group not in stale}
        return before | {group: range for group, range in told.items() if group in asked or group not in stale}

    def _rows_for(self, guard: Guard, told: Mapping[Group, Told]) -> Rows:
        return self.rows(told, "before" if guard.stage is None else "erased")

    def _atoms(self, guard: Guard) -> Atoms:
        return guard.atoms if guard.stage is None else self._erasures.at(guard.stage, guard.atoms)

    def explore(self, guards: Sequence[Guard], told: Mapping[Group, Told]) -> list[int]:
        """The places of those that may be held too closely; all are of today's people alone, or none is."""
        each = [(self._atoms(guard), guard.needed) for guard in guards]
        return self._rows_for(guards[0], told).explore(each) if guards else []

    def of(self, guard: Guard, told: Mapping[Group, Told]) -> Range:
        return self._rows_for(guard, told).holds(self._atoms(guard), guard.needed)

    def afresh(self, guard: Guard, told: Mapping[Group, Told]) -> Range:
        return self._rows_for(guard, told).holds_afresh(self._atoms(guard))

    def today(self, guard: Guard, told: Mapping[Group, Told]) -> Range:
        """By today's figures alone."""
        return self.rows(told, "today").holds(guard.atoms, guard.needed)

    def is_whole(self, guard: Guard) -> bool:
        return self._system.is_whole(guard.atoms)

    def limit(self, guard: Guard, told: Mapping[Group, Told]) -> float:
        """What is needed, or as much of it as the wholes leave; of those who were erased as much as what was told before leaves. Where
        nobody can say what these leave, it is what is needed."""
        if self.is_whole(guard):
            return guard.needed
        if guard.stage is None:
            rows = [self._system.rows(_wholes(self.with_before(told)), "wholes")]
        else:
            rows = [
                self.rows(self._family.fixed, "fixed"),
                self._erasures.rows(_wholes(self._since(told)), "wholes", wholes=True),
            ]
        left = [each.holds(self._atoms(guard), guard.needed) for each in rows]
        return min([guard.needed, *(range.width for range in left if range.is_solved)])

    def exactly(self, told: Mapping[Group, Told]) -> Rows:
        """As if before somebody was erased ranges had been told as counts: whoever knows what the erased had done, knows no more."""
        counts = {each.group: float(self._system.sum(each.group).counted) for each in self._family.earlier}
        exact = {group: Told(count, count) for group, count in counts.items()}
        return self._system.rows({**self.with_before(told), **exact}, "before")

    @property
    def stages(self) -> range:
        """Today and each time before which somebody was erased."""
        return range(self._erasures.stages)


def _wholes(told: Mapping[Group, Told]) -> dict[Group, Told]:
    return {group: range for group, range in told.items() if group.place == EVERYBODY}
