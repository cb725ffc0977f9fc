"""What can be promised before a target is set."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from config.schema import Settings
from metrics.bounds import over_messages
from metrics.clock import Clocks
from metrics.detectable import Blindness, find_smallest
from metrics.draw import drawer
from metrics.entries import read_entry
from metrics.last_ranges import blindness_of, find_beyond, promises_by_range
from metrics.messages import Catalogue
from metrics.moments import read_moment
from metrics.promise import Before, promises
from metrics.snapshot import Parts, PublishedReading
from tests.metrics.test_people import people_of, register, row

NOW = read_moment("2026-03-30T12:00:00Z", None)


def messages(*people: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(people, dtype=np.int64)


def test_a_count_finds_every_drop_but_for_those_whom_nobody_sees() -> None:
    assert find_smallest(0.8, messages(100), judge="count") == 0.0
    # At a truth of 75 % among the four in five who are seen, the fifth may bring it to 80 %.
    assert find_smallest(0.8, messages(100), judge="count", blindness=Blindness(0.2)) == pytest.approx(0.05)
    assert find_smallest(0.8, messages(100), judge="count", blindness=Blindness(0.9)) is None
    # Where a tenth of those who did it may have left no trace, 72 % seen may be 80 %; of a rise they hide nothing.
    assert find_smallest(0.8, messages(100), judge="count", blindness=Blindness(blind=0.1)) == pytest.approx(0.08)
    assert find_smallest(
        0.2, messages(100), judge="count", blindness=Blindness(blind=0.1), down=False
    ) == pytest.approx(0.0)


def test_more_people_and_more_messages_find_smaller_drops() -> None:
    alone, team, company = (
        find_smallest(0.8, people, judge="process", seed="one")
        for people in (messages(12), messages(*[12] * 8), messages(*[1000] * 8))
    )
    assert alone is not None
    assert team is not None
    assert company is not None
    assert alone > team > company


def test_the_drop_that_is_promised_is_found_four_times_of_five() -> None:
    """By draws of their own, with the spread between messages that is assumed."""
    people = messages(40, 60, 50, 45, 80, 70)
    drop = find_smallest(0.8, people, judge="process", seed="any")
    assert drop is not None
    dice = np.random.default_rng(7)
    truth = 0.8 - drop
    strength = truth * (1 - truth) / 0.06**2 - 1
    drawn = dice.binomial(people, dice.beta(truth * strength, (1 - truth) * strength, size=(600, 6)))
    found = np.mean([over_messages(each, people)[1] < 0.8 for each in drawn])
    assert 0.72 < found < 0.9


def test_a_rise_beyond_what_may_be_is_as_small_as_the_same_drop() -> None:
    people = messages(200, 200, 200)
    assert find_smallest(0.2, people, judge="process", down=False) == find_smallest(0.8, people, judge="process")


def test_what_a_range_promises_is_found_four_times_of_five_too() -> None:
    """Thirty messages about a target of 80 %: bounds as they are there, then draws of a truth that lies as far below as is said."""
    people, strength, dice = messages(*[60] * 30), 0.8 * 0.2 / 0.06**2 - 1, np.random.default_rng(11)

    def draw(truth: float) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        return list(dice.binomial(people, dice.beta(truth * strength, (1 - truth) * strength, size=(600, 30))))

    uppers = [over_messages(each, people)[1] - each.sum() / people.sum() for each in draw(0.8)]
    drop = find_beyond(reading("t", 0.8, 0.7, 0.8 + float(np.mean(uppers))), judge="process", down=True)
    assert drop is not None
    found = np.mean([over_messages(each, people)[1] < 0.8 for each in draw(0.8 - drop)])
    assert 0.72 < found < 0.9


def reading(target: str, value: float | None, lower: float | None, upper: float | None) -> PublishedReading:
    return PublishedReading(
        *(target, "usefulness", "ratio", "whole", "all", None, "2026-03", value, None, None, lower, upper),
        raw=None,
        coarse="",
        maturity=1.0,
        verdict="undetermined",
        reason="chance",
    )


def share(value: float, upper: float, *, unseen: int = 0, **told: Any) -> PublishedReading:
    """Of a hundred people met, of whom so many could not be seen."""
    known = {"indicator": "reach", "denominator": 100, "parts": Parts(P=unseen, U=0), **told}
    return replace(reading("t0", value, value * (1 - unseen / 100), upper), **known)


def sentences(
    entries: Sequence[dict[str, Any]],
    *targets: dict[str, Any],
    readings: Sequence[PublishedReading] = (),
    unshown: Sequence[str] = (),
) -> list[str]:
    names = [f"p{number}" for number in range(40)]
    rows = [row(name, department="Sales" if number < 30 else "Legal") for number, name in enumerate(names)]
    described = {each["id"]: read_entry(each) for each in entries}
    settings = Settings.model_validate(
        {
            "directory": {"segments": ["department"]},
            "targets": [{"name": f"t{number}", **target} for number, target in enumerate(targets)],
        }
    )
    people = people_of(rows, register(*names))
    clocks = Clocks(settings.organisation)
    lateness = {"email": 86_400}
    return promises(
        Before(settings, Catalogue(described, {}, {}), people, clocks, lateness, drawer(b""), NOW, readings, unshown)
    )


LATELY = [
    {"id": f"m{day}", "sent_at": f"2026-03-{day:02d}T09:00:00Z", "audience": "all", "channel": "email"}
    for day in (2, 9, 16, 23)
]


def test_every_judged_target_has_its_sentence() -> None:
    told = sentences(
        LATELY,
        {"indicator": "reach", "value": 0.8},
        {"indicator": "reach", "value": 0.8, "by": "department"},
        {"indicator": "reach"},
        {"indicator": "reach", "value": 0.8, "scope": {"topic": "brand"}},
    )
    assert told[0] == (
        "t0: Smallest drop beyond the target found four times of five, judged by count: any (40 people, 2 messages a period)."
        " It takes more where some leave no trace, which shows once anything was read. It can be judged already."
    )
    assert "department=Sales: 30 people" in told[1]
    assert "department=Legal: 10 people" in told[1]
    assert told[2].startswith("t3: the catalogue has no message that it speaks of")


def test_of_what_no_source_shows_nothing_is_promised() -> None:
    told = sentences(
        LATELY, {"indicator": "read", "value": 0.4}, {"indicator": "acknowledged", "value": 0.9}, unshown=["t0"]
    )
    assert told[0] == "t0: no source shows what it counts, so there is nothing that it could find."
    assert "Smallest drop" in told[1]


def test_what_is_no_share_finds_what_its_last_range_leaves_it_to_find() -> None:
    useful = {"indicator": "usefulness", "value": 0.7, "judge": "process"}
    assert "is said once it has a reading with a range" in sentences(LATELY, useful)[0]
    parts = [reading("t0", 0.6, 0.5, 0.64), reading("t0", 0.6, 0.5, 0.7), reading("t0", None, None, None)]
    # The upper end less the value, and as much again as lies between a half and four fifths of what chance draws.
    assert (
        "judged by process, by the range of its last reading: 5.7 points to 14.3 points, by part."
        in sentences(LATELY, useful, readings=parts)[0]
    )
    assert "is said once" in sentences(LATELY, {**useful, "indicator": "comprehension"}, readings=parts)[0], "another's"
    (rise,) = sentences(LATELY, {**useful, "direction": "at_most"}, readings=parts[:1])
    assert (
        "Smallest rise beyond the target found four times of five, judged by process, by the range of its last reading: 14.3 points."
        in rise
    )
    told = reading("t0", 0.6, 0.6, 0.6)
    assert "by the range of its last reading: any." in sentences(LATELY, useful, readings=[told])[0]


def test_by_count_chance_has_no_part_in_what_a_range_leaves_to_find() -> None:
    useful = {"indicator": "usefulness", "value": 0.7, "judge": "count"}
    (told,) = sentences(LATELY, useful, readings=[reading("t0", 0.6, 0.5, 0.64)])
    assert "judged by count, by the range of its last reading: 4.0 points." in told


def test_where_nobody_is_known_beforehand_the_last_range_says_what_every_target_finds() -> None:
    targets = [{"name": "t0", "indicator": "reach", "value": 0.8}, {"name": "t1", "indicator": "opened"}]
    settings = Settings.model_validate({"mode": "cells", "targets": targets})
    assert promises_by_range(settings, [share(0.7, 0.8)]) == [
        "t0: Smallest drop beyond the target found four times of five, judged by count, by the range of its last reading: 10.0 points."
    ]
    (nothing,) = promises_by_range(settings, [])
    assert "is said once it has a reading" in nothing


def test_who_could_not_be_seen_when_it_was_last_published_counts_in_what_a_share_can_find() -> None:
    """The directory knows of nobody who cannot be seen; what was read says that many left no trace."""
    reach = {"indicator": "reach", "value": 0.8}

    def told(last: PublishedReading, **more: Any) -> str:
        return sentences(LATELY, {**reach, **more}, readings=[last])[0]

    assert "judged by count: any (40 people, 2 messages" in told(share(0.7, 0.7))
    assert "leave no trace" not in told(share(0.7, 0.7)), "it was read"
    assert "leave no trace" not in sentences(LATELY, {**reach, "direction": "at_most"})[0]
    # Of 70 % a fifth on top is possible: 80 % is left for 66.7 %, as 90 % for 75 %.
    assert "judged by count: 13.3 points (40 people, 2 messages" in told(share(0.75, 0.9))
    # A fifth whom nobody sees: at 75 % of the others they may bring it to 80 %.
    assert "judged by count: 5.0 points (40 people, 2 messages" in told(share(0.75, 0.8, unseen=20))
    assert "any (40 people" in told(share(0.75, 0.9), direction="at_most"), "whoever left no trace hides no rise"
    assert "judged by count: 8.0 points" in sentences(LATELY, {**reach, "blind_share": 0.1})[0], "as was declared"
    parts = {"by": "department", "judge": "count"}
    alone, beside = (
        each.split("; ")
        for each in (told(share(0.7, 0.7), **parts), told(share(0.7, 0.95, segment="department=Sales"), **parts))
    )
    assert alone[1] == beside[1], "of the other department nothing is known"
    assert "any (department=Sales" in alone[0]
    assert "21.1 points (department=Sales" in beside[0]
    one = told(share(0.7, 0.7, segment="department=Legal", verdict="suppressed"), **parts)
    assert "department=Sales" in one
    assert "department=Legal" not in one, "it was hidden"


def test_a_drop_found_beside_people_who_left_no_trace_is_found_four_times_of_five() -> None:
    """Of the readers of forty messages one in five leaves no trace: the range as it is there, then a truth as far below as said."""
    people, dice = messages(*[60] * 40), np.random.default_rng(5)

    def draw(truth: float) -> tuple[float, float]:
        strength = truth * (1 - truth) / 0.06**2 - 1
        drawn = dice.binomial(people, dice.beta(truth * strength, (1 - truth) * strength, size=40))
        return float(drawn.sum() / people.sum()), over_messages(drawn, people)[1] / 0.8

    value, upper = np.mean([draw(0.5) for _ in range(200)], axis=0)
    alone = find_smallest(0.7, people, judge="process", seed="any")
    assert alone is not None
    blindness = blindness_of(share(float(value), float(upper)), alone)
    assert blindness is not None
    assert blindness.blind == pytest.approx(0.2, abs=0.01)
    drop = find_smallest(0.7, people, judge="process", blindness=blindness, seed="any")
    assert drop is not None
    assert 0.72 < np.mean([draw(0.7 - drop)[1] < 0.7 for _ in range(600)]) < 0.9


def test_of_one_message_a_period_no_process_is_promised() -> None:
    rare = {"indicator": "reach", "value": 0.8, "judge": "process", "period": "rolling 14 days", "window": "24 hours"}
    seldom = sentences(LATELY, rare)[0]
    assert "none can be found (40 people, 1 message a period). Of one message a period no process is judged" in seldom
    assert seldom.endswith("It can be judged already."), "in two weeks there were two"
    for judged in ({"period": "message"}, {"judge": "count"}, {"period": "rolling 60 days"}):
        assert "no process is judged" not in sentences(LATELY, {**rare, **judged})[0]


@pytest.mark.parametrize(
    ("period", "said"),
    [
        pytest.param("rolling 14 days", "First judged on 2026-04-09 09:00 UTC.", id="when the second has settled"),
        pytest.param("rolling 10 days", "First judged on 2026-04-09 09:00 UTC.", id="while the first still counts"),
        pytest.param("rolling 9 days", "It is judged once a second message of one period has settled.", id="not after"),
        pytest.param("quarter", "First judged on 2026-04-16 09:00 UTC.", id="of one and the same quarter"),
        pytest.param("message", "First judged on 2026-04-02 09:00 UTC.", id="each message for itself"),
    ],
)
def test_a_process_is_first_judged_when_two_messages_of_one_period_have_settled(period: str, said: str) -> None:
    planned = [
        {"id": f"m{number}", "sent_at": f"2026-{day}T09:00:00Z", "audience": "all", "channel": "email"}
        for number, day in enumerate(("03-31", "04-07", "04-14"))
    ]
    target = {"indicator": "reach", "value": 0.8, "judge": "process", "period": period, "window": "24 hours"}
    assert sentences(planned, target)[0].endswith(said)


def test_what_is_still_to_come_says_when() -> None:
    planned = [{"id": "m", "sent_at": "2026-03-30T09:00:00Z", "audience": "all", "channel": "email"}]
    (told,) = sentences(planned, {"indicator": "opened", "value": 0.6})
    assert told.endswith("First judged on 2026-04-02 09:00 UTC.")  # 48 hours, and a day in which events may come late
    (told,) = sentences(planned, {"indicator": "period_reach", "value": 0.9, "period": "quarter"})
    assert told.endswith("First judged on 2026-04-04 17:00 UTC.")  # five working days and a day after the last message


def test_nothing_is_promised_of_groups_that_are_hidden() -> None:
    few = [{**each, "audience": {"department": ["Legal"]}} for each in LATELY]
    (told,) = sentences(few, {"indicator": "reach", "value": 0.8, "scope": {"segment": "department=Sales"}})
    assert "Every group of it is hidden: fewer than 10 people" in told
