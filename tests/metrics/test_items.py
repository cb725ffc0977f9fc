"""Feedback items as units: when each counts, what it comes to, and how long open ones are waited for; worked by hand."""

import numpy as np
import pytest

from config.schema import Organisation, Target
from metrics.bounds import NOT_REACHED
from metrics.classes import Unit
from metrics.clock import Clocks
from metrics.entries import read_entry
from metrics.figures import Figures, Question
from metrics.indicators import INDICATORS
from metrics.item import Item
from metrics.items import Items, read_items
from metrics.ledger.sets import StepRow
from metrics.messages import Message
from metrics.moments import read_moment
from metrics.reading import Cells, Found, Judge, State

DAY = 86_400
BRAND = read_entry({"id": "m", "topic": "brand", "channel": "email"})


def on(day: str) -> int:
    """Nine in the morning of a day of 2026, in seconds."""
    return read_moment(f"2026-{day}T09:00:00Z", None) // 1_000_000


def item(id: str, stance: str | None = None, about: str | None = None, **steps: str) -> Item:
    return Item(id, "intranet", about, stance, {action: on(day) for action, day in steps.items()})


def describe(reference: str | None) -> Message | None:
    return BRAND if reference == "m" else None


def units(
    indicator: str, *items: Item, now: str, period: str = "month", **said: object
) -> tuple[dict[str, list[Unit]], dict[Unit, Cells]]:
    question = INDICATORS[indicator].items
    assert question is not None
    target = Target.model_validate({"name": "one", "indicator": indicator, "period": period, **said})
    return Items(Clocks(Organisation()), {"intranet": 3600}).units(target, question, items, describe, on(now))


def answers(indicator: str, *items: Item, now: str) -> dict[str, tuple[bool, str]]:
    """Whether what is asked for was done, and the day on which it is judged, by item."""
    _, cells = units(indicator, *items, now=now)
    days = Clocks(Organisation())
    return {
        unit.id.removeprefix("item "): (bool(each.counts[""][0, State.H]), f"{days.local_date(unit.closes):%m-%d}")
        for unit, each in cells.items()
    }


def figures(indicator: str, *items: Item, now: str, judge: Judge = "count") -> Figures:
    _, cells = units(indicator, *items, now=now)
    method = INDICATORS[indicator].method
    assert method is not None
    counts = np.concatenate([each.counts[""] for each in cells.values()])
    times = [one for each in cells.values() for one in each.times.get("", ())]
    extra = np.concatenate([each.extra[""] for each in cells.values()])
    return method(Found(counts, times, extra), Question(judge))


def test_an_item_is_what_was_said_first_of_each_of_its_steps() -> None:
    rows = [
        StepRow("i", "decided", "chat", "n", "neutral", 5_000_000),
        StepRow("i", "raised", "intranet", None, "critical", 9_000_000),
        StepRow("i", "implemented", "chat", None, None, 0),
    ]
    # Where and how: as it was raised; about what: as the first says that says so. What came at no known time is no step.
    assert read_items(rows) == [Item("i", "intranet", "n", "critical", {"decided": 5, "raised": 9})]


def test_a_loop_is_closed_by_an_outcome_within_thirty_days() -> None:
    found = answers(
        "loop_closure",
        item("decided", raised="03-02", answered="03-03", decided="03-31"),
        item("late", raised="03-02", implemented="04-01"),
        item("answered", raised="03-02", answered="03-03"),
        item("young", raised="03-20", recognised="03-21"),
        item("never raised", decided="03-03"),
        now="04-10",
    )
    assert found == {
        "decided": (True, "04-01"),
        "late": (False, "04-01"),
        "answered": (False, "04-01"),
        "young": (True, "04-19"),
    }


