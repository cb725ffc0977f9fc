"""The oracle's reading of raw streams: CloudEvents, SendGrid's posts, access logs; lines that are none of these are passed over.

Built on the standard `json` alone. What events mean is left to `acts`, which of them matter to `states`.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from glob import glob
from pathlib import Path
from typing import Any

from config.schema import SourceSettings
from tests.oracle.windows import SECOND_US

_ACTIONS = {
    *("queued", "sent", "delivered", "deferred", "bounced", "rejected", "complained", "unsubscribed"),
    *("opened", "read", "clicked", "viewed", "attended", "downloaded"),
    *("reacted", "unreacted", "replied", "commented", "shared", "acknowledged", "answered", "rated"),
    *("autoreplied", "not_read", "raised", "decided", "implemented", "recognised"),
}
_STEPS = {"raised", "decided", "implemented", "recognised"}
_SENDGRID = {
    "processed": "queued",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "bounced",
    "dropped": "rejected",
    "open": "opened",
    "click": "clicked",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)")
_LOG_LINE = re.compile(
    r'(?P<ip>\S+) \S+ (?P<user>.+?) \[(?P<time>[^\]]+)\] "(?P<method>[A-Z]+) (?P<path>\S+)[^"]*" (?P<status>\d{3}) \S+'
    r'(?: "[^"]*" "(?P<agent>[^"]*)")?\s*'
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST_US = int(datetime(1995, 1, 1, tzinfo=UTC).timestamp()) * SECOND_US
_TEN_MINUTES_US, _TEN_YEARS_US = 600 * SECOND_US, 3652 * 86400 * SECOND_US


@dataclass(frozen=True)
class RawEvent:
    """One event as its source tells it. `person` is a name made by the oracle's `name`; times in microseconds."""

    action: str
    reference: str
    channel: str
    id: str = ""
    person: str | None = None
    occurred_us: int | None = None
    received_us: int | None = None
    machine: str = "unknown"
    agent: str = ""
    evidence: str = ""
    seconds: float | None = None
    version: str | None = None
    choice: str = ""
    link: str = ""
    item: str = ""
    stance: str = ""
    question: str = ""
    value: float | None = None
    cell: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Announced:
    """A catalogue entry that came as an event, and its place among others of the same message."""

    entry: dict[str, Any]
    order: tuple[int, str, str]
    occurred_us: int | None
    received_us: int | None


Heard = RawEvent | Announced
Name = Callable[[str], str]


def read_source(source: SourceSettings, name: Name) -> Iterator[Heard]:
    """Everything the files of a source tell, in no particular order. ValueError for a decoder that the oracle has not."""
    readers = {"cloudevents": _cloudevents, "sendgrid": _sendgrid, "access_log": _access_log}
    if source.decoder not in readers:
        raise ValueError(f"the oracle has no reader for {source.decoder}")
    if source.origin.files is None:
        raise ValueError("the oracle reads files alone")
    for line in _lines(source.origin.files):
        yield from readers[source.decoder](line, source, name)


def is_seen(heard: Heard, now_us: int, *, is_past: bool) -> bool:
    """Whether it was received (else occurred) by now, and its time can be believed. What says no time at all is there now; of a past
    nobody knows that it was."""
    occurred, received = heard.occurred_us, heard.received_us
    known = received if received is not None else occurred
    if known is None:
        return not is_past
    if known > now_us:
        return False
    if occurred is None:
        return True
    if received is None:
        return occurred >= _OLDEST_US
    return received - _TEN_YEARS_US <= occurred <= received + _TEN_MINUTES_US


