"""Which figures are hidden so that no small group can be reckoned out, and that these are few."""

import pytest

from metrics.disclosing.apart import told_apart
from metrics.disclosing.groups import Told
from metrics.disclosing.programme import Programme
from tests.metrics.disclosure.tables import K, Tables, group, names, place_of

COMPANY = {"department=a": (60, 100), "department=b": (12, 20), "department=c": (40, 50), "department=tiny": (4, 7)}


def test_a_second_segment_is_hidden_so_that_the_whole_less_the_others_gives_nothing_away() -> None:
    hidden = Tables(m=COMPANY).hide(Tables(m=COMPANY).told("m"))
    assert names(hidden.small) == {"department=tiny"}
    assert names(hidden.beside) == {"department=b"}


def test_without_the_whole_no_second_segment_has_to_be_hidden() -> None:
    tables = Tables(m=COMPANY)
    assert not tables.hide(tables.told("m", list(COMPANY))).beside


def test_two_small_segments_keep_each_other_hidden() -> None:
    tables = Tables(m=COMPANY | {"department=small": (3, 9)})
    assert not tables.hide(tables.told("m")).beside


def test_small_segments_that_come_to_nobody_together_need_another_beside_them() -> None:
    tables = Tables(m=COMPANY | {"department=tiny": (0, 7), "department=small": (0, 9)})
    assert len(tables.hide(tables.told("m")).beside) == 1


def test_one_segment_alone_is_hidden_where_all_but_a_few_are_in_it() -> None:
    tables = Tables(m={"site=here": (60, 100), "site=there": (2, 6)})
    assert names(tables.hide(tables.told("m", ["everybody", "site=here"])).beside) == {"site=here"}


def test_people_without_a_value_are_as_good_as_another_segment() -> None:
    tables = Tables(m=COMPANY | {"rest": (10, 20)})
    assert not tables.hide(tables.told("m")).beside


def test_at_most_three_is_not_undone_by_the_others() -> None:
    tables = Tables(m={"department=a": (60, 100), "department=b": (12, 20), "department=few": (1, 30)})
    assert tables.told("m")[group("m", ("department", "few"))] == Told(0, 2)
    assert len(tables.hide(tables.told("m")).beside) == 1


def test_of_the_figures_that_tell_of_a_narrow_class_the_smallest_that_helps_is_hidden() -> None:
    tables = Tables(formal={"department=a": (8_500, 9_000)}, informal={"department=a": (554, 555)})
    told = {
        group: range
        for units in ("formal informal", "formal", "informal")
        for group, range in tables.told(units, ["everybody"]).items()
    }
    # All but one of the informal ones: without their own figure, both less the formal ones would still be 554.
    assert {group.units for group in tables.hide(told).beside} == {frozenset([("formal",)])}


def test_a_message_to_few_is_not_left_over_from_its_class() -> None:
    tables = Tables(all={"site=x": (50, 90)}, few={"site=x": (2, 4)})
    hidden = tables.hide({**tables.told("all few", ["everybody"]), **tables.told("all", ["everybody"])})
    assert len(hidden.beside) == 1
    assert names(hidden.beside) == {"everybody"}


def test_a_message_that_leaves_a_class_takes_no_small_group_with_it() -> None:
    left, kept = (
        {"department=a": (30, 60), "department=b": (2, 4)},
        {"department=a": (40, 60), "department=b": (20, 30)},
    )
    tables = Tables(left=left, kept=kept)
    before = tables.told("left kept")
    hidden = tables.hide(tables.told("kept"), before=list(before))
    assert hidden.waiting
    assert not hidden.beside | hidden.small
    # Had nothing been told before, there would be nothing to keep back.
    assert not tables.hide(tables.told("kept")).waiting


@pytest.mark.parametrize(("did", "waits"), [(0, True), (1, True), (3, False), (27, False), (29, True), (30, True)])
def test_a_message_that_leaves_a_class_tells_no_count_of_one_or_two_of_many(did: int, *, waits: bool) -> None:
    left = {"department=a": (did, 30), "department=b": (20, 40)}
    kept = {"department=a": (40, 60), "department=b": (20, 50)}
    tables = Tables(left=left, kept=kept)
    hidden = tables.hide(tables.told("kept"), before=list(tables.told("left kept")))
    assert bool(hidden.waiting) is waits
    assert not hidden.beside | hidden.small


def test_what_was_hidden_beside_a_small_group_stays_hidden_when_the_same_is_told_again() -> None:
    tables = Tables(m=COMPANY)
    before = [one for one in tables.told("m") if one.place[1] not in ("tiny", "c")]
    hidden = tables.hide(tables.told("m"), before=before)
    assert names(hidden.beside | hidden.waiting) == {"department=c"}


def test_a_segment_whose_rest_is_small_is_as_telling_as_a_small_one() -> None:
    tables = Tables(m={"site=here": (60, 100), "site=there": (5, K - 1)})
    hidden = tables.hide(tables.told("m"))
    assert names(hidden.small | hidden.beside) == {"site=here", "site=there"}


@pytest.mark.parametrize("reached", [0, 1, 6, 7])
def test_what_a_small_group_did_makes_no_difference_to_what_is_hidden(reached: int) -> None:
    tables = Tables(m=COMPANY | {"department=tiny": (reached, 7)})
    assert names(tables.hide(tables.told("m")).beside) == {"department=b"}


def test_where_the_solver_gives_up_whatever_could_hold_a_small_group_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = {"department=a": (0, 100), "department=b": (0, 20), "department=tiny": (0, 7)}
    tables = Tables(m=nobody)
    told = tables.told("m")
    assert names(tables.hide(told).beside) == set()
    monkeypatch.setattr(Programme, "_run", lambda _self: "gave up")
    assert tables.hide(told).beside == set(told) - tables.hide(told).small


def test_a_message_shown_to_all_alone_does_not_tell_its_small_group_beside_its_class() -> None:
    early = {"department=a": (40, 90), "department=tiny": (2, 6)}
    late = {"department=b": (30, 60), "department=tiny": (3, 7)}
    tables = Tables(early=early, late=late)
    whole, classes = tables.told("late", ["everybody"]), tables.told("early late", ["department=a", "department=b"])
    assert not tables.hide(classes).beside
    # Department b got the late one alone: what everybody did with it, less b's class, is what the small group did.
    assert names(tables.hide(whole | classes).beside) == {"department=b"}


def test_messages_whose_people_can_be_exchanged_are_not_taken_apart() -> None:
    to_all = {"department=a": (40, 90), "department=b": (30, 60), "department=c": (50, 80), "department=tiny": (2, 6)}
    tables = Tables(one=to_all, other=to_all)
    units = frozenset([("one",), ("other",)])
    measures = {"reach": units}
    places = [place_of(segment) for segment in to_all]
    wholes = [frozenset([("one",)])]
    assert told_apart([units], wholes, measures, places, lambda _measure: tables.tally_of) == {units}
    alone = Tables(one=to_all, other={"department=a": (40, 90), "department=tiny": (2, 6)})
    cells = told_apart([units], wholes, measures, places, lambda _measure: alone.tally_of)
    assert cells == {frozenset([unit]) for unit in units}
