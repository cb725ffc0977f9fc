"""Brings the catalogue in the database up to date with its files: a file is taken whole or refused whole, and an entry that no
file has any more is withdrawn. What an entry may say is left to `catalogue_file`."""

from collections.abc import Sequence
from typing import NamedTuple

from config.problem import Problem
from config.schema import CatalogueSettings
from metrics.entries import write_entry
from metrics.imports.catalogue_file import read_catalogue_file
from metrics.imports.door import Door
from metrics.imports.files import Digests, File, Held, find_files
from metrics.ledger.catalogue_store import put_file_entries, read_file_entries, without_erased
from metrics.ledger.database import Connection
from metrics.ledger.imported_store import Imported, forget_imported, note_imported, read_imported
from metrics.masking import mask, shown

Said = dict[str, tuple[str, str]]
"""Message to (file, body)."""


class CatalogueReport(NamedTuple):
    """`changed`: whether any entry was put or withdrawn. `problems`: at each asking, until they are mended."""

    changed: bool
    problems: list[Problem]


class CatalogueImport:
    """One for the life of the process: it remembers what it has seen, so that asking again costs little."""

    def __init__(self, settings: CatalogueSettings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._digests = Digests()
        self._refused: dict[str, str] = {}
        self._problems: list[Problem] = []

    def run(self, connection: Connection, now: int, held: Sequence[Held] = ()) -> CatalogueReport:
        """Read what is new, in the caller's transaction. `now`: microseconds; `held`: topics that were read whole.

        Where one file changed all are read, since an entry may move from one to another; of two that have the same, the
        first by its name holds.
        """
        found = find_files("catalogue.files", self._settings.files, self._settings.topics, held)
        read, unreadable = self._digests.of(found.files.values())
        # The same words mean other moments in another zone.
        digests = {name: f"{digest} {self._door.zone}" for name, digest in read.items()}
        done = {name: file.digest for name, file in read_imported(connection, "catalogue").items()}
        # A file that ought to be there and is not has taken nothing back; one that went from a folder has.
        gone = done.keys() - digests.keys() - found.missing - found.files.keys()
        changed = False
        if gone or digests.items() - done.items() - self._refused.items():
            changed = self._read_all(connection, [found.files[name] for name in digests], gone)
            accepted = {name: digest for name, digest in digests.items() if name not in self._refused}
            forget_imported(connection, "catalogue", gone)
            note_imported(
                connection,
                "catalogue",
                {name: Imported(digest, None, now) for name, digest in accepted.items() if done.get(name) != digest},
            )
            self._refused = {name: digests[name] for name in self._refused}
        return CatalogueReport(changed, found.problems + unreadable + self._problems)

    def _read_all(self, connection: Connection, paths: list[File], gone: set[str]) -> bool:
        standing = read_file_entries(connection)
        said = self._gather(paths, standing, gone)
        bodies = without_erased(
            connection, {message: body for message, (_, body) in said.items()}, tombstone=self._door.tombstone
        )
        wanted = {message: (file, bodies[message]) for message, (file, _) in said.items()}
        new = dict(wanted.items() - standing.items())
        withdrawn = sorted(standing.keys() - wanted.keys())
        put_file_entries(connection, new, withdrawn)
        return bool(new or withdrawn)

    def _gather(self, paths: list[File], standing: Said, gone: set[str]) -> Said:
        """What all files say, those included that cannot be read at this moment."""
        self._refused, self._problems = {}, []
        spoken_for = gone | {path.name for path in paths}
        wanted = {message: said for message, said in standing.items() if said[0] not in spoken_for}
        for path in paths:
            for message, said in self._read_one(path, standing).items():
                other = wanted.setdefault(message, said)
                if other is not said:
                    allowed = f"each `id` in one file; {shown(other[0])} has it too, and holds"
                    self._problems.append(Problem(f"{mask(path.name)}: id", f"`{mask(message)}`", allowed))
        return wanted

    def _read_one(self, path: File, standing: Said) -> Said:
        """What the file says; where it is refused, what it said before."""
        try:
            file = read_catalogue_file(path.name, path.read_bytes(), self._door)
            problems = file.problems
        except OSError:
            problems = [Problem(mask(path.name), "a file that went away", "a readable file")]
        if not problems:
            return {id: (path.name, write_entry(entry)) for id, entry in file.entries.items()}
        self._refused[path.name] = ""
        self._problems += problems
        return {message: said for message, said in standing.items() if said[0] == path.name}
