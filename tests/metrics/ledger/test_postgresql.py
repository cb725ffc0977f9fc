"""What is particular to PostgreSQL: encryption, passwords, time-outs, and what is said when it is away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from collectors.events import Collected, Event
from metrics.ledger.database import compact, open_database, open_evaluating
from metrics.ledger.lock import AlreadyRunning
from metrics.ledger.postgresql import LockLost, secured
from tests.metrics.ledger.whole import make_writer, pseudonym, read_whole
from tests.real.certificates import Authority
from tests.real.postgresql import Server, empty

T = 1_790_000_000_000_000


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("postgresql://u@db.example.org/e", "verify-full"),
        ("postgresql://u@10.0.0.7/e", "verify-full"),
        ("postgresql://u@localhost,db.example.org/e", "verify-full"),
        ("postgresql:///e?host=127.0.0.1&host=db.example.org", "verify-full"),
        ("postgresql://u@db.example.org/e?sslmode=disable", "disable"),
        ("postgresql://u@localhost/e", None),
        ("postgresql://u@127.0.0.9/e", None),
        ("postgresql://u@[::1]/e", None),
        ("postgresql:///e?host=/run/postgresql", None),
    ],
)
def test_beyond_this_machine_the_server_must_prove_who_it_is(url: str, mode: str | None) -> None:
    assert secured(make_url(url)).query.get("sslmode") == mode


def ask(url: str) -> str:
    """One question to a server; what it says, or what is wrong."""
    engine = open_database(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar())
    except OperationalError as error:
        return str(error.orig)
    finally:
        engine.dispose()


@pytest.fixture
def encrypted(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The server speaks TLS, with a certificate for localhost."""
    authority = Authority(tmp_path_factory.mktemp("authority"), "right")
    certificate, key = authority.certify("localhost")
    for name, file in (("ssl_cert_file", certificate), ("ssl_key_file", key)):
        set_option(postgresql, name, str(postgresql.take_over(file)))
    set_option(postgresql, "ssl", "on")
    postgresql.reload()
    yield authority
    set_option(postgresql, "ssl", "off")
    postgresql.reload()


def set_option(server: Server, name: str, value: str) -> None:
    server.run(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))


def test_the_right_server_is_spoken_to_in_private_and_no_other(
    postgresql: Server, encrypted: Authority, tmp_path: Path
) -> None:
    def with_trust(host: str, authority: Authority) -> str:
        return f"postgresql://owner@{host}:{postgresql.port}/postgres?sslmode=verify-full&sslrootcert={authority.file}"

    assert ask(with_trust("localhost", encrypted)) == "True"
    assert "does not match host name" in ask(with_trust("127.0.0.1", encrypted))
    assert "certificate verify failed" in ask(with_trust("localhost", Authority(tmp_path, "wrong")))


def test_a_server_that_speaks_in_the_open_is_not_spoken_to(postgresql: Server, tmp_path: Path) -> None:
    authority = Authority(tmp_path, "any")
    url = f"postgresql://owner@localhost:{postgresql.port}/postgres?sslmode=verify-full&sslrootcert={authority.file}"
    assert "does not support SSL" in ask(url)


def test_a_wrong_password_is_said_and_not_shown(postgresql: Server) -> None:
    hba = postgresql.data / "pg_hba.conf"
    before = hba.read_text()
    hba.write_text(f"host all guarded 127.0.0.1/32 scram-sha-256\n{before}")
    postgresql.run(sql.SQL("CREATE ROLE guarded LOGIN PASSWORD 'right'"))
    postgresql.reload()
    try:
        assert ask(f"postgresql://guarded:right@127.0.0.1:{postgresql.port}/postgres") == "False"
        said = ask(f"postgresql://guarded:hunter2@127.0.0.1:{postgresql.port}/postgres")
        assert 'password authentication failed for user "guarded"' in said
        assert "hunter2" not in said
    finally:
        hba.write_text(before)
        postgresql.reload()
        postgresql.run(sql.SQL("DROP ROLE guarded"))


def test_a_server_that_is_away_and_a_database_that_is_not_there_are_told_apart(postgresql: Server) -> None:
    assert "Connection refused" in ask("postgresql://owner@127.0.0.1:1/postgres")
    assert 'database "nowhere" does not exist' in ask(postgresql.url("nowhere"))


def test_no_statement_lock_or_sleeping_transaction_lasts_for_ever(postgresql_url: str) -> None:
    engine = open_database(postgresql_url)
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with engine.connect() as connection:
        values = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]
    assert values == ["1min", "10s", "1min"]
    with engine.connect() as connection:
        connection.execute(text("SET statement_timeout = '50ms'"))
        with pytest.raises(DBAPIError, match="statement timeout"):
            connection.execute(text("SELECT pg_sleep(20)"))
    engine.dispose()


def test_after_a_lost_connection_no_number_is_trusted_that_was_learnt_before(
    postgresql: Server, postgresql_url: str
) -> None:
    engine, other = open_database(postgresql_url), open_database(postgresql_url)
    anna, bert = pseudonym("anna"), pseudonym("bert")
    writer = make_writer(engine)
    writer.record(Collected("mail", [Event("opened", "m1", anna, "email", T)]))
    postgresql.cut("ledger")
    # An older state of the database was put back, and her number went to somebody else.
    empty(postgresql.conninfo("ledger"))
    make_writer(other).record(Collected("mail", [Event("opened", "m1", bert, "email", T)]))
    # Not the writer hears of the loss, but whoever asks next.
    with pytest.raises(OperationalError), engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    writer.record(Collected("mail", [Event("opened", "m2", anna, "email", T)]))
    assert {key.reference: facts for key, facts in read_whole(other).sets.items()} == {
        "m1": {(T // 10_000_000, bert)},
        "m2": {(T // 10_000_000, anna)},
    }
    engine.dispose()
    other.dispose()


def test_only_one_evaluates_and_the_next_when_its_connection_is_lost(postgresql: Server, postgresql_url: str) -> None:
    first, second = open_evaluating(postgresql_url), open_evaluating(postgresql_url)
    with first.connect():
        pass
    with pytest.raises(AlreadyRunning, match="another process already evaluates"), second.connect():
        pass
    postgresql.cut("ledger")
    with second.connect():
        pass
    for _ in range(2):
        with pytest.raises((OperationalError, LockLost)), first.connect() as connection:
            connection.execute(text("SELECT 1"))
    first.dispose()
    second.dispose()


def test_whoever_evaluates_keeps_the_lock_also_while_tables_are_written_anew(postgresql_url: str) -> None:
    engine = open_evaluating(postgresql_url)
    assert compact(engine)
    with engine.connect() as connection:
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        assert connection.execute(text(held)).scalar_one() == 1
    engine.dispose()
