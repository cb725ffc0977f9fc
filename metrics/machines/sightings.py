"""What rules see that look at several facts of one message: who clicked, opened and was delivered to in which slot. The rules themselves
stand in files of their own."""

from collections.abc import Iterator, Mapping, Sequence
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
    return np.unique(np.concatenate(found)) if found else clicks.at[:0]


class _Facts:
    """Positions by kind. What has no time of its own is left out where that is asked for: records that arrive together need not have
    happened together."""

    def __init__(self, seen: Sightings) -> None:
        self.people = seen.people
        self._slots = seen.slots
        self._timed = (seen.slots != UNTIMED) & (seen.slots != COLLAPSED)
        self._of_kind: dict[str, list[tuple[Key, int, int]]] = {}
        begin = 0
        for key, end in zip(seen.keys, seen.ends.tolist(), strict=True):
            if end > begin:
                self._of_kind.setdefault(key.kind, []).append((key, begin, end))
            begin = end

    def details(self, kind: str) -> Iterator[tuple[Mapping[str, str], NDArray[np.intp]]]:
        """Every detail of a kind, with the positions of its facts that have a time of their own."""
        for key, begin, end in self._of_kind.get(kind, ()):
            detail = read_detail(key.detail)
            own_time = "untimed" not in detail
            yield detail, begin + np.flatnonzero(self._timed[begin:end]) if own_time else _NOWHERE

    def timed(self, kind: str, channel: str | None = None) -> NDArray[np.intp]:
        """The positions of all facts of a kind (on a channel) that have a time of their own."""
        found = [
            begin + np.flatnonzero(self._timed[begin:end])
            for key, begin, end in self._of_kind.get(kind, ())
            if channel in (None, key.channel) and "untimed" not in read_detail(key.detail)
        ]
        return np.concatenate([_NOWHERE, *found])

    def of_people(self, at: NDArray[np.intp], people: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those positions that are about any of some people."""
        wanted = np.zeros(int(self.people.max()) + 1, dtype=np.bool_)
        wanted[people] = True
        return at[wanted[self.people[at]]]

    def stamps(self, at: NDArray[np.intp]) -> Stamps:
        return self.people[at].astype(np.uint64) << np.uint64(32) | self._slots[at]


class _Clicks:
    """Clicks that have a time of their own: `at`, their positions, and `links`, the numbers of their links beside them (-1: no link is
    named). `numbers`: of every link on record."""

    def __init__(self, facts: _Facts) -> None:
        self.numbers: dict[str, int] = {}
        at, links = [_NOWHERE], [np.empty(0, dtype=np.int64)]
        for detail, timed in facts.details("clicked"):
            link = detail.get("link")
            number = -1 if link is None else self.numbers.setdefault(link, len(self.numbers))
            at.append(timed)
            links.append(np.full(len(timed), number, dtype=np.int64))
        self.at, self.links = np.concatenate(at), np.concatenate(links)


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
