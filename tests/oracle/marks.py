"""Figures over the people of a whole period: the state of each, from the marks they left on its messages."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from tests.oracle.acts import State
from tests.oracle.catalogue import Message
from tests.oracle.evidence import EXPOSURE
from tests.oracle.given import Given
from tests.oracle.means import WHOLE, scaled
from tests.oracle.units import Cell, count_states
from tests.oracle.view import View

_TIMES_KNOWN = 3
_OPEN = (State.HUMAN, State.PROXY, State.LIKELY, State.UNSEEN)
_UPPER_TWO_FIFTHS = Fraction(3, 5)


def count_marks(view: View) -> Cell:
    """Everybody by the state they have under the target's indicator."""
    kinds: dict[str, Callable[[View], Mapping[int, State]]] = {
        "period_reach": _reached,
        "channel_dependence": _by_one_channel,
        "awareness": _aware,
        "goal_awareness": _aware,
        "participation": _took_part,
        "voice_reach": _spoke,
        "alignment": _aligned,
    }
    return Cell(count_states(kinds[view.target.indicator](view).values()))


def count_advocates(view: View) -> Cell:
    """Those who answered, each worth 1 (9 and 10), a half (7 and 8) or nothing."""
    latest = _latest(view, view.tools.indicators.advocacy_question)
    states = {person: State.HUMAN if person in latest else State.OUT for person in view.people}
    total = sum(_advocacy(given.value or 0.0) for _, given in latest.values())
    return Cell(count_states(states.values()), weight=len(latest), total=total)


def _advocacy(value: float) -> int:
    return WHOLE if value >= 9 else WHOLE // 2 if value >= 7 else 0


def _reached(view: View) -> Mapping[int, State]:
    """By the best that is known of them on any of the messages."""
    return {
        person: min((view.reach(case).get(person, State.NOT) for case in view.cases), default=State.NOT)
        for person in view.people
    }


def _by_one_channel(view: View) -> Mapping[int, State]:
    states = {}
    for person in view.people:
        channels = {
            act.channel
            for case in view.cases
            if person in case.audience
            for act in case.seen(person)
            if act.kind in EXPOSURE and act.tells is State.HUMAN
            if act.slot is not None and act.slot < view.period.deadline(case)
        }
        states[person] = State.OUT if not channels else State.HUMAN if len(channels) == 1 else State.NOT
    return states


def _aware(view: View) -> Mapping[int, State]:
    """Exposed to at least three; the state that would make up three is what nobody knows."""
    states = {}
    for person in view.people:
        found = [view.reach(case)[person] for case in view.cases if person in case.audience]
        enough = [state for place, state in enumerate(_OPEN) if _add(found, _OPEN[: place + 1]) >= _TIMES_KNOWN]
        states[person] = min(enough, default=State.NOT)
    return states


def _add(found: Sequence[State], wanted: Sequence[State]) -> int:
    return sum(state in wanted for state in found)


def _took_part(view: View) -> Mapping[int, State]:
    return _active(view, frozenset({"reacted", "commented", "replied"}))


def _spoke(view: View) -> Mapping[int, State]:
    return _active(view, frozenset({"commented"}))


def _active(view: View, kinds: frozenset[str]) -> Mapping[int, State]:
    """Who did any of these with a message, or raised an item; all others unseen where no source tells of either."""
    is_told = view.tools.states.shows.is_told(view.world.named, kinds | {"raised"})
    others = State.NOT if is_told else State.UNSEEN
    states = {}
    for person in view.people:
        found = min((view.response(case, person, kinds) for case in view.cases), default=State.NOT)
        found = State.HUMAN if view.has_raised(person) else found
        states[person] = others if found is State.NOT else found
    return states


def _aligned(view: View) -> Mapping[int, State]:
    states = dict.fromkeys(view.people, State.OUT)
    for person, (message, given) in _latest(view, view.tools.indicators.alignment_question).items():
        share = scaled(message, given)
        states[person] = State.HUMAN if share is not None and share >= _UPPER_TWO_FIFTHS else State.NOT
    return states


def _latest(view: View, question: str) -> Mapping[int, tuple[Message, Given]]:
    """Each person's answer with a number to a question, on the last of the messages on which they gave one, whenever they did."""
    latest: dict[int, tuple[Message, Given]] = {}
    for case in view.cases:
        for person in view.people.keys() & case.audience.keys():
            given = case.given.get(person, {}).get(question)
            if given is not None and given.value is not None:
                latest[person] = (case.message, given)
    return latest
