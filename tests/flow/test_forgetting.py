"""The ledger forgets in steps, seen from the far end: times go, figures stand; sets go; what nobody described goes too."""

import sqlite3
from pathlib import Path

import pytest

from collectors.simulation.parameters import Parameters
from metrics.facts import Key
from metrics.ledger.slots import SlotSet
from roles import Service
from sites import Site
from tests.flow.company import UNTIL, Company, make_company, run_road

DAY = 86_400_000_000
GRACE = {"late_grace": "7 days", "sets": "110 days"}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return make_company(tmp_path, Parameters(60, 40, 41, UNTIL), retention=GRACE)


def at(company: Company, now: int) -> Service:
    return Service(Site(company.settings), lambda: now, finish=True)


def sets(company: Company) -> dict[Key, SlotSet]:
    database = sqlite3.connect(f"file:{company.settings.data / 'earshot.db'}?mode=ro", uri=True)
    rows = database.execute("SELECT reference, channel, kind, detail, payload FROM fact_set").fetchall()
    database.close()
    return {Key(*row[:4]): SlotSet.from_bytes(row[4]) for row in rows}


def classes(service: Service, now: int) -> dict[tuple[str, str], tuple[float | None, float | None, float | None]]:
    answers = service.evaluation.answer(now)
    return {(one.target, one.segment): (one.value, one.lower, one.upper) for _, one in answers.readings}


def test_times_go_after_the_grace_and_every_figure_stands(tmp_path: Path, company: Company) -> None:
    keeping = make_company(
        tmp_path / "keeping", Parameters(60, 40, 41, UNTIL), retention={"late_grace": "200 days", "sets": "400 days"}
    )
    with keeping.service() as service:
        run_road(service)
        expected = classes(service, UNTIL)
    with company.service() as service:
        run_road(service)
    timed = [key for key, facts in sets(company).items() if (facts.slots > 0).any()]
    bare = [key for key, facts in sets(company).items() if (facts.slots == 0).all()]
    assert timed, "the latest messages keep their times"
    assert bare, "older ones have lost theirs"
    with company.service() as service:  # another process, which has the frozen counts alone
        run_road(service)
        assert classes(service, UNTIL) == expected


def test_a_fact_about_a_message_whose_times_are_gone_is_late_and_changes_nothing(company: Company) -> None:
    with company.service() as service:
        run_road(service)
        before, standing = classes(service, UNTIL), sets(company)
    gone = next(key.reference for key, facts in standing.items() if (facts.slots == 0).all())
    stream = company.settings.data.parent / "company" / "streams" / "chat" / "late.ndjson"
    stream.write_text(
        f'{{"specversion":"1.0","id":"1","source":"/l","type":"earshot.opened","subject":"{gone}",'
        '"time":"2026-11-17T10:00:00Z","data":{"address":"p00001@example.org","channel":"email"}}\n'
    )
    with company.service() as service:
        run_road(service)
        assert classes(service, UNTIL) == before
    assert sets(company) == standing


def test_sets_go_after_the_retention(company: Company) -> None:
    with company.service() as service:
        run_road(service)
    described = {key.reference for key in sets(company)}
    with at(company, UNTIL + 111 * DAY) as service:
        run_road(service)
    left = {key.reference for key in sets(company)}
    assert described
    assert left == set(), "of described messages and of undescribed ones alike"
    with at(company, UNTIL + 111 * DAY) as service:  # another process, which has nothing to count
        service.turn()
        assert service.tick().message_readings == (), "nothing is said of them, least of all that nobody did anything"


def test_nothing_is_forgotten_before_the_streams_are_read(company: Company) -> None:
    """A long history read for the first time must not be too late for itself."""
    with company.service() as service:
        service.turn()
        service._caught_up = False
        service.tick()
        assert all((facts.slots > 0).all() for facts in sets(company).values())
