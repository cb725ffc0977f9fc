"""What single answers and reading times are worth, on a scale from 0 to 1 in ten-thousandths. How they become one figure is left to
`reading`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple

from config.schema import IndicatorSettings
from tests.oracle import evidence
from tests.oracle.acts import State
from tests.oracle.cases import Case
from tests.oracle.catalogue import Message
from tests.oracle.given import Given
from tests.oracle.states import States

WHOLE = 10_000
_SKIMMED = 3
_GIVES_TIME, _TELLS_TIME = frozenset({"attended", "engaged", "read"}), frozenset({"attended", "read"})
_SCALE = (1.0, 5.0)
Windowed = Sequence[tuple[Case, int]]


class Worth(NamedTuple):
    """One person's part in a mean: how much it weighs, and the sum of what it is worth, in ten-thousandths."""

    state: State
    weight: int
    total: int


class Means:
    def __init__(self, states: States, indicators: IndicatorSettings) -> None:
        self._states = states
        self._indicators = indicators

    def of(self, indicator: str, cases: Windowed) -> dict[int, Worth]:
        """Everybody of the audience of any of the messages, each with its deadline."""
        if indicator == "readability":
            # Of a campaign the first message that was meant for somebody.
            worths = [(case.audience, Worth(State.HUMAN, 1, _rounded(case.rank or Fraction(0)))) for case, _ in cases]
            return {person: worth for audience, worth in reversed(worths) for person in audience}
        kinds = {"attention": self._attention, "comprehension": self._comprehension, "usefulness": self._usefulness}
        found: dict[int, Worth] = {person: OUT for case, _ in cases for person in case.audience}
        return found | kinds[indicator](cases)

    def _attention(self, cases: Windowed) -> dict[int, Worth]:
        """Of each person the most attention that any of the messages got."""
        best: dict[int, Worth] = {}
        for case, deadline in cases:
            expected = self._states.expected_seconds(case.message)
            for person in self._states.delivered(case, deadline):
                worth = self._attended(expected, case, person, deadline)
                known = best.get(person, OUT)
                best[person] = min(known, worth, key=lambda one: (one.state, -one.total))
        return best

    def _attended(self, expected: Fraction | None, case: Case, person: int, deadline: int) -> Worth:
        """Who is not known to have given it any time may have done so unseen."""
        acts = case.seen(person)
        seconds = evidence.engaged_seconds(acts, deadline)
        if expected and seconds >= _SKIMMED:
            return Worth(State.HUMAN, 1, floor(min(Fraction(1), seconds / expected) * WHOLE))
        if any(evidence.best([act], _GIVES_TIME, deadline) is State.PROXY for act in acts):
            return Worth(State.PROXY, 0, 0)
        is_seen = self._states.shows.is_visible(case, case.audience[person], _TELLS_TIME, deadline, anywhere=False)
        return OUT if is_seen else Worth(State.UNSEEN, 0, 0)

    def _comprehension(self, cases: Windowed) -> dict[int, Worth]:
        scores: dict[int, list[int]] = defaultdict(list)
        for person, answers in _newest(cases).items():
            scores[person] += [one for case, given in answers if (one := _score(case.message, given)) is not None]
        return {person: Worth(State.HUMAN, len(own), sum(own)) for person, own in scores.items() if own}

    def _usefulness(self, cases: Windowed) -> dict[int, Worth]:
        """One value a person: the mean of theirs."""
        found = {}
        for person, answers in _newest(cases).items():
            own = [scaled(case.message, given) for case, given in answers if is_rating(given, self._indicators)]
            shares = [_rounded(share) for share in own if share is not None]
            if shares:
                found[person] = Worth(State.HUMAN, 1, _rounded(Fraction(sum(shares), len(shares) * WHOLE)))
        return found


OUT = Worth(State.OUT, 0, 0)


def is_rating(given: Given, indicators: IndicatorSettings) -> bool:
    """Whether it says in a number what somebody thinks of the message, and not of the organisation."""
    apart = (indicators.alignment_question, indicators.advocacy_question)
    return given.action == "rated" and given.value is not None and given.question not in apart


def scaled(message: Message, given: Given) -> Fraction | None:
    """Where an answer lies on its question's scale, else on one from 1 to 5: from 0 to 1; None without a number."""
    if given.value is None:
        return None
    asked = message.questions.get(given.question)
    lowest, highest = _SCALE
    if asked is not None and asked.lowest is not None and asked.highest is not None:
        lowest, highest = asked.lowest, asked.highest
    share = (Fraction(given.value) - Fraction(lowest)) / (Fraction(highest) - Fraction(lowest))
    return min(Fraction(1), max(Fraction(0), share))


def _rounded(share: Fraction) -> int:
    return floor(share * WHOLE + Fraction(1, 2))


def _score(message: Message, given: Given) -> int | None:
    """Right or wrong, corrected for guessing; None for a question that nobody can get wrong."""
    asked = message.questions.get(given.question)
    if asked is None or asked.correct is None or asked.options < 2:
        return None
    by_chance = Fraction(1, asked.options)
    return _rounded((int(given.choice == asked.correct) - by_chance) / (1 - by_chance))


def _newest(cases: Windowed) -> Mapping[int, Iterable[tuple[Case, Given]]]:
    """Each person's newest answer to each question, of those in time and by people who were asked."""
    newest: dict[int, dict[str, tuple[Case, Given]]] = defaultdict(dict)
    for case, deadline in cases:
        for person, answers in case.given.items():
            if person not in case.audience:
                continue
            for one in answers.values():
                known = newest[person].get(one.question)
                if one.is_inside(deadline) and (known is None or known[1].order < one.order):
                    newest[person][one.question] = (case, one)
    return {person: answers.values() for person, answers in newest.items()}
