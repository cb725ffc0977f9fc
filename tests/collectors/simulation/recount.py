"""A plain recount of simulated files: text in, people counted. Nothing of the simulation's own code, or it would agree with itself."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import yaml

_EVENTS = {
    "processed": "queued",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "bounced",
    "dropped": "rejected",
    "open": "opened",
    "click": "clicked",
}
_LOG = re.compile(
    r'^\S+ - (\S+) \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000)\] "[A-Z]+ (\S+) HTTP/1.1" \d+ \d+ "[^"]*" "[^"]*"$'
)
_SITE = "https://intranet.example.org"


class Seen(NamedTuple):
    """One event as a stream shows it. `person`: None where anonymous."""

    stream: str
    action: str
    reference: str
    person: str | None
    at: datetime
    id: str


class Recount:
    """`events` and `malformed`, read from all streams of a simulation's directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.events: list[Seen] = []
        self.malformed: Counter[str] = Counter()
        self.published: dict[str, dict[str, Any]] = {}
        self.cloudevents: list[dict[str, Any]] = []
        for path in sorted((root / "streams").glob("*/*")):
            for line in path.read_bytes().split(b"\n")[:-1]:
                self._read(path, line)

    def _read(self, path: Path, line: bytes) -> None:
        stream = path.parent.name
        try:
            if path.suffix == ".log":
                self.events.append(_read_request(line))
                return
            document = json.loads(line.decode("utf-8"))
            elements = document if isinstance(document, list) else [document]
            for element in elements:
                if element.get("type") == "earshot.message.published":
                    self.published[element["subject"]] = element["data"]
                    continue
                read = _read_cloudevent if "specversion" in element else _read_sendgrid
                self.events.append(read(stream, element))
                if "specversion" in element:
                    self.cloudevents.append(element)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.malformed[stream] += 1

    def entries(self) -> dict[str, dict[str, Any]]:
        """What the catalogue's file says, and events where it is silent."""
        text = (self.root / "catalogue" / "messages.yaml").read_text(encoding="utf-8")
        entries = {entry["id"]: entry for entry in yaml.load(text, Loader=yaml.CSafeLoader) or []}
        return {**self.published, **entries}

    def people_by_action(self) -> dict[str, dict[str, set[str]]]:
        """message -> action -> main identifiers of those on record, for described messages and people of the directory."""
        message_of, main_of = self._message_of(), self.main_identifiers()
        found: dict[str, dict[str, set[str]]] = {}
        for event in self.events:
            message, person = message_of.get(event.reference), main_of.get((event.person or "").lower())
            if message is not None and person is not None:
                found.setdefault(message, {}).setdefault(event.action, set()).add(person)
        return found

    def _message_of(self) -> dict[str, str]:
        return {
            reference: entry["id"]
            for entry in self.entries().values()
            for reference in (entry["id"], *entry.get("ids", ()))
        }

    def newest_answers(self, days: int) -> dict[tuple[str, str], dict[str, Any]]:
        """(message, question) -> main identifier -> the choice or value that was given last within days of the sending."""
        message_of, main_of, entries = self._message_of(), self.main_identifiers(), self.entries()
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for event in sorted(self.cloudevents, key=lambda event: str(event["time"])):
            data = event["data"]
            message = message_of.get(event.get("subject", "").partition("?")[0])
            if message is not None and "question" in data:
                closes = datetime.fromisoformat(entries[message]["sent_at"]) + timedelta(days=days)
                if datetime.fromisoformat(event["time"]) < closes:
                    answers = found.setdefault((message, data["question"]), {})
                    answers[main_of[data["address"].lower()]] = data.get("choice", data.get("value"))
        return found

    def item_steps(self) -> dict[str, dict[str, dict[str, Any]]]:
        """item -> action -> the event that tells of it, the earliest."""
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for event in sorted(self.cloudevents, key=lambda event: str(event["time"])):
            if "item" in event["data"]:
                steps = found.setdefault(event["data"]["item"], {})
                steps.setdefault(event["type"].removeprefix("earshot."), event)
        return found

    def main_identifiers(self) -> dict[str, str]:
        """Any identifier of the directory, in lower case, to the person's main one."""
        mains = {}
        for _, rows in self.directories():
            for row in rows.values():
                for identifier in (row["address"], *row["ids"].split()):
                    mains[identifier.lower()] = row["address"]
        return mains

    def directories(self) -> list[tuple[datetime, dict[str, dict[str, str]]]]:
        """Each file's rows by main identifier, from when they hold."""
        found = []
        for path in sorted((self.root / "directory").glob("*.csv")):
            day = path.stem.removeprefix("people").removeprefix("-")
            since = datetime.fromisoformat(day or "1970-01-01").replace(tzinfo=ZoneInfo("Europe/Paris"))
            with path.open(encoding="utf-8", newline="") as file:
                found.append((since, {row["address"]: row for row in csv.DictReader(file)}))
        return sorted(found, key=lambda pair: pair[0])

    def audience(self, entry: dict[str, Any]) -> dict[str, dict[str, str]]:
        """The rows an entry's audience means, as they were when it was sent."""
        sent_at = datetime.fromisoformat(entry["sent_at"])
        rows = [rows for since, rows in self.directories() if since <= sent_at][-1]
        audience = entry["audience"]
        if audience == "all":
            return rows
        if isinstance(audience, list):
            return {address: rows[address] for address in audience}
        return {address: row for address, row in rows.items() if all(_fits(row, *item) for item in audience.items())}


def segments_of(row: dict[str, str]) -> Iterator[str]:
    yield "all"
    for attribute in ("department", "site", "level"):
        yield f"{attribute}={row[attribute]}"


def _fits(row: dict[str, str], name: str, values: list[str]) -> bool:
    return row["groups" if name == "group" else name] in values


def _read_request(line: bytes) -> Seen:
    found = _LOG.match(line.decode("utf-8"))
    if found is None:
        raise ValueError(line)
    user, time, path = found.groups()
    at = datetime.strptime(time, "%d/%b/%Y:%H:%M:%S %z")
    return Seen("portal", "viewed", f"{_SITE}{path}", None if user == "-" else user, at, "")


def _read_sendgrid(stream: str, element: dict[str, Any]) -> Seen:
    action = _EVENTS[element["event"]] + (" by machine" if element.get("sg_machine_open") is True else "")
    reference = element.get("earshot_message") or element["sg_message_id"].partition(".filter")[0]
    at = datetime.fromtimestamp(element["timestamp"] + 0, UTC)
    return Seen(stream, action, reference, element["email"], at, element["sg_event_id"])


def _read_cloudevent(stream: str, element: dict[str, Any]) -> Seen:
    action, data = element["type"].removeprefix("earshot."), element["data"]
    if action == "teleported":
        raise ValueError(action)
    shown = f"{action} by machine" if data.get("agent") == "apple_proxy" else action
    at = datetime.fromisoformat(element["time"])
    reference = data["item"] if "item" in data else element["subject"].partition("?")[0]
    return Seen(stream, shown, reference, data.get("address"), at, element["id"])
