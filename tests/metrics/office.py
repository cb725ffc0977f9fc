"""An office for tests: a folder of directory and catalogue files, the imports over it, and what comes of them in a database."""

import hmac
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine

from collectors.identity import Pseudonymiser, hash_entry
from collectors.references import message_reference
from config.schema import CatalogueSettings, DirectorySettings
from metrics.imports.door import Door
from metrics.imports.watch import ImportReport, Imports
from metrics.ledger.catalogue_store import read_entries
from metrics.ledger.database import migrate, open_database
from metrics.messages import Catalogue, read_catalogue
from metrics.moments import read_moment
from metrics.people import People, Roster, read_people

PARIS = ZoneInfo("Europe/Paris")
DAY = 86_400_000_000
pseudonym = Pseudonymiser(b"an office's key, 32 bytes or more")


def tombstone(pseudonym: str) -> bytes:
    return hmac.digest(b"a second key", pseudonym.encode(), "sha256")


DOOR = Door(PARIS, pseudonym, tombstone, hash_entry)


def moment(text: str) -> int:
    """A time in the office's zone, as microseconds."""
    return read_moment(text if ":" in text else f"{text} 00:00", PARIS)


NOW = moment("2026-06-01 12:00")
ANNA, BERTA, CARL = "anna@example.org", "berta@example.org", "carl@example.org"
FIRST = f"address,department\n{ANNA},Sales\n{BERTA},Sales\n"


class Office:
    """`catalogue_files`: names in the catalogue's folder; by default the folder itself is watched."""

    def __init__(
        self,
        folder: Path,
        *,
        largest_loss: float = 1.0,
        as_of: dict[str, date] | None = None,
        catalogue_files: Sequence[str] = ("",),
    ) -> None:
        self.directory, self.catalogue = folder / "directory", folder / "catalogue"
        self.directory.mkdir(parents=True)
        self.catalogue.mkdir()
        self.engine: Engine = open_database(f"sqlite:///{folder / 'ledger.sqlite3'}")
        migrate(self.engine)
        self._directory_settings = DirectorySettings(
            files=(self.directory,), largest_loss=largest_loss, as_of=as_of or {}
        )
        self._catalogue_settings = CatalogueSettings(files=tuple(self.catalogue / name for name in catalogue_files))
        self.restart()

    def restart(self) -> None:
        """As a new process would: nothing remembered but the database."""
        self.imports = Imports(self._directory_settings, self._catalogue_settings, DOOR)

    def put(self, name: str, text: str, *, now: int = NOW) -> ImportReport:
        """Write a directory file and read what is new."""
        (self.directory / name).write_text(text, encoding="utf-8")
        return self.run(now)

    def publish(self, name: str, text: str, *, now: int = NOW) -> ImportReport:
        """The same for a catalogue file."""
        (self.catalogue / name).write_text(text, encoding="utf-8")
        return self.run(now)

    def run(self, now: int = NOW) -> ImportReport:
        with self.engine.begin() as connection:
            return self.imports.run(connection, now)

    def people(self) -> People:
        with self.engine.begin() as connection:
            return read_people(connection)

    def messages(self) -> Catalogue:
        with self.engine.begin() as connection:
            return read_catalogue(read_entries(connection), message_reference)

    def who(self, at: str | int, names: Collection[str]) -> dict[str, dict[str, str]]:
        """Those of the identifiers who are in the directory at a moment, with their attributes then."""
        people = self.people()
        roster = people.roster(moment(at) if isinstance(at, str) else at)
        found = {}
        for name in names:
            person = people.person_of_pseudonym(pseudonym(name))
            for place in np.flatnonzero(roster.person == person).tolist():
                found[name] = attributes_at(roster, place)
        return found

    def departments(self, at: str | int) -> dict[str, str]:
        """Anna's, Berta's and Carl's at a moment, of those who are there."""
        return {name: found.get("department", "") for name, found in self.who(at, (ANNA, BERTA, CARL)).items()}


def attributes_at(roster: Roster, place: int) -> dict[str, str]:
    return {
        name: coded.values[coded.codes[place]] for name, coded in roster.attributes.items() if coded.codes[place] >= 0
    }
