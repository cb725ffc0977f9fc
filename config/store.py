"""What the URL of a database may be. The keys it stands under are `config.schema`'s, connecting is left to the ledger."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from config.problem import HIDDEN, Problem
from config.values import Refused

_SQLITE = ("sqlite",)
_POSTGRESQL = ("postgresql", "postgresql+psycopg")
ALLOWED = "the URL of a SQLite file or of a PostgreSQL database, such as `sqlite:////srv/earshot/ledger.db` or `postgresql://earshot@db/earshot`"
# `allow`, `prefer` and `require` encrypt, perhaps, and with whomever.
_MODES = ("verify-full", "verify-ca", "disable")


def check_url(value: Any) -> Any:
    """The text itself; Refused where no database can be meant by it, with a sentence that quotes nothing of it."""
    if not isinstance(value, str):
        return value
    try:
        url = urlsplit(value)
        port = url.port
    except ValueError:
        raise Refused("Host, port or password hold a character that is written as %40 (an @) or the like.") from None
    if url.scheme == "postgres":
        raise Refused("Write `postgresql://`.")
    if url.scheme not in (*_SQLITE, *_POSTGRESQL) or not value.startswith(f"{url.scheme}://"):
        raise Refused("The ledger stands in SQLite or in PostgreSQL, nowhere else.")
    if url.scheme in _POSTGRESQL:
        _check_postgresql(url, port)
    return value


def _check_postgresql(url: SplitResult, port: int | None) -> None:
    if not url.path.strip("/"):
        raise Refused("The name of the database is missing: `postgresql://USER@HOST/DATABASE`.")
    if port == 0:
        raise Refused("PostgreSQL's port is 5432 unless told otherwise.")
    for mode in parse_qs(url.query, keep_blank_values=True).get("sslmode", []):
        if mode not in _MODES:
            raise Refused(
                "As `sslmode` stands `verify-full` (beyond this machine also without saying so), `verify-ca` or `disable`."
            )


def check_store_file(file: Path | None) -> Iterator[Problem]:
    """What is wrong with a file that ought to hold the URL of a database; nothing of it is shown."""
    if file is None:
        return
    try:
        text = read_store_file(file)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        yield Problem("store_file", "", "a file that holds the URL of the database", f"It cannot be read: {why}.")
        return
    try:
        check_url(text)
    except Refused as error:
        yield Problem("store_file", HIDDEN, f"a file that holds {ALLOWED}", str(error))


def read_store_file(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()
