"""The sets themselves, against Python's own."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metrics.facts import COLLAPSED, UNTIMED
from metrics.ledger.slots import SlotSet

TOP = 2**32 - 1

Plain = set[tuple[int, int]]

_edges = st.sampled_from([0, 1, 2**16 - 1, 2**16, 2**31, TOP - 1, TOP])
_number = st.integers(0, TOP) | st.integers(0, 300) | _edges
_facts = st.sets(st.tuples(_number, _number), max_size=60)


def of(facts: Plain) -> SlotSet:
    return SlotSet.from_pairs([slot for slot, _ in facts], [person for _, person in facts])


def plain(facts: SlotSet) -> Plain:
    return set(zip(facts.slots.tolist(), facts.persons.tolist(), strict=True))


def crowd(slots: dict[int, int], *, step: int = 1, seed: int = 1) -> SlotSet:
    """So many people, drawn from a hundred thousand times `step`, in each of these slots."""
    random = np.random.default_rng(seed)
    drawn = [random.choice(100_000, count, replace=False) * step for count in slots.values()]
    return SlotSet.from_pairs(np.repeat(list(slots), list(slots.values())), np.concatenate(drawn))


@given(_facts)
@example({(COLLAPSED, 0)})
@example({(UNTIMED, TOP)})
@example({(UNTIMED, 0), (UNTIMED, TOP), (COLLAPSED, TOP)})
def test_what_goes_in_comes_out(facts: Plain) -> None:
    assert plain(of(facts)) == facts
    assert len(of(facts)) == len(facts)


@given(_facts)
@example(set())
@example({(COLLAPSED, 0), (COLLAPSED, TOP), (UNTIMED, 0), (UNTIMED, TOP)})
def test_bytes_give_back_the_same_set(facts: Plain) -> None:
    assert SlotSet.from_bytes(of(facts).to_bytes()) == of(facts)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(crowd({0: 60_000}), id="a collapsed crowd"),
        pytest.param(crowd({0: 100_000, UNTIMED: 100_000}), id="two whole crowds at the ends of time"),
        pytest.param(crowd({7: 8191}), id="one person short of a dense slot"),
        pytest.param(crowd({7: 8192}), id="just a dense slot"),
        pytest.param(crowd({7: 8192, 8: 1, 9: 9000, 10: 8191}), id="dense and sparse slots mixed"),
        pytest.param(crowd({5: 255}), id="too few for a block a plane"),
        pytest.param(crowd({5: 256}), id="just enough for a block a plane"),
        pytest.param(crowd({3: 9000, 4: 30}, step=42_000), id="persons all over the range of numbers"),
        pytest.param(crowd(dict.fromkeys(range(0, 90_000, 3), 2)), id="many slots of two people"),
    ],
)
def test_bytes_give_back_the_same_set_of_any_shape(facts: SlotSet) -> None:
    assert SlotSet.from_bytes(facts.to_bytes()) == facts


@given(_facts, _facts)
def test_union_is_the_union_of_sets(one: Plain, two: Plain) -> None:
    assert plain(of(one).union(of(two))) == one | two


@given(_facts, st.sets(_number, max_size=10))
def test_without_leaves_everybody_else(facts: Plain, persons: set[int]) -> None:
    assert plain(of(facts).without(sorted(persons))) == {fact for fact in facts if fact[1] not in persons}


@given(_facts)
def test_earliest_leaves_each_person_in_their_first_slot(facts: Plain) -> None:
    first: dict[int, int] = {}
    for slot, person in facts:
        first[person] = min(slot, first.get(person, slot))
    assert plain(of(facts).earliest()) == {(slot, person) for person, slot in first.items()}


@given(_facts)
def test_collapsing_leaves_the_persons_without_times(facts: Plain) -> None:
    assert plain(of(facts).collapse()) == {(COLLAPSED, person) for _, person in facts}


@given(_facts)
def test_codes_are_sorted_and_unique_after_every_operation(facts: Plain) -> None:
    facts_twice = SlotSet.from_pairs([slot for slot, _ in facts] * 2, [person for _, person in facts] * 2)
    for made in (facts_twice, facts_twice.earliest(), facts_twice.collapse(), facts_twice.union(facts_twice)):
        assert (np.diff(made.codes.astype(object)) > 0).all()


def test_pairs_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        SlotSet.from_pairs([1, 2], [3])


@pytest.mark.parametrize("number", [-1, 2**32])
def test_a_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="32 bits"):
        SlotSet.from_pairs([number], [1])
    with pytest.raises(ValueError, match="32 bits"):
        SlotSet.from_pairs([1], np.array([number]))


def test_a_set_equals_only_a_set_of_the_same_facts() -> None:
    assert of({(1, 2)}) == of({(1, 2)})
    assert of({(1, 2)}) != of({(2, 1)})
    assert of({(1, 2)}) != {(1, 2)}


_packed = crowd({3: 9000, 9: 300, 10: 2}).to_bytes()


@given(st.integers(0, len(_packed) - 1), st.integers(1, 255))
def test_one_changed_byte_is_refused(place: int, change: int) -> None:
    damaged = bytearray(_packed)
    damaged[place] ^= change
    with pytest.raises(ValueError, match="set of facts"):
        SlotSet.from_bytes(bytes(damaged))


@given(st.integers(0, len(_packed) - 1))
def test_cut_bytes_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match="set of facts"):
        SlotSet.from_bytes(_packed[:length])


@given(st.integers(0, 3), st.integers(0, 40), st.binary(max_size=80))
def test_nonsense_with_a_right_checksum_is_refused_or_read_as_a_set(dense: int, sparse: int, rest: bytes) -> None:
    body = struct.pack("<BII", 1, dense, sparse) + rest
    try:
        facts = SlotSet.from_bytes(body + struct.pack("<I", zlib.crc32(body)))
    except ValueError:
        return
    assert (np.diff(facts.codes.astype(object)) > 0).all()


def _opened(people: int) -> SlotSet:
    """Opens spread over five days, falling off by a day, in slots of ten seconds."""
    random = np.random.default_rng(2)
    delays = np.minimum(random.exponential(8640, people), 43_199).astype(np.uint32)
    return SlotSet.from_pairs(179_000_000 + delays, random.choice(100_000, people, replace=False))


@pytest.mark.parametrize(
    ("facts", "most"),
    [
        pytest.param(crowd({100: 50_000, 130: 50_000}), 0.5, id="delivered to all in two slots"),
        pytest.param(_opened(70_000), 2.5, id="opened by most over five days"),
        pytest.param(_opened(2_000), 3.2, id="clicked by few over five days"),
    ],
)
def test_facts_take_little_room(facts: SlotSet, most: float) -> None:
    assert len(facts.to_bytes()) / len(facts) <= most


@pytest.mark.parametrize("people", [300, 1000, 4096, 8191, 8192, 10_000, 70_000, 100_000])
def test_collapsed_facts_of_a_hundred_thousand_people_take_two_bytes_at_most(people: int) -> None:
    collapsed = _opened(people).collapse()
    assert len(collapsed.to_bytes()) / len(collapsed) <= 2
