"""Finding the files that an operator named, and telling cheaply which of them changed. What they say is left to their readers."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from config.problem import Problem
from metrics.imports.rows import ENDINGS, SUFFIXES
from metrics.ledger.imported_store import Imported
from metrics.masking import mask, shown


class Held(NamedTuple):
    """What somebody else holds and hands over as if it were a file, such as a topic."""

    name: str
    body: bytes

    def read_bytes(self) -> bytes:
        return self.body


File: TypeAlias = "Path | Held"


class Found(NamedTuple):
    """`files`: by their name without the folder, sorted. `missing`: names of files that are configured and not there."""

    files: dict[str, File]
    missing: frozenset[str]
    problems: list[Problem]


def name_of(topic: str) -> str:
    """What a topic that is read whole is called among the files: it is one, in JSON."""
    return f"{topic}.json"


def find_files(key: str, patterns: Iterable[Path], topics: Sequence[str] = (), held: Iterable[Held] = ()) -> Found:
    """The files that paths, folders and globs name, and the `topics` that are `held` just now; those that are not are missing. `key`:
    where they stand in the configuration, for the problems."""
    names = {name_of(topic) for topic in topics}
    paths: set[File] = {each for each in held if each.name in names}
    missing: set[str] = names - {each.name for each in paths}
    problems: list[Problem] = []
    for pattern in patterns:
        found = _match(pattern)
        if found is None:
            missing.add(pattern.name)
            allowed = f"a file, a folder or a glob, of files that end in {ENDINGS}"
            problems.append(Problem(key, f"{shown(str(pattern))}, which is not there", allowed))
        else:
            paths.update(found)
    files: dict[str, File] = {}
    for path in sorted(paths, key=lambda path: (path.name, isinstance(path, Held), str(path))):
        if files.setdefault(path.name, path) is not path:
            two = f"two files called {shown(path.name)}"
            problems.append(Problem(key, two, "each name once, whatever the folder", "The second is not read."))
    return Found(files, frozenset(missing), problems)


def _match(pattern: Path) -> list[Path] | None:
    """None where there is nothing to look at. A folder or a glob that holds no file at this moment is nothing wrong."""
    if pattern.is_file():
        return [pattern]
    if pattern.is_dir():
        return [path for path in pattern.iterdir() if path.suffix.lower() in SUFFIXES and _is_plain(path)]
    if any(sign in pattern.name for sign in "*?[") and pattern.parent.is_dir():
        return [path for path in pattern.parent.glob(pattern.name) if _is_plain(path)]
    return None


def _is_plain(path: Path) -> bool:
    # Editors and copies in progress leave hidden files beside the real ones.
    return path.is_file() and not path.name.startswith((".", "~"))


def read_file(path: File) -> tuple[str, bytes]:
    """Its digest, 64 hex digits, and what is in it. OSError where it cannot be read."""
    body = path.read_bytes()
    return hashlib.sha256(body).hexdigest(), body


def is_new(name: str, digests: Mapping[str, str], done: Mapping[str, Imported]) -> bool:
    return name not in done or done[name].digest != digests[name]


class Digests:
    """The digest of each file, taken again only where its size, time of change or inode differ."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, int, int], str]] = {}

    def of(self, files: Iterable[File]) -> tuple[dict[str, str], list[Problem]]:
        """64 hex digits by the file's name; those that cannot be read are problems."""
        digests: dict[str, str] = {}
        problems: list[Problem] = []
        for path in files:
            try:
                digests[path.name] = self._digest(path)
            except OSError as error:
                reason = error.strerror or "an error"
                problems.append(Problem(mask(path.name), f"a file that cannot be read ({reason})", "a readable file"))
        return digests, problems

    def _digest(self, path: File) -> str:
        if isinstance(path, Held):
            return read_file(path)[0]
        stat = path.stat()
        state = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
        known = self._known.get(path)
        if known is None or known[0] != state:
            known = self._known[path] = (state, read_file(path)[0])
        return known[1]
