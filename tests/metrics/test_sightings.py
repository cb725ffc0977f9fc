"""The rules that look at several facts of one message: bursts of clicks, and clicks in the slot of their own delivery."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.facts import COLLAPSED, UNTIMED, Key, detail_text
from metrics.machines import Evidence, Sightings, find_likely
from metrics.tracks import CutFacts

NOON = 179_000_100  # a slot, and one of five minutes as well
Fact = tuple[str, int, int]  # what, slot, who


def key(what: str) -> Key:
    """`clicked a` (a link), `clicked a untimed`, `opened`, `delivered`, on `email` or after an @."""
    kind, *rest = what.partition("@")[0].split()
    link = next((word for word in rest if word != "untimed"), None)
    detail = detail_text("unknown", None, "untimed" in rest, "link", link)
    return Key("m", what.partition("@")[2] or "email", kind, detail)


def lay(facts: Sequence[Fact]) -> Sightings:
    by_key: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for what, slot, who in facts:
        by_key[key(what)].append((slot, who))
    ordered = [pair for pairs in by_key.values() for pair in sorted(pairs)]
    ends = np.cumsum([len(pairs) for pairs in by_key.values()], dtype=np.intp)
    slots = np.array([slot for slot, _ in ordered], dtype=np.uint32)
    return Sightings(list(by_key), ends, slots, np.array([who for _, who in ordered], dtype=np.intp))


def likely(facts: Sequence[Fact], links: int | None = 5) -> set[tuple[str, str, int, int]]:
    """Kind, link, slot (from noon) and person of what the rules found."""
    seen = lay(facts)
    of = np.repeat(np.arange(len(seen.keys)), np.diff(seen.ends, prepend=0))
    return {
        (
            seen.keys[of[at]].kind,
            seen.keys[of[at]].detail.removeprefix("link="),
            int(seen.slots[at]) - NOON,
            int(seen.people[at]),
        )
        for at in find_likely(seen, links).tolist()
    }


def burst(*slots: int, who: int = 1) -> list[Fact]:
    """Clicks on different links, one a slot given."""
    return [(f"clicked {'abcdef'[number]}", NOON + slot, who) for number, slot in enumerate(slots)]


@pytest.mark.parametrize(
    ("slots", "found"),
    [
        pytest.param((0, 0, 0), {0}, id="three links in one slot"),
        pytest.param((0, 0, 1), {0, 1}, id="three links in two neighbouring slots"),
        pytest.param((0, 1, 2), set(), id="three links in three slots are no burst"),
        pytest.param((0, 0), set(), id="two links are no burst"),
        pytest.param((0, 0, 2), set(), id="with a slot between them, neither"),
        pytest.param((0, 0, 0, 1), {0, 1}, id="what comes right after belongs to it"),
        pytest.param((0, 0, 0, 2), {0}, id="what comes later does not"),
    ],
)
def test_a_burst_is(slots: tuple[int, ...], found: set[int]) -> None:
    assert {slot for _, _, slot, _ in likely(burst(*slots))} == found


def test_the_same_link_three_times_is_no_burst() -> None:
    assert likely([("clicked a", NOON, 1), ("clicked a", NOON + 1, 1), ("clicked b", NOON, 1)]) == set()


def test_clicks_of_several_people_make_no_burst() -> None:
    assert likely([("clicked a", NOON, 1), ("clicked b", NOON, 2), ("clicked c", NOON, 3)]) == set()


def test_openings_in_the_slots_of_a_burst_are_likely_too_and_no_others() -> None:
    openings: list[Fact] = [("opened", NOON, 1), ("opened", NOON + 1, 1), ("opened", NOON + 2, 1), ("opened", NOON, 2)]
    found = likely(burst(0, 0, 0) + openings)
    assert {(slot, who) for kind, _, slot, who in found if kind == "opened"} == {(0, 1), (1, 1)}


def test_references_and_channels_of_a_message_are_one() -> None:
    assert len(likely([("clicked a", NOON, 1), ("clicked b@intranet", NOON, 1), ("clicked c", NOON, 1)])) == 3


def test_what_has_no_time_of_its_own_makes_no_burst() -> None:
    assert likely([(f"{what} untimed", slot, who) for what, slot, who in burst(0, 0, 0)]) == set()
    assert likely([(what, UNTIMED, who) for what, _, who in burst(0, 0, 0)]) == set()
    assert likely([(what, COLLAPSED, who) for what, _, who in burst(0, 0, 0)]) == set()


def test_a_click_that_names_no_link_counts_towards_no_burst_but_belongs_to_one() -> None:
    assert likely([*burst(0, 0), ("clicked", NOON, 1)]) == set()
    assert len(likely([*burst(0, 0, 0), ("clicked", NOON, 1)])) == 4


@pytest.mark.parametrize(
    ("links", "clicked", "delivered", "found"),
    [
        pytest.param(1, "clicked a", NOON, True, id="in the five minutes of its delivery"),
        pytest.param(1, "clicked a", NOON - 30, True, id="in the next five minutes"),
        pytest.param(1, "clicked a", NOON - 60, False, id="later"),
        pytest.param(1, "clicked a", NOON + 30, False, id="before it"),
        pytest.param(3, "clicked a", NOON, False, id="of a message that can show bursts"),
        pytest.param(
            None, "clicked a", NOON, True, id="of a message of which two links are on record and more unknown"
        ),
        pytest.param(1, "clicked a untimed", NOON, False, id="at a time that is only that of receipt"),
        pytest.param(1, "clicked a@chat", NOON, False, id="on a channel that nobody scans"),
    ],
)
def test_a_prompt_click_is_likely(links: int | None, clicked: str, delivered: int, found: bool) -> None:
    facts: list[Fact] = [("delivered", delivered, 1), (clicked, NOON + 29, 1), ("clicked b", NOON + 99, 1)]
    assert (("clicked", "a", 29, 1) in likely(facts, links)) == found


def test_a_prompt_opening_is_nobodys_business() -> None:
    assert likely([("delivered", NOON, 1), ("opened", NOON + 1, 1), ("clicked a", NOON + 99, 1)], 1) == set()


clicks = st.tuples(st.sampled_from(["clicked a", "clicked b", "clicked c", "clicked d"]), st.integers(0, 5))


@given(st.lists(st.tuples(clicks, st.integers(0, 2)), max_size=40))
def test_bursts_are_those_of_a_plain_search(drawn: list[tuple[tuple[str, int], int]]) -> None:
    facts = sorted({(what, NOON + slot, who) for (what, slot), who in drawn})
    expected = set()
    for what, slot, who in facts:
        for pair in ({slot - 1, slot}, {slot, slot + 1}):
            if len({other for other, at, by in facts if by == who and at in pair}) >= 3:
                expected.add(("clicked", what.split()[1], slot - NOON, who))
    assert likely(facts) == expected


def test_a_person_stands_in_the_best_evidence_and_no_fact_is_lost() -> None:
    seen = lay([*burst(0, 0, 0), ("clicked a", NOON + 500, 1)])
    cut = CutFacts(seen.keys, seen.ends, seen.slots, seen.people, outside=0)
    tracks = [track for _, track in cut.tracks(5, sender=-1, taken_back={})]
    assert sum(len(track.slots) for track in tracks) == 4
    human = [track for track in tracks if track.evidence == Evidence.HUMAN and len(track.slots)]
    assert [track.slots.tolist() for track in human] == [[NOON + 500]]
    machine = [track for track in tracks if track.evidence == Evidence.SCANNER_LIKELY]
    assert sorted(track.slots.tolist() for track in machine) == [[NOON], [NOON], [NOON]]
