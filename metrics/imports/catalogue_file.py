"""A catalogue file, read at the door: people in its entries hashed, each entry checked, all errors at once. What an entry may
say is left to `metrics.entries`."""

from dataclasses import replace
from typing import Any, NamedTuple

from collectors.events import Undecodable
from config.problem import Problem
from metrics.entries import BadEntry, Entry, read_entry
from metrics.entry_values import AUDIENCE
from metrics.imports.door import Door
from metrics.imports.rows import first_of, read_rows
from metrics.imports.trees import FileRow, Malformed, read_flow
from metrics.masking import HIDDEN, mask

# In a cell of CSV these may be written as in YAML; a title may well begin with a bracket of its own.
_NESTED = frozenset({"ids", "audience", "holdout", "links", "expects", "questions", "totals"})


class CatalogueFile(NamedTuple):
    """`entries`: by id; none where there are problems."""

    entries: dict[str, Entry]
    problems: list[Problem]


def read_catalogue_file(name: str, body: bytes, door: Door) -> CatalogueFile:
    """Times without a zone are read in the organisation's: a person wrote them."""
    problems: list[Problem] = []
    entries: dict[str, Entry] = {}
    places: dict[str, str] = {}
    for row in read_rows(name, body):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        try:
            entry = _read(row, door, is_csv=name.lower().endswith(".csv"))
        except BadEntry as bad:
            problems += [_in_file(problem, name, row) for problem in bad.problems]
            continue
        if entry.id in entries:
            allowed = f"each `id` once; {places[entry.id]} has it too"
            problems.append(Problem(f"{mask(name)}: id", f"`{mask(entry.id)}`", allowed, place=row.place))
        entries[entry.id] = entry
        places[entry.id] = row.place
    return CatalogueFile({} if problems else entries, first_of(problems, name))


def _in_file(problem: Problem, name: str, row: FileRow) -> Problem:
    return replace(problem, path=f"{mask(name)}: {problem.path}", place=row.place)


def _read(row: FileRow, door: Door, *, is_csv: bool) -> Entry:
    said: dict[str, Any] = dict(row.cells)
    if is_csv:
        said = {key: _nested(key, cell) if key in _NESTED else cell for key, cell in said.items()}
    # An owner that is an address is refused, not hashed: a file's author can mend it.
    owner = {"owner": said.pop("owner")} if "owner" in said else {}
    try:
        hashed = door.hash_entry(said, door.pseudonym)
    except Undecodable:
        raise BadEntry([Problem("sender or audience", HIDDEN, f"identifiers; for the audience {AUDIENCE}")]) from None
    return read_entry(hashed | owner, door.zone)


def _nested(key: str, cell: Any) -> Any:
    text = cell.strip()
    if text[:1] in ("{", "["):
        try:
            return read_flow(text)
        except Malformed as malformed:
            raise BadEntry([Problem(key, str(malformed), malformed.allowed)]) from None
    return text.split() if key == "audience" and text.lower() != "all" else text
