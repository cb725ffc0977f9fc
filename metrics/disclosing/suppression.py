"""Which figures of one question are hidden: those of small groups, and as few others as keep these from being reckoned out. How closely a
count is held is left to `system`; what was published before, and stands, to `epochs`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from metrics.disclosing.family import Family, Guard
from metrics.disclosing.groups import EVERYBODY, Group, Tally, TallyOf, Told, in_order, told_of
from metrics.disclosing.held import Held
from metrics.disclosing.programme import ROUNDING
from metrics.disclosing.questions import is_guarded
from metrics.disclosing.rows import Range, Rows
from metrics.disclosing.system import System
from metrics.disclosure import FEW
from metrics.reading import Place

WORD = FEW - 1  # the words "at most 3" leave three counts, 0 to 2: nothing of a small group may be held more closely


@dataclass(frozen=True)
class Hidden:
    """`small`: hidden for its own sake; `beside`: for the sake of a small one; `waiting`: only together with
    what was told before does it give too much away."""

    small: frozenset[Group]
    beside: frozenset[Group]
    waiting: frozenset[Group]


def suppress(family: Family, tally_of: Callable[[str], TallyOf], *, k: int, prefer: Collection[Place] = ()) -> Hidden:
    """Greedy, then pruned: taking anything out of `beside` or `waiting` would give something away. `prefer`: segments that are
    hidden elsewhere, so that the same ones are hidden everywhere."""
    system = System(
        (*family.asked, *family.fixed, *family.hidden, *family.before),
        tally_of,
        sizes_known=family.sizes_known,
        items=family.items,
        besides=family.besides,
        blocks=family.blocks,
        lost=bool(family.earlier),
    )
    untold = (*family.asked, *family.hidden)
    # Ordered wherever an order decides: a set's own changes from one process to the next.
    small = dict.fromkeys(group for group in untold if group in family.secret or _tells_of_few(system, group, k))
    search = _Search(
        system, family, {group: told for group, told in family.asked.items() if group not in small}, prefer
    )
    guards = list(_guards(search, small, k))
    # Wholes first: what they alone tell is more than any segment can keep back.
    for guard in sorted(search.explore(guards), key=lambda guard: not system.is_whole(guard.atoms)):
        search.make_safe(guard)
    search.prune()
    for guard in search.in_doubt(guards):
        search.make_safe(guard)
    search.prune()
    return Hidden(frozenset(small), frozenset(search.beside), frozenset(search.waiting))


def _is_small(tally: Tally, k: int) -> bool:
    return 0 < tally.people < k


def _tells_of_few(system: System, group: Group, k: int) -> bool:
    """By itself, or by what else its figure tells."""
    return any(_is_small(system.sum(each), k) for each in system.with_besides([group]) if is_guarded(each.measure))


def _guards(search: "_Search", small: Collection[Group], k: int) -> Iterable[Guard]:
    system, family = search.system, search.family
    secret = set(system.with_besides(family.secret))
    for group in system.with_besides(small):
        kept = group in secret or _is_small(system.sum(group), k)
        if kept and group in system.groups and is_guarded(group.measure):
            yield Guard(system.groups[group], min(system.sum(group).n, WORD))
    for atoms in (
        *(system.groups[group] for group in system.with_besides(search.told) if group in system.groups),
        *system.differences(search.all_told),
    ):
        tally, (measure, *_) = system.tally(atoms), system.measures(atoms)
        if _is_small(tally, k) and is_guarded(measure):
            yield Guard(atoms, min(tally.n, WORD))
        elif (
            family.sizes_known and is_guarded(measure) and tally.n and min(tally.counted, tally.n - tally.counted) < FEW
        ):
            told = told_of(tally)
            # Where hardly anybody could be seen, its own figure says so.
            yield Guard(atoms, max(min(told.high, system.seen(atoms)) - told.low, 0))


class _Search:
    """What is told so far of one family, and what was hidden to make it safe."""

    def __init__(self, system: System, family: Family, told: dict[Group, Told], prefer: Collection[Place]) -> None:
        self.system = system
        self.family = family
        self.told = told
        self.beside: set[Group] = set()
        self.waiting: set[Group] = set()
        self._prefer = prefer
        self._because: dict[Group, tuple[Guard, Range]] = {}
        self._kept: list[tuple[Guard, float]] = []
        self._held = Held(system, family)

    @property
    def all_told(self) -> dict[Group, Told]:
        return {**self.family.fixed, **self.told}

    def explore(self, guards: Sequence[Guard]) -> list[Guard]:
        """Those that may be held too closely. What is hidden afterwards only loosens the others."""
        left = {guards[place] for place in self._held.explore(guards, self.all_told)}
        self._kept = [(guard, guard.needed) for guard in guards if guard not in left]
        return [guard for guard in guards if guard in left]

    def in_doubt(self, guards: Iterable[Guard]) -> list[Guard]:
        """Of those that what was told before somebody was erased may hold too closely, each as it is and as it was before. From here on
        only what is hidden for them is looked at."""
        segments = [guard for guard in guards if not self._held.is_whole(guard)]
        held = self._held.exactly(self.all_told) if self.family.earlier and segments else None
        places = [] if held is None else held.explore([(guard.atoms, guard.needed) for guard in segments])
        self._because = {}
        in_doubt = [
            replace(guard, stage=stage)
            for guard in (segments[place] for place in places)
            if held is not None and self._is_in_doubt(guard, held)
            for stage in self._held.stages
        ]
        return self.explore(in_doubt)

    def _is_in_doubt(self, guard: Guard, held: Rows) -> bool:
        """Whether it is held more closely than needed, and than by figures for everybody."""
        width = held.holds(guard.atoms, guard.needed).width
        return width < guard.needed - ROUNDING and width < self._held.limit(guard, self.all_told) - ROUNDING

    def make_safe(self, guard: Guard) -> None:
        """Hide one after the other of those that hold the group's count, until it is held as loosely as needed, or as can be."""
        held = self._held.of(guard, self.all_told)
        needed = guard.needed if held.width >= guard.needed - ROUNDING else self._held.limit(guard, self.all_told)
        while held.width < needed - ROUNDING:
            hidden = self._next(guard, held, needed)
            if hidden is None:
                break
            self._hide(guard, hidden, held)
            self._because[hidden] = guard, held
            held = self._held.of(guard, self.all_told)
        self._kept.append((guard, min(needed, held.width) if held.is_solved else needed))

    def _width(self, guard: Guard, told: Mapping[Group, Told]) -> float:
        return self._held.of(guard, told).width

    def _candidates(self, guard: Guard, groups: Iterable[Group]) -> list[Group]:
        """Segments first; a figure for everybody only where nothing else is left, as where the segments were told before."""
        free = [one for one in groups if one in self.told]
        segments = [one for one in free if one.place != EVERYBODY]
        found = segments if segments and not self._held.is_whole(guard) else free
        return sorted(found, key=self._worth)

    def _worth(self, group: Group) -> tuple[bool, bool, int, object]:
        """What is worth least is hidden first."""
        is_todays, elsewhere = group not in self.family.past, group.place in self._prefer
        return is_todays, not elsewhere, self.system.sum(group).n, in_order(group)

    def _next(self, guard: Guard, held: Range, needed: float) -> Group | None:
        """What to hide for it. A segment whose hiding loosens the count holds it whichever way it is solved. Where none does by itself,
        other ways to solve it name others: solved afresh it is the figures that decide, not what was solved before."""
        found = self._best(guard, held.groups, needed)
        by_segments = not self._held.is_whole(guard)
        if found is None or found[1] <= held.width + ROUNDING or (by_segments and found[0].place == EVERYBODY):
            afresh = self._held.afresh(guard, self.all_told)
            found = self._best(guard, afresh.groups, needed)
        return None if found is None else found[0]

    def _best(self, guard: Guard, groups: Iterable[Group], needed: float) -> tuple[Group, float] | None:
        """The first that is enough alone, else the one that loosens it most; with how closely the count is held then."""
        widths: list[float] = []
        candidates = self._candidates(guard, groups)
        for group in candidates:
            widths.append(self._width(guard, {one: told for one, told in self.all_told.items() if one != group}))
            if widths[-1] >= needed - ROUNDING:
                return group, widths[-1]
        most = max(widths, default=0.0) - ROUNDING
        return next(((group, width) for group, width in zip(candidates, widths, strict=True) if width >= most), None)

    def _hide(self, guard: Guard, group: Group, held: Range) -> None:
        """`held`: how closely the guard's count is, by today's figures and those before."""
        today = held.width
        if guard.stage is not None or not held.still_holds(self.all_told):
            today = self._held.today(guard, self.all_told).width
        (self.waiting if today >= guard.needed - ROUNDING else self.beside).add(group)
        del self.told[group]

    def prune(self) -> None:
        """Show again whatever is not needed after all, today's first, of these the largest. What waits will be told soon enough."""
        hidden = sorted(
            (group for group, (guard, _) in self._because.items() if group in self.beside or guard.stage is not None),
            key=lambda group: (group in self.family.past, -self.system.sum(group).n, in_order(group)),
        )
        for group in hidden if len(self._because) > 1 else ():
            if not self._is_needed(group):
                self.told[group] = self.family.asked[group]
                self.beside.discard(group)
                self.waiting.discard(group)

    def _is_needed(self, group: Group) -> bool:
        told = {**self.all_told, group: self.family.asked[group]}
        # It is most likely needed still for what it was hidden for, or for what others were needed for.
        because, held = self._because[group]
        self._kept.sort(key=lambda kept: kept[0] is not because)
        if held.width < self._kept[0][1] - ROUNDING and held.still_holds(self._held.with_before(told)):
            return True
        needing = next((kept for kept in self._kept if self._width(kept[0], told) < kept[1] - ROUNDING), None)
        if needing is not None:
            self._kept.remove(needing)
            self._kept.insert(0, needing)
        return needing is not None
