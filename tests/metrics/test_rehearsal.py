"""A rehearsal made by hand: its alarms, and what people and programs read."""

import json
from datetime import UTC, date
from typing import Any

from metrics.rehearsal import Chance, Comparison, Judgement, Rehearsed
from metrics.rehearsal_text import rehearsal_json, rehearsal_text
from metrics.snapshot import Verdict
from metrics.wording import Word
from tests.metrics.made_up import AS_OF, target

WORDS: dict[Verdict, Word] = {"met": "met", "missed": "missed", "undetermined": "cannot be told", "immature": "not yet"}


def judgement(day: int, verdict: Verdict, segment: str = "all", message: str | None = None) -> Judgement:
    return Judgement(
        day=date(2026, 11, day),
        segment=segment,
        message=message,
        period=None if message else "rolling 7 days",
        verdict=verdict,
        reason="straddles" if verdict == "undetermined" else "",
        word=WORDS[verdict],
        messages=(message,) if message else (f"m{day}", f"m{day + 1}"),
    )


def rehearsed(*judgements: Judgement, **changed: Any) -> Rehearsed:
    usual: dict[str, Any] = {
        "info": target(judge="process", period="rolling 7 days"),
        "since": date(2026, 11, 1),
        "until": date(2026, 11, 9),
    }
    return Rehearsed(judgements=judgements, **(usual | changed))


def test_an_alarm_is_a_run_of_missed_days_with_all_its_messages() -> None:
    one = rehearsed(
        *(judgement(day, "missed") for day in (1, 2)),
        judgement(3, "undetermined"),
        judgement(4, "missed"),
        judgement(6, "missed"),
    )
    assert [(alarm.first.day, alarm.last.day, alarm.judgements, alarm.lasting) for alarm in one.alarms] == [
        (1, 2, 2, False),
        (4, 4, 1, False),  # the fifth was not judged
        (6, 6, 1, True),
    ]
    assert one.alarms[0].messages == ("m1", "m2", "m3")


def test_segments_have_alarms_of_their_own_and_so_has_each_message_on_its_own() -> None:
    parts = rehearsed(judgement(1, "missed", "site=Lyon"), judgement(2, "missed", "site=Oslo"))
    assert [alarm.segment for alarm in parts.alarms] == ["site=Lyon", "site=Oslo"]
    alone = rehearsed(judgement(1, "missed", message="a"), judgement(1, "missed", message="b"))
    assert [alarm.messages for alarm in alone.alarms] == [("a",), ("b",)]
    assert not any(alarm.lasting for alarm in alone.alarms)


def text(one: Comparison) -> str:
    return " ".join(rehearsal_text([one], as_of=AS_OF, zone=UTC, width=120).split())


def test_people_read_both_sides_and_what_chance_explains() -> None:
    before = rehearsed(judgement(1, "met"), judgement(2, "undetermined"), chance=Chance(0.2, 0.3, 1.0, 0.05))
    after = rehearsed(judgement(1, "missed"), judgement(2, "missed"), chance=Chance(0.4, 0.9, 0.31, 0.05), lost=3)
    told = text(Comparison("reach-all", "value 0.8 becomes 0.9", before, after))
    assert "Nothing was changed." in told
    assert "reach-all: value 0.8 becomes 0.9" in told
    assert "as it is 2 1 0 1 0 0 0 0 0.2" in told
    assert "as tried 2 0 2 0 0 0 0 1 0.4" in told
    assert "1 of them: The target lies inside the range" in told
    assert "chance alone raises 0.4 alarms and 0.9 missed judgements; there were 1 and 2." in told
    assert "So it explains 1 of 2 at the most; as many, or more, come in 31 of 100 such pasts." in told
    assert "3 older messages cannot be counted so any more" in told
    assert "2026-11-01 to 2026-11-02, still (2 days), everybody: m1, m2, m3" in told


def test_what_chance_explains_is_never_more_than_there_were() -> None:
    verdicts: tuple[Verdict, ...] = ("missed", "met") * 4
    many = [judgement(day, verdict) for day, verdict in enumerate(verdicts, start=1)]
    assert "So it explains 2 of 4 at the most; as many, or more, come in 2 of 100 such pasts." in text(
        Comparison("reach-all", "", rehearsed(*many, chance=Chance(1.2, 1.4, 0.02, 0.05)), None)
    )
    assert "So it may explain all 4;" in text(
        Comparison("reach-all", "", rehearsed(*many, chance=Chance(5.0, 7.2, 0.8, 0.05)), None)
    )


def test_of_whole_periods_no_messages_are_said_to_differ() -> None:
    periods = rehearsed(judgement(1, "missed"), chance=Chance(0.4, 0.9, 0.31, None))
    told = text(Comparison("taking-part", "", periods, None))
    assert "all the time, and periods been alike by the days that they share, chance alone raises 0.4" in told
    assert "messages differed" not in told


def test_what_was_counted_is_said_to_have_happened() -> None:
    happened = "Chance has no part in these: it is counted what happened."
    assert happened in text(Comparison("reach-all", "", rehearsed(judgement(1, "missed"), no_chance=happened), None))


def test_a_name_that_would_steer_the_terminal_is_made_harmless() -> None:
    assert "\x1b" not in rehearsal_text(
        [Comparison("reach-all", "", rehearsed(judgement(1, "missed", "site=\x1b[2J")), None)],
        as_of=AS_OF,
        zone=UTC,
        width=120,
    )


def test_programs_read_one_object_a_target() -> None:
    after = rehearsed(judgement(1, "missed"), judgement(2, "met"), chance=Chance(0.4, 0.9, 0.3125, 0.0512))
    (line,) = rehearsal_json([Comparison("reach-all", "new", None, after)], AS_OF)
    found = json.loads(line)
    assert (found["target"], found["change"], found["as_it_is"]) == ("reach-all", "new", None)
    tried = found["as_tried"]
    assert tried["verdicts"] == {"missed": 1, "met": 1}
    assert tried["alarms"] == [
        {
            "segment": "all",
            "from": "2026-11-01",
            "to": "2026-11-01",
            "judgements": 1,
            "messages": ["m1", "m2"],
            "lasting": False,
        }
    ]
    assert tried["by_chance"] == {"alarms": 0.4, "missed": 0.9, "as_many": 0.312, "spread": 0.051}
