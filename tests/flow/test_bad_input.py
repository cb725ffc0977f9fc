"""Malformed, hostile and oversized records through the whole road: nothing stops the service, nothing is lost, each has a reason."""

from collections import Counter
from pathlib import Path

import pytest

from collectors.files import RECORD_LIMIT
from collectors.simulation.parameters import Parameters
from metrics.evaluate import Answers
from metrics.ledger.database import open_readonly
from metrics.ledger.letters import list_letters
from metrics.ledger.sets import list_references
from metrics.reading import State
from tests.collectors.bad_input.cases import CASES
from tests.flow.company import KEEP, UNTIL, make_company, run_road

SOURCE_OF = {"cloudevents": "chat", "sendgrid": "mail", "access_log": "portal"}
GOOD_BETWEEN = 12  # so that the bad stay under the tenth at which a source is paused
IN_A_LINE = [case for case in CASES if case.stands_in_a_line]


def test_there_are_enough_of_them_for_every_decoder() -> None:
    assert len(IN_A_LINE) >= 40
    assert set(Counter(case.decoder for case in IN_A_LINE)) == set(SOURCE_OF)


@pytest.mark.parametrize("decoder", sorted(SOURCE_OF))
def test_every_bad_record_is_a_dead_letter_and_every_good_one_counts(tmp_path: Path, decoder: str) -> None:
    company = make_company(tmp_path, Parameters(60, 20, 51, UNTIL), retention=KEEP)
    clean = make_company(tmp_path / "clean", Parameters(60, 20, 51, UNTIL), retention=KEEP)
    with clean.service() as service:
        run_road(service)
        expected = service.evaluation.answer(UNTIL)
    source = SOURCE_OF[decoder]
    folder = next(each.origin.files for each in company.settings.sources if each.name == source)
    assert folder is not None
    lines = [line for file in sorted(folder.iterdir()) for line in file.read_bytes().splitlines() if line]
    cases = [case for case in IN_A_LINE if case.decoder == decoder]
    written: list[bytes] = []
    for number, case in enumerate(cases):
        start = number * GOOD_BETWEEN
        written += [*(lines[(start + place) % len(lines)] for place in range(GOOD_BETWEEN)), case.body]
    (folder / "bad.ndjson").write_bytes(b"\n".join(written) + b"\n")
    with company.service() as service:
        run_road(service)
        assert service.front.ready() == ""
        answers = service.evaluation.answer(UNTIL)
        assert figures(answers) == figures(expected), "no bad record moves a figure"
        # What comes through beside them is of one stranger, about a message nobody described.
        assert facts_of(answers) - facts_of(expected) == min(1, sum(case.good for case in cases))
        with open_readonly(service.site.url).connect() as connection:
            letters = [letter for letter in list_letters(connection, source) if letter.stream != ""]
    reasons = Counter(letter.reason for letter in letters)
    for reason, count in Counter(reason for case in cases for reason in case.reasons).items():
        assert reasons[reason] >= count, f"{count} of {reason} were written, {reasons[reason]} found"
    assert all("@" not in letter.detail for letter in letters)


def figures(answers: Answers) -> list[str]:
    """Of all people and messages described, and so of no stranger."""
    return [
        str(reading)
        for _, reading in (*answers.readings, *answers.messages)
        if reading.indicator not in ("joined", "machine_share")
    ]


def facts_of(answers: Answers) -> int:
    """All facts of the period, whoever's."""
    return sum(reading.totals[: State.OUT].sum() for target, reading in answers.readings if target.name == "joined")


def test_a_record_of_ten_megabytes_is_set_aside_and_what_follows_it_is_read(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(20, 10, 52, UNTIL), retention=KEEP)
    folder = next(each.origin.files for each in company.settings.sources if each.name == "chat")
    assert folder is not None
    good = b'{"specversion":"1.0","id":"1","source":"/l","type":"earshot.opened","subject":"after","data":{"address":"a@b.example"}}'
    (folder / "huge.ndjson").write_bytes(b'{"x":"' + b"a" * (10 * RECORD_LIMIT) + b'"}\n' + good + b"\n")
    with company.service() as service:
        run_road(service)
        with open_readonly(service.site.url).connect() as connection:
            reasons = [letter.reason for letter in list_letters(connection, "chat")]
            read = {size.reference for size in list_references(connection)}
    assert "too_large" in reasons
    assert "after" in read
