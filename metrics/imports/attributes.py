"""Which columns of a directory are attributes of people, and which would name them and are not kept. Reading the rows is
left to `directory_file`."""

import re
from collections.abc import Iterable, Mapping

from metrics.ledger.directory_store import Pairs

# Columns that name or describe one person. Nothing of ours asks for them, so they never reach the database.
_NEVER_KEPT = frozenset({
    "name", "fullname", "displayname", "firstname", "givenname", "lastname", "familyname", "surname", "middlename",
    "nickname", "email", "mail", "emailaddress", "login", "username", "phone", "telephone", "mobile", "birthday",
    "birthdate", "dateofbirth", "street",
})  # fmt: skip
_FEWEST_ROWS = 50
_MOST_VALUES = 10_000


def names_a_person(name: str) -> bool:
    return re.sub(r"[^a-z]", "", name.lower()) in _NEVER_KEPT


def find_tellers(rows: Iterable[Pairs]) -> dict[str, int]:
    """Attributes that tell people apart rather than group them, with their number of values: more of these than half the
    rows that have one (of 50 rows or more), or more than any page can show."""
    values: dict[str, set[str]] = {}
    filled: dict[str, int] = {}
    for pairs, number in _count(rows).items():
        for name, value in pairs:
            values.setdefault(name, set()).add(value)
            filled[name] = filled.get(name, 0) + number
    return {
        name: len(found)
        for name, found in values.items()
        if len(found) > _MOST_VALUES or (filled[name] >= _FEWEST_ROWS and 2 * len(found) > filled[name])
    }


def _count(rows: Iterable[Pairs]) -> Mapping[Pairs, int]:
    counts: dict[Pairs, int] = {}
    for pairs in rows:
        counts[pairs] = counts.get(pairs, 0) + 1
    return counts
