"""How good the record is: facts by channel and day, how many of them are a machine's (`machine_share`, M1), and how many were joined to a
message and a person that are known (`joined`, M5). Which messages changed, and what becomes of the counts, is left to `traffic`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metrics.facts import COARSE_TICKS, TICK_SECONDS, TRACKED, UNTIMED, Key, read_detail
from metrics.ledger.slots import SlotSet
from metrics.machines import Evidence, Sightings, find_likely, weigh
from metrics.people import People

_SLOT_SECONDS = COARSE_TICKS * TICK_SECONDS


class Tally(NamedTuple):
    """Distinct facts; of them, those of which no evidence is a human's; those of a known message and person. `people`: how many different
    ones they are by at the least."""

    facts: int = 0
    machine: int = 0
    joined: int = 0
    people: int = 0

    def __add__(self, other: object) -> "Tally":
        if not isinstance(other, Tally):
            return NotImplemented
        facts, machine, joined = (mine + theirs for mine, theirs in zip(self[:3], other[:3], strict=True))
        return Tally(facts, machine, joined, max(self.people, other.people))


ByDay = Mapping[tuple[str, date], Tally]
"""By channel and local day; only those on which there is anything."""


def tally_facts(
    sets: Mapping[Key, SlotSet],
    people: People,
    *,
    day_of: Callable[[int], date],
    known: bool = True,
    links: int | None = None,
    since: int = 0,
) -> ByDay:
    """The facts of one part from a moment on (seconds, the start of five minutes). `known`: whether what they are about is; `links`: how
    many the message has, where its entry says so. Facts without any time belong to no day."""
    laid = _Laid(sets, people, since // TICK_SECONDS)
    machine = laid.machines(_count_links(sets) if links is None else links)
    first = laid.distinct(machine, (laid.slots >= since // TICK_SECONDS) & laid.looked_at(people.objecting))
    joined = laid.known[first] if known else np.zeros(len(first), dtype=np.bool_)
    days, day = _days(laid.slots[first], day_of)
    cell = laid.channel[first] * len(days) + day
    by_whom = np.unique(np.stack([cell, laid.who[first]]), axis=1)[0]
    columns = [np.bincount(each) for each in (cell, cell[machine[first]], cell[joined], by_whom)]
    return {
        (laid.channels[place // len(days)], days[place % len(days)]): Tally(
            *(int(column[place]) if place < len(column) else 0 for column in columns)
        )
        for place in np.flatnonzero(columns[0]).tolist()
    }


def _count_links(sets: Mapping[Key, SlotSet]) -> int:
    links = {read_detail(key.detail).get("link") for key, facts in sets.items() if key.kind == "clicked" and len(facts)}
    return len(links - {None})


class _Laid:
    """Facts of several sets one after the other; everything beside `slots`. `who`: a number for each person, whoever is not known standing
    for themselves; `group`: what makes facts the same but for their detail."""

    def __init__(self, sets: Mapping[Key, SlotSet], people: People, since: int) -> None:
        self.keys: Sequence[Key] = list(sets)
        # Rules look at what happened around a fact: five minutes more than are counted.
        begin, end = (np.uint64(max(slot, 1) << 32) for slot in (since - COARSE_TICKS, UNTIMED))
        codes = [facts.codes[slice(*np.searchsorted(facts.codes, [begin, end]))] for facts in sets.values()]
        lengths = [len(each) for each in codes]
        joined = np.concatenate([np.empty(0, dtype=np.uint64), *codes])
        numbers = joined.astype(np.uint32)
        persons = people.persons_of(numbers)
        self.slots = (joined >> np.uint64(32)).astype(np.uint32)
        self.ends = np.cumsum(lengths, dtype=np.intp)
        self.known = persons >= 0
        self.who = np.where(self.known, persons, numbers.astype(np.int64) + people.size).astype(np.intp)
        self.channels = sorted({key.channel for key in self.keys})
        self.channel = np.repeat([self.channels.index(key.channel) for key in self.keys], lengths).astype(np.intp)
        groups: dict[tuple[str, str, str], int] = {}
        numbered = [groups.setdefault((key.reference, key.channel, key.kind), len(groups)) for key in self.keys]
        self.group = np.repeat(numbered, lengths).astype(np.intp)
        self._lengths = lengths

    def machines(self, links: int) -> NDArray[np.bool_]:
        """Whose evidence is not a human's."""
        told = [weigh(key.kind, key.detail) != Evidence.HUMAN for key in self.keys]
        machine = np.repeat(np.array(told, dtype=np.bool_), self._lengths)
        machine[find_likely(Sightings(self.keys, self.ends, self.slots, self.who), links)] = True
        return machine

    def looked_at(self, objects: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """All but what is tracked of people who object."""
        tracked = np.repeat(np.array([key.kind in TRACKED for key in self.keys], dtype=np.bool_), self._lengths)
        objecting = np.zeros(len(self.who), dtype=np.bool_)
        objecting[self.known] = objects[self.who[self.known]]
        return ~(tracked & objecting)

    def distinct(self, machine: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The positions of facts that differ in more than their detail; of equal ones, a human's where there is one."""
        at = np.flatnonzero(chosen)
        stamp = self.who[at].astype(np.uint64) << np.uint64(32) | self.slots[at]
        order = np.lexsort((machine[at], stamp, self.group[at]))
        at, stamp, group = at[order], stamp[order], self.group[at][order]
        new = np.ones(len(at), dtype=np.bool_)
        new[1:] = (stamp[1:] != stamp[:-1]) | (group[1:] != group[:-1])
        return at[new]


def _days(slots: NDArray[np.uint32], day_of: Callable[[int], date]) -> tuple[list[date], NDArray[np.intp]]:
    """The days that slots begin on, and for each the number of its own."""
    coarse, place = np.unique(slots // np.uint32(COARSE_TICKS), return_inverse=True)
    each = [day_of(number * _SLOT_SECONDS) for number in coarse.tolist()]
    days = sorted(set(each))
    number = np.array([days.index(day) for day in each], dtype=np.intp)
    return days, number[place] if len(number) else np.empty(0, dtype=np.intp)
