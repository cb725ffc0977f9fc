"""Times, to microseconds and back."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.events import Undecodable
from collectors.times import (
    MICROSECONDS,
    MILLISECONDS,
    SECONDS,
    format_time,
    read_epoch,
    read_rfc3339,
    read_rfc3339_column,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON = 1_793_620_800 * 1_000_000  # 2026-11-02T12:00:00Z
_OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=_OFFSETS).filter(lambda moment: 1 < moment.year < 9999))
def test_a_time_is_what_the_standard_library_says_it_is(moment: datetime) -> None:
    expected = (moment - EPOCH) // timedelta(microseconds=1)
    assert read_rfc3339(moment.isoformat(), "time") == expected
    assert read_rfc3339(moment.isoformat(timespec="microseconds"), "time") == expected


@given(st.datetimes())
def test_what_is_written_reads_back(moment: datetime) -> None:
    microseconds = (moment.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
    text = format_time(microseconds)
    assert len(text) == len("YYYY-MM-DDTHH:MM:SS.ffffffZ")
    assert read_rfc3339(text, "time") == microseconds


@pytest.mark.parametrize(
    ("text", "after_noon"),
    [
        pytest.param("2026-11-02T12:00:00Z", 0, id="no fraction"),
        pytest.param("2026-11-02t12:00:00z", 0, id="small letters"),
        pytest.param("2026-11-02T12:00:00.5Z", 500_000, id="one digit"),
        pytest.param("2026-11-02T12:00:00.123456Z", 123_456, id="six digits"),
        pytest.param("2026-11-02T12:00:00.1234567Z", 123_456, id="seven digits are cut, not rounded"),
        pytest.param("2026-11-02T12:00:00.999999999Z", 999_999, id="nine digits are cut, not rounded"),
        pytest.param("2026-11-02T13:00:00+01:00", 0, id="east of Greenwich"),
        pytest.param("2026-11-02T06:30:00.25-05:30", 250_000, id="west of Greenwich"),
        pytest.param("2026-11-02T12:00:00-00:00", 0, id="an unknown local offset"),
    ],
)
def test_rfc_3339_is_read(text: str, after_noon: int) -> None:
    assert read_rfc3339(text, "time") == NOON + after_noon


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-11-02T12:00:00", id="no offset"),
        pytest.param("2026-11-02", id="a date"),
        pytest.param("2026-11-02 12:00:00Z", id="a space for the T"),
        pytest.param("2026-11-02T12:00Z", id="no seconds"),
        pytest.param("2026-11-02T12:00:00.Z", id="a point and no digit"),
        pytest.param("2026-11-02T12:00:00.1234567890Z", id="ten digits"),
        pytest.param("2026-11-02T12:00:00,5Z", id="a comma"),
        pytest.param("2026-11-02T12:00:00+0100", id="an offset without its colon"),
        pytest.param("2026-11-02T12:00:00+24:00", id="an offset of a day"),
        pytest.param("2026-11-02T12:00:60Z", id="a leap second"),
        pytest.param("2026-11-02T24:00:00Z", id="hour 24"),
        pytest.param("2026-02-29T12:00:00Z", id="a day that year did not have"),
        pytest.param("0000-01-01T00:00:00Z", id="the year 0"),
        pytest.param("0001-01-01T00:00:00+00:01", id="a minute before the year 1"),
        pytest.param("9999-12-31T23:59:59-00:01", id="a minute after the year 9999"),
        pytest.param("2026-11-02T12:00:00Z ", id="space behind"),
        pytest.param("２026-11-02T12:00:00Z", id="a digit of another script"),
        pytest.param("2026-11-02T12:00:0٠Z", id="a second of another script"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_rfc_3339_is_refused(text: str) -> None:
    with pytest.raises(Undecodable) as refusal:
        read_rfc3339(text, "data.time")
    assert refusal.value.reason == "bad_time"
    assert refusal.value.detail.startswith("data.time: ")


@given(st.text(max_size=30) | st.from_regex(r"\A[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9].*"))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    try:
        moment = read_rfc3339(text, "time")
        found = read_rfc3339(format_time(moment), "time") == moment
    except Undecodable as refusal:
        found = refusal.reason == "bad_time"
    assert found


def test_whole_numbers_are_read_in_the_unit_their_decoder_declares() -> None:
    assert read_epoch(NOON // SECONDS, SECONDS, "t") == NOON
    assert read_epoch(NOON // MILLISECONDS, MILLISECONDS, "t") == NOON
    assert read_epoch(NOON, MICROSECONDS, "t") == NOON
    assert read_epoch(-1, SECONDS, "t") == -1_000_000
    # A time in the wrong unit is a wrong time, never silently the right one.
    assert read_epoch(NOON // SECONDS, MILLISECONDS, "t") < NOON


@pytest.mark.parametrize("value", [None, True, 1.0, "1", [], 10**18, -(10**18)], ids=repr)
def test_what_is_no_whole_number_of_this_calendar_is_refused(value: object) -> None:
    with pytest.raises(Undecodable, match="bad_time"):
        read_epoch(value, SECONDS, "t")


_LOOKS = (
    *(
        "2026-11-02T12:00:00Z",
        "2024-02-29T23:59:59Z",
        "0000-01-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-02T24:00:00Z",
    ),
    *(
        "2026-11-02T12:00:60Z",
        "2026-11-02T12:00:00z",
        "2026-11-02 12:00:00Z",
        "2026-1102-T12:00:00Z",
        "\u0662026-11-2T12:00:00Z",
    ),
    *(
        "2026-11-02T12:00:00.123Z",
        "1969-12-31T23:59:59.999Z",
        "2026-11-02T12:00:0.1234Z",
        "2026-11-02T12:00:00+0100",
        "",
        "Z",
    ),
)


@given(
    st.lists(
        st.none() | st.sampled_from(_LOOKS) | st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z"),
        max_size=4,
    )
)
def test_a_column_of_times_is_read_as_each_of_them_is(texts: list[str | None]) -> None:
    alone: list[int | None] = []
    bad = set()
    for place, text in enumerate(texts):
        try:
            alone.append(None if text is None else read_rfc3339(text, "time"))
        except Undecodable:
            alone.append(None)
            bad.add(place)
    odd: set[int] = set()
    assert read_rfc3339_column(texts, "time", odd) == alone
    assert odd == bad
