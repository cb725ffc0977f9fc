"""The oracle's directory: who is one person, and what was true of them at a moment. Audiences are left to `catalogue`.

Left out: refusing a file in which many are gone, and several files without a date.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from glob import glob
from pathlib import Path
from typing import Any

import yaml

from config.schema import DirectorySettings
from tests.oracle.windows import SECOND_US, Clocks

_RESERVED = ("address", "person", "ids", "manager", "groups", "valid_from", "valid_to", "images", "objects")
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)")
BEGINNING, END = -(2**62), 2**62


@dataclass(frozen=True)
class Row:
    """What a file says of a person from one moment (inclusive) to another (exclusive), in microseconds. `manager`: as written."""

    person: int
    attributes: Mapping[str, str]
    groups: frozenset[str]
    images_blocked: bool
    objects: bool
    manager: str
    since: int
    until: int


class Directory:
    """People are small integers in the order in which files name them."""

    def __init__(self, settings: DirectorySettings, clocks: Clocks, name: Callable[[str], str]) -> None:
        self._clocks = clocks
        self._name = name
        self._same: dict[str, str] = {}
        sheets = sorted(self._sheets(settings), key=lambda sheet: sheet[0])
        starts = [start for start, _ in sheets]
        if len(set(starts)) < len(starts):
            raise ValueError("the oracle knows one file without a date and one a day")
        for _, lines in sheets:
            for line in lines:
                self._join(self._identifiers(line))
        self._numbers: dict[str, int] = {}
        self._first: dict[int, str] = {}
        self._rows: list[Row] = []
        for (start, lines), end in zip(sheets, [*starts[1:], END], strict=False):
            self._rows += [self._row(line, start, end) for line in lines]

    def person(self, identifier: str) -> int | None:
        """Who is called so, by a name that `name` has made; None for people of no row."""
        return self._numbers.get(self._root(identifier)) if identifier in self._same else None

    def called(self, identifier: str) -> int | None:
        """Who is called so, by an identifier as written."""
        return self.person(self._name(identifier))

    def at(self, moment_us: int) -> dict[int, Row]:
        """Everybody with a row valid at the moment."""
        valid: dict[int, Row] = {}
        for row in self._rows:
            if row.since <= moment_us < row.until:
                valid.setdefault(row.person, row)
        return valid

    def throughout(self, first_us: int, last_us: int) -> dict[int, Row]:
        """Everybody with a row valid at every moment from the first to the last, both included, with the row of the last."""
        rows: dict[int, list[Row]] = defaultdict(list)
        for row in self._rows:
            rows[row.person].append(row)
        there = self.at(last_us).items()
        return {person: row for person, row in there if _reach(rows[person], first_us) > last_us}

    def objecting(self) -> set[int]:
        """Everybody who ever objected to being tracked."""
        return {row.person for row in self._rows if row.objects}

    def first_name(self, person: int) -> str:
        """The name of the identifier that stands first in the first line about somebody."""
        return self._first[person]

    def values(self, attribute: str) -> list[str]:
        """The values an attribute has ever had."""
        return sorted({row.attributes[attribute] for row in self._rows if attribute in row.attributes})

    def _sheets(self, settings: DirectorySettings) -> Iterable[tuple[int, list[dict[str, Any]]]]:
        for path in sorted({Path(found) for place in settings.files for found in glob(str(place))}):
            day = settings.as_of.get(path.name)
            dated = _DATED.search(path.name)
            if day is None and dated is not None:
                day = date.fromisoformat(dated[1])
            start = BEGINNING if day is None else self._clocks.midnight(day) * SECOND_US
            yield start, [line for line in read_table(path, "people") if self._identifiers(line)]

    def _identifiers(self, line: Mapping[str, Any]) -> list[str]:
        hashed = [str(line["person"]).strip()] if line.get("person") else []
        written = [line["address"]] if line.get("address") else []
        return hashed + [self._name(str(identifier)) for identifier in [*written, *words_of(line.get("ids"))]]

    def _join(self, identifiers: Sequence[str]) -> None:
        for identifier in identifiers:
            self._same.setdefault(identifier, identifier)
            self._same[self._root(identifier)] = self._root(identifiers[0])

    def _root(self, identifier: str) -> str:
        while self._same[identifier] != identifier:
            identifier = self._same[identifier]
        return identifier

    def _row(self, line: Mapping[str, Any], start: int, end: int) -> Row:
        own = self._identifiers(line)[0]
        root = self._root(own)
        self._first.setdefault(self._numbers.setdefault(root, len(self._numbers)), own)
        attributes = {key: str(value).strip() for key, value in line.items() if key and key not in _RESERVED}
        return Row(
            person=self._numbers[root],
            attributes={key: value for key, value in attributes.items() if value},
            groups=frozenset(words_of(line.get("groups"))),
            images_blocked=str(line.get("images", "")).strip().lower() == "blocked",
            objects=str(line.get("objects", "")).strip().lower() == "true",
            manager=str(line.get("manager") or "").strip(),
            since=max(start, self._moment(line.get("valid_from"), start)),
            until=min(end, self._moment(line.get("valid_to"), end)),
        )

    def _moment(self, value: Any, default: int) -> int:
        text = str(value or "").strip()
        if not text:
            return default
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return self._clocks.midnight(date.fromisoformat(text)) * SECOND_US
        return int(datetime.fromisoformat(text).timestamp()) * SECOND_US


def _reach(rows: Iterable[Row], moment_us: int) -> int:
    """The first moment, from this one on, at which none of the rows is valid."""
    for row in sorted(rows, key=lambda row: row.since):
        if row.since <= moment_us:
            moment_us = max(moment_us, row.until)
    return moment_us


def read_table(path: Path, key: str) -> list[dict[str, Any]]:
    """The rows of a CSV, JSON or YAML file: a list, or the list that stands under `key`. YAML's scalars stay texts."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(text)))
    document = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.BaseLoader)
    rows: list[dict[str, Any]] = document[key] if isinstance(document, dict) else document or []
    return rows


def words_of(value: Any) -> list[str]:
    """A list as files write it: a list, or words between spaces."""
    if isinstance(value, list | tuple):
        return [str(word).strip() for word in value]
    return str(value or "").split()
