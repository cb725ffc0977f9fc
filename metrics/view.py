"""One message as its indicators see it: the audience as arrays, and for every kind of fact who did it first, by evidence.
Reading the sets is left to the ledger, what a kind means for a figure to the indicators."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from metrics.audiences import Audience
from metrics.clock import Clocks
from metrics.facts import COARSE_TICKS, TICK_SECONDS, UNTIMED, Key, read_detail
from metrics.ledger.slots import SlotSet
from metrics.machines import Evidence, weigh
from metrics.messages import Message
from metrics.people import People

NEVER = np.iinfo(np.int64).max
TRACKED = frozenset({"opened", "viewed", "read", "clicked", "attended", "engaged", "downloaded"})
RESPONSES = frozenset({"replied", "commented", "reacted", "answered", "rated"})
_PIXELS = frozenset({"opened", "read", "attended"})

Detail = Mapping[str, str]
TakenBack = Mapping[tuple[str, str], NDArray[np.int64]]
"""(reference, reaction) -> people (dense) who took it back."""


@dataclass(frozen=True)
class Sight:
    """What the configured sources can show. `kinds`: channel to actions; `delivered`: channels whose deliveries show;
    `words_per_minute`: by language, with `default`."""

    kinds: Mapping[str, frozenset[str]]
    delivered: frozenset[str]
    words_per_minute: Mapping[str, float]


@dataclass(frozen=True)
class Track:
    """Facts of one key about people of the audience, sorted by slot; all arrays of one length. `answers`: where it counts as a
    response: not the sender's own, not taken back."""

    detail: str
    evidence: Evidence
    slots: NDArray[np.uint32]
    places: NDArray[np.int64]
    answers: NDArray[np.bool_]


