"""What verdicts are called and why they were given: the same words on the page and on the terminal."""

from typing import Any

import msgspec
import pytest

from metrics import wording
from metrics.snapshot import REASONS, VERDICTS, Ahead
from tests.metrics.made_up import reading, target


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
        pytest.param("undetermined", "before_start", "cannot be told", id="nor can what was before reading began"),
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


def test_a_scope_names_channel_segment_and_message_where_there_are_any() -> None:
    assert wording.scope_text(reading()) == "everybody"
    assert wording.scope_text(reading(channel="chat", segment="site=Lyon", message="m-1")) == "chat, site=Lyon, m-1"


def test_what_else_is_to_be_said_stands_with_the_reasons() -> None:
    gap = reading(verdict="met", lower=0.03, upper=0.03, note="Beyond what chance explains: Lyon lower.")
    assert wording.why(gap, target(direction="at_most")).endswith(
        "nothing about it is unknown. Beyond what chance explains: Lyon lower."
    )
