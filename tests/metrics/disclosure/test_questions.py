"""What is asked of the same people is held against each other: whoever opened a message was reached."""

from collections.abc import Mapping

import pytest

from metrics.disclosing.family import Family
from metrics.disclosing.groups import EVERYBODY, Group, Tally, TallyOf, Told, told_of
from metrics.disclosing.questions import SEEN, may_hold, question_of
from metrics.disclosing.suppression import Hidden, suppress
from metrics.indicators import INDICATORS
from metrics.reading import HELD, Place

REACH, OPENED = "reach|24 hours", "opened|24 hours"
UNIT = ("m",)
TINY, SALES, STOCK = (("department", name) for name in ("tiny", "sales", "stock"))
Counts = Mapping[str, Mapping[Place, tuple[int, int]]]
"""By measure and segment, how many of how many."""


def hide(counts: Counts, told: list[Group]) -> Hidden:
    def tally_of(measure: str) -> TallyOf:
        return lambda _members, place: Tally(
            counts[measure][place][1], counts[measure][place][1], counts[measure][place][0]
        )

    ranges: dict[Group, Told] = {}
    for group in told:
        did, n = counts[group.measure][group.place]
        ranges[group] = told_of(Tally(n, n, did))
    return suppress(Family(ranges), tally_of, k=10)


def groups(measure: str, *places: Place) -> list[Group]:
    return [Group(measure, frozenset([UNIT]), place) for place in places]


def test_who_opened_was_reached_so_both_hide_the_same_segment() -> None:
    counts = {
        REACH: {EVERYBODY: (40, 66), TINY: (5, 6), SALES: (20, 29), STOCK: (15, 31)},
        OPENED: {EVERYBODY: (34, 65), TINY: (5, 6), SALES: (14, 31), STOCK: (15, 28)},
    }
    everything = groups(REACH, *counts[REACH]) + groups(OPENED, *counts[OPENED])
    alone = [hide(counts, groups(measure, *counts[measure])).beside for measure in (REACH, OPENED)]
    assert [group.place for found in alone for group in found] == [SALES, STOCK]
    # Of sales and tiny together 20 opened it; were it known that 14 of sales were reached at most, it would be all of tiny.
    assert len({group.place for group in hide(counts, everything).beside}) == 1


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        (OPENED, REACH, True),
        (REACH, OPENED, False),
        ("reach|24 hours", "reach|48 hours", True),
        (OPENED, OPENED + SEEN, True),
        (OPENED, REACH + SEEN, False),
        ("participation|", REACH, False),
        ("action_effect|24 hours", "action|24 hours", True),
        ("action|24 hours", "action_effect|24 hours", True),
        ("action_effect|24 hours", "action_effect|24 hours" + HELD, False),
        ("action_effect|24 hours" + HELD, "action|24 hours", False),
        ("action_effect|24 hours" + HELD, "action_effect|48 hours" + HELD, True),
    ],
)
def test_what_may_hold_what(one: str, other: str, *, holds: bool) -> None:
    assert may_hold(one, other) is holds


def test_every_indicator_of_messages_is_held_against_the_others_or_stands_alone_for_a_reason() -> None:
    # Who could not be seen did nothing by that; what a message wants done is done elsewhere, whether or not it was met.
    alone = {"unmeasurable", "action", "action_effect", "cascade", "readability"}
    of_messages = {id for id, indicator in INDICATORS.items() if indicator.classify is not None}
    assert {id for id in of_messages if question_of(id) != "addressable"} == of_messages & alone