def test_deeds_may_follow_decisions_until_the_period_is_over() -> None:
    items = item("done", raised="01-02", decided="03-02", implemented="05-02"), item("not", decided="03-30")
    assert answers("actioned", *items, now="05-10") == {"done": (True, "04-01"), "not": (False, "04-01")}
    assert answers("actioned", *items, now="04-10")["done"] == (False, "04-01")
    _, rolling = units("actioned", *items, now="05-10", period="rolling 90 days")
    assert {unit.closes for unit in rolling} == {on("03-02"), on("03-30")}


def test_thanks_are_due_within_fourteen_days() -> None:
    found = answers(
        "recognised",
        item("thanked", implemented="03-02", recognised="03-15"),
        item("late", implemented="03-02", recognised="03-16"),
        now="04-10",
    )
    assert found == {"thanked": (True, "03-16"), "late": (False, "03-16")}


def test_criticism_is_held_against_everything_else() -> None:
    found = figures(
        "critical_parity",
        item("a", "critical", raised="03-02", answered="03-03"),
        item("b", "critical", raised="03-02", answered="05-03"),
        item("c", "supportive", raised="03-02", decided="03-03"),
        item("d", None, raised="03-02", implemented="03-03"),
        item("e", "neutral", raised="03-02"),
        now="05-10",
    )
    assert found.value == pytest.approx((1 / 2 - 2 / 3 + 1) / 2)


def test_half_had_an_answer_by_the_median() -> None:
    # After 1, 2, 4 and 10 days; one never within 30.
    days = {"a": "03-03", "b": "03-04", "c": "03-06", "d": "03-12", "e": "04-20"}
    items = [item(name, raised="03-02", answered=day) for name, day in days.items()]
    found = figures("time_to_answer", *items, now="05-10")
    assert (found.value, found.lower, found.upper) == (4 * DAY, 4 * DAY, 4 * DAY)


def test_open_items_may_be_answered_now_or_never() -> None:
    answered = item("a", raised="03-02", answered="03-03")
    open_ones = [item(name, raised="03-02") for name in ("b", "c")]
    # Two days after they were raised nobody can say that half of them wait longer than two days, nor that they do not.
    found = figures("time_to_answer", answered, *open_ones, now="03-04")
    assert (found.value, found.lower, found.upper) == (NOT_REACHED, 2 * DAY, NOT_REACHED)
    # After thirty days they are not waited for any longer.
    found = figures("time_to_answer", answered, *open_ones, now="04-02")
    assert (found.value, found.lower, found.upper) == (NOT_REACHED, NOT_REACHED, NOT_REACHED)


def test_chance_widens_the_range_of_a_median_of_items() -> None:
    items = [item(f"i{day}", raised="03-02", answered=f"03-{day:02}") for day in range(3, 23)]
    count = figures("time_to_answer", *items, now="05-10")
    process = figures("time_to_answer", *items, now="05-10", judge="process")
    assert (count.lower, count.upper) == (10 * DAY, 10 * DAY)
    assert process.lower is not None
    assert process.upper is not None
    assert 5 * DAY <= process.lower < 10 * DAY < process.upper <= 16 * DAY


def test_items_stand_under_the_words_of_the_message_they_are_about() -> None:
    items = item("about it", about="m", raised="03-02"), item("about nothing", raised="03-02")
    by_topic, _ = units("loop_closure", *items, now="04-10", by="topic")
    assert {label: [unit.id for unit in each] for label, each in by_topic.items()} == {"topic=brand": ["item about it"]}
    in_scope, _ = units("loop_closure", *items, now="04-10", scope={"topic": "brand"})
    assert [unit.id for unit in in_scope[""]] == ["item about it"]


def test_items_have_a_channel_of_their_own_and_nobody_behind_them() -> None:
    about_a_mail = item("i", about="m", raised="03-02")
    assert [
        len(units("loop_closure", about_a_mail, now="04-10", scope={"channel": name})[1])
        for name in ("intranet", "email")
    ] == [1, 0]
    assert not units("loop_closure", about_a_mail, now="04-10", by="department")[1]
    assert not units("loop_closure", about_a_mail, now="04-10", scope={"segment": "site=Lyon"})[1]
