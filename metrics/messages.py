"""The messages there are: entries by id, the references that events may call them by, and the campaigns they belong to. What an
entry may say is `entries`, who a message was meant for is left to `audiences`."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

import msgspec

from config.problem import did_you_mean
from config.schema import Mode
from metrics.entries import BadEntry, Entry, read_entry
from metrics.ledger.catalogue_store import StoredEntry
from metrics.masking import shown
from metrics.units import find_units

Message: TypeAlias = Entry
"""A message is what its entry says; times in microseconds since 1970 UTC."""

_NAMED = 3  # of what is wrong with many messages, as many are named


@dataclass(frozen=True)
class Catalogue:
    """`messages`: by id. `message_of_reference`: a reference as emitted to the id of its message.

    `units`: what counts each person once, unit to the ids of its messages by the time of sending: those of one campaign, of a
    chain of reminders, or one message. `deeds`: the ids of messages with an `action` to the references under which it is on record;
    `wanted_by`: the same the other way round. `unreadable`: entries (of events) that nobody can read. `version`: a digest of all.
    """

    messages: Mapping[str, Message]
    message_of_reference: Mapping[str, str]
    units: Mapping[str, tuple[str, ...]]
    problems: tuple[str, ...] = ()
    unreadable: int = 0
    version: str = ""
    _unit_of: Mapping[str, str] = field(default_factory=dict)
    deeds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wanted_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def unit_of(self, message: str) -> str:
        """The unit of a message, by its id."""
        return self._unit_of[message]

    def units_about(self, reference: str) -> frozenset[str]:
        """The units that facts under a reference are about: its message's, and those of messages that want it done."""
        own = self.message_of_reference.get(reference)
        messages = (*self.wanted_by.get(reference, ()), *(() if own is None else (own,)))
        return frozenset(self._unit_of[message] for message in messages)

    def singly(self) -> "Catalogue":
        """The same, every message for itself: where nobody can tell who stands in two of them."""
        return replace(self, units={id: (id,) for id in self.messages}, _unit_of={id: id for id in self.messages})

    def as_kept(self, mode: Mode, canonical: Callable[[str], str]) -> "Catalogue":
        """As a mode can tell it. Of totals nobody can tell who stands in two messages; a token belongs to one message, by its id alone:
        under another reference the same recipient is somebody else."""
        if mode != "cells":
            return self if mode == "people" else self.singly()
        own = {each: id for id in self.messages for each in (canonical(id), id)}
        return replace(self.singly(), message_of_reference=own, deeds={}, wanted_by={})


def read_catalogue(stored: Iterable[StoredEntry], canonical: Callable[[str], str]) -> Catalogue:
    """`stored`: of each message what an event said, a file, or both: then the file's holds. `canonical`: a reference as the
    intake writes it, so that `<id>` and a URL with its query join what is recorded without."""
    problems: list[str] = []
    messages, digest, unreadable = _read_messages(stored, problems)
    references = _join(messages, canonical, problems)
    units, unclear = find_units(messages, references)
    problems += unclear
    unit_of = {id: unit for unit, ids in units.items() for id in ids}
    problems += _find_gaps(messages.values())
    deeds = _find_deeds(messages, references, canonical)
    known = tuple(problems), unreadable, digest, unit_of
    return Catalogue(messages, references, units, *known, deeds=deeds, wanted_by=_turned(deeds))


@lru_cache(maxsize=16_384)
def _read(body: str) -> Entry:
    return read_entry(msgspec.json.decode(body, type=dict))


def _read_messages(stored: Iterable[StoredEntry], problems: list[str]) -> tuple[dict[str, Message], str, int]:
    messages: dict[str, Message] = {}
    digest = hashlib.sha256()
    unreadable = 0
    # A file's before an event's; what an event says stands in where the other cannot be read.
    for entry in sorted(stored, key=lambda entry: (entry.message, entry.origin != "file")):
        try:
            message = _read(entry.body)
        except (BadEntry, msgspec.DecodeError) as error:
            unreadable += 1
            problems.append(f"{shown(entry.message)}: its entry ({_origin(entry)}) is not read: {error}")
            continue
        if message.id not in messages:
            messages[message.id] = message
            digest.update(entry.body.encode() + b"\n")
    return messages, digest.hexdigest()[:16], unreadable


def _origin(entry: StoredEntry) -> str:
    return "of an event" if entry.file is None else f"of {shown(entry.file)}"


def _join(messages: Mapping[str, Message], canonical: Callable[[str], str], problems: list[str]) -> dict[str, str]:
    """References to ids. The message whose own id it is has a reference before one that names it among its others, that one
    before those it is only the canonical form of; of equals the first by id."""
    claims: list[tuple[int, str, str]] = []
    for id, message in messages.items():
        claims.append((0, id, id))
        claims += [(1, id, reference) for reference in message.ids]
        claims += [(2, id, canonical(reference)) for reference in (id, *message.ids)]
    found: dict[str, str] = {}
    for _, id, reference in sorted(claims):
        other = found.setdefault(reference, id)
        if other != id:
            problems.append(f"{shown(reference)} is claimed by {shown(other)}, which has it, and by {shown(id)}")
    return found


def _find_deeds(
    messages: Mapping[str, Message], references: Mapping[str, str], canonical: Callable[[str], str]
) -> dict[str, tuple[str, ...]]:
    """What a message wants done is on record as the entry names it; where that is a message, under all its references."""
    own: dict[str, set[str]] = {}
    for reference, id in references.items():
        own.setdefault(id, set()).add(reference)
    found = {}
    for id, message in messages.items():
        if message.action is not None:
            named = {message.action, canonical(message.action)}
            others = [own[references[each]] for each in named if each in references]
            found[id] = tuple(sorted(named.union(*others)))
    return found


def _turned(deeds: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for id, references in sorted(deeds.items()):
        for reference in references:
            found.setdefault(reference, []).append(id)
    return {reference: tuple(ids) for reference, ids in found.items()}


def _find_gaps(messages: Iterable[Message]) -> list[str]:
    ordered = sorted(messages, key=lambda message: message.id)
    unsent = [message.id for message in ordered if message.sent_at is None]
    unmeant = [message.id for message in ordered if message.audience is None and not message.totals]
    return [
        *_say("no `sent_at`, so no audience and no reading", unsent),
        *_say("no `audience`, so no reach", unmeant),
    ]


def find_unlisted(catalogue: Catalogue, word: str, listed: Collection[str]) -> list[str]:
    """Messages whose `topic` or `goal` (the word) is none of those the configuration lists. An empty list allows any."""
    by_value: dict[str, list[str]] = {}
    for id, message in sorted(catalogue.messages.items()):
        value = getattr(message, word)
        if listed and value is not None and value not in listed:
            by_value.setdefault(value, []).append(id)
    problems = []
    for value, ids in sorted(by_value.items()):
        near = did_you_mean(value, sorted(listed))
        problems += _say(f"the {word} {shown(value)} is none of the configured ones. {near}".strip(), ids)
    return problems


def _say(what: str, ids: list[str]) -> list[str]:
    if not ids:
        return []
    named = ", ".join(shown(id) for id in ids[:_NAMED])
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return [f"{named}{more}: {what}"]
