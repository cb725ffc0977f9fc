"""Facts by channel and day, of everything that has any: counted anew where something changed, and kept when times are forgotten. What is
counted of a part is left to `trust`, which days a reading is about to `days`."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

import numpy as np

from metrics.counting import Counted
from metrics.ledger.database import Connection
from metrics.ledger.sets import list_references, read_sets
from metrics.machines import LINKS
from metrics.messages import Catalogue, Message
from metrics.people import People
from metrics.reading import Cells
from metrics.trust import ByDay, Tally, tally_facts

MEASURE = "traffic"
"""What it is kept under, beside the counts of messages."""

_Part = tuple[str, str]
_OF_MESSAGE, _OF_REFERENCE = "message", "reference"


class Traffic:
    """A part is what is counted together: a message with all its references, or a reference that nobody described. `wanted`: whether
    anybody asks for it; where nobody does, nothing is read."""

    def __init__(self, day_of: Callable[[int], date], *, wanted: bool) -> None:
        self._day_of = day_of
        self._wanted = wanted
        self._catalogue = Catalogue({}, {}, {})
        self._references: dict[str, list[str]] = {}
        self._people: People | None = None
        self._parts: dict[_Part, ByDay] = {}
        self._kept: set[_Part] = set()
        self._is_new = True

    def describe(self, catalogue: Catalogue, people: People) -> None:
        """Take a new catalogue, or the same after the directory changed: everything with times is counted again."""
        self._catalogue, self._people = catalogue, people
        self._references = {}
        for reference, message in catalogue.message_of_reference.items():
            self._references.setdefault(message, []).append(reference)
        self.recount()

    def recount(self) -> None:
        """Whatever has times is to be counted again."""
        self._parts = {part: self._parts[part] for part in self._kept}
        self._is_new = True

    def count(self, connection: Connection, touched: Iterable[str] = ()) -> None:
        """Count anew what changed: the references that have new facts, or everything."""
        if not self._wanted:
            return
        if self._is_new:
            touched = {size.reference for size in list_references(connection)}
        self._is_new = False
        for part in sorted({self._part(reference) for reference in touched if reference} - self._kept):
            self._parts[part] = self._count(connection, part)

    def _part(self, reference: str) -> _Part:
        message = self._catalogue.message_of_reference.get(reference)
        return (_OF_REFERENCE, reference) if message is None else (_OF_MESSAGE, message)

    def _count(self, connection: Connection, part: _Part) -> ByDay:
        assert self._people is not None
        kind, name = part
        if kind == _OF_MESSAGE:
            links = self._catalogue.messages[name].links
            sets = read_sets(connection, self._references[name])
            return tally_facts(sets, self._people, day_of=self._day_of, links=links)
        # Of what nobody described nobody knows how many links it has: too many for a prompt click to tell anything.
        wanted = name in self._catalogue.wanted_by
        sets = read_sets(connection, [name])
        return tally_facts(sets, self._people, day_of=self._day_of, known=wanted, links=LINKS)

    def parts(self, speaks_of: Callable[[Message | None], bool]) -> Iterator[tuple[Message | None, ByDay]]:
        """Every part that a target speaks of: its message, None where nobody described any, and its facts."""
        for (kind, name), counted in sorted(self._parts.items(), key=lambda item: item[0]):
            message = self._catalogue.messages.get(name) if kind == _OF_MESSAGE else None
            if (message is not None or kind == _OF_REFERENCE) and speaks_of(message):
                yield message, counted

    def keep(self, messages: Collection[str]) -> Counted:
        """Of messages whose times are about to go: their facts by day, as counts beside the others. They stand as they are from now on."""
        parts = [(_OF_MESSAGE, id) for id in messages]
        self._kept.update(part for part in parts if part in self._parts)
        return {((part[1],), MEASURE): _to_cells(self._parts[part]) for part in parts if part in self._parts}

    def take_out(self, kept: Iterable[Counted]) -> None:
        """Take up what an earlier process kept beside the counts of campaigns, which is none of these."""
        for counted in kept:
            for (id,) in [ids for ids, measure in counted if measure == MEASURE]:
                self._parts[_OF_MESSAGE, id] = _to_days(counted.pop(((id,), MEASURE)))
                self._kept.add((_OF_MESSAGE, id))

    def drop(self, messages: Iterable[str]) -> None:
        """Forget messages of which nothing is to be left."""
        for id in messages:
            self._parts.pop((_OF_MESSAGE, id), None)
            self._kept.discard((_OF_MESSAGE, id))


def _to_cells(counted: ByDay) -> Cells:
    days = sorted(counted)
    rows = np.array([counted[each] for each in days], dtype=np.int64).reshape(-1, len(Tally._fields))
    return Cells({"": tuple(f"{channel} {day}" for channel, day in days)}, {}, extra={"": rows})


def _to_days(cells: Cells) -> ByDay:
    names = [name.rpartition(" ") for name in cells.values[""]]
    return {
        (channel, date.fromisoformat(day)): Tally(*row)
        for (channel, _, day), row in zip(names, cells.extra[""].tolist(), strict=True)
    }
