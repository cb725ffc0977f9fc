"""The whole road, from streams on disk to readings, held against a brute-force computation over the raw events."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from collectors.simulation.parameters import Parameters
from tests.flow.company import KEEP, TARGETS, UNTIL, add_odd_events, differences, make_company, run_road

DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("seed", "people", "days", "all_cloudevents"),
    [
        pytest.param(11, 200, 45, False, id="two hundred people in vendors' formats"),
        pytest.param(12, 120, 60, True, id="the same road for cloudevents alone"),
        pytest.param(13, 40, 100, False, id="a small company over a long time"),
        pytest.param(14, 500, 20, False, id="a larger one over a short time"),
    ],
)
def test_every_reading_is_that_of_the_oracle(
    tmp_path: Path, seed: int, people: int, days: int, all_cloudevents: bool
) -> None:
    company = make_company(tmp_path, Parameters(people, days, seed, UNTIL, all_cloudevents), retention=KEEP)
    add_odd_events(tmp_path, seed, 5 * people)
    with company.service() as service:
        run_road(service)
        assert differences(company, service, UNTIL) == []


def test_the_company_asks_every_question_of_somebody(tmp_path: Path) -> None:
    """Agreement over nothing would prove nothing: every indicator, judged and with people behind it."""
    company = make_company(tmp_path, Parameters(200, 45, 11, UNTIL), retention=KEEP)
    add_odd_events(tmp_path, 11, 1000)
    with company.service() as service:
        run_road(service)
        answers = service.evaluation.answer(UNTIL)
    counted = Counter(reading.indicator for _, reading in answers.readings if reading.people > 0)
    assert set(counted) == {target["indicator"] for target in TARGETS} - {"suppressed"}
    states = np.sum([reading.totals for _, reading in answers.readings if len(reading.units)], axis=0)
    assert (states > 0).all(), "some state of people is met nowhere"


@pytest.mark.parametrize("days_ago", [1, 6, 17])
def test_a_recorded_past_is_read_as_it_was_then(tmp_path: Path, days_ago: int) -> None:
    company = make_company(tmp_path, Parameters(120, 40, 15, UNTIL), retention=KEEP)
    then = UNTIL - days_ago * DAY
    with company.service(as_of=then) as service:
        run_road(service)
        assert differences(company, service, then) == []


def test_looking_at_the_past_leaves_the_present_alone(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(60, 20, 16, UNTIL), retention=KEEP)
    with company.service() as now, company.service(as_of=UNTIL - 5 * DAY) as then:
        run_road(now)
        before = now.evaluation.answer(UNTIL).readings
        run_road(then)
        run_road(now)
        assert str(now.evaluation.answer(UNTIL).readings) == str(before)
        assert now.site.folder != then.site.folder
