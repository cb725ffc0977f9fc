"""The tables of the ledger brought to this program's version; or, where a newer program was here, whether this one may go on with them. How
they changed over time is left to `migrations`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, select

from metrics.ledger.latches import bar_migrating
from metrics.ledger.tables import setting
from metrics.ledger.upsert import insert_or_replace

SUITS_SINCE = "0007"
"""The first version of the tables whose program may run on these. A migration that only adds leaves it as it is, so that an upgrade can be
taken back; one that takes away, or gives what stands another meaning, sets it to itself."""

_SUITS = "tables suit since"
_MIGRATIONS = Path(__file__).parent / "migrations"


class WrongLedger(Exception):
    """A database that was begun otherwise than it is to be gone on with."""


class NewerTables(WrongLedger):
    """It was changed by a newer program, in a way that this one knows nothing of."""


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version, in one transaction; nothing happens where they are, or where a newer program has left them
    fit for this one, else NewerTables. Safe to call always, by several processes too."""
    known = list_versions()
    with engine.begin() as connection:
        bar_migrating(connection)
        standing = MigrationContext.configure(connection).get_current_revision()
        if standing is not None and standing not in known:
            _must_suit(connection, standing, known)
            return
        if standing != known[0]:
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        if _suits_since(connection) != SUITS_SINCE:
            insert_or_replace(connection, setting, [{"name": _SUITS, "value": SUITS_SINCE}])


def list_versions() -> list[str]:
    """Those of the tables that this program knows, the newest first, by the names of their files: reading these takes a while."""
    files = (_MIGRATIONS / "versions").glob("[0-9]*.py")
    return sorted((file.name.partition("_")[0] for file in files), reverse=True)


def _must_suit(connection: Connection, standing: str, known: list[str]) -> None:
    since = _suits_since(connection)
    if since not in known:
        raise NewerTables(
            f"a newer version of Earshot was here: the tables are those of {standing}, and this version knows them up to "
            f"{known[0]}. Put the newer version back, or restore the backup made before it"
        )


def _suits_since(connection: Connection) -> str | None:
    return connection.execute(select(setting.c.value).where(setting.c.name == _SUITS)).scalar_one_or_none()
