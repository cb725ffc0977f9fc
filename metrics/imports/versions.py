"""Of which directory a file is a version, from when it holds, and in which order files are read."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from typing import NamedTuple

from config.problem import Problem
from metrics.imports.files import File
from metrics.ledger.imported_store import Imported
from metrics.masking import mask, shown
from metrics.moments import midnight, read_day

_DATED = re.compile(r"(.*?)[-_. ]?(\d{4}-\d\d-\d\d)[-_. ]?(.*)", re.ASCII)
_NAMELESS = "directory"
_ALWAYS = -(2**62)


class Version(NamedTuple):
    """`as_of`: the moment from which the file holds, by its name or the configuration; None where neither says."""

    path: File
    origin: str
    as_of: int | None

    @property
    def name(self) -> str:
        return self.path.name


def origin_of(name: str) -> str:
    """What all versions of one directory share: the file's name without date and ending."""
    stem = name.rpartition(".")[0]
    match = _DATED.fullmatch(stem)
    return stem if match is None else "-".join(filter(None, (match[1], match[3]))) or _NAMELESS


def find_versions(files: Iterable[File], days: Mapping[str, date], zone: tzinfo) -> tuple[list[Version], list[Problem]]:
    """`days`: file name to day, which wins over the name. Of two files of one origin and day, only the first is taken."""
    versions: dict[tuple[str, int | None], Version] = {}
    problems: list[Problem] = []
    for path in files:
        try:
            version = Version(path, origin_of(path.name), _as_of(path.name, days, zone))
        except ValueError:
            problems.append(Problem(mask(path.name), "a date in its name that no calendar has", "a day: 2026-11-02"))
            continue
        other = versions.setdefault((version.origin, version.as_of), version)
        if other is not version:
            found = f"{shown(path.name)} beside {shown(other.name)}"
            mend = "The second is not read: give it another name, or the day from which it holds."
            problems.append(Problem("directory.files", found, "one file of a name and day", mend))
    return list(versions.values()), problems


def _as_of(name: str, days: Mapping[str, date], zone: tzinfo) -> int | None:
    day = days.get(name)
    if day is None:
        match = _DATED.fullmatch(name.rpartition(".")[0])
        if match is None:
            return None
        day = read_day(match[2])
    return midnight(day, zone)


class Timeline:
    """What was read so far, which decides when the next file begins to hold."""

    def __init__(self, done: Mapping[str, Imported]) -> None:
        self._latest: dict[str, int] = {}
        self._beginning: int | None = None
        for name, file in done.items():
            self.add(origin_of(name), file.as_of)

    def add(self, origin: str, as_of: int | None) -> None:
        moment = _moment(as_of)
        self._latest[origin] = max(self._latest.get(origin, moment), moment)
        self._beginning = moment if self._beginning is None else min(self._beginning, moment)

    def knows(self, origin: str) -> bool:
        return origin in self._latest

    def order(self, versions: Iterable[Version], now: int) -> list[Version]:
        """As they begin to hold. A file without a date is the first of its origin, or else what holds now."""

        def key(version: Version) -> tuple[int, str]:
            undated = now if self.knows(version.origin) else _ALWAYS
            return (undated if version.as_of is None else version.as_of, version.name)

        return sorted(versions, key=key)

    def begins(self, version: Version, now: int) -> int | None:
        """The moment from which a version holds; None: always. So do the earliest files of all, dated or not, since nothing
        is known from before them; an origin that joins later begins at its date, where it has one."""
        if self.knows(version.origin):
            return now if version.as_of is None else version.as_of
        first = self._beginning is None or _moment(version.as_of) <= self._beginning
        return None if first else version.as_of

    def is_overtaken(self, version: Version) -> bool:
        """Whether a later version of the same origin was read already."""
        return version.as_of is not None and self._latest.get(version.origin, _ALWAYS) > version.as_of


def _moment(as_of: int | None) -> int:
    return _ALWAYS if as_of is None else as_of
