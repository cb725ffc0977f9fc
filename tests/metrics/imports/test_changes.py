"""Rows of a file against rows that stand: properties of any sequence of files, with and without dates of their own."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.imports.changes import find_changes
from metrics.ledger.directory_store import DirectoryRow

PEOPLE = [bytes([number]) * 32 for number in range(4)]
SAYS = ("{}", '{"department":"Sales"}', '{"department":"Service"}')

Standing = dict[int, DirectoryRow]
File = tuple[int, list[DirectoryRow]]


def row(
    main: bytes, says: str = "{}", begin: int | None = None, end: int | None = None, also: bytes = b""
) -> DirectoryRow:
    pseudonyms = b"".join(sorted({main, *([also] if also else [])}))
    return DirectoryRow(main, pseudonyms, None, "", False, False, says, begin, end)


def apply(standing: Standing, rows: Sequence[DirectoryRow], at: int | None) -> Standing:
    changes = find_changes(standing, rows, at)
    left = {id: one for id, one in standing.items() if id not in changes.removed}
    left |= {id: left[id]._replace(valid_to=end) for id, end in changes.ended.items()}
    first = max(standing, default=0) + 1
    return left | {first + number: one for number, one in enumerate(changes.added)}


def state(rows: Sequence[DirectoryRow], moment: float, since: float = float("-inf")) -> list[tuple[object, ...]]:
    """What holds at a moment; rows that do not say when they begin do `since` then."""
    return sorted(
        one.content
        for one in rows
        if (since if one.valid_from is None else one.valid_from)
        <= moment
        < (float("inf") if one.valid_to is None else one.valid_to)
    )


@st.composite
def a_person(draw: st.DrawFn, main: bytes, dated: bool) -> list[DirectoryRow]:
    """One person's rows in a file: one row, or two that follow each other."""
    cuts = sorted(draw(st.sets(st.integers(0, 60), min_size=2, max_size=2)))
    says = draw(st.sampled_from(SAYS))
    if not dated:
        return [row(main, says)]
    begin, end = draw(st.sampled_from([(None, None), (cuts[0], None), (None, cuts[1]), (cuts[0], cuts[1])]))
    rows = [row(main, says, begin, end)]
    if end is not None and draw(st.booleans()):
        rows.append(row(main, draw(st.sampled_from(SAYS)), end))
    return rows


@st.composite
def some_files(draw: st.DrawFn, *, dated: bool) -> list[File]:
    moments = sorted(draw(st.sets(st.integers(10, 50), min_size=1, max_size=4)))
    files = []
    for moment in moments:
        present = draw(st.sets(st.sampled_from(PEOPLE)))
        files.append((moment, [one for main in sorted(present) for one in draw(a_person(main, dated))]))
    return files


def read(files: Sequence[File]) -> Standing:
    standing: Standing = {}
    for number, (moment, rows) in enumerate(files):
        standing = apply(standing, rows, None if number == 0 else moment)
    return standing


@settings(deadline=None)
@given(some_files(dated=True))
def test_the_latest_file_alone_says_who_is_there_from_its_moment_on(files: list[File]) -> None:
    standing = read(files)
    at, rows = files[-1]
    since = float("-inf") if len(files) == 1 else at
    for moment in range(at, 65):
        assert state(list(standing.values()), moment) == state(rows, moment, since)


@settings(deadline=None)
@given(some_files(dated=True))
def test_a_file_read_twice_changes_nothing_the_second_time(files: list[File]) -> None:
    standing = read(files)
    at, rows = files[-1]
    assert not find_changes(standing, rows, None if len(files) == 1 else at).any


@settings(deadline=None)
@given(some_files(dated=True))
def test_nobody_ever_stands_in_two_rows_at_once(files: list[File]) -> None:
    rows = list(read(files).values())
    for moment in range(65):
        mains = [content[0] for content in state(rows, moment)]
        assert len(mains) == len(set(mains))


@settings(deadline=None)
@given(some_files(dated=False))
def test_a_file_without_dates_leaves_what_was_before_it_as_it_was(files: list[File]) -> None:
    before, after = read(files[:-1]), read(files)
    for moment in range(files[-1][0] if len(files) > 1 else 0):
        assert state(list(after.values()), moment) == state(list(before.values()), moment)


@settings(deadline=None)
@given(some_files(dated=False))
def test_rows_are_as_few_as_the_changes(files: list[File]) -> None:
    rows = sorted(read(files).values(), key=lambda one: (one.main, one.valid_from or -1))
    for one, following in pairwise(rows):
        if one.main == following.main:
            assert one.valid_to != following.valid_from or one.content != following.content


def test_people_in_the_file_under_another_identifier_are_not_counted_as_gone() -> None:
    standing = {1: row(PEOPLE[0], also=PEOPLE[1]), 2: row(PEOPLE[2])}
    changes = find_changes(standing, [row(PEOPLE[1])], 10)
    assert (changes.gone, changes.before) == (1, 2)


def test_two_people_whom_a_later_row_shows_to_be_one_keep_their_history() -> None:
    standing = {1: row(PEOPLE[0], SAYS[1]), 2: row(PEOPLE[1], SAYS[2])}
    after = apply(standing, [row(PEOPLE[0], SAYS[1], also=PEOPLE[1])], 10)
    assert state(list(after.values()), 9) == state(list(standing.values()), 9)
    assert [content[0] for content in state(list(after.values()), 10)] == [PEOPLE[0]]


def test_rows_of_one_person_found_through_a_third_row_are_one_group() -> None:
    rows = [
        row(PEOPLE[0], SAYS[1], end=10),
        row(PEOPLE[1], SAYS[2], begin=20),
        row(PEOPLE[0], SAYS[0], begin=10, end=20, also=PEOPLE[1]),
    ]
    after = apply({1: row(PEOPLE[1], SAYS[1])}, rows, 30)
    assert [len(state(list(after.values()), moment)) for moment in (5, 15, 25, 35)] == [1, 1, 1, 1]
