"""From the ledger to views: which sets, rows and audience belong to a message. What is made of them is left to the indicators."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from metrics.answers import collect_answers
from metrics.audiences import Audience, find_audience, from_bytes
from metrics.clock import Clocks
from metrics.draw import Draw
from metrics.era import Footprint
from metrics.facts import COARSE_TICKS, TICK_SECONDS, Key
from metrics.ledger.closing import find_closed
from metrics.ledger.database import Connection
from metrics.ledger.seen import Seen
from metrics.ledger.sets import read_answers, read_contested, read_sets
from metrics.ledger.slots import SlotSet
from metrics.messages import Catalogue, Message
from metrics.people import People
from metrics.ranks import rank_by_lix
from metrics.sight import Sight
from metrics.tokens import gather
from metrics.tracks import TakenBack
from metrics.view import Behind, Deed, View

_SLOT = COARSE_TICKS * TICK_SECONDS
_PEOPLE_AT_ONCE = 100_000  # of all messages that are looked at together


@dataclass(frozen=True)
class Wanted:
    """Whether anybody asks what people answered, and how long they looked; `apart`: questions that are about the organisation and not
    about a message; `by_cells`: whether people are tokens that belong to one message."""

    answers: bool
    attention: bool
    apart: frozenset[str]
    by_cells: bool


class Shelf:
    """Everything that is known about messages besides their facts. `problems`: what in entries does not fit the directory.
    `outside`: facts about a message by people whom it was not meant for, by message. `draw`: who is in a holdout that is a share."""

    def __init__(self, sight: Sight, clocks: Clocks, draw: Draw, wanted: Wanted) -> None:
        self._sight = sight
        self._draw = draw
        self._wanted = wanted
        # Most sets of a message are of these: one a step of attention. Whatever else they tell, the act beside them tells.
        self._unread = frozenset() if wanted.attention else frozenset({"engaged"})
        self._clocks = clocks
        self._catalogue = Catalogue({}, {}, {})
        self._people: People | None = None
        self._references: dict[str, list[str]] = {}
        self._ranks: Mapping[str, int] = {}
        self._stored: dict[str, bytes] = {}
        self.problems: dict[str, tuple[str, ...]] = {}
        self.outside: dict[str, int] = {}

    def describe(self, catalogue: Catalogue, people: People) -> None:
        self._catalogue, self._people = catalogue, people
        self._references = {}
        for reference, message in catalogue.message_of_reference.items():
            self._references.setdefault(message, []).append(reference)
        self._ranks = rank_by_lix(catalogue.messages.values())
        self.problems.clear()

    def reveal(self, seen: Seen) -> frozenset[str]:
        """Take what anybody was ever recorded doing, by channel; the channels of which something is new."""
        before, self._sight = self._sight.seen, replace(self._sight, seen=seen)
        return frozenset(channel for channel, kinds in seen.items() if kinds - before.get(channel, frozenset()))

    @property
    def sight(self) -> Sight:
        """What can be seen by now."""
        return self._sight

    def footprints(self) -> list[Footprint]:
        """What is left, for periods, of messages whose times are forgotten."""
        assert self._people is not None
        kept = {id: from_bytes(self._stored[id], self._people) for id in self._catalogue.messages if id in self._stored}
        return [
            Footprint(self._catalogue.messages[id], audience.person, audience.marks)
            for id, audience in kept.items()
            if audience.marks
        ]

    def say_unproven(self) -> list[str]:
        """A sentence for each channel with messages, of which nobody knows whether anybody was seen there."""
        channels = {message.channel for message in self._catalogue.messages.values()}
        return [said for channel in sorted(filter(None, channels)) if (said := self._sight.say_unproven(channel))]

    def keep(self, stored: dict[str, bytes]) -> None:
        """Audiences as they were stored, by message: they are not computed again."""
        self._stored.update(stored)

    def references(self, unit: str) -> list[str]:
        """All references of a campaign's messages."""
        return sorted(ref for id in self._catalogue.units[unit] for ref in self._references.get(id, ()))

    def audience(self, message: Message) -> Audience | None:
        """Who it was meant for; None where the catalogue does not say."""
        assert self._people is not None
        if self._wanted.by_cells:
            return None  # it is nobody's, and counted again as long as its facts stand
        stored = self._stored.get(message.id)
        if stored is not None:
            return from_bytes(stored, self._people)
        meant = find_audience(message, self._people, self._draw)
        self.problems[message.id] = meant.problems
        return meant.audience

    @property
    def at_once(self) -> int:
        """How many messages to look at together: a statement each would be dear where they are small, and memory where they are large."""
        assert self._people is not None
        return max(_PEOPLE_AT_ONCE // max(self._people.size, 1), 1)

    def views(self, connection: Connection, messages: Sequence[Message]) -> list[View]:
        """The views of messages with all their facts, in the same order; those without an audience are left out."""
        assert self._people is not None
        if self._wanted.by_cells:
            found = (self._view_of_tokens(connection, message) for message in messages)
            return [view for view in found if view is not None]
        views = [view for message in messages if (view := self._view(connection, message)) is not None]
        references = [ref for view in views for ref in self._references.get(view.message.id, ())]
        sets = read_sets(connection, references, without=self._unread)
        taken_back = find_taken_back(connection, sets, self._people)
        sets_of: dict[str, dict[Key, SlotSet]] = {}
        for key, facts in sets.items():
            sets_of.setdefault(self._catalogue.message_of_reference[key.reference], {})[key] = facts
        for view in views:
            view.take(sets_of.get(view.message.id, {}), self._people, taken_back)
            self.outside[view.message.id] = view.outside
        return views

    def _view(self, connection: Connection, message: Message) -> View | None:
        """Without its facts."""
        assert self._people is not None
        audience = self.audience(message)
        if audience is None:
            return None
        roster = None if message.sent_at is None else self._people.roster(message.sent_at)
        rows = read_answers(connection, self._references.get(message.id, [])) if self._wanted.answers else []
        given = collect_answers(rows, audience, self._people)
        deed, rank = self._deed(connection, message, audience), self._ranks.get(message.id)
        behind = Behind(self._people, roster, given, self._wanted.apart, deed, rank)
        return View(message, audience, sight=self._sight, clocks=self._clocks, behind=behind)

    def _view_of_tokens(self, connection: Connection, message: Message) -> View | None:
        references = self._references.get(message.id, [])
        sets = read_sets(connection, references)
        meant = gather(sets, message.totals)
        if meant is None or message.sent_at is None:
            return None
        audience, people = meant
        rows = read_answers(connection, references) if self._wanted.answers else []
        given = collect_answers(rows, audience, people)
        behind = Behind(people, None, given, self._wanted.apart, rank=self._ranks.get(message.id))
        view = View(message, audience, sight=self._sight, clocks=self._clocks, behind=behind)
        view.take(sets, people, find_taken_back(connection, sets, people))
        return view

    def _deed(self, connection: Connection, message: Message, audience: Audience) -> Deed | None:
        references = self._catalogue.deeds.get(message.id)
        if references is None or message.sent_at is None:
            return None
        own = [id for each in references if (id := self._catalogue.message_of_reference.get(each)) is not None]
        links = self._catalogue.messages[own[0]].links if own else None
        bare = message.model_copy(update={"channel": None, "links": links})
        sent_at = message.sent_at // 1_000_000
        # What still comes in for references whose times are forgotten changes nothing: who did it late, nobody can tell.
        is_closed = find_closed(connection, references)
        sets = {} if is_closed else read_sets(connection, references, without=self._unread)

        def look(audience: Audience) -> View:
            assert self._people is not None
            view = View(bare, audience, sight=self._sight, clocks=self._clocks)
            view.take(sets, self._people, {})
            return view.done_since(sent_at - sent_at % _SLOT)

        kinds = frozenset(key.kind for key, facts in sets.items() if len(facts))
        return Deed(kinds, look(audience), None if audience.holdout is None else look(audience.holdout))


def find_taken_back(connection: Connection, sets: Iterable[Key], people: People) -> TakenBack:
    """Who took which reaction back, of those that stand in these sets. The newest word counts, by whichever of a person's identifiers; of
    two at one moment, taking back."""
    # Most messages have none, and need not be asked about.
    rows = read_contested(connection, {key.reference for key in sets if key.kind == "reacted"})
    persons: NDArray[np.int32] = people.persons_of(np.array([row.person for row in rows], dtype=np.int64))
    newest: dict[tuple[str, str, int], tuple[int, bool]] = {}
    for row, person in zip(rows, persons.tolist(), strict=True):
        key, word = (row.reference, row.reaction, person), (row.time, not row.stands)
        newest[key] = max(newest.get(key, word), word)
    found: dict[tuple[str, str], list[int]] = {}
    for (reference, reaction, person), (_, gone) in newest.items():
        if gone:
            found.setdefault((reference, reaction), []).append(person)
    return {key: np.array(each, dtype=np.int64) for key, each in found.items()}
