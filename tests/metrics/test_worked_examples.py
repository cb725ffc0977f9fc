"""The worked examples of the manual are what the code computes: every figure that stands in one is computed here and looked up in it."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from metrics.bounds import over_messages, wilson
from metrics.detection import Witness, visible_share
from metrics.differences import spread
from metrics.disclosure import disclose
from metrics.figures import Question, ratio
from metrics.indicators import topic_balance, two_way
from metrics.means import mean, percentile
from metrics.medians import between_messages, make_steps
from metrics.parity import effect, newcombe
from metrics.reading import COLUMNS, D, E, Found, State, Times
from metrics.spelling import figure
from metrics.targets import Aim, judge
from tests.metrics.make import reading

MANUAL = (Path(__file__).parents[2] / "docs" / "indicators.md").read_text(encoding="utf-8")
EXAMPLES = [
    " ".join(found.split()) for found in re.findall(r"\*Worked example\.\* (.*?)\n\n", MANUAL + "\n\n", re.DOTALL)
]
COUNT = Question("count")
# Worked by the tests that they name, over the whole road or with people of their own.
ELSEWHERE = ("60 deliveries", "Two messages met", "Four people, four messages")


def row(n: int, **states: int) -> NDArray[np.int64]:
    """One message to so many people, by state; the others did not."""
    counts = np.zeros((1, COLUMNS), dtype=np.int64)
    for name, people in states.items():
        counts[0, State[name]] = people
    counts[0, State.NOT] = n - sum(states.values())
    counts[0, E] = counts[0, D] = n
    return counts


def percent(value: float | None) -> str:
    assert value is not None
    return figure(value, "ratio").replace(".0 %", " %")


def a_value_and_its_range() -> list[str]:
    made = ratio(row(100, H=50, P=10, U=10, S_LIKELY=5, S=5), COUNT)
    ends = f"range {percent(made.lower)} to {percent(made.upper)}"
    return [f"Value 50 / 80 = {percent(made.value)}", ends, f"raw {percent(made.raw)}"]


def one_message() -> list[str]:
    one = row(100, H=20)[0]
    by_process, by_count = (reading(one, question=Question(asked)) for asked in ("process", "count"))
    two = reading(one, one, question=Question("process"))
    aim = Aim(0.8, "at_least", grows=True)
    found = [
        judge(each, disclose(each, k=10), replace(aim, by_messages=asks_how_far_they_differ))[0]
        for each, asks_how_far_they_differ in ((by_process, True), (by_count, False), (two, True))
    ]
    assert found == ["undetermined", "missed", "missed"]
    return [
        f"{percent(by_process.lower)} to {percent(by_process.upper)}, cannot be told",
        "for itself, missed",
        "missed by",
    ]


def two_messages_far_apart() -> list[str]:
    left = math.log(40.5 / 10.5)
    low, high = over_messages(np.array([10, 40]), np.array([50, 50]))
    reach = math.log(high / (1 - high))
    assert low == pytest.approx(1 - high)
    return [f"log(40.5/10.5) = {left:.3f}", f"= {left**2:.3f}", f"±{reach:.1f}", f"{percent(low)} to {percent(high)}"]


def a_median_of_three_messages() -> list[str]:
    groups = [(2, 3, 4), (1, 3, 4), (1, 4, 4)]
    times = [Times(np.array([150, 450, 750]), np.array(each), 10 - sum(each), 0, 3000) for each in groups]
    low, high = between_messages(make_steps(times, unknown="left out"))
    shares = [over_messages(np.cumsum(groups, axis=1)[:, slot], np.array([10, 10, 10])) for slot in range(3)]
    return [
        f"{percent(shares[0][1])} at the most",
        f"{100 * shares[1][0]:.1f} to {percent(shares[1][1])}",
        f"{percent(shares[2][0])} at the least",
        f"{low / 60:.0f} to {high / 60:.0f} minutes",
    ]


def who_cannot_be_seen() -> list[str]:
    counts = row(100, H=50, U=10)[0]
    seen = {found: visible_share([Witness(frozenset({"email"}), 60, 100, ((40, found),))]) for found in (36, 40)}
    ends = {found: ratio(counts[None], Question("count", blind_share=1 - share)).upper for found, share in seen.items()}
    return [
        *(f"lower end {percent(wilson(36, 40)[0])}", f"60 % / {wilson(36, 40)[0]:.3f} = {percent(ends[36])}"),
        *(f"be {percent(wilson(40, 40)[0])}", f"60 % / {wilson(40, 40)[0]:.3f} = {percent(ends[40])}"),
    ]


def an_effect() -> list[str]:
    held = np.zeros((1, 6), dtype=np.int64)
    held[0, [State.H, State.U, State.NOT]] = 5, 5, 40
    made = effect(Found(row(100, H=20, U=10), extra=held), COUNT)
    return [f"= {percent(made.value)}", f"= {percent(made.lower)} to", f"= {percent(made.upper)}"]


def a_quiz() -> list[str]:
    found = Found(row(3, H=3), extra=np.array([[3, 15_000]]))
    made = mean(lowest=-1)(found, Question("process"))
    between = wilson(2, 3)[0], wilson(3, 3)[1]
    return [
        f"value {percent(made.value)}",
        f"{percent(between[0])} to {percent(between[1])}",
        f"which is {percent(made.lower)} to",
    ]


def criticism() -> list[str]:
    low, high = newcombe((56, 70), (48, 80))
    mapped = [percent((end + 1) / 2) for end in (low, high)]
    return [
        f"{low:.3f} to {high:.3f}",
        f"{mapped[0]} to {mapped[1]}",
        f"published as {percent((56 / 70 - 48 / 80 + 1) / 2)}",
    ]


def a_gap() -> list[str]:
    pairs = {
        first: Found(row(200), extra=np.array([[first, 100, other, 100]])) for first, other in ((20, 80), (50, 55))
    }
    apart, near = (spread(pairs[first], COUNT, names="ab", smallest=10).value for first in (20, 50))
    assert apart is not None
    return [f"{apart**2:.4f}", f"τ = {100 * apart:.0f} %", f"no more than chance: {near:.0f}"]


def topics_and_their_plan() -> list[str]:
    read, plan = [60, 20, 20], [0.4, 0.6, 0.0]
    apart = [abs(part / 100 - wanted) for part, wanted in zip(read, plan, strict=True)]
    made = topic_balance.figure(
        Found(row(1, H=1), extra=np.array([[*read, *(int(100 * part) for part in plan)]])), COUNT
    )
    points = [f"{100 * part:.0f}" for part in apart]
    return [f"are {points[0]}, {points[1]} and {points[2]} points", f"half of that is {percent(made.value)}"]


def both_ways() -> list[str]:
    made = two_way.figure(Found(row(1, H=1), extra=np.array([[18 + 12, 5, 200]])), COUNT)
    return [f"hundred people: {percent(made.value)}"]


def means_of_shares() -> list[str]:
    attention, useful, hidden = (
        mean()(Found(counts, extra=np.array([[3, 10_000 * total // 100]])), COUNT)
        for counts, total in ((row(3, H=3), 180), (row(3, H=3), 225), (row(4, H=3, P=1), 180))
    )
    return [
        f"/ 3 = {percent(attention.value)}",
        f"50 %: {percent(useful.value)}",
        f"from {percent(hidden.lower)} to {percent(hidden.upper)}",
    ]


def who_would_recommend_us() -> list[str]:
    made = mean()(Found(row(10, H=10), extra=np.array([[10, 4 * 10_000 + 3 * 5_000]])), COUNT)
    return [f"published as {percent(made.value)}"]


def a_week_of_reading() -> list[str]:
    minutes = Times(np.arange(0, 100, 10), np.ones(10, dtype=np.int64), 0, 0, 100)
    return [f"to the tenth, {percentile(0.9)(Found(row(10, H=10), times=(minutes,)), COUNT).value:.0f} minutes"]


WORKED: dict[str, Callable[[], list[str]]] = {
    "n = 100: H 50": a_value_and_its_range,
    "One message in four weeks": one_message,
    "Two messages, 10 of 50": two_messages_far_apart,
    "Three messages to 10 people": a_median_of_three_messages,
    "100 people, H 50, U 10": who_cannot_be_seen,
    "Audience of 100": an_effect,
    "A quiz question": a_quiz,
    "56 of 70 critical items": criticism,
    "20 of 100 and 80 of 100": a_gap,
    "`topic_balance`": topics_and_their_plan,
    "`two_way`": both_ways,
    "`attention`": means_of_shares,
    "`advocacy`": who_would_recommend_us,
    "`message_load`": a_week_of_reading,
}


@pytest.mark.parametrize("beginning", WORKED)
def test_a_worked_example_is_what_the_code_computes(beginning: str) -> None:
    (text,) = [each for each in EXAMPLES if each.startswith(beginning)]
    for told in WORKED[beginning]():
        assert told in text


def test_every_worked_example_is_worked_here_or_names_the_test_that_does() -> None:
    for text in EXAMPLES:
        here = any(text.startswith(beginning) for beginning in WORKED)
        names_one = any(text.startswith(beginning) for beginning in ELSEWHERE) and "(`tests/" in text
        assert here or names_one, text
