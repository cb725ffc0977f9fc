"""Figures over what was sent to people in a period: reading load, duplicates, deliveries out of hours, topics, and what came back."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import floor

from tests.oracle import evidence
from tests.oracle.acts import State
from tests.oracle.cases import Case
from tests.oracle.evidence import RESPONSES
from tests.oracle.kinds import WEEK
from tests.oracle.reading import NOTHING, Figures, is_process
from tests.oracle.shares import percentile, percentile_interval, variation
from tests.oracle.units import Cell, count_states
from tests.oracle.view import View
from tests.oracle.windows import SECOND_US

_WEEK_US = WEEK.seconds(0) * SECOND_US
_OTHER = ""
NOBODY = Cell(count_states([]))


def count_load(view: View) -> tuple[Cell, Figures]:
    """Expected seconds of reading for each person, whole ones for each message; zeros count."""
    loads = dict.fromkeys(view.people, 0)
    for case in view.cases:
        seconds = floor(view.tools.states.expected_seconds(case.message) or 0)
        for person in view.delivered(case) & view.people.keys():
            loads[person] += seconds
    if not view.cases or not loads:
        return NOBODY, NOTHING
    value = percentile(list(loads.values()))
    lower, upper = percentile_interval(list(loads.values())) if is_process(view.target) else (value, value)
    return Cell(count_states(State.HUMAN for _ in loads)), Figures(value, lower, upper, (value, value), None)


def count_duplicates(view: View) -> Cell:
    """Deliveries, told apart by whether the person had the like of it within the week before. Reminders are set apart."""
    found = []
    for case in view.cases:
        if case.message.reminder_of is None:
            before = [view.delivered(other) for other in view.world.cases if _is_like(other, case)]
            for person in view.delivered(case) & view.people.keys():
                repeats = any(person in others for others in before)
                found.append((person, State.HUMAN if repeats else State.NOT))
    return _deliveries(found)


def _is_like(other: Case, case: Case) -> bool:
    """Whether another message came before, by a week at most, and is of one campaign or of one content with this one."""
    one, two = other.message, case.message
    is_before = (one.sent_us, one.id) < (two.sent_us, two.id) and two.sent_us - one.sent_us <= _WEEK_US
    is_same = one.campaign is not None and one.campaign == two.campaign
    return is_before and (is_same or (one.content_id is not None and one.content_id == two.content_id))


def count_out_of_hours(view: View) -> Cell:
    """Deliveries of what is not urgent, told apart by whether they came in working hours."""
    found = []
    for case in view.cases:
        if not case.message.urgent:
            deadline = view.delivery_deadline(case)
            for person in view.delivered(case) & view.people.keys():
                came = view.tools.states.delivery(case, person, deadline)
                found.append((person, State.NOT if view.tools.clocks.is_working(came) else State.HUMAN))
    return _deliveries(found)


def _deliveries(found: list[tuple[int, State]]) -> Cell:
    people = len({person for person, _ in found})
    return Cell({**count_states(state for _, state in found), "E": people, "D": people})


def count_topics(view: View) -> tuple[Cell, Figures]:
    """How far the time that people read about each topic is from the plan; what the plan does not name is one topic more."""
    plan = view.tools.indicators.plan
    seconds: dict[str, int] = defaultdict(int)
    readers = set()
    for case, person, engaged in _reading(view):
        topic = case.message.topic or _OTHER
        seconds[topic if topic in plan else _OTHER] += engaged
        readers.add(person)
    states = (State.HUMAN if person in readers else State.OUT for person in view.people)
    cell = Cell(count_states(states))
    if not readers or not plan:
        return cell, NOTHING
    value = variation(_normal(seconds), _normal(plan))
    return cell, Figures(value, value, value, (value, value), None)


def _reading(view: View) -> Iterator[tuple[Case, int, int]]:
    for case in view.cases:
        for person in view.delivered(case) & view.people.keys():
            engaged = evidence.engaged_seconds(case.seen(person), view.period.deadline(case))
            if engaged > 0:
                yield case, person, engaged


def _normal(parts: Mapping[str, float]) -> dict[str, float]:
    whole = sum(parts.values())
    return {name: part / whole for name, part in parts.items()}


def count_both_ways(view: View) -> tuple[Cell, Figures, tuple[int, int, int]]:
    """Items raised and people's responses for each message, for every hundred people."""
    evidence_of = (view.response(case, person, RESPONSES) for case in view.cases for person in view.people)
    responses = sum(state is State.HUMAN for state in evidence_of)
    upward, messages, people = responses + len(view.items_raised()), len(view.cases), len(view.people)
    if not messages or not people:
        return NOBODY, NOTHING, (0, 0, 0)
    cell = Cell({**count_states(State.HUMAN for _ in view.people), "E": people, "D": people})
    value = (upward / messages) / (people / 100)
    return cell, Figures(value, value, value, (value, value), None), (upward, messages, people)
