"""What a directory file changes: its rows against those that stand, pure. A reorganisation never rewrites history: what
stood before the file's moment stays, except where the file itself gives dates."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from metrics.ledger.directory_store import DirectoryRow, split_pseudonyms

_ALWAYS = -(2**62)
_NEVER = 2**62


class Changes(NamedTuple):
    """`removed`: ids; `ended`: id to the new `valid_to`. `gone` of `before` people stand in no row of the file any more."""

    removed: list[int]
    ended: dict[int, int | None]
    added: list[DirectoryRow]
    gone: int
    before: int

    @property
    def any(self) -> bool:
        return bool(self.removed or self.ended or self.added)


def find_changes(standing: dict[int, DirectoryRow], rows: Sequence[DirectoryRow], at: int | None) -> Changes:
    """`standing`: all rows of the file's origin, by id. `at`: the moment from which the file holds (microseconds); None:
    always, as of a first file.

    From `at` on, the file alone says who is there. A row with times of its own is taken at its word, also before `at`: the
    person's history is kept up to the first time it gives, and the same row with another beginning is the same row, dated.
    """
    groups = _Groups(rows)
    stood: dict[int, list[int]] = {}
    absent: list[int] = []
    for id, row in standing.items():
        group = groups.find(row)
        if group is None:
            absent.append(id)
        else:
            stood.setdefault(group, []).append(id)
    changes = Changes([], {}, [], *_losses(standing, absent, at))
    for id in absent:
        if _end(standing[id]) > _moment(at):
            _put(changes, {id: standing[id]}, _cut([standing[id]], _moment(at)))
    for group, members in enumerate(groups.members):
        if members:
            old = {id: standing[id] for id in stood.get(group, ())}
            _put(changes, old, _history(list(old.values()), [rows[number] for number in members], _moment(at)))
    return changes


def _moment(at: int | None) -> int:
    return _ALWAYS if at is None else at


def _begin(row: DirectoryRow) -> int:
    return _ALWAYS if row.valid_from is None else row.valid_from


def _end(row: DirectoryRow) -> int:
    return _NEVER if row.valid_to is None else row.valid_to


class _Groups:
    """The file's rows by person: rows that share an identifier are about the same one."""

    def __init__(self, rows: Sequence[DirectoryRow]) -> None:
        self.members: list[list[int]] = []
        self._group_of: dict[bytes, int] = {}
        for number, row in enumerate(rows):
            self._add(number, row)

    def _add(self, number: int, row: DirectoryRow) -> None:
        pseudonyms = split_pseudonyms(row.pseudonyms)
        met = {self._group_of[each] for each in pseudonyms if each in self._group_of}
        group = min(met, default=len(self.members))
        if group == len(self.members):
            self.members.append([])
        self.members[group].append(number)
        for each in pseudonyms:
            self._group_of[each] = group
        for other in met - {group}:
            # Rare: a later row shows that two people met before are one.
            self.members[group] += self.members[other]
            self.members[other] = []
            self._group_of.update({each: group for each, where in self._group_of.items() if where == other})

    def find(self, row: DirectoryRow) -> int | None:
        found = self._group_of.get(row.main)
        if found is not None:
            return found
        return next((self._group_of[each] for each in split_pseudonyms(row.pseudonyms) if each in self._group_of), None)


def _losses(standing: dict[int, DirectoryRow], absent: Iterable[int], at: int | None) -> tuple[int, int]:
    moment = _moment(at)
    there = {id for id, row in standing.items() if _begin(row) <= moment < _end(row)}
    return len(there.intersection(absent)), len(there)


def _cut(rows: Iterable[DirectoryRow], moment: int) -> list[DirectoryRow]:
    """What of the rows lies before a moment."""
    return [row if _end(row) <= moment else row._replace(valid_to=moment) for row in rows if _begin(row) < moment]


def _history(old: list[DirectoryRow], new: list[DirectoryRow], at: int) -> list[DirectoryRow]:
    """One person's rows, as they stand after the file: `old` up to the first moment that the file speaks of, then `new`."""
    if len(old) == len(new) == 1 and old[0] == new[0]:
        return old
    dates = [row.valid_to if row.valid_from is None else row.valid_from for row in new]
    speaks = min([at, *(date for date in dates if date is not None)])
    dated = [row for row in new if row.valid_from is not None]
    kept = _cut((row for row in old if not any(_same(row, other) for other in dated)), speaks)
    begun = [row if row.valid_from is not None or at == _ALWAYS else row._replace(valid_from=at) for row in new]
    return _join([*kept, *(row for row in begun if _begin(row) < _end(row))], apart=dated)


def _same(old: DirectoryRow, dated: DirectoryRow) -> bool:
    return old.content == dated.content and _begin(old) < _end(dated) and _begin(dated) < _end(old)


def _join(rows: Iterable[DirectoryRow], *, apart: Collection[DirectoryRow]) -> list[DirectoryRow]:
    """Rows that follow one another and say the same become one; not so one that the file itself dated, or the next reading of
    the file would not know it again."""
    joined: list[DirectoryRow] = []
    for row in sorted(rows, key=lambda row: (_begin(row), _end(row), row.main)):
        follows = joined and _end(joined[-1]) == _begin(row) and joined[-1].content == row.content
        if follows and row not in apart:
            joined[-1] = joined[-1]._replace(valid_to=row.valid_to)
        else:
            joined.append(row)
    return joined


def _put(changes: Changes, old: dict[int, DirectoryRow], history: list[DirectoryRow]) -> None:
    """The fewest writes that turn the old rows into the history."""
    wanted = list(history)
    left = {id: row for id, row in old.items() if row not in wanted}
    for row in old.values():
        if row in wanted:
            wanted.remove(row)
    for id, row in left.items():
        same = next((one for one in wanted if one[:8] == row[:8]), None)
        if same is None:
            changes.removed.append(id)
        else:
            changes.ended[id] = same.valid_to
            wanted.remove(same)
    changes.added.extend(wanted)
