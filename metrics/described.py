"""Messages and people as they were described last: read from files, kept in the ledger, and read anew when it says that they changed. What
each part of an evaluation makes of them is left to `evaluation`."""

from collections.abc import Callable, Iterable, Sequence

from config.problem import Problem
from config.schema import Settings
from metrics.imports.directory import Progress
from metrics.imports.door import Door
from metrics.imports.files import Held
from metrics.imports.watch import Imports
from metrics.ledger import catalogue_store, directory_store
from metrics.ledger.catalogue_store import read_entries
from metrics.ledger.database import Connection
from metrics.messages import Catalogue, Message, read_catalogue
from metrics.people import People, read_people


class Described:
    """`canonical`: a reference as it is kept. `problems` and `notes`: of the files, as they were last; `changed`: what changed with
    them then."""

    def __init__(self, settings: Settings, door: Door, canonical: Callable[[str], str]) -> None:
        self._imports = Imports(settings.directory, settings.catalogue, door)
        self._mode = settings.mode
        self._canonical = canonical
        self._marks: tuple[object, object] | None = None
        self.catalogue = Catalogue({}, {}, {})
        self._people: People | None = None
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.changed: list[str] = []

    def import_files(self, connection: Connection, now: int, progress: Progress | None, held: Sequence[Held]) -> None:
        """Bring the ledger up to date with the files."""
        report = self._imports.run(connection, now, progress, held)
        self.problems, self.notes, self.changed = report.problems, report.notes, report.name_changed()

    def renew(self, connection: Connection) -> bool:
        """Read both where anything changed; whether it did."""
        marks = (catalogue_store.change_mark(connection), directory_store.change_mark(connection))
        if marks == self._marks:
            return False
        self._marks = marks
        catalogue = read_catalogue(read_entries(connection), self._canonical)
        self.catalogue = catalogue.as_kept(self._mode, self._canonical)
        self._people = read_people(connection)
        return True

    def forget(self) -> None:
        """What is known of people does not hold any more."""
        self._marks = None

    @property
    def people(self) -> People:
        """Once they were read."""
        assert self._people is not None
        return self._people

    @property
    def known_people(self) -> People | None:
        """None before."""
        return self._people

    def messages_of(self, units: Iterable[str]) -> list[Message]:
        return [self.catalogue.messages[id] for unit in units for id in self.catalogue.units[unit]]

    def message_of(self, reference: str | None) -> Message | None:
        """The message that a reference belongs to."""
        id = self.catalogue.message_of_reference.get(reference or "")
        return self.catalogue.messages[id] if id is not None else None
