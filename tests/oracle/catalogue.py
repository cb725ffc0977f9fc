"""The oracle's catalogue: the messages as entries describe them, and the people each was meant for.

Entries come from files and from `message.published` events; a file's wins over an event's, the newest event over older ones.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.schema import CatalogueSettings
from tests.oracle.directory import Directory, Row, read_table, words_of
from tests.oracle.raw import Announced, parse_time

_TEXTS = (
    *("sender", "owner", "topic", "goal", "purpose", "setting", "language", "version", "campaign", "reminder_of"),
    *("content_id", "action"),
)
_NUMBERS = ("words", "lix")


@dataclass(frozen=True)
class Question:
    """One that a message asks: `options` is how many there are to choose from, `lowest` to `highest` a scale."""

    options: int
    correct: str | None
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class Message:
    """One entry; times in microseconds since 1970 UTC, `references` every id that events may name it by."""

    id: str
    references: frozenset[str]
    channel: str
    sent_us: int
    audience: Any = None
    holdout: Any = None
    action: str | None = None
    sender: str | None = None
    owner: str | None = None
    topic: str | None = None
    goal: str | None = None
    purpose: str | None = None
    setting: str | None = None
    words: float | None = None
    links: int | None = None
    lix: float | None = None
    language: str | None = None
    expects: frozenset[str] = frozenset()
    due_us: int | None = None
    version: str | None = None
    campaign: str | None = None
    reminder_of: str | None = None
    content_id: str | None = None
    urgent: bool = False
    questions: Mapping[str, Question] = field(default_factory=dict)
    totals: Mapping[tuple[tuple[str, str], ...], int] = field(default_factory=dict)


def canonical(reference: str) -> str:
    """A reference as joined: of a URL the scheme, host in lower case, and path; anything else as it is."""
    if not reference.startswith(("http://", "https://")):
        return reference
    parts = urlsplit(reference)
    host = (parts.hostname or "") + (f":{parts.port}" if parts.port else "")
    return f"{parts.scheme}://{host}{parts.path}"


def read_catalogue(settings: CatalogueSettings, announced: Iterable[Announced]) -> list[Message]:
    """Every message with a channel and a moment of sending, by sending and id."""
    entries: dict[str, Mapping[str, Any]] = {}
    for one in sorted(announced, key=lambda one: one.order):
        entries[one.entry["id"]] = one.entry
    for path in sorted({Path(found) for place in settings.files for found in glob(str(place))}):
        for entry in read_table(path, "messages"):
            entries[str(entry["id"]).strip()] = entry
    messages = [_message(entry) for entry in entries.values() if entry.get("sent_at") and entry.get("channel")]
    return sorted(messages, key=lambda message: (message.sent_us, message.id))


def _message(entry: Mapping[str, Any]) -> Message:
    def text(key: str) -> str | None:
        value = entry.get(key)
        return str(value).strip() or None if value is not None else None

    own_id, due = text("id") or "", text("due_at")
    numbers = {key: float(entry[key]) if text(key) else None for key in _NUMBERS}
    plain: dict[str, Any] = {**{key: text(key) for key in _TEXTS}, **numbers}
    return Message(
        id=own_id,
        references=frozenset(canonical(reference) for reference in [own_id, *words_of(entry.get("ids"))]),
        channel=text("channel") or "",
        sent_us=parse_time(text("sent_at") or ""),
        audience=_structure(entry.get("audience")),
        holdout=_condition_or_share(entry.get("holdout")),
        urgent=(text("urgent") or "").lower() == "true",
        questions={str(one["id"]): _question(one) for one in _structure(entry.get("questions")) or ()},
        totals=_counted_last(_structure(entry.get("totals")) or ()),
        expects=frozenset(words_of(entry.get("expects"))),
        due_us=parse_time(due) if due else None,
        links=_number_of_links(entry.get("links")),
        **plain,
    )


def _number_of_links(value: Any) -> int | None:
    if isinstance(value, list | tuple):
        return len(value)
    return int(value) if value not in (None, "") else None


def _counted_last(totals: Iterable[Mapping[str, Any]]) -> dict[tuple[tuple[str, str], ...], int]:
    """Of each cell the audience that was counted last."""
    ordered = sorted(totals, key=lambda each: parse_time(each["at"]))
    return {tuple(sorted((each.get("cell") or {}).items())): int(each["audience"]) for each in ordered}


def _question(entry: Mapping[str, Any]) -> Question:
    def number(key: str) -> float | None:
        return None if entry.get(key) in (None, "") else float(entry[key])

    correct = entry.get("correct")
    return Question(
        options=len(entry.get("options") or ()),
        correct=None if correct in (None, "") else str(correct),
        lowest=number("lowest"),
        highest=number("highest"),
    )


def _structure(value: Any) -> Any:
    """A text, a mapping or a list; a table's cell holds the latter two as JSON."""
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        return json.loads(value)
    return value or None


def _condition_or_share(value: Any) -> Any:
    said = _structure(value)
    return said if said is None or isinstance(said, dict) else float(said)


def meant_for(message: Message, directory: Directory, called: Callable[[str], int | None]) -> dict[int, Row]:
    """The audience, and whoever is held out of it: its condition over the rows valid at the sending. Nobody where the entry names no
    audience."""
    valid = directory.at(message.sent_us)
    match message.audience:
        case None:
            return {}
        case str():
            return valid if message.audience.strip() == "all" else {}
        case list():
            named = {called(str(identifier)) for identifier in message.audience}
            return {person: row for person, row in valid.items() if person in named}
        case _:
            return {person: row for person, row in valid.items() if _holds(message.audience, row)}


def _holds(condition: Mapping[str, Any], row: Row) -> bool:
    for attribute, wanted in condition.items():
        allowed = [str(value).strip() for value in (wanted if isinstance(wanted, list) else [wanted])]
        own = row.groups if attribute == "group" else {row.attributes.get(attribute)}
        if not own.intersection(allowed):
            return False
    return True


def join_campaigns(messages: Sequence[Message]) -> dict[str, str]:
    """Message id to the name of its unit: one for all that share a campaign or are chained by `reminder_of`."""
    unit = {message.id: message.id for message in messages}
    campaigns: dict[str, str] = {}
    for message in messages:
        others = [message.reminder_of] if message.reminder_of in unit else []
        if message.campaign is not None:
            others.append(campaigns.setdefault(message.campaign, message.id))
        for other in others:
            old, new = unit[message.id], unit[str(other)]
            unit = {one: new if name == old else name for one, name in unit.items()}
    return unit
