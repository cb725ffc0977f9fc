"""How late events come: a sample that is a set, and what is measured by it."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from collectors.events import Event
from metrics.ledger.database import migrate, open_database
from metrics.ledger.delays import A_DAY, DAYS, FEWEST, measure_delays, prune_delays, record_delays
from metrics.ledger.tables import source_delay

DAY = 86_400
TODAY = 20_000
NOW = TODAY * DAY + DAY - 1


def event(at: int, late: int | None) -> Event:
    """Seconds."""
    received = None if late is None else (at + late) * 1_000_000
    return Event("opened", "m", occurred_at=at * 1_000_000, received_at=received)


def record(engine: Engine, *batches: list[Event], source: str = "mail") -> None:
    with engine.begin() as connection:
        for batch in batches:
            record_delays(connection, source, batch)


def measured(engine: Engine, now: int = NOW) -> dict[str, int]:
    with engine.connect() as connection:
        return measure_delays(connection, now)


def spread(lateness: list[int], *, days: int = 5) -> list[Event]:
    """Events evenly over the last days, late by these seconds in turn."""
    step = days * DAY // len(lateness)
    return [event(NOW - place * step, late) for place, late in enumerate(lateness)]


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        pytest.param([5] * 200, 60, id="at once is within a minute"),
        pytest.param([60] * 200, 60, id="a minute is a minute"),
        pytest.param([61] * 200, 120, id="a little more is two"),
        pytest.param([5] * 199 + [50_000], 60, id="one of two hundred may be later"),
        pytest.param([5] * 190 + [50_000] * 10, 61_440, id="ten of two hundred may not"),
        pytest.param([40 * DAY] * 200, 60 * 2**14, id="there is a longest"),
        pytest.param([-30] * 200, 60, id="a clock that runs ahead is not late"),
    ],
)
def test_ninety_nine_of_a_hundred_come_within_it(engine: Engine, late: list[int], expected: int) -> None:
    record(engine, spread(late))
    assert measured(engine) == {"mail": expected}


def test_too_few_events_and_those_without_times_measure_nothing(engine: Engine) -> None:
    record(engine, spread([5] * (FEWEST - 1)), spread([None] * 200))  # type: ignore[list-item]
    assert measured(engine) == {}
    record(engine, [event(NOW - 7, 5)])
    assert measured(engine) == {"mail": 60}


def test_only_the_last_four_weeks_count_and_nothing_to_come(engine: Engine) -> None:
    record(engine, spread([5] * 300))
    assert measured(engine, NOW + (DAYS - 6) * DAY) == {"mail": 60}
    assert measured(engine, NOW + DAYS * DAY) == {}
    assert measured(engine, NOW - 5 * DAY) == {}


def test_each_source_is_measured_by_itself(engine: Engine) -> None:
    record(engine, spread([5] * 200))
    record(engine, spread([3_000] * 200), source="portal")
    assert measured(engine) == {"mail": 60, "portal": 3_840}


def test_a_busy_day_is_sampled_evenly(engine: Engine) -> None:
    """A tenth of a hundred thousand events is an hour late: the sample says so too."""
    events = [event(NOW - place % DAY, 3_000 if place % 10 == 0 else 5) for place in range(100_000)]
    record(engine, *[events[start : start + 5_000] for start in range(0, len(events), 5_000)])
    yesterday = [event(one.occurred_at // 1_000_000 - DAY, 5) for one in events[:5_000] if one.occurred_at]
    record(engine, yesterday)
    with engine.begin() as connection:
        prune_delays(connection, NOW)
        steps = list(connection.execute(select(source_delay.c.step)).scalars())
    assert len(steps) == 2 * A_DAY
    assert measured(engine) == {"mail": 3_840}


events = st.lists(
    st.builds(event, st.integers(NOW - 3 * DAY, NOW), st.one_of(st.none(), st.integers(-100, 1_000_000))), max_size=400
)


@settings(max_examples=40)
@given(events, st.randoms(use_true_random=False), st.booleans())
def test_order_repetition_batches_and_pruning_change_nothing(
    given_events: list[Event], chance: random.Random, prune: bool
) -> None:
    found = []
    for disturbed in (False, True):
        engine = open_database("sqlite://")
        migrate(engine)
        batches = [given_events]
        if disturbed:
            again = given_events + chance.sample(given_events, len(given_events) // 2)
            chance.shuffle(again)
            cuts = sorted(chance.randrange(len(again) + 1) for _ in range(3))
            batches = [again[start:end] for start, end in zip([0, *cuts], [*cuts, len(again)], strict=True)]
        for batch in batches:
            record(engine, batch)
            if disturbed and prune:
                with engine.begin() as connection:
                    prune_delays(connection, NOW)
        with engine.begin() as connection:
            prune_delays(connection, NOW)
            found.append(connection.execute(select(source_delay).order_by(*source_delay.primary_key)).all())
        engine.dispose()
    assert found[0] == found[1]
