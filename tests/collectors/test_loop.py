"""From records to what is handed over."""

from collectors.events import Interval
from collectors.source import Block, Poll, Record
from tests.collectors.office import NOW, Office, Scripted, pseudonym


def test_an_event_comes_with_its_pseudonym_its_channel_and_its_source() -> None:
    office = Office("anna")
    office.source.append(b"ben", received_at=NOW - 5)
    step = office.intake.step(10)
    (collected,) = office.handed
    anna, ben = collected.events
    assert (anna.person, anna.channel, anna.source, anna.received_at) == (pseudonym("anna"), "email", "opens", None)
    assert (ben.person, ben.received_at) == (pseudonym("ben"), NOW - 5)
    assert collected.read == [Interval("memory", 0, 0, 2)] == office.source.acknowledged
    assert (step.records, step.events, step.dead, step.caught_up, step.pending, step.tripped) == (
        2,
        2,
        0,
        True,
        0,
        None,
    )


def test_all_blocks_of_a_step_are_handed_over_in_one_go() -> None:
    office = Office("anna")
    office.source.append(b"ben skip", stream="other", partition=3)
    office.intake.step(10)
    (collected,) = office.handed
    assert collected.read == [Interval("memory", 0, 0, 1), Interval("other", 3, 0, 1)]
    assert (collected.source, len(collected.events), collected.skipped, collected.drift) == (
        "opens",
        2,
        {"processed": 1},
        1,
    )


def test_a_bad_element_becomes_a_dead_letter_beside_its_good_neighbours() -> None:
    office = Office("anna", "anna bad ben")
    office.source.append(b"broken anna@example.org", received_at=NOW, headers={"ce_id": "7"})
    step = office.intake.step(10)
    element, record = office.handed[0].dead
    assert (element.stream, element.partition, element.offset, element.index) == ("memory", 0, 1, 1)
    assert (element.reason, element.body) == ("bad_element", b"only this: bad")
    assert (record.offset, record.index, record.reason, record.received_at) == (2, 0, "no_json", NOW)
    assert (record.body, record.headers) == (b"broken anna@example.org", {"ce_id": "7"})
    assert (step.events, step.dead) == (3, 2)


def test_what_the_source_refused_is_not_decoded() -> None:
    office = Office()
    office.source.append(b"anna", refused=("too_large", "a line is too long"))
    office.intake.step(10)
    assert [(letter.reason, letter.body) for letter in office.handed[0].dead] == [("too_large", b"anna")]
    assert office.people() == []


def test_a_decoder_that_fails_costs_one_dead_letter_and_quotes_nothing() -> None:
    office = Office("crash anna@example.org", "ben")
    office.intake.step(10)
    (letter,) = office.handed[0].dead
    assert (letter.reason, letter.detail) == ("decoder_failed", "the decoder failed with KeyError")
    assert office.people() == [pseudonym("ben")]


def test_no_dead_letter_names_anybody_in_its_detail() -> None:
    office = Office("broken anna", "crash anna", "anna@9", "anna" * 300, "an\x00na@1", "bad")
    office.intake.step(10)
    letters = office.handed[0].dead
    assert len(letters) == 6
    assert not [letter for letter in letters if "anna" in letter.detail]


def test_an_entry_is_published_with_pseudonyms_for_its_people() -> None:
    office = Office("entry")
    step = office.intake.step(10)
    (published,) = office.handed[0].published
    assert published.entry == {"id": "m", "sender": pseudonym("anna@example.org")}
    assert (published.source, step.published) == ("opens", 1)


def test_where_nothing_was_read_nothing_is_handed_over() -> None:
    office = Office()
    assert office.intake.step(10).caught_up
    assert office.handed == []


def test_offsets_without_a_record_are_handed_over_as_read() -> None:
    office = Office()
    office.source.leave_hole(7)
    office.intake.step(10)
    assert [(collected.read, list(collected.events)) for collected in office.handed] == [
        ([Interval("memory", 0, 0, 7)], [])
    ]


def test_an_empty_interval_is_not_handed_over() -> None:
    office = Office(source=Scripted([Poll([Block([Record(0, b"anna")], Interval("memory", 0, 0, 0))])]))
    office.intake.step(10)
    assert [list(collected.read) for collected in office.handed] == [[]]
    assert office.source.acknowledged == []
