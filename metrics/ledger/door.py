"""The ledger as whoever runs the service opens it: where it lies, and its key held against the one it was begun with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from metrics.ledger.database import Engine, migrate, open_database
from metrics.ledger.letters import Sealer
from metrics.ledger.settings import read_setting, write_setting
from metrics.ledger.tombstones import Mark, marker

LedgerError = SQLAlchemyError
"""What the database raises where it is away or refuses."""

_KEY_CHECK = "key check"


class WrongKey(Exception):
    """The pseudonyms in the database were made with another key: nobody would ever be recognised again."""


@dataclass(frozen=True)
class Secrets:
    """`key_check`: a short value that tells the key of the pseudonyms without giving it away; `tombstone`: the mark of a
    pseudonym under the second key; `seal` and `unseal`: dead letters."""

    key_check: str
    tombstone: Mark
    seal: Callable[[bytes], bytes]
    unseal: Callable[[bytes], bytes]


def make_secrets(key: bytes, second_key: bytes, key_check: str) -> Secrets:
    """Everything the ledger does with keys. `second_key`: that of the marks that erased people leave."""
    sealer = Sealer(key)
    return Secrets(key_check, marker(second_key), sealer.seal, sealer.unseal)


def sqlite_url(folder: Path) -> str:
    """The embedded database in a data directory."""
    return URL.create("sqlite", database=str(folder / "earshot.db")).render_as_string(hide_password=False)


def open_ledger(url: str, secrets: Secrets) -> Engine:
    """The database with its tables brought up to date. WrongKey where it was begun with another key; LedgerError where it is
    away."""
    engine = open_database(url)
    migrate(engine)
    with engine.begin() as connection:
        standing = read_setting(connection, _KEY_CHECK)
        if standing is None:
            write_setting(connection, _KEY_CHECK, secrets.key_check)
        elif standing != secrets.key_check:
            raise WrongKey("the key file is not the one this database was begun with: put that one back")
    return engine
