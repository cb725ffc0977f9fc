"""F9 `cascade`: people of whose managers every one, up to the top, confirmed the briefing, so that it can have been passed on."""

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.facts import read_detail
from metrics.indicator import Indicator
from metrics.machines import Evidence, weigh
from metrics.people import NOBODY, Roster
from metrics.reading import State, States
from metrics.tracks import NEVER, moments_of
from metrics.view import View

_KINDS = frozenset({"acknowledged"})
_STATE_OF = {
    Evidence.HUMAN: State.H,
    Evidence.PROXY: State.P,
    Evidence.SCANNER_LIKELY: State.S_LIKELY,
    Evidence.SCANNER: State.S,
}


def classify(view: View, deadline: int) -> States:
    """Everybody as the worst of those above them stands."""
    assert view.behind is not None
    assert view.behind.roster is not None
    roster = view.behind.roster
    states = np.append(_worst_above(roster, _confirmed(view, deadline)[roster.person]), np.uint8(State.U))
    places = np.minimum(np.searchsorted(roster.person, view.audience.person), len(roster.person))
    there = np.append(roster.person, np.int32(-1))[places] == view.audience.person
    found: States = states[np.where(there, places, len(roster.person))]
    return found


def _confirmed(view: View, deadline: int) -> States:
    """Everybody of the directory, meant by the message or not, by what is on record of their acknowledging it."""
    assert view.behind is not None
    people, version = view.behind.people, view.message.version
    otherwise = State.NOT if view.sight.shows(_KINDS, None) else State.U
    states = np.full(people.size, otherwise, dtype=np.uint8)
    for key, facts in view.acknowledged:
        said = read_detail(key.detail).get("version")
        if version is not None and said not in (None, version):
            continue
        told = _STATE_OF[weigh(key.kind, key.detail)]
        if told == State.H and version is not None and said is None:
            told = State.P  # which version was meant, nobody can tell
        persons, moments = people.persons_of(facts.persons), moments_of(facts.slots)
        known = persons >= 0
        np.minimum.at(states, persons[known & (moments < deadline)], np.uint8(told))
        np.minimum.at(states, persons[known & (moments == NEVER)], np.uint8(State.P))
    sender = people.person_of_pseudonym(view.message.sender) if view.message.sender else None
    if sender is not None:
        states[sender] = State.H  # whoever sent it knows it
    return states


def _worst_above(roster: Roster, own: States) -> States:
    """Of each the worst state of the managers above; H where there is none, U where the chain leads nowhere or round in circles."""
    size = len(roster.person)
    top, nowhere = size, size + 1
    above = _places_above(roster, top, nowhere)
    worst: NDArray[np.uint8] = np.append(own, np.array([State.H, State.U], dtype=np.uint8))[above]
    # Each round looks twice as far up as the one before: whoever is not at the top by then never gets there.
    for _ in range(size.bit_length()):
        worst = np.maximum(worst, worst[above])
        above = above[above]
    return np.where(above == top, worst, np.uint8(State.U))[:size]


def _places_above(roster: Roster, top: int, nowhere: int) -> NDArray[np.intp]:
    """The place of each one's manager in the roster; the top and nowhere stand above themselves."""
    places = np.searchsorted(roster.person, roster.manager)
    found = np.append(roster.person, np.int32(-1))[places] == roster.manager
    above = np.where(roster.manager == NOBODY, top, np.where(found, places, nowhere))
    return np.concatenate([above, [top, nowhere]])


INDICATOR = Indicator(
    id="cascade",
    code="F9",
    title="Passed down the line",
    question="Did the briefing get to people through all their managers?",
    formula="people of the audience all of whose managers, up to the top, sent it or acknowledged it within the window / audience; "
    "messages that ask to be acknowledged",
    unit="ratio",
    level="output",
    direction="at_least",
    window=Span(72, "hours"),
    needs=_KINDS,
    applies=lambda view: "acknowledge" in view.message.expects,
    classify=classify,
    owed=True,
    grows=True,
    start_target=0.85,
)
