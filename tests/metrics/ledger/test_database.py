"""Opening and migrating: the tables are what `tables` says, transactions are what the design asks for."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.exc import OperationalError

from metrics.ledger.database import migrate, open_database, open_readonly
from metrics.ledger.tables import metadata, setting


def _schema(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {name: " ".join(sql.split()) for name, sql in rows if "alembic" not in name}


def test_the_migrations_make_exactly_the_tables_of_the_metadata(engine: Engine) -> None:
    made_at_once = create_engine("sqlite://")
    metadata.create_all(made_at_once)
    assert _schema(engine) == _schema(made_at_once)


def test_alembic_finds_no_difference_either(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(setting.insert().values(name="kept", value="yes"))
    before = _schema(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(select(setting.c.value)).scalar_one() == "yes"
    assert _schema(engine) == before


def test_a_folder_with_a_percent_sign_in_its_name_is_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder}/ledger.sqlite3")
    migrate(engine)
    assert inspect(engine).has_table("fact_set")


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
