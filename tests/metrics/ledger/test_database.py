"""Opening and migrating: the tables are what `tables` says, transactions are what the design asks for."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from metrics.ledger.database import compact, migrate, open_database, open_readonly
from metrics.ledger.last_events import read_last_events
from metrics.ledger.seen import read_seen
from metrics.ledger.sets import read_answers
from metrics.ledger.tables import fact_set, metadata, person, setting
from tests.metrics.ledger.stores import changing_tables, on_sqlite

_OF_SQLITE = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_OF_POSTGRESQL = """
    SELECT table_name || '.' || column_name,
        concat_ws(' ', data_type, collation_name, is_nullable, column_default) FROM information_schema.columns
        WHERE table_schema = 'public'
    UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""


def _schema(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text(_OF_SQLITE if engine.dialect.name == "sqlite" else _OF_POSTGRESQL)).all()
    # A table made anew by a migration has its name in quotes.
    return {name: " ".join(sql.split()).replace('"', "") for name, sql in rows if "alembic" not in name}


def _settings(connection: Connection) -> dict[str, str]:
    """Those that stand there, but for what migrating itself writes."""
    rows = connection.execute(select(setting).where(setting.c.name != "tables suit since").order_by(setting.c.name))
    return {row.name: row.value for row in rows}


@changing_tables
def test_the_migrations_make_exactly_the_tables_of_the_metadata(engine: Engine) -> None:
    migrated = _schema(engine)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert migrated == _schema(engine)
    assert len(migrated) > len(metadata.tables)


