"""Which kinds of facts an indicator reads: found by asking it about an audience of nobody, so that no list can fall behind the code. What
is said of it is left to `kept`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from config.schema import IndicatorSettings, Organisation, Settings
from metrics.audiences import Audience
from metrics.clock import Clocks
from metrics.counting import Measure, class_people
from metrics.entries import read_entry
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator, always
from metrics.indicators import INDICATORS
from metrics.ledger.directory_store import columns_of
from metrics.machines import Evidence
from metrics.marks import CHANNELS, take_footprint
from metrics.people import People, Register
from metrics.purposes import JUDGED_BY
from metrics.sight import Sight
from metrics.tracks import Track
from metrics.view import Behind, Deed, Detail, View

ITEMS = "items"
"""Stands for the steps of feedback items, which are no facts about people."""

# One of everything, so that no indicator finds that it does not apply.
_MESSAGE = read_entry(
    {
        **{"id": "m", "channel": "email", "audience": "all", "words": 100, "links": 3, "version": "1"},
        **{"sent_at": "2026-11-02T09:00:00Z", "due_at": "2026-11-09T09:00:00Z", "purpose": "act", "action": "done"},
        **{"expects": ["read", "acknowledge", "answer", "reply"], "topic": "a", "goal": "b", "campaign": "c"},
        "questions": [
            {"id": "quiz", "options": ["yes", "no"], "correct": "yes"},
            {"id": "rating", "lowest": 1, "highest": 5},
        ],
    }
)


def kinds_read(indicator: Indicator, settings: IndicatorSettings) -> frozenset[str]:
    """Every kind without which some reading of the indicator could be another one; with ITEMS where it reads those."""
    if indicator.between_segments:
        return kinds_read(INDICATORS[settings.gap_of], settings)
    if indicator.items is not None:
        return frozenset({ITEMS})
    if indicator.facts is not None:
        return frozenset()  # it counts what stands for the sake of others
    if indicator.by_verdict:
        return frozenset().union(*(kinds_read(INDICATORS[each], settings) for each in JUDGED_BY))
    view = _Asked()
    if indicator.classify is not None:
        class_people(view, Measure(replace(indicator, applies=always), None), view.clocks)
    take_footprint(view, [mark.format_map(vars(settings)) for mark in indicator.marks], view.clocks)
    return _with_what_tells_machines(view.asked | _declared(indicator))


def kinds_needed(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    """Kind to the names of the targets that need it, in their order."""
    needed: dict[str, list[str]] = {}
    for target in settings.targets:
        for kind in kinds_read(INDICATORS[target.indicator], settings.indicators):
            needed.setdefault(kind, []).append(target.name)
    return {kind: tuple(names) for kind, names in sorted(needed.items())}


def _declared(indicator: Indicator) -> frozenset[str]:
    """What it says of itself. An answer and a rating to one question stand in one another's place: the newest holds."""
    answers = {"answered", "rated"} if indicator.answers else set()
    items = {ITEMS} if "raised" in indicator.needs else set()
    return indicator.needs | answers | items


def _with_what_tells_machines(kinds: frozenset[str]) -> frozenset[str]:
    """Openings are told from machines' by clicks in the same slots, clicks by deliveries in theirs."""
    clicked = {"clicked"} if "opened" in kinds else set()
    delivered = {"delivered"} if "clicked" in kinds | clicked else set()
    return kinds | clicked | delivered


class _Asked(View):
    """Of a message to nobody; `asked` are the kinds that were looked for."""

    def __init__(self, kinds: set[str] | None = None) -> None:
        """`kinds`: where what is looked for is noted; of what the message wants done too."""
        self._kinds: set[str] = set() if kinds is None else kinds
        done = _Asked(self._kinds) if kinds is None else None
        deed = None if done is None else Deed(EXPOSURES, done, done)
        nobody = np.empty(0, dtype=np.int32)
        flags = np.empty(0, dtype=np.bool_)
        everything = frozenset({"delivered"})
        sight = Sight(dict.fromkeys(CHANNELS, everything), frozenset(CHANNELS), {"default": 238.0})
        people = People(columns_of([]), Register([], []))
        behind = Behind(people, people.roster(0), deed=deed)
        audience = Audience(nobody, {}, flags, flags)
        super().__init__(_MESSAGE, audience, sight=sight, clocks=Clocks(Organisation()), behind=behind)
        self._answering = False

    @property
    def asked(self) -> frozenset[str]:
        taken_back = self._answering and "reacted" in self._kinds
        return frozenset(self._kinds | ({"unreacted"} if taken_back else set()))

    def tracks(
        self,
        kinds: Iterable[str],
        evidence: Evidence | None = None,
        *,
        where: Callable[[Detail], bool] | None = None,
        channel: str | None = None,
    ) -> list[Track]:
        self._kinds.update(kinds)
        return super().tracks((), evidence, where=where, channel=channel)

    def answering(self) -> View:
        self._answering = True
        return self
