"""The ledger as whoever runs the service opens it: where it lies, and its key held against the one it was begun with."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from metrics.ledger.database import Engine, is_embedded, migrate, open_database, open_evaluating
from metrics.ledger.database import WrongLedger as WrongLedger
from metrics.ledger.letters import Sealer
from metrics.ledger.lock import WriterLock
from metrics.ledger.persons import is_anybody
from metrics.ledger.settings import keep_setting
from metrics.ledger.tombstones import Mark, marker

LedgerError = SQLAlchemyError
"""What the database raises where it is away or refuses."""


def name_reason(error: LedgerError) -> str:
    """What the driver calls it, such as DiskFull; never what it says, which may quote a row."""
    return type(getattr(error, "orig", None) or error).__name__


_KEY_CHECK = "key check"
_MODE = "mode"
_SECOND_CHECK = "second key check"


class WrongMode(WrongLedger):
    """It was begun in another mode: what it keeps is not what this one keeps."""


class WrongKey(WrongLedger):
    """The pseudonyms in the database were made with another key, so that nobody would be recognised; or the marks of those who were erased
    were, so that they would come back."""


@dataclass(frozen=True)
class Secrets:
    """`key_check` and `second_check`: short values that tell the two keys without giving them away; `tombstone`: the mark of a
    pseudonym under the second key; `seal` and `unseal`: dead letters."""

    key_check: str
    second_check: str
    tombstone: Mark
    seal: Callable[[bytes], bytes]
    unseal: Callable[[bytes], bytes]


def make_secrets(key: bytes, second_key: bytes, key_check: str) -> Secrets:
    """Everything the ledger does with keys. `second_key`: that of the marks that erased people leave."""
    sealer = Sealer(key)
    second_check = hmac.digest(second_key, b"earshot second key check, version 1", "sha256").hex()[:16]
    return Secrets(key_check, second_check, marker(second_key), sealer.seal, sealer.unseal)


def sqlite_url(folder: Path) -> str:
    """The embedded database in a data directory."""
    return URL.create("sqlite", database=str(folder / "earshot.db")).render_as_string(hide_password=False)


def open_ledger(url: str, secrets: Secrets, mode: str = "people") -> Engine:
    """The database with its tables brought up to date. WrongLedger where it was begun with other keys, in another mode, or changed by a
    newer program; LedgerError where it is away."""
    return _opened(open_database(url), secrets, mode)


def open_alone(url: str, secrets: Secrets, folder: Path, mode: str) -> tuple[Engine, WriterLock | None]:
    """The same for the one who evaluates, alone: AlreadyRunning where somebody else does. Of the embedded database that is a lock in
    `folder`, to be released at the end; else the engine's connection holds it."""
    if not is_embedded(url):
        return _opened(open_evaluating(url), secrets, mode), None
    lock = WriterLock(folder / "lock")
    lock.acquire()
    try:
        return open_ledger(url, secrets, mode), lock
    except BaseException:
        lock.release()
        raise


def _opened(engine: Engine, secrets: Secrets, mode: str) -> Engine:
    try:
        migrate(engine)
        check_keys(engine, secrets)
        check_mode(engine, mode)
    except BaseException:
        engine.dispose()
        raise
    return engine


def check_mode(engine: Engine, mode: str) -> None:
    """WrongMode where the database was begun in another one."""
    with engine.begin() as connection:
        standing = keep_setting(connection, _MODE, "people" if is_anybody(connection) else mode)
    if standing != mode:
        raise WrongMode(
            f"this database was begun in the mode `{standing}`, and the configuration says `mode: {mode}`. Changing the mode forgets "
            f"nothing of what was kept: put `mode: {standing}` back, or begin with an empty data directory (or database)"
        )


def check_keys(engine: Engine, secrets: Secrets) -> None:
    """WrongKey where the database was begun with other keys."""
    with engine.begin() as connection:
        # Two that begin at once: one of them keeps its own, and the other sees it.
        if keep_setting(connection, _KEY_CHECK, secrets.key_check) != secrets.key_check:
            raise WrongKey("the key file is not the one this database was begun with: put that one back")
        if keep_setting(connection, _SECOND_CHECK, secrets.second_check) != secrets.second_check:
            raise WrongKey(
                "the key of those who were erased (erasure.key in the data directory) is not the one this database was begun with: "
                "every process that shares a database needs the same one"
            )