def test_alembic_finds_no_difference_either(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(setting.insert().values(name="kept", value="yes"))
    before = _schema(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert _settings(connection) == {"kept": "yes"}
    assert _schema(engine) == before


@changing_tables
def test_a_ledger_of_the_first_version_keeps_its_sets_and_knows_what_they_show(engine: Engine) -> None:
    with engine.begin() as connection:
        for kind in ("opened", "clicked"):
            row = {"reference": kind, "channel": "email", "kind": kind, "detail": "", "facts": 1, "collapsed": False}
            connection.execute(fact_set.insert().values(**row, payload=b""))
        connection.execute(text("ALTER TABLE answer DROP COLUMN rated"))
        connection.execute(text("DROP TABLE seen_kind"))
        connection.execute(text("DROP TABLE source_delay"))
        connection.execute(text("DROP TABLE audit"))
        connection.execute(text("DROP TABLE lag"))
        connection.execute(text("DROP TABLE in_hand"))
        connection.execute(text("DROP TABLE last_event"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    migrate(engine)
    with engine.connect() as connection:
        assert read_seen(connection) == {"email": {"opened", "clicked"}}


@changing_tables
def test_a_ledger_of_the_second_version_takes_bare_numbers_for_ratings(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(person.insert().values(number=1, pseudonym=bytes(32)))
        connection.execute(text("ALTER TABLE answer DROP COLUMN rated"))
        connection.execute(text("DROP TABLE source_delay"))
        connection.execute(text("DROP TABLE audit"))
        connection.execute(text("DROP TABLE lag"))
        connection.execute(text("DROP TABLE in_hand"))
        connection.execute(text("DROP TABLE last_event"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        row = text("INSERT INTO answer VALUES ('m1', 1, :question, :choice, :value, 0, '', '')")
        connection.execute(row, {"question": "useful", "choice": None, "value": 4})
        connection.execute(row, {"question": "goal", "choice": "grow", "value": None})
    migrate(engine)
    with engine.connect() as connection:
        assert {row.question: row.rated for row in read_answers(connection, ["m1"])} == {"useful": True, "goal": False}


@changing_tables
def test_a_ledger_of_the_sixth_version_knows_when_its_sources_were_last_heard(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE in_hand"))
        connection.execute(text("DROP TABLE last_event"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0006'"))
        for name, value in (
            ("last event of mail", "1790000000000000"),
            ("in hand of mail: t 0", "7 1 abc"),
            ("mode", "people"),
        ):
            connection.execute(setting.insert().values(name=name, value=value))
    migrate(engine)
    with engine.connect() as connection:
        assert read_last_events(connection) == {"mail": 1_790_000_000_000_000}
        assert list(_settings(connection)) == ["mode"]


def test_a_folder_with_a_percent_sign_in_its_name_is_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder}/ledger.sqlite3")
    migrate(engine)
    assert inspect(engine).has_table("fact_set")


@on_sqlite
def test_the_pragmas_hold_on_every_connection(engine: Engine) -> None:
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            connection.rollback()
            values = {
                name: connection.connection.driver_connection.execute(f"PRAGMA {name}").fetchone()[0]  # type: ignore[union-attr]
                for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
            }
            assert values == {
                "journal_mode": "wal",
                "synchronous": 1,
                "secure_delete": 1,
                "foreign_keys": 1,
                "busy_timeout": 30000,
            }


@on_sqlite
def test_a_transaction_holds_the_write_lock_from_its_beginning(engine: Engine, url: str) -> None:
    impatient = open_database(url)
    with engine.begin(), impatient.connect() as second:
        second.connection.driver_connection.execute("PRAGMA busy_timeout = 0")  # type: ignore[union-attr]
        second.rollback()
        with pytest.raises(OperationalError, match="locked"):
            second.execute(select(setting))
    impatient.dispose()


def test_a_reader_reads_beside_a_writer_and_sees_what_is_committed(engine: Engine, url: str) -> None:
    readonly = open_readonly(url)
    with engine.begin() as writing, readonly.connect() as reading:
        writing.execute(setting.insert().values(name="new", value="1"))
        assert _settings(reading) == {}
    with readonly.connect() as reading:
        assert _settings(reading) == {"new": "1"}
    readonly.dispose()


@pytest.mark.usefixtures("engine")
def test_a_reader_cannot_write(url: str) -> None:
    readonly = open_readonly(url)
    with readonly.connect() as connection, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        connection.execute(setting.insert().values(name="new", value="1"))
    readonly.dispose()


def test_a_reader_creates_no_database(tmp_path: Path) -> None:
    readonly = open_readonly(f"sqlite:///{tmp_path / 'absent.sqlite3'}")
    with pytest.raises(OperationalError, match="unable to open"), readonly.connect():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_reader_reads_what_a_killed_writer_left_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "ledger #1?.sqlite3"
    engine = open_database(path)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(setting.insert().values(name="new", value="1"))
    left = tmp_path / "left"
    left.mkdir()
    # What a kill leaves: the file and its log, not the index of the log.
    for name in (path.name, f"{path.name}-wal"):
        (left / name).write_bytes((tmp_path / name).read_bytes())
    readonly = open_readonly(left / path.name)
    with readonly.connect() as connection:
        assert _settings(connection) == {"new": "1"}
    readonly.dispose()


@on_sqlite
def test_compacting_leaves_no_log(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(setting.insert().values(name="new", value="1"))
    assert compact(engine)
    assert (tmp_path / "ledger.sqlite3-wal").stat().st_size == 0


@on_sqlite
def test_compacting_gives_free_pages_back(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(setting.insert().values(name="large", value="x" * 1_000_000))
        connection.execute(setting.delete())
    assert compact(engine)
    assert (tmp_path / "ledger.sqlite3").stat().st_size < 1_000_000


@on_sqlite
def test_compacting_says_when_a_reader_keeps_the_log_busy(engine: Engine, url: str) -> None:
    readonly = open_readonly(url)
    with readonly.connect() as reading:
        reading.execute(select(setting))
        with engine.begin() as connection:
            connection.execute(setting.insert().values(name="new", value="1"))
        with engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[union-attr]
        assert not compact(engine)
    assert compact(engine)
    readonly.dispose()
