"""An upgrade that is taken back: on the tables of a newer program an older one goes on where that has only added to them."""

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from metrics.ledger import migrating
from metrics.ledger.database import migrate
from metrics.ledger.migrating import SUITS_SINCE, NewerTables
from tests.metrics.ledger.stores import changing_tables

pytestmark = changing_tables


def known() -> list[str]:
    """The newest first."""
    config = Config()
    config.set_main_option("script_location", str(migrating._MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


def upgrade(engine: Engine, *, suits: str | None) -> None:
    """What a newer program does: a table more, and a word on who may go on."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_tomorrow (name TEXT)"))
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("DELETE FROM setting WHERE name = 'tables suit since'"))
        if suits is not None:
            connection.execute(
                text("INSERT INTO setting (name, value) VALUES ('tables suit since', :suits)"), {"suits": suits}
            )


def version(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def test_a_program_goes_on_with_what_a_newer_one_has_only_added_to(engine: Engine) -> None:
    upgrade(engine, suits=known()[0])
    migrate(engine)
    assert version(engine) == "9999"
    assert inspect(engine).has_table("of_tomorrow")


@pytest.mark.parametrize("suits", ["9998", None], ids=["what a newer one has changed", "what nobody says anything of"])
def test_a_program_refuses(suits: str | None, engine: Engine) -> None:
    upgrade(engine, suits=suits)
    with pytest.raises(NewerTables, match=rf"those of 9999, and this version knows them up to {known()[0]}"):
        migrate(engine)
    assert version(engine) == "9999"


def test_every_upgrade_says_who_may_go_on_and_names_a_version_that_there_is(engine: Engine) -> None:
    with engine.connect() as connection:
        said = connection.execute(text("SELECT value FROM setting WHERE name = 'tables suit since'")).scalar_one()
    assert said == SUITS_SINCE
    assert SUITS_SINCE in known()
    assert migrating.list_versions() == known(), "what a file is called is the version that it makes"
