"""The people of one message in the mode `cells`: tokens, each worth something for this message alone, in the cells that they came with; and
whoever did nothing, as many as the source that sent it counted. What is recorded of an event is left to `ledger.as_tokens`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from metrics.audiences import Audience
from metrics.entries import Totals
from metrics.facts import Key, read_detail
from metrics.ledger.slots import SlotSet
from metrics.people import People
from metrics.rosters import NOBODY, Coded, Persons

Cell = Mapping[str, str]
_Numbers = NDArray[np.int64]


class Tokens(People):
    """`numbers`: those of the tokens, sorted; `size` people there are with those of whom nothing is on record."""

    def __init__(self, numbers: _Numbers, size: int) -> None:
        self._tokens = numbers
        self.size = size

    def persons_of(self, numbers: NDArray[np.integer]) -> Persons:
        if not len(self._tokens):
            return np.full(len(numbers), NOBODY, dtype=np.int32)
        wanted = numbers.astype(np.int64)
        places = np.minimum(np.searchsorted(self._tokens, wanted), len(self._tokens) - 1)
        return np.where(self._tokens[places] == wanted, places, NOBODY).astype(np.int32)

    def person_of_pseudonym(self, pseudonym: str) -> int | None:  # noqa: ARG002
        """Nobody is known by name here."""
        return None


class Meant(NamedTuple):
    audience: Audience
    people: Tokens


def gather(sets: Mapping[Key, SlotSet], totals: Sequence[Totals]) -> Meant | None:
    """Everybody it was meant for. None where no source counted them: how many did nothing, nobody knows then."""
    if not totals:
        return None
    tokens = list(_cells_of(sets))
    counted = {tuple(sorted(each.cell.items())): each.audience for each in sorted(totals, key=lambda each: each.at)}
    silent = [
        (dict(pairs), audience - sum(len(who) for cell, who in tokens if pairs_hold(pairs, cell)))
        for pairs, audience in sorted(counted.items())
    ]
    numbers = np.concatenate([np.zeros(0, dtype=np.int64), *(who for _, who in tokens)])
    order = np.argsort(numbers)
    groups = [(cell, len(who)) for cell, who in tokens] + [(cell, max(left, 0)) for cell, left in silent]
    size = sum(people for _, people in groups)
    # Tokens in the order of their numbers, then the others.
    place = np.concatenate([order, np.arange(len(numbers), size)])
    nobody = np.zeros(size, dtype=np.bool_)
    attributes = {name: _code(name, groups, place) for name in sorted({name for cell, _ in groups for name in cell})}
    audience = Audience(np.arange(size, dtype=np.int32), attributes, nobody, nobody.copy())
    return Meant(audience, Tokens(numbers[order], size))


def pairs_hold(pairs: Iterable[tuple[str, str]], cell: Cell) -> bool:
    return all(cell.get(name) == value for name, value in pairs)


def _cells_of(sets: Mapping[Key, SlotSet]) -> Iterable[tuple[Cell, _Numbers]]:
    """The tokens of each cell, none in two: whoever came with several stands in the first by name."""
    found: dict[str, list[_Numbers]] = {}
    for key, facts in sets.items():
        found.setdefault(read_detail(key.detail).get("cell", ""), []).append(
            facts.codes.astype(np.uint32).astype(np.int64)
        )
    taken = np.zeros(0, dtype=np.int64)
    for cell in sorted(found, key=lambda cell: (not cell, cell)):
        own = np.setdiff1d(np.concatenate(found[cell]), taken)
        taken = np.union1d(taken, own)
        yield dict(parse_qsl(cell)), own


def _code(name: str, groups: Sequence[tuple[Cell, int]], place: NDArray[np.intp]) -> Coded:
    values = tuple(sorted({cell[name] for cell, people in groups if name in cell and people}))
    codes = [values.index(cell[name]) if cell.get(name) in values else -1 for cell, _ in groups]
    spread = np.repeat(np.array(codes, dtype=np.int16), [people for _, people in groups])
    return Coded(values, spread[place])
