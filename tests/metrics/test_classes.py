"""Which messages are judged together: scopes, breakdowns, periods, at their edges."""

from datetime import date

import pytest

from config.duration import Span
from config.schema import Organisation, Scope, Target
from metrics.classes import Unit, choose_period, deadline, in_scope, period_label, period_start, split
from metrics.clock import Clocks
from metrics.indicators import INDICATORS
from metrics.messages import Message

CLOCKS = Clocks(Organisation())
DAY = 86_400
NOW = 1_793_620_800  # Monday 2 November 2026, 12:00 UTC


def unit(name: str, sent_at: int, settles: int) -> Unit:
    return Unit(name, (name,), frozenset({"email"}), sent_at=sent_at, closes=settles, settles=settles)


def target(period: str = "rolling 28 days", **more: object) -> Target:
    return Target.model_validate({"name": "t", "indicator": "reach", "period": period, **more})


def message(name: str = "m", **more: object) -> Message:
    return Message.model_validate({"id": name, **more}, context={"zone": None})


def test_a_message_is_in_scope_where_every_word_of_it_fits() -> None:
    one = message(topic="goals", channel="email")
    assert in_scope(one, Scope())
    assert in_scope(one, Scope(topic="goals", channel="email"))
    assert not in_scope(one, Scope(topic="goals", channel="chat"))


def test_messages_without_the_word_of_a_breakdown_stand_in_none_of_its_parts() -> None:
    messages = [message("a", topic="goals"), message("b"), message("c", topic="brand"), message("d", topic="goals")]
    parts = split(messages, target(by="topic"))
    assert {part: [one.id for one in members] for part, members in parts.items()} == {
        "topic=brand": ["c"],
        "topic=goals": ["a", "d"],
    }
    assert list(split(messages, target(by="department"))) == [""]


@pytest.mark.parametrize(
    ("sent_at", "counts"),
    [
        pytest.param(NOW - 28 * DAY, False, id="sent 28 days ago to the second is past"),
        pytest.param(NOW - 28 * DAY + 1, True, id="a second later counts"),
        pytest.param(NOW, True, id="sent this very second counts"),
        pytest.param(NOW + 1, False, id="what is to be sent does not exist yet"),
    ],
)
def test_a_rolling_period_holds_what_was_sent_in_it(sent_at: int, counts: bool) -> None:
    units = [unit("a", sent_at, sent_at)]
    chosen = choose_period(units, target(), now=NOW, clocks=CLOCKS)(units)
    assert len(chosen.units) + len(chosen.young) == counts


def test_only_what_has_settled_is_judged() -> None:
    units = [unit("old", NOW - 9 * DAY, NOW), unit("new", NOW - DAY, NOW + 1)]
    chosen = choose_period(units, target(), now=NOW, clocks=CLOCKS)(units)
    assert [one.id for one in chosen.units] == ["old"]
    assert [one.id for one in chosen.young] == ["new"]


def test_a_week_that_began_this_morning_leaves_last_weeks_verdict_standing() -> None:
    last, this = unit("last", NOW - 6 * DAY, NOW - DAY), unit("this", NOW - 3600, NOW + DAY)
    chosen = choose_period([last, this], target("week"), now=NOW, clocks=CLOCKS)([last, this])
    assert (chosen.label, [one.id for one in chosen.units]) == ("2026-W44", ["last"])
    alone = choose_period([this], target("week"), now=NOW, clocks=CLOCKS)([this])
    assert (alone.label, alone.units, len(alone.young)) == ("2026-W45", (), 1)


@pytest.mark.parametrize(
    ("period", "day", "label"),
    [
        pytest.param("week", date(2027, 1, 3), "2026-W53", id="a week belongs to the year of its thursday"),
        pytest.param("month", date(2026, 11, 30), "2026-11", id="a month"),
        pytest.param("quarter", date(2026, 12, 31), "2026-Q4", id="a quarter's last day"),
        pytest.param("quarter", date(2027, 1, 1), "2027-Q1", id="a quarter's first day"),
    ],
)
def test_periods_are_named_as_people_write_them(period: str, day: date, label: str) -> None:
    assert period_label(period, period_start(period, day)) == label


def test_a_due_date_closes_the_window_where_the_target_names_none() -> None:
    one = message(sent_at="2026-11-02T12:00:00Z", due_at="2026-11-05T12:00:00.000001Z")
    acknowledged, reach = INDICATORS["acknowledged"], INDICATORS["reach"]
    assert deadline(one, acknowledged, None, CLOCKS) == NOW + 3 * DAY + 1, "never early"
    assert deadline(one, acknowledged, Span(24, "hours"), CLOCKS) == NOW + DAY
    assert deadline(one, reach, None, CLOCKS) == CLOCKS.deadline(NOW, Span(5, "days", True))
    assert deadline(message(), reach, None, CLOCKS) is None
