"""How much leaves a trace, asked of those who answered, and what that does to upper ends."""

import numpy as np
import pytest
from numpy.typing import NDArray

from metrics.bounds import over_messages, wilson
from metrics.detection import Engaged, Witness, visible_share
from metrics.disclosure import disclose
from metrics.figures import Question, possible, ratio
from metrics.reading import State, denominators
from tests.metrics.make import reading, row

MAIL, PAGES = frozenset({"email"}), frozenset({"intranet"})
HUNDRED = row({State.H: 50, State.U: 10, State.NOT: 40})


def witness(channels: frozenset[str], counts: NDArray[np.int64], engaged: Engaged) -> Witness:
    return Witness(channels, int(possible(counts)), int(denominators(counts)), engaged)


def upper(engaged: Engaged) -> float:
    """The upper end of `count` for a hundred people, of whom 50 opened and 10 could not be seen."""
    blind = 1 - visible_share([witness(MAIL, HUNDRED, engaged)])
    found = ratio(np.array([HUNDRED]), Question("count", blind_share=blind)).upper
    assert found is not None
    return found


def test_the_upper_end_is_divided_by_the_lower_end_of_what_was_detected() -> None:
    # The worked example of docs/indicators.md.
    assert upper([(40, 36)]) == pytest.approx(0.6 / wilson(36, 40)[0])
    assert upper([(40, 36)]) == pytest.approx(0.780, abs=5e-4)
    assert upper([(40, 40)]) == pytest.approx(0.658, abs=5e-4)


def test_it_is_never_above_everybody() -> None:
    assert upper([(40, 10)]) == 1.0
    assert upper([(40, 0)]) == 1.0


@pytest.mark.parametrize("engaged", [[], [(0, 0)], [(2, 0)], [(1, 0), (1, 1)]])
def test_fewer_than_three_who_answered_say_nothing(engaged: Engaged) -> None:
    assert upper(engaged) == 0.6


def test_a_mail_that_hardly_anybody_answered_is_widened_by_those_who_answered_others() -> None:
    others = [(40, 38), (30, 28), (50, 47)]
    numbers, detected = np.array(others).T
    low = over_messages(detected, numbers)[0]
    most = 60 + 1.959964 * (60 * (1 - low)) ** 0.5
    assert visible_share([witness(MAIL, HUNDRED, [(2, 2)])], others) == pytest.approx(60 / (most / low))
    assert visible_share([witness(MAIL, HUNDRED, [(30, 30)])], others) == pytest.approx(wilson(30, 30)[0]), (
        "it is asked itself"
    )
    assert visible_share([witness(MAIL, HUNDRED, [])], [(2, 0)]) == 1.0, "two say nothing"
    assert visible_share([witness(PAGES, HUNDRED, [])], others) == 1.0, "pages hang on no picture"
    assert visible_share([witness(MAIL, HUNDRED, [])], [(40, 0)]) == pytest.approx(60 / 100), "at the most everybody"


def test_the_messages_of_a_class_are_the_units_of_sampling() -> None:
    pairs = [(40, 36), (30, 29), (50, 41)]
    few = row({State.H: 20, State.NOT: 80})
    share = visible_share([witness(MAIL, few, [pair]) for pair in pairs])
    numbers, detected = np.array(pairs).T
    assert share == pytest.approx(over_messages(detected, numbers)[0])


def test_every_channel_is_widened_by_its_own_people() -> None:
    pages = row({State.H: 30, State.NOT: 70})
    share = visible_share([witness(MAIL, HUNDRED, [(40, 20)]), witness(PAGES, pages, [(1, 1)])])
    # Of the mail's 60 all hundred may be hidden; of the pages' 30 nobody can say more.
    assert 60 / wilson(20, 40)[0] > 100
    assert share == pytest.approx(90 / (100 + 30))


def test_where_nobody_could_have_met_it_nothing_is_widened() -> None:
    assert visible_share([witness(MAIL, row({State.NOT: 50}), [(20, 18)])]) == 1.0
    assert visible_share([]) == 1.0


@pytest.mark.parametrize("judge", ["count", "process"])
def test_what_is_published_is_widened_too_and_never_less(judge: str) -> None:
    for blind in (0.0, 0.011, 0.37, 1.0):
        question = Question("process" if judge == "process" else "count", blind_share=blind)
        exact = reading(HUNDRED, question=question, blind_share=blind)
        shown = disclose(exact, k=10)
        assert shown.upper is not None
        assert exact.upper is not None
        assert shown.upper >= exact.upper
        assert shown.upper <= min(1.0, exact.upper + 0.02)


@pytest.mark.parametrize(("hides", "answers"), [(0.05, 0.3), (0.2, 0.3), (0.4, 0.5)])
def test_the_true_share_of_openings_lies_below_the_upper_end(hides: float, answers: float) -> None:
    """Clients that hide images without telling: every opener hides with the same chance, some of them answer."""
    rng = np.random.default_rng(7)
    within = 0
    for _ in range(400):
        opened = rng.random(300) < 0.6
        seen = opened & (rng.random(300) >= hides)
        answered = opened & (rng.random(300) < answers)
        counts = row({State.H: int(seen.sum()), State.NOT: int((~seen).sum())})
        pair = (int(answered.sum()), int((answered & seen).sum()))
        high = ratio(
            np.array([counts]), Question("count", blind_share=1 - visible_share([witness(MAIL, counts, [pair])]))
        )
        assert high.upper is not None
        within += high.upper >= opened.mean()
    assert within >= 0.94 * 400
