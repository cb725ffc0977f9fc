"""What may show of a reading: small groups hidden, small counts blurred, and nothing that gives them away."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.disclosure import FEW, coarsen, disclose
from metrics.figures import Question
from metrics.reading import Judge, Reading, State
from tests.metrics.make import reading, row

STATES = (State.H, State.P, State.S_LIKELY, State.S, State.U, State.NOT)
counts_of_a_group = st.lists(st.integers(0, 12), min_size=6, max_size=6).filter(lambda counts: sum(counts) >= 10)


def group(counts: list[int], *, judge: Judge = "count") -> Reading:
    return reading(row(dict(zip(STATES, counts, strict=True))), question=Question(judge))


def test_a_group_under_k_shows_nothing_at_all() -> None:
    hidden = disclose(group([4, 0, 0, 0, 0, 5]), k=10)
    assert hidden.hidden
    assert (hidden.value, hidden.lower, hidden.upper, hidden.numerator, hidden.denominator) == (None,) * 5
    assert vars(hidden)["parts"].E is None


def test_a_class_of_small_groups_is_hidden_however_many_messages_it_has() -> None:
    small = row({State.H: 4, State.NOT: 5})
    assert disclose(reading(small, small, small), k=10).hidden


@pytest.mark.parametrize(
    ("reached", "numerator", "coarse", "lower", "upper"),
    [
        pytest.param(0, 3, "at_most", 0.0, 0.15, id="nobody is at most three"),
        pytest.param(2, 3, "at_most", 0.0, 0.15, id="two are at most three"),
        pytest.param(3, 3, "", 0.15, 0.15, id="three are three"),
        pytest.param(17, 17, "", 0.85, 0.85, id="all but three are all but three"),
        pytest.param(18, 17, "at_least", 0.85, 1.0, id="all but two are at least all but three"),
        pytest.param(20, 17, "at_least", 0.85, 1.0, id="everybody is at least all but three"),
    ],
)
def test_small_counts_and_small_rests_are_blurred(
    reached: int, numerator: int, coarse: str, lower: float, upper: float
) -> None:
    shown = disclose(group([reached, 0, 0, 0, 0, 20 - reached]), k=10)
    assert (shown.numerator, shown.denominator, shown.coarse) == (numerator, 20, coarse)
    assert [shown.lower, shown.upper] == pytest.approx([lower, upper])


@given(counts_of_a_group)
def test_what_is_published_holds_the_truth(counts: list[int]) -> None:
    of = group(counts)
    shown = disclose(of, k=10)
    assert of.measured is not None
    assert shown.lower is not None
    assert shown.upper is not None
    assert shown.lower <= of.measured[0]
    assert shown.upper >= of.measured[1]
    assert 0 <= shown.lower <= shown.upper <= 1


@given(counts_of_a_group)
def test_no_count_of_one_or_two_people_is_published(counts: list[int]) -> None:
    blurred, _ = coarsen(group(counts).totals)
    assert all(int(blurred[state]) not in (1, 2) for state in STATES if state != State.H)
    assert (blurred >= 0).all()


@pytest.mark.parametrize("judge", ["count", "process"])
def test_groups_that_differ_in_one_person_where_few_did_or_did_not_look_the_same(judge: Judge) -> None:
    for unseen, rest in product((0, 5), (8, 12)):
        few = [[did, 0, 0, 0, unseen, 20 + rest - did] for did in range(FEW)]
        assert len({str(disclose(group(counts, judge=judge), k=10)) for counts in few}) == 1
        all_but_few = [[20 + rest - left, 0, 0, 0, 0, left] for left in range(FEW)]
        assert len({str(disclose(group(counts, judge=judge), k=10)) for counts in all_but_few}) == 1


def test_digits_of_an_interval_do_not_tell_of_single_messages() -> None:
    rows = [row({State.H: h, State.NOT: 40 - h}) for h in (22, 30, 27)]
    shown = disclose(reading(*rows, question=Question("process")), k=10)
    assert shown.lower == round(shown.lower or 0, 3)
    assert shown.upper == round(shown.upper or 0, 3)


def test_where_the_unseen_are_taken_to_do_as_the_others_the_range_is_that_of_the_value() -> None:
    counts = row({State.H: 50, State.U: 20, State.NOT: 30})
    happened = disclose(reading(counts, question=Question("count", missing_at_random=True)), k=10)
    assert (happened.value, happened.lower, happened.upper) == (50 / 80, 50 / 80, 50 / 80)
    often = disclose(reading(counts, question=Question("process", missing_at_random=True)), k=10)
    assert often.lower is not None
    assert often.upper is not None
    # Wilson over the 80 who are known, its digits cut outward: narrower than what is possible, 50 to 70 %, and chance besides.
    assert (often.lower, often.upper) == (0.515, 0.724)


def test_an_amount_that_everybody_has_is_about_everybody() -> None:
    load = replace(reading(row({State.H: 74})), of="amounts", extra=np.array([[1]]))
    shown = disclose(load, k=10)
    assert (shown.numerator, shown.denominator, shown.coarse) == (74, 74, "")
