"""The facts of one message about its audience: cut out of the sets all together, weighed, and laid out as tracks, one a key and evidence.
What a kind means for a figure is left to `view` and the indicators."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.facts import COARSE_TICKS, TICK_SECONDS, TRACKED, UNTIMED, Key, read_detail
from metrics.ledger.slots import SlotSet
from metrics.machines import Evidence, Sightings, find_likely, weigh

NEVER = np.iinfo(np.int64).max

TakenBack = Mapping[tuple[str, str], NDArray[np.int64]]
"""(reference, reaction) -> people who took it back."""

PlacesOf = Callable[[NDArray[np.uint32]], NDArray[np.intp]]
"""The places of people in the audience, by their numbers; -1 for those outside."""


@dataclass(frozen=True)
class Track:
    """Facts of one key and evidence about people of the audience, sorted by slot; all arrays of one length. `moments`: the start of each
    slot's five minutes, in seconds; NEVER where it has no time. `answers`: where it counts as a response: not the sender's own, not taken
    back."""

    channel: str
    detail: str
    evidence: Evidence
    slots: NDArray[np.uint32]
    moments: NDArray[np.int64]
    places: NDArray[np.intp]
    answers: NDArray[np.bool_]

    @property
    def seconds(self) -> int:
        """Of attention: what its detail reports."""
        return int(read_detail(self.detail)["seconds"])

    def before(self, moment: int) -> slice:
        """The facts before a moment."""
        return slice(int(self.moments.searchsorted(moment)))

    def only(self, chosen: NDArray[np.bool_], evidence: Evidence | None = None) -> "Track":
        """Some of its facts, told to be by another evidence where one is given."""
        return Track(
            self.channel,
            self.detail,
            self.evidence if evidence is None else evidence,
            self.slots[chosen],
            self.moments[chosen],
            self.places[chosen],
            self.answers[chosen],
        )


@dataclass(frozen=True)
class CutFacts:
    """A message's facts about its audience: those of a key one after the other, `ends` where they end. `outside`: how many were about
    others."""

    keys: Sequence[Key]
    ends: NDArray[np.intp]
    slots: NDArray[np.uint32]
    places: NDArray[np.intp]
    outside: int

    def tracks(self, links: int | None, *, sender: int, taken_back: TakenBack) -> Iterator[tuple[Key, Track]]:
        """Every key with its facts by evidence. `links`: how many the message has, where its entry says so; `sender`, and who took
        reactions back: places."""
        likely = find_likely(Sightings(self.keys, self.ends, self.slots, self.places), links)
        suspected = np.searchsorted(likely, self.ends).tolist()
        moments = moments_of(self.slots)
        answers = self.places != sender
        begin = first = 0
        for key, end, last in zip(self.keys, self.ends.tolist(), suspected, strict=True):
            here, told = slice(begin, end), weigh(key.kind, key.detail)
            does_answer = answers[here]
            if key.kind == "reacted":
                gone = taken_back.get((key.reference, read_detail(key.detail).get("choice", "")), ())
                does_answer = does_answer & ~np.isin(self.places[here], gone)
            columns = self.slots[here], moments[here], self.places[here], does_answer
            track = Track(key.channel, key.detail, told, *columns)
            if last > first and told == Evidence.HUMAN:
                machine = np.zeros(end - begin, dtype=np.bool_)
                machine[likely[first:last] - begin] = True
                yield key, track.only(machine, Evidence.SCANNER_LIKELY)
                track = track.only(~machine)
            yield key, track
            begin, first = end, last


def cut_facts(sets: Mapping[Key, SlotSet], places_of: PlacesOf, objects: NDArray[np.bool_]) -> CutFacts:
    """The facts about the audience, without what is tracked of those of it who object."""
    # All sets together, since nearly all of them are small.
    lengths = [len(facts) for facts in sets.values()]
    codes = np.concatenate([facts.codes for facts in sets.values()] or [np.empty(0, dtype=np.uint64)])
    places = places_of(codes.astype(np.uint32))
    keep = places >= 0
    outside = len(places) - int(np.count_nonzero(keep))
    if objects.any():
        is_tracked = np.array([key.kind in TRACKED for key in sets], dtype=np.bool_)
        keep &= ~(np.repeat(is_tracked, lengths) & objects[places])
    kept = np.flatnonzero(keep)
    slots = (codes >> np.uint64(32)).astype(np.uint32)[kept]
    ends = np.searchsorted(kept, np.cumsum(lengths, dtype=np.intp))
    return CutFacts(list(sets), ends, slots, places[kept], outside)


def moments_of(slots: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The start of each slot's five minutes, in seconds."""
    moments = (slots // np.uint32(COARSE_TICKS)).astype(np.int64) * (COARSE_TICKS * TICK_SECONDS)
    moments[slots == UNTIMED] = NEVER
    return moments
