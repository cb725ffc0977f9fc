"""How targets stand: worst first, their parts too, and all of them in a sentence."""

import msgspec
import pytest

from metrics import wording
from metrics.standings import Standing, standings, summary
from tests.metrics.made_up import SNAPSHOT, reading, target


def test_targets_stand_worst_first_and_their_parts_too() -> None:
    found = standings(SNAPSHOT)
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
    empty = standings(msgspec.structs.replace(SNAPSHOT, readings=()))
    assert {one.word for one in empty} == {"no data"}


def test_a_target_that_has_only_parts_is_led_by_its_worst_one() -> None:
    parts = (reading(segment="site=Lyon"), reading(segment="site=Oslo", verdict="missed"))
    found = standings(msgspec.structs.replace(SNAPSHOT, targets=(target(),), readings=parts))
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
        Standing(target(value=None if word == "watched" else 0.8), reading(verdict=verdict, reason=reason), ())
        for word in words
        for verdict, reason in [verdicts.get(word, ("undetermined", "no_data"))]
    ]
    assert summary(found) == sentence
