"""One message as its indicators see it: the audience as arrays, and for every kind of fact who did it first, by evidence.
Reading the sets is left to the ledger, what a kind means for a figure to the indicators."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from metrics.answers import Given
from metrics.audiences import Audience
from metrics.clock import Clocks
from metrics.facts import TICK_SECONDS, TRACKED, Key, read_detail
from metrics.ledger.slots import SlotSet
from metrics.machines import Evidence
from metrics.messages import Message
from metrics.people import People, Roster
from metrics.sight import Sight
from metrics.tracks import NEVER, TakenBack, Track, cut_facts

RESPONSES = frozenset({"replied", "commented", "reacted", "answered", "rated"})
_PIXELS = frozenset({"opened", "read", "attended"})
_NOBODY = np.empty(0, dtype=np.int64)

Detail = Mapping[str, str]


@dataclass(frozen=True)
class Deed:
    """What a message wants done, after it was sent. `kinds`: the actions it is on record with, whoever's; none where its times are
    forgotten; `audience` and `holdout`: who did it, as views without the message itself."""

    kinds: frozenset[str]
    audience: "View"
    holdout: "View | None"


@dataclass(frozen=True)
class Behind:
    """Where a view finds what few indicators ask for: the directory when the message was sent (None: it was not), the answers to its
    questions, the `apart`, questions that are about the organisation and not about the message, what it wants done (None: nothing), and
    its `rank` among others by how hard it is to read (ten-thousandths)."""

    people: People
    roster: Roster | None
    given: Given = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    deed: Deed | None = None
    rank: int | None = None


class View:
    """`places` are positions in the audience, 0 to len - 1; `sender`: that of who sent it, -1 where unknown or not in it. Moments are
    whole seconds; NEVER where there is none."""

    def __init__(
        self, message: Message, audience: Audience, *, sight: Sight, clocks: Clocks, behind: Behind | None = None
    ) -> None:
        self.behind = behind
        self.message = message
        self.audience = audience
        self.sight = sight
        self.clocks = clocks
        self.size = len(audience.person)
        self.outside = 0
        self.sender = -1
        self._heard: dict[str, int] = {message.channel: -1} if message.channel else {}
        self._tracks: dict[str, list[Track]] = {}
        self.acknowledged: list[tuple[Key, SlotSet]] = []
        self._first: dict[tuple[int, ...], NDArray[np.int64]] = {}
        self._did: dict[tuple[int, ...], NDArray[np.bool_]] = {}
        self._delivered: dict[int, NDArray[np.bool_]] = {}

    def take(self, sets: Mapping[Key, SlotSet], people: People, taken_back: TakenBack) -> None:
        """Add the message's facts: cut to the audience, objectors' traces unseen, each weighed."""
        self.acknowledged = [(key, facts) for key, facts in sets.items() if key.kind == "acknowledged"]
        place_of = np.full(people.size + 1, -1, dtype=np.intp)  # the last entry answers for person -1
        place_of[self.audience.person] = np.arange(self.size)
        self.sender = self._sender_place(people, place_of)
        cut = cut_facts(sets, lambda numbers: place_of[people.persons_of(numbers)], self.audience.objects)
        self.outside += cut.outside
        gone = {reaction: place_of[persons] for reaction, persons in taken_back.items()}
        for key, track in cut.tracks(self.message.links, sender=self.sender, taken_back=gone):
            if len(track.moments):
                self._heard[key.channel] = min(int(track.moments[0]), self._heard.get(key.channel, NEVER))
            self._tracks.setdefault(key.kind, []).append(track)

    @property
    def given(self) -> Given:
        """What the audience answered, by question."""
        return self.behind.given if self.behind is not None else {}

    def _sender_place(self, people: People, place_of: NDArray[np.int64]) -> int:
        """-1, where nobody is, if the sender is unknown or not in the audience."""
        person = people.person_of_pseudonym(self.message.sender) if self.message.sender else None
        return int(place_of[person]) if person is not None else -1

    def tracks(
        self,
        kinds: Iterable[str],
        evidence: Evidence | None = None,
        *,
        where: Callable[[Detail], bool] | None = None,
        channel: str | None = None,
    ) -> list[Track]:
        """What anybody did of `kinds` (on a channel), by this evidence (None: by any) and with a detail that `where` accepts."""
        return [
            track
            for kind in kinds
            for track in self._tracks.get(kind, ())
            if evidence in (None, track.evidence)
            and channel in (None, track.channel)
            and (where is None or where(read_detail(track.detail)))
        ]

    def did(
        self,
        kinds: Iterable[str],
        evidence: Evidence | None,
        before: int,
        *,
        where: Callable[[Detail], bool] | None = None,
        channel: str | None = None,
    ) -> NDArray[np.bool_]:
        """Who did any of that before a moment; shape (audience,), not to be changed."""
        chosen = self.tracks(kinds, evidence, where=where, channel=channel)
        asked = (before, *map(id, chosen))
        if asked not in self._did:  # several indicators ask the same
            self._did[asked] = found = np.zeros(self.size, dtype=np.bool_)
            for track in chosen:
                found[track.places[track.before(before)]] = True
        return self._did[asked]

    def first(
        self,
        kinds: Iterable[str],
        evidence: Evidence,
        *,
        where: Callable[[Detail], bool] | None = None,
        channel: str | None = None,
    ) -> NDArray[np.int64]:
        """The earliest moment at which each did any of `kinds` (on a channel), by this evidence and with a detail that `where`
        accepts; shape (audience,), not to be changed."""
        chosen = self.tracks(kinds, evidence, where=where, channel=channel)
        asked = tuple(map(id, chosen))
        if asked not in self._first:  # several indicators ask the same
            moments = np.full(self.size, NEVER, dtype=np.int64)
            for number, track in enumerate(chosen):
                # Sorted by slot: written backwards, a person's earliest is written last.
                places, told = track.places[::-1], track.moments[::-1]
                moments[places] = np.minimum(moments[places], told) if number else told
            self._first[asked] = moments
        return self._first[asked]

    def last(self, kinds: Iterable[str], before: int) -> NDArray[np.int64]:
        """The latest moment before `before` at which each is on record for any of `kinds`; -1 where none."""
        latest = np.full(self.size, -1, dtype=np.int64)
        for number, track in enumerate(self.tracks(kinds)):
            inside = track.before(before)
            places, told = track.places[inside], track.moments[inside]
            latest[places] = np.maximum(latest[places], told) if number else told
        return latest

    def answering(self) -> "View":
        """The same message with what counts as a response alone."""
        view = View(self.message, self.audience, sight=self.sight, clocks=self.clocks, behind=self.behind)
        view._heard, view.sender = self._heard, self.sender
        view._tracks = {
            kind: [track.only(track.answers) for track in tracks]
            for kind, tracks in self._tracks.items()
            if kind in RESPONSES
        }
        return view

    def done_since(self, moment: int) -> "View":
        """The same message with what others than its sender did from a moment on (seconds), or at no known time."""
        view = View(self.message, self.audience, sight=self.sight, clocks=self.clocks, behind=self.behind)
        view._heard, view.sender = self._heard, self.sender
        view._tracks = {
            kind: [track.only((track.moments >= moment) & (track.places != self.sender)) for track in tracks]
            for kind, tracks in self._tracks.items()
        }
        return view

    def without_time(self, kinds: Iterable[str], *, channel: str | None = None) -> NDArray[np.bool_]:
        """People with a fact of `kinds` (on a channel) that has no time at all, so that nobody knows whether it lies in a window."""
        found = np.zeros(self.size, dtype=np.bool_)
        for track in self.tracks(kinds, channel=channel):
            found[track.places[track.before(NEVER).stop :]] = True
        return found

    def delivered(self, before: int) -> NDArray[np.bool_]:
        """D: delivered before `before` and not bounced in the slot of the last delivery or later. Everybody where the
        message's channel shows no deliveries. Shape (audience,), not to be changed."""
        if not self.shows_deliveries:
            return np.ones(self.size, dtype=np.bool_)
        if before not in self._delivered:
            delivered = self.last(("delivered",), before)
            bounced = self.last(("bounced",), before)
            self._delivered[before] = (delivered >= 0) & (bounced < delivered)
        return self._delivered[before]

    @property
    def shows_deliveries(self) -> bool:
        return self.message.channel in self.sight.delivered

    def seconds_engaged(self, before: int) -> NDArray[np.int64]:
        """The highest engaged seconds each is on record for before `before`: reported totals, and ten for every
        distinct slot of attention; 0 where none."""
        tracks = sorted(self.tracks(("engaged",), Evidence.HUMAN), key=lambda track: track.seconds)
        inside = np.concatenate([track.moments for track in tracks] or [_NOBODY]) < before
        places = np.concatenate([track.places for track in tracks] or [_NOBODY])
        totals = np.repeat([track.seconds for track in tracks], [len(track.places) for track in tracks])
        seconds = np.zeros(self.size, dtype=np.int64)
        seconds[places[inside]] = totals[inside]  # the highest writes last
        return np.maximum(seconds, self._pinged(before))

    def _pinged(self, before: int) -> NDArray[np.int64]:
        pings = self.tracks(("attended",), Evidence.HUMAN)
        if not pings:
            return np.zeros(self.size, dtype=np.int64)
        slots = np.concatenate([track.slots[track.before(before)] for track in pings]).astype(np.int64)
        places = np.concatenate([track.places[track.before(before)] for track in pings])
        # `np.unique` takes ten times as long for as many different numbers.
        pinged = np.sort(slots * self.size + places)
        distinct = pinged[np.diff(pinged, prepend=-1) > 0]
        return np.bincount(distinct % self.size, minlength=self.size) * TICK_SECONDS

    def channels(self, before: int) -> list[str]:
        """The message's own channel, and those on which the audience did anything about it before `before`."""
        return [channel for channel, since in self._heard.items() if since < before]

    def blind(self, kinds: frozenset[str], before: int, *, anywhere: bool = False) -> NDArray[np.bool_]:
        """U: people who may have done any of `kinds` without being seen: no source of the message's channel shows it (where it
        is done `anywhere`: no source at all), they object to being tracked, or the mail they got shows nothing of it."""
        channel = None if anywhere else self.message.channel or None
        if not self.sight.shows(kinds, channel):
            return np.ones(self.size, dtype=np.bool_)
        blind = np.zeros(self.size, dtype=np.bool_)
        if kinds & TRACKED:
            blind |= self.audience.objects
        if kinds & _PIXELS & self.sight.kinds.get("email", frozenset()) and "email" in self.channels(before):
            # Also where a page shows it too: whoever read the mail had no reason to open the page.
            blind |= self.audience.images_blocked
        return blind


Judged = Sequence[tuple[View, int]]
"""Messages judged as one, each with the moment (seconds) at which its window closes."""
