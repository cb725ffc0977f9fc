"""Hand-overs that fail, stops in the middle of a block, and going on."""

import pytest

from collectors.events import Interval
from tests.collectors.office import Office, pseudonym


def test_what_was_not_taken_is_not_acknowledged_and_comes_again() -> None:
    office = Office("anna bad", "ben")
    office.refuse = 2
    for _ in range(2):
        with pytest.raises(ConnectionError):
            office.intake.step(10)
    assert (office.handed, office.source.acknowledged) == ([], [])
    office.intake.step(10)
    assert office.people() == [pseudonym("anna"), pseudonym("ben")]
    assert office.source.acknowledged == [Interval("memory", 0, 0, 2)]
    assert office.intake.step(10).records == 0


def test_a_gap_that_was_not_taken_comes_again_even_after_a_new_start() -> None:
    office = Office("anna", "ben", "cleo")
    office.source.lose(2)
    office.refuse = 1
    with pytest.raises(ConnectionError):
        office.intake.step(10)
    office.intake.start({("memory", 0): [Interval("memory", 0, 0, 2)]})
    office.intake.step(10)
    assert [(gap.start, gap.end) for collected in office.handed for gap in collected.gaps] == [(0, 2)]


def test_bad_elements_that_come_again_do_not_count_twice_for_the_stop_rule() -> None:
    office = Office(*["bad"] * 60)
    office.refuse = 5
    for _ in range(5):
        with pytest.raises(ConnectionError):
            office.intake.step(100)
    assert office.intake.step(100).tripped is None


def test_a_stop_cuts_the_block_and_what_follows_is_read_after_resuming() -> None:
    office = Office("anna", *["bad"] * 150, "ben")
    office.source.append(b"cleo", stream="other")
    step = office.intake.step(500)
    assert (step.tripped, step.caught_up, step.dead) == ("100 in a row could not be understood", False, 100)
    assert office.read() == [(0, 101)]
    assert office.intake.paused
    assert office.intake.step(500).records == 0
    assert office.people() == [pseudonym("anna")]
    office.intake.resume()
    step = office.intake.step(500)
    assert (step.tripped, step.caught_up, step.dead) == (None, True, 50)
    assert office.people() == [pseudonym("anna"), pseudonym("ben"), pseudonym("cleo")]
    assert office.read() == [(0, 101), (101, 152), (0, 1)]
    assert office.source.acknowledged == [read for collected in office.handed for read in collected.read]


def test_a_stop_at_the_end_of_a_block_leaves_nothing_to_cut() -> None:
    office = Office(*["bad"] * 100)
    assert office.intake.step(500).tripped is not None
    assert office.read() == [(0, 100)]
    office.intake.resume()
    assert office.intake.step(500).caught_up


def test_a_record_of_many_bad_elements_is_brought_in_whole_before_the_stop() -> None:
    office = Office("bad " * 150, "anna")
    step = office.intake.step(10)
    assert (step.dead, office.read()) == (150, [(0, 1)])


def test_an_intake_that_begins_paused_reads_nothing_until_it_is_resumed() -> None:
    office = Office("anna", paused=True)
    step = office.intake.step(10)
    assert (step.records, step.caught_up, step.pending, office.handed) == (0, False, 1, [])
    office.intake.resume()
    assert office.intake.step(10).records == 1
