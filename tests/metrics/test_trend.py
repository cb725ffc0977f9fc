"""Falling and at risk: which messages are held against which, and when nobody can tell."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.schema import Organisation, Target
from metrics.classes import Unit
from metrics.clock import Clocks
from metrics.counting import Counted
from metrics.curves import Curves, make_curve
from metrics.entries import Entry
from metrics.indicators import INDICATORS
from metrics.ledger.database import migrate, open_database
from metrics.memory import Memory
from metrics.reading import COLUMNS, Cells, D, E, State
from metrics.readings import Ask
from metrics.targets import Aim
from metrics.trend import Trend, Trends
from tests.metrics.make import reading

HOUR, DAY = 3600, 86_400
CLOCKS = Clocks(Organisation())
NOW = 1_793_577_600
PEOPLE = 200
AIM = Aim(0.6, "at_least", grows=True)


def cells(final: int, growth: tuple[int, ...], people: int = PEOPLE) -> Cells:
    counts = np.zeros((1, COLUMNS), dtype=np.int64)
    counts[0, State.H], counts[0, State.NOT] = final, people - final
    counts[0, E] = counts[0, D] = people
    return Cells({"": ("",)}, {"": counts}, growth=growth)


def curve_to(final: int) -> tuple[int, ...]:
    """Half after an hour, two thirds after two, nine tenths after four hours."""
    return (final // 2, final * 2 // 3, *[final * 9 // 10] * 7)


class Sent:
    """Messages a day apart, the newest an hour and a half old; their windows of 72 hours."""

    def __init__(self, finals: list[int], *, young: int = 0, channel: str = "email") -> None:
        self.cells: dict[Unit, Cells] = {}
        for place, final in enumerate(reversed(finals)):
            settled = place >= young
            sent_at = NOW - (place + 5) * DAY if settled else NOW - HOUR * 3 // 2 - place * 60
            unit = Unit(
                f"m{place:03}",
                (f"m{place:03}",),
                frozenset({channel}),
                sent_at=sent_at,
                closes=sent_at + 72 * HOUR,
                settles=sent_at + 72 * HOUR,
            )
            self.cells[unit] = cells(final, curve_to(final)) if settled else cells(final // 2, (final // 2,) * 9)

    def trend(
        self, curves: Curves | None = None, trends: Trends | None = None, *, settled: bool = True, **changed: Any
    ) -> Trend:
        """`settled`: whether the class has messages that are."""
        target = Target.model_validate(
            {"name": "reach", "indicator": "reach", "window": "72 hours", "period": "rolling 28 days", **changed}
        )
        indicator = INDICATORS[target.indicator]
        ask = Ask(target, indicator, {"": list(self.cells)}, self.cells.get, lambda _: "", Memory())
        trends = trends or Trends(CLOCKS, curves or Curves())
        messages = {f"old{place:02}": Entry(id=f"old{place:02}", channel="email") for place in range(50)}
        trends.look({"reach": ask}, messages, NOW)
        rows = [each.counts[""][0] for unit, each in self.cells.items() if settled and unit.settles <= NOW]
        return trends.of(reading(*rows))


def steady(number: int, level: int = 140) -> list[int]:
    spread = np.random.default_rng(number).integers(-12, 13, number)
    return [level + int(each) for each in spread]


def test_a_lasting_fall_shows_and_a_steady_series_does_not() -> None:
    assert Sent(steady(40)).trend().falling is False
    assert Sent([*steady(40), *steady(6, level=110)]).trend().falling is True
    assert Sent([*steady(40), *steady(6, level=170)]).trend().falling is False, "better is no fall"


def test_a_chart_drawn_on_is_the_chart_drawn_anew() -> None:
    """Day by day, with messages that come late and change what came before."""
    chance, kept = np.random.default_rng(8), Trends(CLOCKS, Curves())
    finals = steady(20)
    for _ in range(25):
        finals.append(int(chance.integers(80, 160)))
        finals[int(chance.integers(0, len(finals)))] += 1
        sent = Sent(finals, young=2)
        assert sent.trend(trends=kept) == sent.trend()


def test_where_less_is_better_a_rise_is_a_fall() -> None:
    rising = Sent([*steady(40), *steady(6, level=170)])
    assert rising.trend(direction="at_most").falling is True


def test_a_young_message_is_held_against_the_others_at_its_age() -> None:
    """Half of what the others came to in the end is all that they had after an hour."""
    assert Sent([*steady(40), 140, 141, 139], young=3).trend().falling is False
    assert Sent([*steady(40), 90, 88, 92, 91, 90, 89], young=6).trend().falling is True


def test_a_short_history_cannot_tell() -> None:
    assert Sent(steady(12)).trend().falling is None
    assert Sent(steady(13)).trend().falling is False


def test_a_forecast_is_of_the_class_with_its_young_messages() -> None:
    trend = Sent([*steady(30), 100], young=1).trend()
    ahead = trend.ahead[""]
    assert ahead.lower < ahead.value < ahead.upper
    assert 0.6 < ahead.value < 0.72, "one young message of 100 among many of 140"
    assert ahead.earlier == 30
    assert trend.at_risk(AIM) is False
    assert trend.at_risk(Aim(0.75, "at_least", grows=True)) is True
    assert trend.at_risk(Aim(0.6, "at_most", grows=True)) is True
    assert trend.at_risk(Aim(None, "at_least", grows=True)) is None


def test_a_process_that_one_message_will_be_judged_by_is_not_at_risk() -> None:
    """The others lie before the period."""
    judged = replace(AIM, by_messages=True)
    alone = Sent([*steady(30), 80], young=1).trend(period="rolling 2 days", settled=False)
    assert alone.ahead[""].upper < 0.6
    assert (alone.at_risk(judged), alone.at_risk(AIM)) == (None, True)
    two = Sent([*steady(30), 80, 80], young=2).trend(period="rolling 2 days", settled=False)
    assert two.at_risk(judged) is True


def test_messages_judged_alone_are_foretold_one_by_one() -> None:
    trend = Sent([*steady(30), 140, 80], young=2).trend(period="message")
    assert set(trend.ahead) == {"m000", "m001"}
    assert trend.at_risk(AIM) is True
    worst = trend.worst(AIM)
    assert worst is not None
    assert worst[0] == "m000"
    assert worst[1].upper < 0.6


def test_too_few_earlier_messages_foretell_nothing() -> None:
    trend = Sent([*steady(19), 90], young=1).trend()
    assert trend.ahead == {}
    assert trend.at_risk(AIM) is None


def test_where_nothing_is_young_nothing_is_at_risk() -> None:
    assert Sent(steady(30)).trend().at_risk(AIM) is False


def test_messages_of_another_channel_say_nothing() -> None:
    youngest = Sent([*steady(5), 90], young=1)
    youngest.cells |= {
        Unit(f"i{n}", (f"i{n}",), frozenset({"intranet"}), unit.sent_at, unit.closes, unit.settles): each
        for n, (unit, each) in enumerate(Sent(steady(30)).cells.items())
    }
    assert youngest.trend().ahead == {}


def test_messages_whose_sets_are_forgotten_are_remembered_by_their_curves(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    migrate(engine)
    kept = Curves()
    with engine.begin() as connection:
        for place, final in enumerate(steady(30)):
            id, sent_at = f"old{place:02}", NOW - (100 - place) * DAY
            counted: Counted = {((id,), "reach|72 hours"): cells(final, curve_to(final))}
            counted[(id,), "reach|"] = cells(9, (9,))
            kept.keep(connection, f"unit {id}", counted, {id: sent_at})
            kept.keep(connection, f"unit {id}", {((id,), "reach|72 hours"): cells(1, (1,))}, {id: sent_at})
        again = Curves()
        again.start(connection)
    expected = Sent([*steady(3), 90], young=1).trend(kept)
    assert expected.ahead[""].earlier == 33
    assert expected.falling is False
    assert Sent([*steady(3), 90], young=1).trend(again) == expected, "another process remembers the same"
    assert Sent([*steady(3), 90], young=1).trend(again, scope={"channel": "intranet"}).ahead == {}


@pytest.mark.parametrize(
    "changed",
    [{"by": "department"}, {"scope": {"segment": "department=Sales"}}, {"indicator": "delivered"}],
    ids=["broken down by people", "one segment", "an indicator that does not say since when"],
)
def test_only_whole_audiences_are_told_of(changed: dict[str, Any]) -> None:
    assert Sent([*steady(40), *steady(6, level=90)]).trend(**changed) == Trend()


def test_small_audiences_and_those_hardly_seen_have_no_curve() -> None:
    assert make_curve(("m",), "reach|", NOW, cells(20, (10,), people=49)) is None
    assert make_curve(("m",), "reach|", NOW, cells(20, (10,), people=50)) is not None
    unseen = cells(20, (10,))
    unseen.counts[""][0, State.U], unseen.counts[""][0, State.NOT] = 101, PEOPLE - 121
    assert make_curve(("m",), "reach|", NOW, unseen) is None


def test_curves_are_kept_in_steps_in_which_nobody_is_told_apart() -> None:
    curve = make_curve(("m",), "reach|", NOW, cells(199, (1, 2, 98, 197)))
    assert curve is not None
    assert curve.grown == (0, 0, 96, 195)
    assert curve.value == 197 / 200, "published as at least all but three"
