"""Times that can be true, and those that cannot, to the microsecond."""

from datetime import UTC, datetime

import pytest

from collectors.event_time import DAY, MINUTE, check_times
from collectors.events import Undecodable


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


RECEIVED = at("2026-11-02T08:15:00")
TEN_YEARS = 3653 * DAY


@pytest.mark.parametrize(
    ("occurred_at", "received_at"),
    [
        pytest.param(RECEIVED + 10 * MINUTE, RECEIVED, id="10 minutes after its receipt"),
        pytest.param(RECEIVED - TEN_YEARS, RECEIVED, id="10 years before its receipt"),
        pytest.param(None, RECEIVED, id="no time of its own"),
        pytest.param(None, None, id="no time at all"),
        pytest.param(at("1995-01-01"), None, id="the beginning of 1995 without a receipt"),
        pytest.param(at("1990-01-01"), at("1996-01-01"), id="before 1995, received soon after it"),
        pytest.param(at("1995-01-01"), at("1995-01-01"), id="received at the beginning of 1995"),
        pytest.param(at("2100-01-01") - 1, at("2100-01-01") - 1, id="received at the end of 2099"),
        pytest.param(RECEIVED + 10 * MINUTE, None, id="10 minutes after now without a receipt"),
    ],
)
def test_a_time_that_can_be_true_passes(occurred_at: int | None, received_at: int | None) -> None:
    check_times(occurred_at, received_at, lambda: RECEIVED)


@pytest.mark.parametrize(
    ("occurred_at", "received_at"),
    [
        pytest.param(RECEIVED + 10 * MINUTE + 1, RECEIVED, id="a microsecond too young for its receipt"),
        pytest.param(RECEIVED - TEN_YEARS - 1, RECEIVED, id="a microsecond too old for its receipt"),
        pytest.param(at("1995-01-01") - 1, None, id="a microsecond before 1995"),
        pytest.param(RECEIVED + 10 * MINUTE + 1, None, id="a microsecond too far in the future"),
        pytest.param(None, at("1995-01-01") - 1, id="received before 1995"),
        pytest.param(None, at("2100-01-01"), id="received in 2100"),
        pytest.param(at("9999-12-31"), None, id="in the year 9999"),
        pytest.param(at("9999-12-31"), at("9999-12-31"), id="received in the year 9999"),
        pytest.param(0, None, id="at the epoch"),
    ],
)
def test_a_time_that_cannot_be_true_is_refused(occurred_at: int | None, received_at: int | None) -> None:
    with pytest.raises(Undecodable) as refusal:
        check_times(occurred_at, received_at, lambda: RECEIVED)
    assert refusal.value.reason == "time_out_of_range"


def test_the_clock_is_not_asked_about_what_has_a_time_of_receipt() -> None:
    def clock() -> int:
        raise AssertionError("asked")

    check_times(RECEIVED, RECEIVED, clock)


def test_without_a_clock_only_1995_is_a_limit() -> None:
    check_times(at("2099-01-01"), None, None)
    with pytest.raises(Undecodable):
        check_times(at("1994-01-01"), None, None)
