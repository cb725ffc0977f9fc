"""What is to be decided on together, and what must stay open of it. Which figures are hidden is left to `suppression`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from metrics.disclosing.blocks import Block
from metrics.disclosing.groups import Earlier, Group, Tally, Told, told_of
from metrics.disclosing.rows import Atoms


@dataclass(frozen=True)
class Family:
    """All groups of one question. `asked`: to be decided, with what would be told of each; `fixed`: told already, today; `hidden`
    already; `before`: what figures were shown of last. `past`: those asked of what has become past alone, which are hidden before any of
    today's. `earlier`: what was told of them before somebody was erased; `stale`: those of before and fixed of which nothing was told
    since. `secret`: whatever is to be hidden whatever its size. `besides`: under which other measures a figure tells something too."""

    asked: Mapping[Group, Told]
    fixed: Mapping[Group, Told] = field(default_factory=dict)
    hidden: Collection[Group] = ()
    before: Collection[Group] = ()
    earlier: Collection[Earlier] = ()
    stale: Collection[Group] = ()
    past: Collection[Group] = ()
    secret: Collection[Group] = ()
    sizes_known: bool = True
    items: bool = False
    besides: Callable[[str], Sequence[str]] = lambda _measure: ()
    blocks: Sequence[Block] = ()

    def told(self, tally: Tally) -> Told:
        """Sizes are told as they are."""
        return told_of(tally) if self.sizes_known else Told(tally.counted, tally.counted)


@dataclass(frozen=True, eq=False)
class Guard:
    """A group whose count must not be held more closely than `needed`, neither today nor beside what was told before. `stage`: its people
    today (0) or before somebody was erased, beside what was told then of those who are gone; none where only today's are looked at."""

    atoms: Atoms
    needed: float
    stage: int | None = None
