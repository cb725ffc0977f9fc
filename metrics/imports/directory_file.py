"""A directory file, read at the door: rows checked, every identifier hashed, all errors at once. When its rows begin to
hold is left to `changes`, which columns are kept to `attributes`."""

import re
from collections.abc import Callable
from datetime import tzinfo
from typing import Any, NamedTuple

from config.problem import Problem
from metrics.imports.attributes import find_tellers, names_a_person
from metrics.imports.cells import (
    Refused,
    attribute_of,
    column_of,
    groups_of,
    identifier_of,
    images_blocked,
    moment_of,
    words_of,
    yes_or_no,
)
from metrics.imports.rows import first_of, read_rows
from metrics.imports.trees import FileRow, Tree
from metrics.ledger.directory_store import DirectoryRow, Pairs, split_pseudonyms, write_attributes
from metrics.masking import HIDDEN, shown

COLUMNS = ("address", "person", "ids", "manager", "groups", "valid_from", "valid_to", "images", "objects")

_PSEUDONYM = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PASSED_OVER = "(passed over)"


class DirectoryFile(NamedTuple):
    """`rows`: none where there are problems; times are those the file gives, None where it gives none.
    `notes`: columns that were left out, and why."""

    rows: list[DirectoryRow]
    problems: list[Problem]
    notes: list[str]


def read_directory_file(name: str, body: bytes, *, zone: tzinfo, pseudonym: Callable[[str], str]) -> DirectoryFile:
    """`pseudonym` gives the 64 hex digits of an identifier; what is one already stands as it is."""
    reader = _RowReader(name, zone, pseudonym)
    read: list[_Read] = []
    places: list[str] = []
    for row in read_rows(name, body):
        if isinstance(row, Problem):
            reader.problems.append(row)
        else:
            read.append(reader.read(row))
            places.append(row.place)
    problems = reader.problems
    if read and not reader.columns & {"address", "person"}:
        allowed = "a column `address` (or `person`, for pseudonyms made with the same key)"
        problems = [Problem(f"{name}: columns", "none of them", allowed, "Who is each row about?")]
    if problems := problems or _find_overlaps(name, read, places):
        return DirectoryFile([], first_of(problems, name), [])
    tellers = find_tellers(row.attributes for row in read)
    without = frozenset(tellers)
    rows = [DirectoryRow(*row[:6], write_attributes(row.attributes, without), *row[7:]) for row in read]
    return DirectoryFile(rows, [], _notes(name, reader.left_out, tellers))


def _notes(name: str, left_out: set[str], tellers: dict[str, int]) -> list[str]:
    notes = [f"{name}: the column {shown(column)} names people and is not kept" for column in sorted(left_out)]
    for column, values in sorted(tellers.items()):
        notes.append(f"{name}: {shown(column)} has {values:,} values: it tells people apart and is not kept")
    return notes


class _Read(NamedTuple):
    """A DirectoryRow whose attributes are still open: which are kept is known when every row is read."""

    main: bytes
    pseudonyms: bytes
    manager: bytes | None
    groups: str
    images_blocked: bool
    objects: bool
    attributes: Pairs
    valid_from: int | None
    valid_to: int | None


