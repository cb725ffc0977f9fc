"""Dead letters tried again, and sources that fail without holding up the others."""

from pathlib import Path

import pytest
from sqlalchemy import select

from collectors.events import KILLS, Collected, DeadLetter
from collectors.simulation.parameters import Parameters
from metrics.ledger.database import open_readonly
from metrics.ledger.letters import list_letters
from metrics.ledger.sets import list_references
from metrics.ledger.snapshots import read_snapshot
from metrics.ledger.tables import person
from tests.flow.company import KEEP, UNTIL, make_company, run_road

GOOD = b'{"specversion":"1.0","id":"1","source":"/l","type":"earshot.opened","subject":"found again","data":{"address":"a@b.example"}}'


def letter(body: bytes, offset: int, reason: str = "decoder_failed") -> DeadLetter:
    return DeadLetter("a stream", 0, offset, 0, reason, "the decoder failed with KeyError", body)


def test_a_letter_that_is_understood_now_is_recorded_and_the_others_stay(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(20, 5, 61, UNTIL), retention=KEEP)
    with company.service() as service:
        run_road(service)
        with open_readonly(service.site.url).connect() as connection:
            before = len(list_letters(connection, "chat"))
        service._record.take(Collected("chat", dead=[letter(GOOD, 1), letter(b"still rubbish", 2)]))
        done = service.errands.do("replay", "chat")
        assert done.text == f"{before + 2:,} dead letters: 1 are understood now and recorded, the others stay."
        service.tick()
        with open_readonly(service.site.url).connect() as connection:
            left = [one.offset for one in list_letters(connection, "chat") if one.stream == "a stream"]
            assert "found again" in {size.reference for size in list_references(connection)}
    assert left == [2]


def test_a_letter_that_ends_the_process_is_tried_once_a_request_and_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = make_company(tmp_path, Parameters(20, 5, 61, UNTIL), retention=KEEP)
    with company.service() as service:
        run_road(service)
        first, second, good = letter(b"deadly", 1, KILLS), letter(b"deadly too", 2, KILLS), letter(GOOD, 3, KILLS)
        service._record.take(Collected("chat", dead=[first, second, good, letter(GOOD, 4)]))

    def replay(ends_the_process: bytes) -> str:
        with company.service() as service:
            read = service.errands._read_again["chat"]

            def read_again(body: bytes, headers: dict[str, str] | None, at: int | None) -> object:
                if body.startswith(ends_the_process):
                    raise KeyboardInterrupt  # as near to a death as a test can come and live
                return read(body, headers, at)

            monkeypatch.setattr(service.errands, "_read_again", {"chat": read_again})
            return service.errands.do("replay", "chat").text

    for _ in range(2):  # the request is taken up again by the next process, which leaves alone what ended the last
        with pytest.raises(KeyboardInterrupt):
            replay(b"deadly")
    assert ": 1 are understood now" in replay(b"deadly"), (
        "the good one is tried, and the neighbour was recorded by the first"
    )
    with pytest.raises(KeyboardInterrupt):
        replay(b"deadly")  # the next request may try again
    with company.service() as service, open_readonly(service.site.url).connect() as connection:
        left = [one.offset for one in list_letters(connection, "chat") if one.stream == "a stream"]
    assert left == [1, 2]


def test_a_source_that_cannot_be_read_holds_up_no_other(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(20, 5, 62, UNTIL), retention=KEEP)
    streams = tmp_path / "company" / "streams"
    (streams / "email").rename(tmp_path / "kept")
    (streams / "email").write_text("a file where a folder should be")
    with company.service() as service:
        run_road(service)
        assert service.front.ready() == ""
        counted = {source.name: source.events for source in service.front.sources}
    assert counted["mail"] == 0
    assert counted["news"] > 0


def test_what_is_told_remembers_how_many_were_erased_before_it(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(60, 5, 61, UNTIL), retention=KEEP)
    with company.service() as service:
        run_road(service)
        with open_readonly(service.site.url).connect() as connection:
            pseudonym = connection.execute(select(person.c.pseudonym)).scalars().first()
            told = read_snapshot(connection)
        assert pseudonym is not None
        service.errands.do("forget", pseudonym.hex())
        service.tick()
        with open_readonly(service.site.url).connect() as connection:
            told_since = read_snapshot(connection)
    assert told is not None
    assert told_since is not None
    assert {each.erased for each in told.remembered} == {0}
    assert max(each.erased for each in told_since.remembered) > 0
    assert min(each.erased for each in told_since.remembered) == 0, "what was told before was told with them"
