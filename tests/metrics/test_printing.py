"""`readings`: the table for people and the lines for programs."""

import json
from datetime import UTC
from typing import Any

import msgspec
import pytest

from metrics.printing import json_lines, readings_table
from metrics.snapshot import PublishedReading, Snapshot
from metrics.wording import REASONS, Definition
from tests.metrics.made_up import READINGS, SNAPSHOT, TARGETS, reading, target, unknown

KEYS = {
    *("target", "indicator", "channel", "segment", "value", "numerator", "denominator", "lower", "upper", "raw"),
    *("coarse", "maturity", "verdict", "reason", "parts", "as_of", "versions"),
}


TREND = {"falling", "at_risk", "ahead"}


def table(snapshot: Snapshot = SNAPSHOT, width: int = 120) -> str:
    return readings_table(snapshot, zone=UTC, width=width)


def of_one(*readings: PublishedReading, **changed: Any) -> Snapshot:
    return msgspec.structs.replace(SNAPSHOT, targets=(target(**changed),), readings=readings, notes=())


def test_one_reading_prints_as_people_read_it() -> None:
    lines = table(of_one(reading())).splitlines()
    assert lines[:9] == [
        "Readings as of 2026-11-02 08:45 UTC",
        "Of 1 target 0 are missed, 1 is met and 0 cannot be judged yet.",
        "",
        "reach-all: News reach the people they are meant for",
        "    reach, at least 80.0 %, rolling 28 days, window 5 working days, judged by count; owner: internal communications",
        "    verdict  scope       value           range     raw     target      people  mature",
        "    met      everybody  86.1 %  84.2 to 89.3 %  90.2 %  >= 80.0 %  517 of 600   100 %",
        "    people: each once for each of 6 messages",
        "    met: Even the lower end of the range, 84.2 %, is at least 80.0 %.",
    ]


def test_every_target_is_there_worst_first() -> None:
    text = table()
    places = [text.index(f"\n{one.target}:") for one in TARGETS]
    assert sorted(places) == [text.index(f"\n{name}:") for name in ORDER]


ORDER = (
    *("read-policies", "delivered", "opened", "site-news", "acknowledged", "board-letter", "quiz", "response"),
    *("reach-all", "first-hours"),
)


@pytest.mark.parametrize("width", [110, 120], ids="{} columns".format)
def test_lines_fit_the_width(width: int) -> None:
    assert max(len(line) for line in table(width=width).splitlines()) <= width


def test_parts_keep_names_that_tell_them_apart_beside_long_figures() -> None:
    names = [f"department=Research and Development {number}" for number in (1, 2)]
    parts = [reading(segment=name, numerator=123_456, denominator=1_234_567) for name in names]
    lines = table(of_one(*parts), width=110).splitlines()
    starts = [number for number, line in enumerate(lines) if "123,456 of 1,234,567" in line]
    assert len(starts) == 2
    for name, start in zip(names, starts, strict=True):
        scope = [line[13:40].split("  ")[0].strip() for line in lines[start : start + 2]]
        assert " ".join(scope) == name


def test_the_end_says_what_is_missed_what_cannot_be_judged_and_why() -> None:
    end = " ".join(table().split("\nMissed:")[1].split())
    assert end.startswith("read-policies, delivered. Missed in parts, though not as a whole: first-hours (")
    for name, reason in (
        ("opened, cannot be told", "straddles"),
        ("site-news, no data", "no_data"),
        ("acknowledged, not yet", "window_open"),
        ("board-letter, hidden", "hidden"),
    ):
        assert f"{name}: {REASONS[reason]}" in end  # type: ignore[index]
    assert "no data: there is nothing to judge yet" in end


def test_what_to_do_is_said_where_something_is_missed() -> None:
    text = table()
    assert "what to do: Shorten the text; put the one thing to know first." in text
    assert "Try another subject line" not in text


def test_equal_reasons_of_several_parts_are_said_once() -> None:
    text = " ".join(table().split())
    assert text.count("About 3 more messages would settle it.") == 1
    assert "cannot be told (department=Production; site=Lyon; department=Finance):" in text


def test_sums_over_messages_and_a_choice_of_one_message_are_said_to_be_that() -> None:
    parts = [reading(segment=f"site={site}", messages=count) for site, count in (("Lyon", 1), ("Oslo", 3))]
    assert "people: each once for each message\n" in table(of_one(*parts))
    one = table(of_one(reading(message="m-1", period=None, messages=1), period="message"))
    assert "people: " not in one
    assert (
        "shown: of its messages the one that settled last, else the youngest; others among the latest: ./earshot readings"
        in one
    )


def test_a_watched_target_is_never_one_that_cannot_be_judged() -> None:
    nothing = unknown("reach-all", "reach", "undetermined", "no_data", target_value=None)
    text = table(of_one(nothing, value=None))
    assert "Of 0 targets 0 are missed, 0 are met and 0 cannot be judged yet. 1 more is watched" in text
    assert "Cannot be judged yet: none." in text


def test_definitions_stand_beside_the_figures() -> None:
    text = readings_table(SNAPSHOT, zone=UTC, definitions={"reach": Definition("Did it arrive?", "exposed / audience")})
    assert text.count("Did it arrive? (exposed / audience)") == 2


def test_a_target_without_a_reading_says_that_there_is_none() -> None:
    assert "no data: this target has no reading yet" in table(of_one())


def test_control_characters_of_a_title_never_reach_the_terminal() -> None:
    text = table(of_one(reading(segment="site=\x1b]0;x\x07"), title="\x1b[2J\nhello"))
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert "?[2J hello" in text


def test_a_reading_is_one_json_object_with_the_keys_of_the_contract() -> None:
    rows = [json.loads(line) for line in json_lines(SNAPSHOT)]
    foretold = [row for row in rows if "ahead" in row]
    assert {frozenset(row) - TREND for row in rows} == {frozenset(KEYS | {"period"}), frozenset(KEYS | {"message"})}
    assert [set(row) & TREND for row in foretold] == [TREND], "only where it is known"
    assert foretold[0]["ahead"]["upper"] == 0.641
    assert rows[0] == {
        "target": "reach-all",
        "indicator": "reach",
        "period": "rolling 28 days",
        "channel": "all",
        "segment": "all",
        "value": 0.861,
        "numerator": 517,
        "denominator": 600,
        "lower": 0.842,
        "upper": 0.893,
        "raw": 0.902,
        "coarse": "",
        "maturity": 1.0,
        "verdict": "met",
        "reason": "",
        "parts": {"E": 600, "D": 590, "H": 517, "P": 20, "S": 3, "U": 10},
        "as_of": "2026-11-02T08:45:00.000000Z",
        "versions": {"rules": "2026-10", "catalogue": "4f1c", "configuration": "9be2"},
    }


def test_readings_of_messages_follow_those_of_targets_and_none_is_printed_twice() -> None:
    of_message = reading(message="m-1", period=None)
    other = reading(message="m-2", period=None)
    snapshot = msgspec.structs.replace(SNAPSHOT, readings=(of_message,), message_readings=(of_message, other))
    assert [json.loads(line)["message"] for line in json_lines(snapshot)] == ["m-1", "m-2"]
    assert len(list(json_lines(SNAPSHOT))) == len(READINGS) + len(SNAPSHOT.message_readings)
