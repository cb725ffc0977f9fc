"""What rules see that look at several facts of one message: who clicked, opened and was delivered to in which slot. The rules themselves
stand in files of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.facts import COLLAPSED, UNTIMED, Key, read_detail
from metrics.machines.bursts import LINKS, Stamps, find_bursts
from metrics.machines.prompt import CHANNEL, is_prompt

_NOWHERE = np.empty(0, dtype=np.intp)


@dataclass(frozen=True)
class Sightings:
    """Facts of one message, all its references together. `keys`: whose they are, the facts of a key one after the other, `ends` where they
    end; `slots` and `people` (numbers from 0) of one length."""

    keys: Sequence[Key]
    ends: NDArray[np.intp]
    slots: NDArray[np.uint32]
    people: NDArray[np.intp]


def find_likely(seen: Sightings, links: int | None) -> NDArray[np.intp]:
    """The positions, sorted, of clicks and openings that the rules find likely to be a machine's. `links`: how many the message has, where
    its entry says so."""
    facts = _Facts(seen)
    clicks = _Clicks(facts)
    if not len(clicks.at):
        return clicks.at
    on_record = len(clicks.numbers)
    found = [_in_bursts(facts, clicks)] if on_record >= LINKS else []
    if (on_record if links is None else links) < LINKS:
        found.append(_prompt(facts))
    return np.sort(np.concatenate(found)) if found else clicks.at[:0]


class _Facts:
    """Positions by kind, for all keys of a kind at once: a mail sent singly has as many keys as people."""

    def __init__(self, seen: Sightings) -> None:
        self.people = seen.people
        self._slots = seen.slots
        self._timed = (seen.slots != UNTIMED) & (seen.slots != COLLAPSED)
        self._keys = seen.keys
        self._ends = seen.ends
        self._begins = np.concatenate((np.zeros(1, dtype=np.intp), seen.ends[:-1]))[: len(seen.ends)]
        self._of_kind: dict[str, list[int]] = {kind: [] for kind in ("clicked", "opened", "delivered")}
        for number, key in enumerate(seen.keys):
            if key.kind in self._of_kind:
                self._of_kind[key.kind].append(number)

    def keys(self, kind: str) -> tuple[list[Key], NDArray[np.intp]]:
        """Those of a kind, and how many facts each has."""
        numbers = self._of_kind[kind]
        return [self._keys[number] for number in numbers], self._ends[numbers] - self._begins[numbers]

    def all(self, kind: str) -> NDArray[np.intp]:
        """The positions of all facts of a kind, key by key."""
        return self._positions(self._of_kind[kind])

    def timed(self, kind: str, channel: str | None = None) -> NDArray[np.intp]:
        """The positions of those (on a channel) that have a time of their own: records that arrive together need not have happened
        together."""
        keys = self._keys
        here = [
            number
            for number in self._of_kind[kind]
            if channel in (None, keys[number].channel) and _has_own_time(keys[number])
        ]
        at = self._positions(here)
        timed: NDArray[np.intp] = at[self._timed[at]]
        return timed

    def _positions(self, numbers: list[int]) -> NDArray[np.intp]:
        lengths = self._ends[numbers] - self._begins[numbers]
        shifts: NDArray[np.intp] = np.repeat(self._begins[numbers] - (np.cumsum(lengths) - lengths), lengths)
        return shifts + np.arange(len(shifts))

    def of_people(self, at: NDArray[np.intp], people: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those positions that are about any of some people."""
        wanted = np.zeros(int(self.people.max()) + 1, dtype=np.bool_)
        wanted[people] = True
        return at[wanted[self.people[at]]]

    def stamps(self, at: NDArray[np.intp]) -> Stamps:
        return self.people[at].astype(np.uint64) << np.uint64(32) | self._slots[at]


def _has_own_time(key: Key) -> bool:
    """Whether the source itself says when, as far as it says so at all."""
    return not key.detail or "untimed" not in read_detail(key.detail)


class _Clicks:
    """Clicks that have a time of their own: `at`, their positions, and `links`, the numbers of their links beside them (-1: no link is
    named). `numbers`: of every link on record."""

    def __init__(self, facts: _Facts) -> None:
        self.numbers: dict[str, int] = {}
        keys, lengths = facts.keys("clicked")
        links = [self._number(key) if length else -1 for key, length in zip(keys, lengths.tolist(), strict=True)]
        of_position = np.full(len(facts.people), -1, dtype=np.int64)
        self.at = facts.timed("clicked")
        of_position[facts.all("clicked")] = np.repeat(np.array(links, dtype=np.int64), lengths)
        self.links = of_position[self.at]

    def _number(self, key: Key) -> int:
        link = read_detail(key.detail).get("link")
        return -1 if link is None else self.numbers.setdefault(link, len(self.numbers))


def _in_bursts(facts: _Facts, clicks: _Clicks) -> NDArray[np.intp]:
    stamps, named = facts.stamps(clicks.at), clicks.links >= 0
    bursts = find_bursts(stamps[named], clicks.links[named])
    opened = (
        facts.of_people(facts.timed("opened"), (bursts >> np.uint64(32)).astype(np.intp)) if len(bursts) else _NOWHERE
    )
    return np.concatenate((clicks.at[np.isin(stamps, bursts)], opened[np.isin(facts.stamps(opened), bursts)]))


def _prompt(facts: _Facts) -> NDArray[np.intp]:
    clicks = facts.timed("clicked", CHANNEL)
    landed = facts.of_people(facts.timed("delivered", CHANNEL), facts.people[clicks])
    return clicks[is_prompt(facts.stamps(clicks), facts.stamps(landed))]
