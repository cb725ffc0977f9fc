"""The roles of PostgreSQL, tried: each does its work, and is refused everything else."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, make_url, select, text
from sqlalchemy.exc import DBAPIError

from collectors.events import Collected, DeadLetter, Event, Gap, Interval, Published
from metrics.cli import find_snapshot
from metrics.export import new_registry
from metrics.intake_record import IntakeRecord
from metrics.ledger.attempts import Attempts
from metrics.ledger.database import compact, migrate, open_database
from metrics.ledger.door import check_keys, check_mode, make_secrets
from metrics.ledger.erasure import Recogniser, erase
from metrics.ledger.grants import READER, WORKER, grant
from metrics.ledger.lags import note_lags
from metrics.ledger.snapshots import write_snapshot
from metrics.ledger.tables import metadata
from metrics.service_series import ServiceSeries
from metrics.snapshot import Snapshot, Versions
from tests.metrics.ledger.whole import SEALER, make_writer, pseudonym, read_whole, tombstone
from tests.real.postgresql import Server

T = 1_790_000_000_000_000
ANNA = pseudonym("anna")
SECRETS = make_secrets(b"k" * 32, b"e" * 32, "key check")
ROLES = ("earshot_evaluator", "earshot_worker", "earshot_reader")
As = Callable[[str], Engine]


NOT_FOR_WORKERS = {
    *("audience", "audit", "directory_row", "fact_set", "frozen_cells", "frozen_reading"),
    *("imported", "request", "seen_kind", "snapshot"),
}


def test_of_every_table_it_is_decided_whether_workers_need_it() -> None:
    assert set(metadata.tables) == NOT_FOR_WORKERS | (WORKER.keys() - {"alembic_version"})


def batch(person: str = ANNA) -> Collected:
    return Collected(
        "mail",
        [
            Event("opened", "m1", person, "email", T, T),
            Event("answered", "m1", person, "survey", T, question="q", choice="a"),
            Event("reacted", "m1", person, "intranet", T, choice="like"),
            Event("decided", None, None, "intranet", T, item="i1"),
        ],
        published=[Published({"id": "m1", "words": 3}, T)],
        dead=[DeadLetter("s", 0, 7, 0, "not_json", "why", b"{")],
        read=[Interval("s", 0, 0, 9, "check")],
        gaps=[Gap("s", 0, 12, 14, "expired")],
    )


@pytest.fixture
def as_role(postgresql: Server, own_postgresql_url: str) -> Iterator[As]:
    """Engines of the three roles on a database that the evaluator owns, as docs/operations.md says to make them."""
    database = make_url(own_postgresql_url).database or ""
    for role in ROLES:
        postgresql.run(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    names = (sql.Identifier(database), sql.Identifier(ROLES[0]))
    postgresql.run(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names))
    engines = {role: open_database(postgresql.url(database, role)) for role in ROLES}
    owner = engines[ROLES[0]]
    migrate(owner)
    check_keys(owner, SECRETS)
    check_mode(owner, "people")
    grant(owner, "earshot_worker", WORKER)
    grant(owner, "earshot_reader", READER)
    yield engines.__getitem__
    for engine in engines.values():
        engine.dispose()
    postgresql.drop(database)
    for role in ROLES:
        postgresql.run(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
    postgresql.create(database)


def reading_all_but(allowed: Mapping[str, str]) -> list[str]:
    return [str(select(table)) for name, table in metadata.tables.items() if name not in allowed]


def refused(engine: Engine, statement: str) -> bool:
    with engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            return isinstance(error.orig, InsufficientPrivilege)
    return False


def test_a_worker_records_everything_and_reads_no_figure_and_nobodys_body(as_role: As) -> None:
    worker = as_role("earshot_worker")
    migrate(worker)
    writer = make_writer(worker)
    for _ in range(2):
        writer.record(batch())
    series = ServiceSeries(new_registry(), sources=["mail"], reasons=["not_json"], version="1", digest="2")
    record = IntakeRecord(worker, writer, series, ["mail"])
    record.start()
    record.take(batch(pseudonym("bert")))
    record.pause("mail", "why", T)
    assert record.survey(T)["mail"].dead_letters == 1
    with worker.begin() as connection:
        note_lags(connection, "mail", {("t", 0): 1}, T)
    attempts = Attempts(worker, "mail")
    attempts.begin(("t", 0), 1)
    attempts.end(("t", 0))
    check_keys(worker, SECRETS)
    check_mode(worker, "people")
    for statement in (
        *reading_all_but(WORKER),
        *("SELECT payload FROM delta", "DELETE FROM delta", "SELECT body FROM dead_letter", "DELETE FROM dead_letter"),
        *("DELETE FROM person", "UPDATE person SET number = 1", "DELETE FROM tombstone", "DELETE FROM answer"),
        *(
            "SELECT choice FROM answer",
            "SELECT value FROM answer",
            "SELECT stands FROM reaction",
            "SELECT body FROM entry",
        ),
        *("INSERT INTO setting VALUES ('mode', 'counts')", "UPDATE setting SET value = ''", "DELETE FROM setting"),
        *("INSERT INTO person VALUES (7, '')", "INSERT INTO delta VALUES (1, '', 1, '')"),
        *("DELETE FROM closed_reference", "INSERT INTO erased_number VALUES (1)", "DELETE FROM source_state"),
        *(
            "DROP TABLE person",
            "CREATE TABLE mine (a int)",
            "TRUNCATE answer",
            "UPDATE alembic_version SET version_num = ''",
        ),
    ):
        assert refused(worker, statement), statement


def test_a_reader_sees_what_is_published_and_nothing_else(as_role: As) -> None:
    with as_role("earshot_evaluator").begin() as connection:
        write_snapshot(connection, Snapshot(T, Versions("1", "2", "3"), (), ()))
    reader = as_role("earshot_reader")
    published = find_snapshot(reader.url.render_as_string())
    assert published is not None
    assert published.as_of == T
    for statement in (
        *reading_all_but(READER),
        "DELETE FROM snapshot",
        "INSERT INTO snapshot (as_of, body) VALUES (1, '')",
        "CREATE TABLE mine (a int)",
    ):
        assert refused(reader, statement), statement


def test_the_one_who_evaluates_folds_erases_and_writes_anew_and_rules_nothing_else(as_role: As) -> None:
    evaluator = as_role("earshot_evaluator")
    make_writer(as_role("earshot_worker")).record(batch())
    assert read_whole(evaluator).sets
    recogniser = Recogniser(SEALER.unseal, lambda _: False, lambda body, *_: body)
    with evaluator.begin() as connection:
        erase(connection, [ANNA], tombstone=tombstone, recogniser=recogniser)
    assert compact(evaluator)
    for statement in ("CREATE ROLE other", "SELECT * FROM pg_authid", "COPY setting TO PROGRAM 'true'"):
        assert refused(evaluator, statement), statement


def test_what_a_role_was_allowed_before_it_is_allowed_no_more(as_role: As) -> None:
    evaluator, reader = as_role("earshot_evaluator"), as_role("earshot_reader")
    with evaluator.begin() as connection:
        connection.execute(text("GRANT SELECT ON person TO earshot_reader"))
    assert not refused(reader, "SELECT * FROM person")
    grant(evaluator, "earshot_reader", READER)
    assert refused(reader, "SELECT * FROM person")
