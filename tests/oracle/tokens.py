"""The oracle where people are tokens of one message (mode `cells`): who a token is, which cell it stands in, and how many did nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tests.oracle.catalogue import Message, canonical
from tests.oracle.directory import BEGINNING, END, Directory, Row
from tests.oracle.raw import Announced, RawEvent

Heard = RawEvent | Announced


def as_tokens(heard: Iterable[Heard]) -> list[Heard]:
    """Everybody as who they are under one message; nobody where there is none, and nobody who raised feedback."""
    return [_as_token(one) if isinstance(one, RawEvent) else one for one in heard]


def _as_token(event: RawEvent) -> RawEvent:
    if event.person is None or not event.reference or event.action == "raised":
        return replace(event, person=None)
    return replace(event, person=f"{canonical(event.reference)} {event.person}")


def _leaves_a_fact(event: RawEvent) -> bool:
    """Whoever took a reaction back, and is on record with nothing else, left nothing."""
    return event.action != "unreacted" or event.seconds is not None


def alone(messages: Iterable[Message]) -> list[Message]:
    """Every message by its id alone, and for itself; nothing that happens elsewhere is known of its people."""
    return [
        replace(
            one,
            references=frozenset({canonical(one.id)}),
            audience="all" if one.totals else None,
            campaign=None,
            reminder_of=None,
            action=None,
            holdout=None,
        )
        for one in messages
    ]


class Tokens(Directory):
    """In the place of a directory that files would fill. Of several cells that a token came with, the first by its text holds."""

    def __init__(self, heard: Iterable[Heard]) -> None:
        self._number_of: dict[str, int] = {}
        self._row_of: dict[int, Row] = {}
        self._of_message: dict[str, list[int]] = defaultdict(list)
        self._values: dict[str, set[str]] = defaultdict(set)
        cells: dict[str, set[tuple[tuple[str, str], ...]]] = defaultdict(set)
        for event in heard:
            if isinstance(event, RawEvent) and event.person is not None and _leaves_a_fact(event):
                cells[event.person] |= {tuple(sorted(event.cell.items()))} if event.cell else set()
                if event.person not in self._number_of:
                    self._number_of[event.person] = len(self._number_of)
                    self._of_message[canonical(event.reference)].append(self._number_of[event.person])
        for name, number in self._number_of.items():
            self._row_of[number] = self._stand(number, dict(min(cells[name])) if cells[name] else {})

    def _stand(self, number: int, cell: Mapping[str, str]) -> Row:
        for name, value in cell.items():
            self._values[name].add(value)
        return Row(number, cell, frozenset(), False, False, "", BEGINNING, END)

    def meant(self, message: Message) -> dict[int, Row]:
        """The tokens of a message, and of each cell that was counted as many more as did nothing; nobody where nobody counted."""
        if not message.totals:
            return {}
        people = {number: self._row_of[number] for number in self._of_message[canonical(message.id)]}
        tokens = list(people.values())
        for cell, audience in message.totals.items():
            seen = sum(set(cell) <= set(row.attributes.items()) for row in tokens)
            for _ in range(audience - seen):
                number = -1 - len(people)
                people[number] = self._stand(number, dict(cell))
        return people

    def person(self, identifier: str) -> int | None:
        return self._number_of.get(identifier)

    def called(self, _: str) -> int | None:
        return None

    def at(self, _: int) -> dict[int, Row]:
        return {}

    def throughout(self, _first_us: int, _last_us: int) -> dict[int, Row]:
        return {}

    def first_name(self, person: int) -> str:
        return str(person)

    def objecting(self) -> set[int]:
        return set()

    def values(self, attribute: str) -> list[str]:
        return sorted(self._values[attribute])
