"""Every bad input, through the loop: no record stops it, none is lost, each has its reason, and nothing bad becomes an event."""

import time

import pytest

from collectors.decoders import DECODERS
from collectors.events import Collected
from collectors.identity import Pseudonymiser
from collectors.loop import Intake
from collectors.memory import MemorySource
from tests.collectors.bad_input.cases import CASES, BadInput

NOW = 1_793_700_000 * 1_000_000
BY_NAME = {case.name: case for case in CASES}


def bring_in(cases: list[BadInput], decoder: str) -> Collected:
    """What the loop hands over for these records, one after another."""
    source, handed = MemorySource("bad"), list[Collected]()
    for case in cases:
        source.append(case.body)
    intake = Intake(
        source=source,
        decoder=DECODERS[decoder]({}),
        name="bad",
        channel="intranet",
        pseudonym=Pseudonymiser(b"k" * 32),
        hand_over=handed.append,
        now=lambda: NOW,
    )
    intake.start({})
    while not intake.step(50).caught_up:
        intake.resume()
    return Collected(
        source="bad",
        events=[event for collected in handed for event in collected.events],
        dead=[letter for collected in handed for letter in collected.dead],
    )


@pytest.mark.parametrize("name", BY_NAME)
def test_a_bad_input_becomes_a_dead_letter_with_its_reason(name: str) -> None:
    case = BY_NAME[name]
    collected = bring_in([case], case.decoder)
    assert tuple(letter.reason for letter in collected.dead) == case.reasons
    assert len(collected.events) == case.good


def test_there_are_enough_bad_inputs_and_none_stands_twice() -> None:
    assert len(CASES) >= 50
    assert len(BY_NAME) == len(CASES)
    assert len({(case.decoder, case.body) for case in CASES}) == len(CASES)
    assert {case.decoder for case in CASES} == set(DECODERS)


@pytest.mark.parametrize("decoder", DECODERS)
def test_all_bad_inputs_of_a_decoder_in_a_row_stop_nothing(decoder: str) -> None:
    cases = [case for case in CASES if case.decoder == decoder]
    collected = bring_in(cases, decoder)
    assert [letter.reason for letter in collected.dead] == [reason for case in cases for reason in case.reasons]
    assert len(collected.events) == sum(case.good for case in cases)


@pytest.mark.parametrize("name", BY_NAME)
def test_no_detail_quotes_the_record(name: str) -> None:
    case = BY_NAME[name]
    for letter in bring_in([case], case.decoder).dead:
        assert len(letter.detail) < 200
        for planted in ("anna", "example.org", "teleported", "pigeon", "furious", "she told me so", "Mozilla"):
            assert planted not in letter.detail


@pytest.mark.parametrize("name", [name for name, case in BY_NAME.items() if case.good])
def test_a_bad_element_keeps_its_own_bytes_and_gives_the_same_reason_again(name: str) -> None:
    case = BY_NAME[name]
    letters = bring_in([case], case.decoder).dead
    alone = [BadInput(str(letter.index), case.decoder, letter.body, ()) for letter in letters]
    assert all(letter.body in case.body and letter.body != case.body for letter in letters)
    assert [again.reason for again in bring_in(alone, case.decoder).dead] == [letter.reason for letter in letters]


def test_no_bad_input_takes_long() -> None:
    slow = {}
    for case in CASES:
        began = time.process_time()  # of this process alone, whatever else the machine does
        bring_in([case], case.decoder)
        slow[case.name] = time.process_time() - began
    # The slowest take a hundredth of a second; what an attacker could find in a pattern would take minutes.
    assert max(slow.values()) < 2, max(slow, key=lambda name: slow[name])