class _RowReader:
    """Reads row after row; `problems` and `left_out` (columns passed over) grow. Behind it no identifier is plain."""

    def __init__(self, name: str, zone: tzinfo, pseudonym: Callable[[str], str]) -> None:
        self._name = name
        self._pseudonym = pseudonym
        self.problems: list[Problem] = []
        self.left_out: set[str] = set()
        self._columns: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        self._readers: dict[str, Callable[[Tree], Any]] = {
            "address": lambda cell: self._hash(identifier_of(cell)),
            "person": _given_pseudonym,
            "ids": lambda cell: [self._hash(identifier_of(word)) for word in words_of(cell)],
            "manager": lambda cell: self._hash(identifier_of(cell)),
            "groups": groups_of,
            "valid_from": lambda cell: moment_of(cell, zone),
            "valid_to": lambda cell: moment_of(cell, zone),
            "images": images_blocked,
            "objects": yes_or_no,
        }

    @property
    def columns(self) -> set[str]:
        """Those met so far."""
        return set(self._columns.values())

    def read(self, row: FileRow) -> _Read:
        given: dict[str, Any] = {}
        attributes: list[tuple[str, str]] = []
        bad: set[str] = set()
        for key, cell in row.cells.items():
            column = key
            try:
                column = self._columns.get(key) or self._column(key)
                reader = self._readers.get(column)
                if reader is not None:
                    if column in given:
                        raise Refused("a second column of that name", "each column once")
                    given[column] = reader(cell)
                elif column != _PASSED_OVER and (value := self._attribute(cell)):
                    attributes.append((column, value))
            except Refused as refused:
                bad.add(column)
                self._refuse(row, column, refused)
        attributes.sort()
        if not bad & {"address", "person"} and not given.get("address") and not given.get("person"):
            self._refuse(row, "address", Refused("nothing", "who the row is about, here or in `person`"))
        return self._person(row, given, tuple(attributes))

    def _person(self, row: FileRow, given: dict[str, Any], attributes: Pairs) -> _Read:
        main = given.get("address") or given.get("person") or b""
        begin, end = given.get("valid_from"), given.get("valid_to")
        if begin is not None and end is not None and begin >= end:
            allowed = "a time after `valid_from`: the first moment at which the row no longer holds"
            self._refuse(row, "valid_to", Refused("no time between the two", allowed))
        pseudonyms = {main, given.get("person") or main, *given.get("ids", ())}
        return _Read(
            main=main,
            pseudonyms=b"".join(sorted(pseudonyms)),
            manager=given.get("manager"),
            groups="\n".join(sorted(set(given.get("groups", ())))),
            images_blocked=given.get("images", False),
            objects=given.get("objects", False),
            attributes=attributes,
            valid_from=begin,
            valid_to=end,
        )

    def _column(self, key: str) -> str:
        """What a column is called by us; one that may not stand is refused once, in the first row that has it."""
        self._columns[key] = _PASSED_OVER
        column = self._columns[key] = column_of(key, COLUMNS)
        if column not in COLUMNS and names_a_person(column):
            self.left_out.add(column)
            self._columns[key] = _PASSED_OVER
        return self._columns[key]

    def _attribute(self, cell: Tree) -> str:
        """Departments repeat: each is checked once."""
        if not isinstance(cell, str):
            return attribute_of(cell)
        value = self._attributes.get(cell)
        if value is None:
            value = self._attributes[cell] = attribute_of(cell)
        return value

    def _hash(self, identifier: str) -> bytes | None:
        if not identifier:
            return None
        return bytes.fromhex(identifier if _PSEUDONYM.fullmatch(identifier) else self._pseudonym(identifier))

    def _refuse(self, row: FileRow, column: str, refused: Refused) -> None:
        path = f"{self._name}: {column if column in COLUMNS else shown(column)}"
        self.problems.append(Problem(path, refused.found, refused.allowed, refused.mend, place=row.place))


def _given_pseudonym(cell: Tree) -> bytes | None:
    text = identifier_of(cell)
    if text and not _PSEUDONYM.fullmatch(text):
        raise Refused(HIDDEN, "64 lower-case hex digits", "Plain identifiers go in `address`.")
    return bytes.fromhex(text) or None


def _find_overlaps(name: str, rows: list[_Read], places: list[str]) -> list[Problem]:
    """An identifier that stands in two rows at the same time: nobody could say which of them it is."""
    problems: list[Problem] = []
    first: dict[bytes, int] = {}
    later: dict[bytes, list[int]] = {}  # few have any
    for number, row in enumerate(rows):
        clash: int | None = None
        for each in split_pseudonyms(row.pseudonyms):
            if (one := first.setdefault(each, number)) != number:
                others = later.setdefault(each, [one])
                clash = next((other for other in others if _meet(rows[other], row)), clash)
                others.append(number)
        if clash is not None:
            allowed = f"an identifier in one row at a time; {places[clash]} has it too"
            mend = "Join the two rows, or let one end (`valid_to`) when the other begins (`valid_from`)."
            problems.append(
                Problem(f"{name}: address or ids", "an identifier a second time", allowed, mend, place=places[number])
            )
    return problems


def _meet(one: _Read, other: _Read) -> bool:
    def begins_before_end(first: _Read, second: _Read) -> bool:
        return first.valid_from is None or second.valid_to is None or first.valid_from < second.valid_to

    return begins_before_end(one, other) and begins_before_end(other, one)
