"""Brings the directory in the database up to date with its files: a file is taken whole or refused whole, with all that is
wrong with it. What a row may say is left to `directory_file`, what a file changes to `changes`."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from config.problem import Problem
from config.schema import DirectorySettings
from metrics.imports.changes import Changes, find_changes
from metrics.imports.directory_file import read_directory_file
from metrics.imports.door import Door
from metrics.imports.files import Digests, Held, find_files, is_new, name_of, read_file
from metrics.imports.versions import Timeline, Version, find_versions, origin_of
from metrics.ledger.chunks import cut
from metrics.ledger.database import Connection
from metrics.ledger.directory_store import DirectoryRow, apply_changes, read_directory, split_pseudonyms
from metrics.ledger.imported_store import Imported, note_imported, read_imported
from metrics.ledger.persons import ensure_numbers
from metrics.ledger.tombstones import find_tombstoned
from metrics.masking import mask

Progress = Callable[[int, int], None]
_AT_ONCE = 10_000  # numbers are given so many at a time, to stay small in memory


class DirectoryReport(NamedTuple):
    """`changed`: whether any row was written. `problems`: of files that were refused, at each asking until they are mended;
    `notes`: what is worth knowing."""

    changed: bool
    problems: list[Problem]
    notes: list[str]


class _Refused(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


class DirectoryImport:
    """One for the life of the process: it remembers what it has seen, so that asking again costs little."""

    def __init__(self, settings: DirectorySettings, door: Door) -> None:
        self._settings = settings
        self._door = door
        self._digests = Digests()
        self._refused: dict[str, tuple[str, list[Problem]]] = {}
        self._notes: dict[str, list[str]] = {}

    def run(
        self, connection: Connection, now: int, progress: Progress | None = None, held: Sequence[Held] = ()
    ) -> DirectoryReport:
        """Read what is new, in the caller's transaction. `now`: microseconds; `progress` is told how many files of how many are done;
        `held`: topics that were read whole."""
        found = find_files("directory.files", self._settings.files, self._settings.topics, held)
        digests, unreadable = self._digests.of(found.files.values())
        readable = [found.files[name] for name in digests]
        versions, unclear = find_versions(readable, self._settings.as_of, self._door.zone)
        done = read_imported(connection, "directory")
        new = [version for version in versions if is_new(version.name, digests, done)]
        timeline = Timeline(done)
        standing = done.keys() - {name_of(topic) for topic in self._settings.topics}
        changed, problems, notes = False, found.problems + unreadable + unclear, _left_behind(standing, versions)
        for place, version in enumerate(timeline.order(new, now)):
            if progress is not None:
                progress(place, len(new))
            if version.as_of is not None and version.as_of > now:
                notes.append(f"{mask(version.name)}: waits for its day")
                continue
            try:
                changed |= self._take(connection, version, timeline, now)
            except _Refused as refused:
                self._refused[version.name] = (digests[version.name], refused.problems)
                problems += refused.problems
        notes += [note for name in found.files for note in self._notes.get(name, ())]
        return DirectoryReport(changed, problems, notes)

    def _take(self, connection: Connection, version: Version, timeline: Timeline, now: int) -> bool:
        if timeline.is_overtaken(version):
            mend = "It is not read: the past stands. What was wrong in it is told by `valid_from` and `valid_to`."
            raise _Refused([Problem(mask(version.name), "a later file read before it", "files in order of time", mend)])
        try:
            digest, body = read_file(version.path)
        except OSError:
            raise _Refused([Problem(mask(version.name), "a file that went away", "a readable file")]) from None
        known = self._refused.get(version.name)
        if known is not None and known[0] == digest:
            raise _Refused(known[1])
        rows = self._read(connection, version, body)
        changes = find_changes(read_directory(connection, version.origin), rows, timeline.begins(version, now))
        self._refuse_loss(version, changes)
        apply_changes(connection, version.origin, removed=changes.removed, ended=changes.ended, added=changes.added)
        everybody = sorted({each.hex() for row in changes.added for each in split_pseudonyms(row.pseudonyms)})
        for pseudonyms in cut(everybody, _AT_ONCE):
            ensure_numbers(connection, pseudonyms)
        as_of = now if version.as_of is None and timeline.knows(version.origin) else version.as_of
        note_imported(connection, "directory", {version.name: Imported(digest, as_of, now)})
        timeline.add(version.origin, as_of)
        self._refused.clear()  # what was refused for its losses may pass now
        return changes.any

    def _read(self, connection: Connection, version: Version, body: bytes) -> list[DirectoryRow]:
        file = read_directory_file(version.name, body, zone=self._door.zone, pseudonym=self._door.pseudonym)
        if file.problems:
            raise _Refused(file.problems)
        self._notes[version.name] = file.notes
        return _without_erased(connection, file.rows, self._door)

    def _refuse_loss(self, version: Version, changes: Changes) -> None:
        if changes.gone > self._settings.largest_loss * changes.before + 1e-9:
            share = f"{100 * self._settings.largest_loss:g} %"
            found = f"{changes.gone:,} of {changes.before:,} people gone"
            mend = "Is the file whole? If they did leave, raise `directory.largest_loss` for this once."
            raise _Refused([Problem(mask(version.name), found, f"a loss of {share} at most", mend)])


def _without_erased(connection: Connection, rows: list[DirectoryRow], door: Door) -> list[DirectoryRow]:
    """Who was erased does not come back, as a person or as somebody's manager."""
    everybody = (each.hex() for row in rows for each in (*split_pseudonyms(row.pseudonyms), row.manager) if each)
    erased = {bytes.fromhex(each) for each in find_tombstoned(connection, everybody, tombstone=door.tombstone)}
    if not erased:
        return rows
    return [
        row._replace(manager=None) if row.manager in erased else row
        for row in rows
        if erased.isdisjoint(split_pseudonyms(row.pseudonyms))
    ]


def _left_behind(done: Iterable[str], versions: Iterable[Version]) -> list[str]:
    gone = {origin_of(name) for name in done} - {version.origin for version in versions}
    return [f"{mask(origin)}: no file of it is left; its people stand as they were" for origin in sorted(gone)]