class View:
    """`places` are positions in the audience, 0 to len - 1. Moments are whole seconds; NEVER where there is none."""

    def __init__(self, message: Message, audience: Audience, *, sight: Sight, clocks: Clocks) -> None:
        self.message = message
        self.audience = audience
        self.sight = sight
        self.clocks = clocks
        self.size = len(audience.person)
        self.outside = 0
        self._heard: dict[str, int] = {message.channel: -1} if message.channel else {}
        self._tracks: dict[str, list[Track]] = {}

    def take(self, sets: Iterable[tuple[Key, SlotSet]], people: People, taken_back: TakenBack) -> None:
        """Add the message's facts: cut to the audience, objectors' traces unseen."""
        place_of = np.full(people.size + 1, -1, dtype=np.int64)  # the last entry answers for person -1
        place_of[self.audience.person] = np.arange(self.size)
        sender = self._sender_place(people, place_of)
        for key, facts in sets:
            persons = facts.persons
            places = place_of[people.persons_of(persons)]
            keep = places >= 0
            self.outside += int(len(places) - keep.sum())
            if key.kind in TRACKED:
                keep &= ~self.audience.objects[places]
            answers = places != sender
            if key.kind == "reacted":
                gone = taken_back.get((key.reference, read_detail(key.detail).get("choice", "")), ())
                answers &= ~np.isin(people.persons_of(persons), gone)
            evidence = weigh(key.kind, key.detail)
            track = Track(key.detail, evidence, facts.slots[keep], places[keep], answers[keep])
            self._hear(key.channel, track)
            self._tracks.setdefault(key.kind, []).append(track)

    def _hear(self, channel: str, track: Track) -> None:
        if len(track.slots):
            earliest = int(_moments(track.slots[:1])[0])
            self._heard[channel] = min(earliest, self._heard.get(channel, NEVER))

    def _sender_place(self, people: People, place_of: NDArray[np.int64]) -> int:
        """-1, where nobody is, if the sender is unknown or not in the audience."""
        person = people.person_of_pseudonym(self.message.sender) if self.message.sender else None
        return int(place_of[person]) if person is not None else -1

    def first(
        self, kinds: Iterable[str], evidence: Evidence, *, where: Callable[[Detail], bool] | None = None
    ) -> NDArray[np.int64]:
        """The earliest moment (start of its five minutes) at which each did any of `kinds`, by this evidence and with a
        detail that `where` accepts; shape (audience,)."""
        moments = np.full(self.size, NEVER, dtype=np.int64)
        for kind in kinds:
            for track in self._tracks.get(kind, ()):
                if track.evidence != evidence or not (where is None or where(read_detail(track.detail))):
                    continue
                earliest = np.full(self.size, NEVER, dtype=np.int64)
                # Sorted by slot: written backwards, a person's earliest is written last.
                earliest[track.places[::-1]] = _moments(track.slots[::-1])
                np.minimum(moments, earliest, out=moments)
        return moments

    def last(self, kinds: Iterable[str], before: int) -> NDArray[np.int64]:
        """The latest moment before `before` at which each is on record for any of `kinds`; -1 where none."""
        moments = np.full(self.size, -1, dtype=np.int64)
        for kind in kinds:
            for track in self._tracks.get(kind, ()):
                at = _moments(track.slots)
                inside = at < before
                latest = np.full(self.size, -1, dtype=np.int64)
                latest[track.places[inside]] = at[inside]
                np.maximum(moments, latest, out=moments)
        return moments

    def answering(self) -> "View":
        """The same message with what counts as a response alone."""
        view = View(self.message, self.audience, sight=self.sight, clocks=self.clocks)
        view._heard = self._heard
        view._tracks = {
            kind: [
                replace(track, slots=track.slots[track.answers], places=track.places[track.answers]) for track in tracks
            ]
            for kind, tracks in self._tracks.items()
            if kind in RESPONSES
        }
        return view

    def without_time(self, kinds: Iterable[str]) -> NDArray[np.bool_]:
        """People with a fact of `kinds` that has no time at all, so that nobody knows whether it lies in a window."""
        found = np.zeros(self.size, dtype=np.bool_)
        for kind in kinds:
            for track in self._tracks.get(kind, ()):
                found[track.places[track.slots == UNTIMED]] = True
        return found

    def tracks(self, kind: str) -> Sequence[Track]:
        return self._tracks.get(kind, ())

    def delivered(self, before: int) -> NDArray[np.bool_]:
        """D: delivered before `before` and not bounced in the slot of the last delivery or later. Everybody where the
        message's channel shows no deliveries."""
        if not self.shows_deliveries:
            return np.ones(self.size, dtype=np.bool_)
        delivered = self.last(("delivered",), before)
        bounced = self.last(("bounced",), before)
        return (delivered >= 0) & (bounced < delivered)

    @property
    def shows_deliveries(self) -> bool:
        return self.message.channel in self.sight.delivered

    def seconds_engaged(self, before: int) -> NDArray[np.int64]:
        """The highest engaged seconds each is on record for before `before`: reported totals, and ten for every
        distinct slot of attention; 0 where none."""
        seconds = np.zeros(self.size, dtype=np.int64)
        for track in self._tracks.get("engaged", ()):
            if track.evidence == Evidence.HUMAN:
                inside = track.places[_moments(track.slots) < before]
                reported = int(read_detail(track.detail)["seconds"])
                seconds[inside] = np.maximum(seconds[inside], reported)
        return np.maximum(seconds, self._pinged(before))

    def _pinged(self, before: int) -> NDArray[np.int64]:
        pings = [track for track in self._tracks.get("attended", ()) if track.evidence == Evidence.HUMAN]
        if not pings:
            return np.zeros(self.size, dtype=np.int64)
        slots = np.concatenate([track.slots for track in pings]).astype(np.int64)
        places = np.concatenate([track.places for track in pings])
        inside = _moments(slots.astype(np.uint32)) < before
        distinct = np.unique(slots[inside] * self.size + places[inside]) % self.size
        return np.bincount(distinct, minlength=self.size) * TICK_SECONDS

    def channels(self, before: int) -> list[str]:
        """The message's own channel, and those on which the audience did anything about it before `before`."""
        return [channel for channel, since in self._heard.items() if since < before]

    def blind(self, kinds: frozenset[str], before: int, *, anywhere: bool = False) -> NDArray[np.bool_]:
        """U: people who may have done any of `kinds` without being seen: no source of the message's channel shows it (where it
        is done `anywhere`: no source at all), they object to being tracked, or the mail they got shows nothing of it."""
        shown = self.sight.kinds.get(self.message.channel or "", frozenset())
        if anywhere or not self.message.channel:
            shown = frozenset().union(*self.sight.kinds.values())
        if not shown & kinds:
            return np.ones(self.size, dtype=np.bool_)
        blind = np.zeros(self.size, dtype=np.bool_)
        if kinds & TRACKED:
            blind |= self.audience.objects
        if kinds & _PIXELS & self.sight.kinds.get("email", frozenset()) and "email" in self.channels(before):
            # Also where a page shows it too: whoever read the mail had no reason to open the page.
            blind |= self.audience.images_blocked
        return blind


def _moments(slots: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The start of each slot's five minutes, in seconds; NEVER where the slot has no time."""
    ticks = slots.astype(np.int64)
    return np.where(ticks == UNTIMED, NEVER, (ticks - ticks % COARSE_TICKS) * TICK_SECONDS)
