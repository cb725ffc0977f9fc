"""How many facts are a machine's, and how many were joined to a known message and person; by channel and day."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.facts import COLLAPSED, TICK_SECONDS, UNTIMED, Key, detail_text
from metrics.ledger.slots import SlotSet
from metrics.machines import LINKS, Evidence, weigh
from metrics.trust import ByDay, Tally, tally_facts
from tests.metrics.test_people import people_of, register, row

# Anna goes by the numbers 1 and 2, Ben by 3; nobody in the directory is 4 or 5.
NAMES = ("anna", "anna too", "ben", "stranger", "other")
PEOPLE = people_of([row("anna", "anna too"), row("ben")], register(*NAMES))
ANNA, ALIAS, BEN, STRANGER = 1, 2, 3, 4
MIDNIGHT = 1_793_836_800  # 5 November 2026, UTC
NOON = (MIDNIGHT + 43_200) // TICK_SECONDS
TODAY, TOMORROW = date(2026, 11, 5), date(2026, 11, 6)
Fact = tuple[str, str, str, int, int]  # kind, what says a machine, link, slot, number


def day_of(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


def sets(facts: Sequence[Fact], channel: str = "email") -> dict[Key, SlotSet]:
    found: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for kind, machine, link, slot, number in facts:
        found[Key("m", channel, kind, detail_text(machine, None, False, "link", link or None))].append((slot, number))
    return {key: SlotSet.from_pairs(*zip(*pairs, strict=True)) for key, pairs in found.items()}


def tally(facts: Sequence[Fact], *, described: bool = True, since: int = MIDNIGHT, links: int | None = 5) -> ByDay:
    links = links if described else LINKS
    return tally_facts(sets(facts), PEOPLE, since=since, day_of=day_of, known=described, links=links)


def opened(slot: int = NOON, number: int = ANNA, machine: str = "unknown") -> Fact:
    return "opened", machine, "", slot, number


def test_facts_of_known_messages_and_people_are_joined() -> None:
    facts = [opened(), opened(number=BEN), opened(number=STRANGER)]
    assert tally(facts) == {("email", TODAY): Tally(facts=3, machine=0, joined=2, people=3)}
    assert tally(facts, described=False) == {("email", TODAY): Tally(facts=3, machine=0, joined=0, people=3)}


def test_one_fact_told_by_several_sources_is_one_and_a_humans_if_any_of_them_is() -> None:
    assert tally([opened(machine="yes"), opened()])["email", TODAY] == Tally(1, 0, 1, people=1)
    assert tally([opened(machine="yes"), opened(machine="likely")])["email", TODAY] == Tally(1, 1, 1, people=1)


def test_two_identifiers_of_a_person_are_one() -> None:
    assert tally([opened(), opened(number=ALIAS)])["email", TODAY] == Tally(1, 0, 1, people=1)


def test_proxies_and_bursts_are_machines() -> None:
    burst: list[Fact] = [("clicked", "unknown", link, NOON, BEN) for link in "abc"]
    assert tally([*burst, opened(number=BEN), opened(machine="yes")])["email", TODAY] == Tally(3, 3, 3, people=2)
    assert tally(burst, described=False)["email", TODAY] == Tally(1, 1, 0, people=1)


def test_of_a_message_with_few_links_a_prompt_click_is_a_machines() -> None:
    facts: list[Fact] = [("delivered", "unknown", "", NOON, ANNA), ("clicked", "unknown", "a", NOON + 4, ANNA)]
    assert tally(facts, links=None)["email", TODAY] == Tally(2, 1, 2, people=1)
    assert tally(facts, links=None, described=False)["email", TODAY] == Tally(2, 0, 0, people=1)


def test_days_are_those_of_the_organisation_and_the_past_is_left_out() -> None:
    last, first = (MIDNIGHT + 86_400) // TICK_SECONDS - 1, (MIDNIGHT + 86_400) // TICK_SECONDS
    facts = [opened(last), opened(first), opened(MIDNIGHT // TICK_SECONDS - 1), opened(UNTIMED), opened(COLLAPSED)]
    assert tally(facts) == {("email", TODAY): Tally(1, 0, 1, people=1), ("email", TOMORROW): Tally(1, 0, 1, people=1)}


def test_a_burst_across_the_first_midnight_is_seen() -> None:
    begin = MIDNIGHT // TICK_SECONDS
    facts: list[Fact] = [("clicked", "unknown", link, begin - (link == "a"), BEN) for link in "abc"]
    assert tally(facts)["email", TODAY] == Tally(1, 1, 1, people=1)


def test_traces_of_those_who_object_are_not_looked_at() -> None:
    facts: list[Fact] = [opened(), ("replied", "unknown", "", NOON, ANNA), opened(number=BEN), opened(number=STRANGER)]
    people = people_of([row("anna", "anna too", objects=True), row("ben")], register(*NAMES))
    counted = tally_facts(sets(facts), people, day_of=day_of)
    assert counted["email", TODAY] == Tally(3, 0, 2, people=3)


def test_no_facts_have_no_days() -> None:
    assert tally([]) == {}
    assert tally([opened(UNTIMED)]) == {}


def test_tallies_add_up_and_of_people_the_most_that_one_has_are_certain() -> None:
    assert Tally(10, 3, 9, people=4) + Tally(2, 2, 0, people=2) == Tally(12, 5, 9, people=4)


kinds = st.sampled_from(["opened", "viewed", "delivered"])
drawn = st.tuples(
    kinds, st.sampled_from(["yes", "unknown", "likely"]), st.just(""), st.integers(0, 3), st.integers(1, 5)
)


@given(st.lists(drawn, max_size=30))
@pytest.mark.parametrize("described", [True, False])
def test_the_counts_are_those_of_a_plain_loop(described: bool, facts: list[Fact]) -> None:
    human: dict[tuple[str, int, int], bool] = defaultdict(bool)
    for kind, machine, _, back, number in facts:
        person = ANNA if number == ALIAS else number
        told = weigh(kind, detail_text(machine, None, False)) == Evidence.HUMAN
        human[kind, back, person] |= told
    expected: Counter[str] = Counter()
    for (_, _, person), is_human in human.items():
        expected["facts"] += 1
        expected["machine"] += not is_human
        expected["joined"] += described and person in (ANNA, BEN)
    people = len({person for _, _, person in human})
    placed = [(kind, machine, link, NOON + back * 30, number) for kind, machine, link, back, number in facts]
    counted = tally(placed, described=described)
    plain = Tally(expected["facts"], expected["machine"], expected["joined"], people)
    assert counted.get(("email", TODAY), Tally()) == plain
