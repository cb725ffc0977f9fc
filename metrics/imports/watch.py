"""All that is imported from files, asked for at every tick: cheap while nothing changes."""

from collections.abc import Sequence
from typing import NamedTuple

from config.problem import Problem
from config.schema import CatalogueSettings, DirectorySettings
from metrics.imports.catalogue import CatalogueImport
from metrics.imports.directory import DirectoryImport, Progress
from metrics.imports.door import Door
from metrics.imports.files import Held
from metrics.ledger.database import Connection


class ImportReport(NamedTuple):
    """`directory`, `catalogue`: whether anything of it changed just now. `problems`: of files as they stand, at each asking until
    they are mended; `notes`: what is worth knowing."""

    directory: bool
    catalogue: bool
    problems: list[Problem]
    notes: list[str]

    def name_changed(self) -> list[str]:
        told = {"the directory": self.directory, "the catalogue": self.catalogue}
        return [what for what, changed in told.items() if changed]


class Imports:
    """One for the life of the process."""

    def __init__(self, directory: DirectorySettings, catalogue: CatalogueSettings, door: Door) -> None:
        self._directory = DirectoryImport(directory, door)
        self._catalogue = CatalogueImport(catalogue, door)

    def run(
        self, connection: Connection, now: int, progress: Progress | None = None, held: Sequence[Held] = ()
    ) -> ImportReport:
        """Bring directory and catalogue up to date with their files, in the caller's transaction. `now`: microseconds, the moment
        from which a change without a date holds. `progress`: of the directory, file by file. `held`: topics that were read whole; what is
        known of the others stands."""
        people = self._directory.run(connection, now, progress, held)
        messages = self._catalogue.run(connection, now, held)
        return ImportReport(people.changed, messages.changed, people.problems + messages.problems, people.notes)
