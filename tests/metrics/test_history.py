"""What was published of the past stands, and is found again by what a target asks, not by what it is called."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.schema import Organisation, Target
from metrics.aims import Aims
from metrics.clock import Clocks
from metrics.history import History, periods_kept
from metrics.ledger.database import Engine, migrate, open_database
from metrics.reading import Reading
from metrics.snapshot import PublishedReading
from tests.metrics.made_up import reading as published
from tests.metrics.make import reading

CLOCKS = Clocks(Organisation())
NOVEMBER = 1_793_577_600  # 2 November 2026, 00:00 UTC
JULY, OCTOBER = date(2026, 7, 1), date(2026, 10, 1)


def target(**changed: Any) -> Target:
    return Target.model_validate({"name": "reach", "indicator": "reach", "value": "last quarter + 0.05", **changed})


def of(value: float | None, segment: str = "all") -> PublishedReading:
    return published(value=value, segment=segment, period="2026-Q3")


def exact(segment: str = "all", past: int = NOVEMBER, unit: str = "ratio", message: str | None = None) -> Reading:
    changed = {"segment": segment, "past": past, "unit": unit, "message": message}
    return Reading(**{**vars(reading()), **changed})


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    migrate(engine)
    return engine


def history(engine: Engine, *kept: tuple[date, float | None], period: str = "quarter", **changed: Any) -> History:
    found = History(CLOCKS)
    with engine.begin() as connection:
        for start, value in kept:
            found.keep(connection, target(**changed), period, start, [of(value), of(0.5, "department=Sales")])
    return found


def value_of(past: History, wanted: Target, reading: Reading) -> float | None:
    return Aims(CLOCKS, past).of(wanted, reading).value


def test_a_target_goes_by_the_last_period_that_was_over(engine: Engine) -> None:
    past = history(engine, (date(2026, 4, 1), 0.60), (JULY, 0.67), (OCTOBER, 0.90))
    assert value_of(past, target(), exact()) == pytest.approx(0.72), "the fourth quarter is not over in November"
    assert value_of(past, target(), exact(past=CLOCKS.local_midnight(OCTOBER))) == pytest.approx(0.72)
    assert value_of(past, target(), exact(past=CLOCKS.local_midnight(OCTOBER) - 1)) == pytest.approx(0.65)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("last quarter", 0.67), ("last quarter - 0.07", 0.60), ("last quarter + 0.5", 1.0), ("last quarter - 0.7", 0.0)],
)
def test_a_ratio_stays_between_nobody_and_everybody(engine: Engine, value: str, expected: float) -> None:
    assert value_of(history(engine, (JULY, 0.67)), target(value=value), exact()) == pytest.approx(expected)


def test_a_time_takes_a_length_of_time(engine: Engine) -> None:
    slow = {"indicator": "time_to_reach", "value": "last quarter - 2 working hours"}
    past = history(engine, (JULY, 30_000.0), **slow)
    assert value_of(past, target(**slow), exact(unit="seconds")) == 22_800.0


def test_every_segment_has_a_past_and_a_value_of_its_own(engine: Engine) -> None:
    past = history(engine, (JULY, 0.67), by="department")
    wanted = target(by="department", values={"department=Ops": 0.4})
    assert value_of(past, wanted, exact("department=Sales")) == pytest.approx(0.55)
    assert value_of(past, wanted, exact("department=Ops")) == 0.4
    assert value_of(past, wanted, exact("department=New")) is None


@pytest.mark.parametrize("value", [None, 0.67], ids=["hidden then", "published since"])
def test_without_a_past_there_is_no_baseline(engine: Engine, value: float | None) -> None:
    past = history(engine, (JULY, None)) if value is None else history(engine, (OCTOBER, value))
    aim = Aims(CLOCKS, past).of(target(), exact())
    assert (aim.value, aim.without) == (None, "no_baseline")
    watched = Aims(CLOCKS, past).of(target(value=None), exact())
    assert (watched.value, watched.without) == (None, "no_target")


def test_a_target_of_a_class_says_nothing_of_one_message(engine: Engine) -> None:
    past = history(engine, (JULY, 0.67))
    assert value_of(past, target(), exact(message="m1")) is None


def test_what_was_published_is_never_published_anew(engine: Engine) -> None:
    history(engine, (JULY, 0.67))
    history(engine, (JULY, 0.99))
    after = History(CLOCKS)
    with engine.begin() as connection:
        after.start(connection)
    assert value_of(after, target(), exact()) == pytest.approx(0.72)
    assert after.has(target(), "quarter", JULY)
    assert not after.has(target(), "month", JULY)


@pytest.mark.parametrize(
    ("changed", "keeps"),
    [
        pytest.param({"name": "news"}, True, id="a new name keeps the past"),
        pytest.param({"value": "0.8", "owner": "Ops", "judge": "process", "period": "month"}, True, id="and another value, or judge"),
        pytest.param({"window": "48 hours"}, False, id="another window begins anew"),
        pytest.param({"scope": {"channel": "email"}}, False, id="and other messages"),
        pytest.param({"assume": "missing_at_random"}, False, id="and another assumption"),
        pytest.param({"period": "message"}, False, id="and messages alone, which no campaign ties"),
    ],
)  # fmt: skip
def test_the_past_belongs_to_what_is_asked(engine: Engine, changed: dict[str, Any], keeps: bool) -> None:
    past = history(engine, (JULY, 0.67))
    assert past.has(target(**changed), "quarter", JULY) == keeps


def test_periods_are_kept_of_the_target_and_of_what_it_goes_by() -> None:
    assert periods_kept(target()) == ("quarter",)
    assert periods_kept(target(period="month", values={"department=Sales": "last week"}, by="department")) == (
        "month",
        "quarter",
        "week",
    )
    assert periods_kept(target(value=0.8)) == ()
