"""Differences between segments beyond chance, worked by hand."""

import numpy as np
import pytest

from config.schema import Target
from metrics.differences import spread
from metrics.figures import Question
from metrics.indicators import INDICATORS
from metrics.reading import Found
from metrics.readings import choose_judge


def deviation(*segments: tuple[int, int]) -> float | None:
    extra = np.array([[number for pair in segments for number in pair]], dtype=np.int64)
    return spread(
        Found(np.zeros((1, 9), dtype=np.int64), extra=extra),
        Question("count"),
        names="abc"[: len(segments)],
        smallest=10,
    ).value


def test_segments_that_differ_no_more_than_chance_would_have_it_do_not_differ() -> None:
    # 50 of 100 and 55 of 100: two draws of one coin differ as much.
    assert deviation((50, 100), (55, 100)) == 0.0


def test_what_chance_adds_is_taken_off() -> None:
    # p = 0.5; sum n (p_j - p)^2 = 2 * 100 * 0.09 = 18; by chance 1 * 0.25; over 200 - 20000 / 200 = 100.
    assert deviation((20, 100), (80, 100)) == pytest.approx(((18 - 0.25) / 100) ** 0.5)


def test_one_segment_differs_from_nothing_and_small_ones_say_nothing() -> None:
    assert deviation((20, 100)) is None
    assert deviation((20, 100), (9, 9)) is None


def note(*units: tuple[tuple[int, int], ...]) -> str:
    extra = np.array([[number for pair in unit for number in pair] for unit in units], dtype=np.int64)
    found = Found(np.zeros((len(units), 9), dtype=np.int64), extra=extra)
    return spread(found, Question("count"), names=["Graz", "Lyon", "Porto"], smallest=10).note


def test_segments_that_chance_does_not_explain_are_named() -> None:
    # 66 of 100 all together: one in a thousand draws comes to fewer than 51, one to more than 80.
    assert note(((66, 100), (82, 100), (50, 100))) == "Beyond what chance explains: Porto lower, Lyon higher."
    assert note(((66, 100), (67, 100), (65, 100))) == ""


def test_a_segment_of_few_people_is_not_named_however_many_messages_it_got() -> None:
    few = tuple(((60, 100), (60, 100), (0, 9)) for _ in range(10))
    assert note(*few) == ""
    assert note(*(((60, 100), (60, 100), (0, 10)) for _ in range(10))) == "Beyond what chance explains: Porto lower."


def bounds(*units: tuple[tuple[int, int], ...]) -> tuple[float | None, float | None]:
    extra = np.array([[number for pair in unit for number in pair] for unit in units], dtype=np.int64)
    found = Found(np.zeros((len(units), 9), dtype=np.int64), extra=extra)
    made = spread(found, Question("process"), names="abc"[: len(units[0])], smallest=10)
    return made.lower, made.upper


def test_chance_between_people_alone_worked_by_hand() -> None:
    # p = 0.5, c / w = 0.25 / 100 = 0.0025, variance 0.1775 as above; shift 2 * 3.8415 * 0.0025 = 0.019207.
    # Root of 7.6829 * 0.0025^2 + 0.019207 * (2 * 0.1775 + 0.019207) = 0.007236: 0.085064. So 0.111645 to 0.281769, and their roots.
    assert bounds(((20, 100), (80, 100))) == pytest.approx((0.334134, 0.530819), abs=2e-6)


def test_messages_between_which_the_gap_differs_widen_it() -> None:
    # Together 0.12375; left out in turn 0.0775 (30 and 70 of 100) and 0.1775, an error of 0.05; with one degree of freedom 12.706 of these.
    apart = bounds(((20, 100), (80, 100)), ((30, 100), (70, 100)))
    assert apart == pytest.approx((0.0, (0.12375 + 12.7062 * 0.05) ** 0.5), abs=1e-6)
    alike = bounds(*[((20, 100), (80, 100))] * 4)
    assert alike == bounds(((80, 400), (320, 400))), "messages that agree are no surer than all their people"


def test_what_rests_on_a_single_message_may_be_anything() -> None:
    # Without the second message there are no two segments.
    assert bounds(((20, 100), (0, 0)), ((20, 100), (80, 100))) == (0.0, 1.0)


def test_a_message_to_nobody_of_these_segments_is_no_unit() -> None:
    alone = ((20, 100), (80, 100))
    assert bounds(alone, ((0, 0), (0, 0))) == bounds(alone)


def test_the_order_of_messages_changes_nothing() -> None:
    units = [((21, 97), (70, 90)), ((33, 80), (61, 77)), ((12, 50), (41, 60)), ((29, 101), (55, 99))]
    assert bounds(*units) == bounds(*reversed(units))


def test_the_gap_is_one_figure_and_no_breakdown() -> None:
    by_site = Target(name="gap", indicator="segment_gap", by="site")
    assert choose_judge(by_site, INDICATORS["segment_gap"]) == "count"
    assert choose_judge(by_site, INDICATORS["reach"]) == "process"
