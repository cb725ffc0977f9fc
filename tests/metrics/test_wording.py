"""What readings are called and how figures read: the same words on the page and on the terminal."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from metrics import wording
from metrics.snapshot import REASONS, VERDICTS, Ahead, PublishedReading
from tests.metrics.made_up import AS_OF, SNAPSHOT, reading, target, unknown


@pytest.mark.parametrize(
    ("verdict", "reason", "word"),
    [
        pytest.param("met", "", "met", id="met is met"),
        pytest.param("missed", "", "missed", id="missed is missed"),
        pytest.param("immature", "window_open", "not yet", id="an open window is not yet"),
        pytest.param("immature", "not_settled", "not yet", id="a window that has not settled is not yet"),
        pytest.param("suppressed", "hidden", "hidden", id="suppressed is hidden"),
        pytest.param("undetermined", "no_data", "no data", id="nothing to judge is no data"),
        pytest.param("undetermined", "straddles", "cannot be told", id="a target inside the range cannot be told"),
        pytest.param("undetermined", "gap", "cannot be told", id="a gap cannot be told"),
        pytest.param("undetermined", "not_applicable", "does not apply", id="a senseless question does not apply"),
        pytest.param("undetermined", "no_target", "watched", id="without a target it is watched"),
        pytest.param("undetermined", "", "cannot be told", id="undetermined without a reason cannot be told"),
    ],
)
def test_each_kind_of_not_knowing_has_its_own_word(verdict: str, reason: str, word: str) -> None:
    assert wording.word_of(reading(verdict=verdict, reason=reason)) == word


def test_every_word_has_a_meaning_and_every_reason_a_sentence() -> None:
    assert set(wording.REASONS) == set(REASONS)
    assert {wording.word_of(reading(verdict=verdict)) for verdict in VERDICTS} <= set(wording.MEANINGS)
    for sentence in wording.REASONS.values():
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("changed", "direction", "sentence"),
    [
        pytest.param(
            {"verdict": "met"},
            "at_least",
            "Even the lower end of the range, 84.2 %, is at least 80.0 %.",
            id="at least is met by the lower end",
        ),
        pytest.param(
            {"verdict": "missed", "lower": 0.6, "upper": 0.7},
            "at_least",
            "Even the upper end of the range, 70.0 %, is below the target.",
            id="at least is missed by the upper end",
        ),
        pytest.param(
            {"verdict": "met", "lower": 0.6, "upper": 0.7},
            "at_most",
            "Even the upper end of the range, 70.0 %, is at most 80.0 %.",
            id="at most is met by the upper end",
        ),
        pytest.param(
            {"verdict": "missed"},
            "at_most",
            "Even the lower end of the range, 84.2 %, is above the target.",
            id="at most is missed by the lower end",
        ),
        pytest.param(
            {
                "verdict": "missed",
                "unit": "seconds",
                "value": None,
                "lower": None,
                "upper": None,
                "target_value": 28_800.0,
            },
            "at_most",
            "In all the time they were given, not even half of them were reached.",
            id="a time is missed by those who were not reached at all",
        ),
        pytest.param(
            {"verdict": "missed", "lower": 0.7, "upper": 0.7},
            "at_least",
            "At 70.0 % it is below the target; nothing about it is unknown.",
            id="a range without width is a figure",
        ),
        pytest.param(
            {"verdict": "undetermined", "reason": "straddles", "settle": "3 more messages would settle it."},
            "at_least",
            "The target lies inside the range of what is possible, so it may be met or missed. 3 more messages would settle it.",
            id="an open verdict says what would settle it",
        ),
    ],
)
def test_a_verdict_says_what_decided_it(changed: dict[str, Any], direction: str, sentence: str) -> None:
    assert wording.why(reading(**changed), target(direction=direction)) == sentence


AHEAD = Ahead(0.6, 0.552, 0.641, earlier=34, covered=0.912)
ENDS = "will probably end at 55.2 % to 64.1 %"
BY = "by how 34 earlier messages went on from there (such a range held for 91 % of them)."


@pytest.mark.parametrize(
    ("changed", "direction", "sentence"),
    [
        pytest.param({"at_risk": False, "ahead": AHEAD}, "at_least", f"It {ENDS}, {BY}", id="a forecast"),
        pytest.param(
            {"at_risk": True, "ahead": AHEAD}, "at_least", f"At risk: it {ENDS}, below the target, {BY}", id="at risk"
        ),
        pytest.param(
            {"at_risk": True, "ahead": msgspec.structs.replace(AHEAD, message="m-41")},
            "at_most",
            f"At risk: m-41 {ENDS}, above the target, {BY}",
            id="one message at risk where less is better",
        ),
        pytest.param({"falling": True}, "at_least", wording.FALLING, id="falling"),
    ],
)
def test_what_is_to_be_expected_is_said_after_the_verdict(
    changed: dict[str, Any], direction: str, sentence: str
) -> None:
    young = reading(verdict="immature", reason="window_open", **changed)
    assert wording.why(young, target(direction=direction)) == f"{wording.REASONS['window_open']} {sentence}"


def test_words_that_are_no_verdict_stand_beside_it() -> None:
    assert wording.signs(reading(falling=True, at_risk=True)) == ("at risk", "falling")
    assert wording.signs(reading(falling=False, at_risk=None)) == ()


@pytest.mark.parametrize(
    ("value", "unit", "beside", "text"),
    [
        pytest.param(0.682, "ratio", None, "68.2 %", id="a ratio is a percentage"),
        pytest.param(1.0, "ratio", None, "100.0 %", id="all is a hundred"),
        pytest.param(0.7996, "ratio", 0.8, "79.96 %", id="just under the target does not look like the target"),
        pytest.param(0.8, "ratio", 0.8, "80.0 %", id="at the target is the target"),
        pytest.param(1_500.0, "seconds", None, "25 min", id="under an hour is minutes"),
        pytest.param(11_400.0, "seconds", None, "3.2 h", id="from an hour on it is hours"),
        pytest.param(28_801.0, "seconds", 28_800.0, "8.000 h", id="a second over eight hours has no room to show"),
    ],
)
def test_figures_read_as_people_write_them(value: float, unit: Any, beside: float | None, text: str) -> None:
    assert wording.figure(value, unit, beside) == text


@pytest.mark.parametrize(
    ("one", "value", "span", "people"),
    [
        pytest.param(reading(), "86.1 %", "84.2 to 89.3 %", "517 of 600", id="a plain reading"),
        pytest.param(
            reading(coarse="at_most", value=0.05, lower=0.0, upper=0.1, numerator=3, denominator=60),
            "at most 5.0 %",
            "0.0 to 10.0 %",
            "at most 3 of 60",
            id="a coarse reading says at most",
        ),
        pytest.param(reading(lower=0.861, upper=0.861), "86.1 %", "86.1 %", "517 of 600", id="a range without width"),
        pytest.param(
            reading(unit="seconds", value=None, lower=30_600.0, upper=None, target_value=28_800.0),
            "not reached",
            "8.5 h or more",
            "517 of 600",
            id="a time that was not reached",
        ),
        pytest.param(
            reading(unit="seconds", value=None, lower=None, upper=None, target_value=None),
            "not reached",
            "not reached",
            "517 of 600",
            id="a time that was not reached, whatever those who could not be seen did",
        ),
        pytest.param(
            reading(unit="seconds", value=None, lower=0.0, upper=None, target_value=None),
            "-",
            "0 min or more",
            "517 of 600",
            id="a time of which nothing is known",
        ),
        pytest.param(
            reading(unit="seconds", value=2_400.0, lower=1_800.0, upper=5_400.0, target_value=None),
            "40 min",
            "30 min to 1.5 h",
            "517 of 600",
            id="ends in different units keep both",
        ),
        pytest.param(reading(numerator=None), "86.1 %", "84.2 to 89.3 %", "600", id="a denominator alone"),
        pytest.param(unknown("a", "reach", "suppressed", "hidden"), "-", "-", "-", id="nothing shown"),
    ],
)
def test_value_range_and_people_say_what_was_published(
    one: PublishedReading, value: str, span: str, people: str
) -> None:
    assert (wording.value_text(one), wording.range_text(one), wording.people_text(one)) == (value, span, people)


def test_all_mature_is_said_only_where_all_are() -> None:
    assert wording.maturity_text(reading(maturity=0.999)) == "99 %"
    assert wording.maturity_text(reading(maturity=1.0)) == "100 %"


def test_a_target_on_the_clock_of_working_hours_says_so() -> None:
    time = target(unit="seconds", value=28_800.0, direction="at_most", window="5 working days")
    assert wording.target_text(time) == "at most 8.0 h of working time"
    assert wording.target_text(msgspec.structs.replace(time, window="48 hours")) == "at most 8.0 h"
    assert wording.target_text(target(value=None)) == "no target"


def test_a_scope_names_channel_segment_and_message_where_there_are_any() -> None:
    assert wording.scope_text(reading()) == "everybody"
    assert wording.scope_text(reading(channel="chat", segment="site=Lyon", message="m-1")) == "chat, site=Lyon, m-1"


def test_targets_stand_worst_first_and_their_parts_too() -> None:
    found = wording.standings(SNAPSHOT)
    assert [one.word for one in found] == sorted((one.word for one in found), key=list(wording.MEANINGS).index)
    assert [one.target.target for one in found[:2]] == ["read-policies", "delivered"]
    parts = next(one.parts for one in found if one.target.target == "reach-all")
    assert [part.segment for part in parts] == [
        "department=Production",
        "site=Lyon",
        "department=Finance",
        "site=Oslo",
        "department=Sales",
    ]


def test_a_target_without_any_reading_has_no_data() -> None:
    empty = wording.standings(msgspec.structs.replace(SNAPSHOT, readings=()))
    assert {one.word for one in empty} == {"no data"}


def test_a_target_that_has_only_parts_is_led_by_its_worst_one() -> None:
    parts = (reading(segment="site=Lyon"), reading(segment="site=Oslo", verdict="missed"))
    found = wording.standings(msgspec.structs.replace(SNAPSHOT, targets=(target(),), readings=parts))
    assert found[0].whole == parts[1]
    assert found[0].parts == parts[:1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["met"], "Of 1 target 0 are missed, 1 is met and 0 cannot be judged yet.", id="one"),
        pytest.param(
            ["missed", "hidden", "watched"],
            "Of 2 targets 1 is missed, 0 are met and 1 cannot be judged yet. 1 more is watched without a target value.",
            id="a watched one apart, though it has no data",
        ),
    ],
)
def test_a_sentence_sums_up_how_targets_stand(words: list[str], sentence: str) -> None:
    verdicts = {"met": ("met", ""), "missed": ("missed", ""), "hidden": ("suppressed", "hidden")}
    found = [
        wording.Standing(target(value=None if word == "watched" else 0.8), reading(verdict=verdict, reason=reason), ())
        for word in words
        for verdict, reason in [verdicts.get(word, ("undetermined", "no_data"))]
    ]
    assert wording.summary(found) == sentence


def test_a_moment_is_told_in_the_zone_of_the_organisation() -> None:
    assert wording.moment_text(AS_OF, UTC) == "2026-11-02 08:45 UTC"
    assert wording.moment_text(AS_OF, ZoneInfo("Europe/Paris")) == "2026-11-02 09:45 CET"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(-5, "less than a minute", id="a clock that runs ahead"),
        pytest.param(59, "less than a minute", id="just under a minute"),
        pytest.param(60, "1 minute", id="at a minute"),
        pytest.param(7_199, "1 hour", id="just under two hours"),
        pytest.param(259_200, "3 days", id="three days"),
    ],
)
def test_an_age_is_told_in_one_unit(seconds: int, text: str) -> None:
    assert wording.age_text(seconds * 1_000_000) == text


def test_items_are_called_items_and_a_mean_is_no_number_of_people() -> None:
    item = reading(numerator=11, denominator=15, of="items", messages=15)
    assert wording.people_text(item) == "11 of 15 items"
    assert wording.often_text(item) == ""
    assert wording.people_text(reading(numerator=None, denominator=140)) == "140"
    assert (
        wording.people_text(reading(numerator=3, denominator=40, coarse="at_most", of="deliveries"))
        == "at most 3 of 40 deliveries"
    )


def test_a_time_is_what_it_is_also_where_nearly_everybody_was_reached() -> None:
    assert wording.value_text(reading(unit="seconds", value=7200.0, coarse="at_least")) == "2.0 h"


def test_what_else_is_to_be_said_stands_with_the_reasons() -> None:
    gap = reading(verdict="met", lower=0.03, upper=0.03, note="Beyond what chance explains: Lyon lower.")
    assert wording.why(gap, target(direction="at_most")).endswith(
        "nothing about it is unknown. Beyond what chance explains: Lyon lower."
    )
