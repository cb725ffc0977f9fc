"""The commands that only read: the published readings, references nobody described, and who is held out of a message."""

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo

from metrics.audiences import find_audience
from metrics.draw import Draw
from metrics.indicators import INDICATORS
from metrics.ledger.catalogue_store import read_entries
from metrics.ledger.database import open_readonly
from metrics.ledger.sets import list_references
from metrics.ledger.snapshots import read_snapshot
from metrics.messages import read_catalogue
from metrics.people import read_people
from metrics.printing import json_lines, readings_table
from metrics.snapshot import Snapshot
from metrics.unmatched import find_unmatched
from metrics.wording import Definition

DEFINITIONS = {id: Definition(indicator.question, indicator.formula) for id, indicator in INDICATORS.items()}
"""What each indicator asks and how it is computed, in plain words."""

_MOST_DRAFTS = 50


def find_snapshot(url: str) -> Snapshot | None:
    """The published snapshot, beside a running service or without one; LedgerError where there is no database."""
    with open_readonly(url).connect() as connection:
        return read_snapshot(connection)


def print_readings(snapshot: Snapshot, *, as_json: bool, zone: tzinfo, width: int) -> Iterator[str]:
    """Lines for a terminal, or one JSON object a reading."""
    if as_json:
        yield from json_lines(snapshot)
    else:
        yield readings_table(snapshot, zone=zone, definitions=DEFINITIONS, width=width)


def print_unmatched(url: str, canonical: Callable[[str], str]) -> Iterator[str]:
    """References that no catalogue describes, the largest first, each with a draft entry."""
    with open_readonly(url).connect() as connection:
        catalogue = read_catalogue(read_entries(connection), canonical)
        found = find_unmatched(list_references(connection), catalogue)
    if not found:
        yield "Every reference is described."
        return
    yield f"{len(found):,} reference{'s' if len(found) > 1 else ''} without a description, the one with most facts first.\n"
    for unmatched in found[:_MOST_DRAFTS]:
        yield f"# {unmatched.facts:,} facts on {', '.join(unmatched.channels)}"
        yield unmatched.draft
    if len(found) > _MOST_DRAFTS:
        yield f"... and {len(found) - _MOST_DRAFTS:,} smaller ones."


class NoHoldout(Exception):
    """Why nobody is held out of a message, in a sentence."""


def held_out(
    url: str, canonical: Callable[[str], str], draw: Draw, message: str, pseudonyms: Iterable[str | None]
) -> list[bool]:
    """Of whoever might be sent a message (None: nobody can be meant), whether they are in its holdout. NoHoldout where it has none."""
    with open_readonly(url).connect() as connection:
        catalogue = read_catalogue(read_entries(connection), canonical)
        people = read_people(connection)
    entry = catalogue.messages.get(catalogue.message_of_reference.get(message, ""))
    if entry is None:
        raise NoHoldout("no message of the catalogue is called that (./earshot import reads the files)")
    if entry.holdout is None or entry.sent_at is None or entry.audience is None:
        raise NoHoldout("its entry needs a holdout, an audience and sent_at")
    audience = find_audience(entry, people, draw).audience
    assert audience is not None
    assert audience.holdout is not None
    held = set(audience.holdout.person.tolist())
    return [name is not None and people.person_of_pseudonym(name) in held for name in pseudonyms]