def parse_time(text: str) -> int:
    """Microseconds since 1970 UTC of a time with its offset from UTC; ValueError for anything else."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError("not a time with an offset")
    moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{'+00:00' if match[4] in 'Zz' else match[4]}")
    return (moment - _EPOCH) // timedelta(microseconds=1) + int((match[3] or "")[:6].ljust(6, "0"))


def _lines(place: Path) -> Iterator[str]:
    found = sorted(place.iterdir()) if place.is_dir() else sorted(Path(path) for path in glob(str(place)))
    for path in found:
        if path.is_file():
            data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            # What stands after the last line feed is still being written.
            for line in data.split(b"\n")[:-1]:
                try:
                    yield line.decode()
                except UnicodeDecodeError:
                    continue


def _elements(line: str) -> list[dict[str, Any]]:
    try:
        document = json.loads(line, object_pairs_hook=_without_repeats, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return []
    return [one for one in (document if isinstance(document, list) else [document]) if isinstance(one, dict)]


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not JSON")


def _cloudevents(line: str, source: SourceSettings, name: Name) -> Iterator[Heard]:
    for event in _elements(line):
        try:
            yield _cloudevent(event, source, name)
        except (ValueError, KeyError, TypeError):
            continue


def _cloudevent(event: dict[str, Any], source: SourceSettings, name: Name) -> Heard:
    action = event["type"].removeprefix("earshot.")
    occurred, received = _time_at(event, "time"), _time_at(event, "receivedtime")
    data = event.get("data") or {}
    if event["specversion"] != "1.0" or not event["id"] or not event["source"]:
        raise ValueError("not a CloudEvent")
    if action == "message.published":
        entry = {"id": event.get("subject"), **data}
        content = json.dumps(entry, sort_keys=True)
        return Announced(entry, (occurred or received or 0, event["id"], content), occurred, received)
    if action not in _ACTIONS or not (data.get("item") or (event.get("subject") and action not in _STEPS)):
        raise ValueError("no action of ours, or about nothing")
    seconds, value = data.get("engaged_seconds"), data.get("value")
    return RawEvent(
        action=action,
        reference=event.get("subject") or "",
        channel=data.get("channel") or source.channel,
        id=event["id"],
        person=data.get("person") or (name(data["address"]) if data.get("address") else None),
        occurred_us=occurred,
        received_us=received,
        machine=data.get("machine") or "unknown",
        agent=data.get("agent") or "",
        evidence=data.get("evidence") or "",
        seconds=None if seconds is None else float(seconds),
        version=data.get("version"),
        choice=data.get("choice") or "",
        **{key: data.get(key) or "" for key in ("link", "item", "stance", "question")},
        value=None if value is None else float(value),
        cell=data.get("cell") or {},
    )


def _time_at(event: dict[str, Any], key: str) -> int | None:
    return parse_time(event[key]) if event.get(key) is not None else None


def _sendgrid(line: str, source: SourceSettings, name: Name) -> Iterator[Heard]:
    for event in _elements(line):
        action, moment, email = _SENDGRID.get(str(event.get("event"))), event.get("timestamp"), event.get("email")
        own = event.get("earshot_message") or str(event.get("sg_message_id") or "").split(".filter")[0]
        reference = own or str(event.get("smtp-id") or "").strip("<>")
        if action is None or type(moment) is not int or not email or not reference:
            continue
        flag = event.get("sg_machine_open") if action == "opened" else None
        yield RawEvent(
            action=action,
            reference=reference,
            channel=source.channel,
            id=str(event.get("sg_event_id") or ""),
            person=name(email),
            occurred_us=moment * SECOND_US,
            machine={True: "yes", False: "no"}.get(flag, "unknown") if isinstance(flag, bool) else "unknown",
            agent="apple_proxy" if event.get("useragent") == "Mozilla/5.0" else "",
            link=str(event.get("url") or ""),
        )


def _access_log(line: str, source: SourceSettings, name: Name) -> Iterator[Heard]:
    match = _LOG_LINE.fullmatch(line)
    if match is None or match["user"] == "-" or match["method"] != "GET" or match["status"] not in ("200", "304"):
        return
    try:
        moment = datetime.strptime(match["time"], "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        return
    yield RawEvent(
        action="viewed",
        reference=f"{source.options.get('site', '')}{match['path'].partition('?')[0]}",
        channel=source.channel,
        person=name(match["user"]),
        occurred_us=(moment - _EPOCH) // timedelta(microseconds=1),
        agent="apple_proxy" if match["agent"] == "Mozilla/5.0" else "",
    )
