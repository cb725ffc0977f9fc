"""Lengths of time as people write them."""

import pytest

from config.duration import Span, parse_span, suggest_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("48 hours", Span(48, "hours")),
        ("1 hour", Span(1, "hours")),
        (" 90  Minutes ", Span(90, "minutes")),
        ("7 days", Span(7, "days")),
        ("2 weeks", Span(14, "days")),
        ("8 working hours", Span(8, "hours", working=True)),
        ("5 working days", Span(5, "days", working=True)),
        ("1 working week", Span(5, "days", working=True)),
    ],
)
def test_a_number_and_a_unit_are_a_span(text: str, span: Span) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text",
    ["", "48", "48h", "0 days", "-1 day", "1.5 days", "five days", "1 month", "100000 days", "٣ days", "1 day\n2"],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="a number and a unit"):
        parse_span(text)


@pytest.mark.parametrize(
    "span", [Span(1, "hours"), Span(48, "hours"), Span(5, "days", working=True), Span(1, "days", working=True)], ids=str
)
def test_a_span_is_written_as_it_is_read(span: Span) -> None:
    assert parse_span(str(span)) == span


def test_a_working_day_is_as_long_as_the_organisation_says() -> None:
    assert Span(5, "days", working=True).seconds(working_day_seconds=7 * 3600) == 35 * 3600
    assert Span(8, "hours", working=True).seconds(working_day_seconds=7 * 3600) == 8 * 3600
    assert Span(5, "days").seconds(working_day_seconds=7 * 3600) == 5 * 86_400


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("48h", "Write `48 hours`."),
        ("1d", "Write `1 day`."),
        ("12 hrs", "Write `12 hours`."),
        ("1:30", "Write `90 minutes`."),
        ("45", "Say the unit: `45 hours` or `45 days`."),
        ("28800", "Say the unit: if these are seconds, `8 hours`."),
        ("5400", "Say the unit: if these are seconds, `90 minutes`."),
        ("0 days", "The shortest is `1 minute`."),
        ("soon", ""),
        ("90s", ""),
    ],
)
def test_other_habits_of_writing_are_understood_where_they_are_plain(text: str, sentence: str) -> None:
    assert suggest_span(text) == sentence
