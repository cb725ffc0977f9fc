"""What a simulated person is called by the systems around them, and the directory's files that tell it. No names: numbers only."""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from collectors.simulation.company import GROUPS, NEVER, Company
from collectors.simulation.hours import day_of


class Identifiers:
    """Lists with an entry a person, strangers included. `main`: the directory's own (a mail address, a login for people
    without a mailbox); `mail`: as the mail system writes it; `login`: of the intranet; `object_id`: of chat."""

    def __init__(self, company: Company, seed: int) -> None:
        everybody = range(company.size)
        mailbox = company.flags["mailbox"].tolist()
        aliased = company.flags["aliased"].tolist()
        strangers = [f"x{number:04d}" for number in range(company.strangers)]
        foreign = [f"{name}@partner.example.net" for name in strangers]
        self.login = [f"u{person:05d}" for person in everybody] + strangers
        self.main = [_address(person) if mailbox[person] else self.login[person] for person in everybody] + foreign
        self.mail = [
            _written(person, _alias(person) if aliased[person] else self.main[person]) for person in everybody
        ] + foreign
        self.object_id = [_object_id(seed, number) for number in range(company.size + company.strangers)]
        self.others = [
            " ".join(_others(self, person, has_mailbox=mailbox[person], has_alias=aliased[person]))
            for person in everybody
        ]


def _address(person: int) -> str:
    return f"p{person:05d}@example.org"


def _alias(person: int) -> str:
    return f"p{person:05d}@old.example.org"


def _written(person: int, identifier: str) -> str:
    # Mail systems keep an address as somebody once typed it.
    return identifier.upper() if person % 50 == 7 else identifier


def _object_id(seed: int, person: int) -> str:
    digest = hashlib.blake2b(f"{seed}/{person}".encode(), digest_size=16).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}"


def _others(identifiers: Identifiers, person: int, *, has_mailbox: bool, has_alias: bool) -> Iterable[str]:
    if has_mailbox:
        yield identifiers.login[person]
    yield identifiers.object_id[person]
    if has_alias:
        yield _alias(person)


def write_directory(folder: Path, company: Company, identifiers: Identifiers) -> None:
    """`people.csv` as it was in the beginning and, since each day on which anybody came, went or moved, `people-YYYY-MM-DD.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "people.csv", company, identifiers, moment=min(company.changes_us, default=NEVER) - 1)
    for moment in company.changes_us:
        _write(folder / f"people-{day_of(moment):%Y-%m-%d}.csv", company, identifiers, moment=moment)


def _write(path: Path, company: Company, identifiers: Identifiers, *, moment: int) -> None:
    codes = {name: company.codes(name, moment).tolist() for name in (*company.attributes, "wave")}
    names = {name: company.values(name) for name in codes}
    flags = {name: flag.tolist() for name, flag in company.flags.items()}
    managers = company.managers(moment).tolist()
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("address", "ids", "manager", "groups", *codes, "images", "objects"))
        for person in np.flatnonzero(company.present(moment)).tolist():
            manager = managers[person]
            rows.writerow(
                (
                    identifiers.main[person],
                    identifiers.others[person],
                    identifiers.main[manager] if manager >= 0 else "",
                    GROUPS[0] if flags["leaders"][person] else "",
                    *(names[name][codes[name][person]] for name in codes),
                    "blocked" if flags["declared"][person] else "",
                    "true" if flags["objects"][person] else "",
                )
            )
