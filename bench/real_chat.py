"""A real network of private messages as a chat: every line a message with an audience of one, what a sender wrote in a week a campaign.
Taken down the road, and held against the plain count of `real_network`; what is written of it is left to `real_chat_told`."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.real_network import NEVER, Bundle, Count, Line, bundles, count, delay_within, week_of
from bench.real_pages import moment
from bench.real_road import Check, Trip, class_readings, message_readings, write_settings
from config.schema import Settings
from metrics.reading import D, E, Reading, State

ZONE = ZoneInfo("America/Los_Angeles")
DAY, HOUR = 86_400, 3600
WINDOWS = {"response": DAY, "reach": 7 * DAY, "time_to_reach": 7 * DAY}
LATENESS = HOUR
K = 10
_WORDS = {DAY: "24 hours", 7 * DAY: "7 days"}
_CLASS = "rolling 300 days"


def _target(name: str, indicator: str, **more: Any) -> dict[str, Any]:
    window = _WORDS[WINDOWS[indicator]]
    return {"name": name, "indicator": indicator, "window": window, "period": _CLASS, "judge": "count", **more}


_TARGETS = [
    _target("response", "response", value=0.5),
    _target("response_by_topic", "response", by="topic"),
    _target("response_by_joined", "response", by="joined"),
    _target("response_of_a_week", "response", period="week"),
    _target("reach", "reach"),
    _target("time_to_reach", "time_to_reach"),
    _target("time_to_reach_by_topic", "time_to_reach", by="topic"),
]


@dataclass(frozen=True)
class Network:
    """The lines, in order of time."""

    lines: Sequence[Line]

    @cached_property
    def joined(self) -> dict[str, str]:
        """Every member, and the month of their first line."""
        months: dict[str, str] = {}
        for line in self.lines:
            for member in (line.sender, line.receiver):
                months.setdefault(member, f"{datetime.fromtimestamp(line.at, ZONE):%Y-%m}")
        return months

    @cached_property
    def kinds(self) -> dict[str, list[Line]]:
        """By topic: what opens a conversation, and what goes on with one."""
        return {
            "opening": [line for line in self.lines if line.opens],
            "conversation": [line for line in self.lines if not line.opens],
        }


def message_of(line: Line) -> str:
    """The id of the message that a line becomes."""
    return f"line-{line.number:05d}"


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def write_network(network: Network, folder: Path) -> Settings:
    """Catalogue, directory and configuration; the stream is `stream`."""
    (folder / "chat").mkdir(parents=True)
    (folder / "catalogue.json").write_text(json.dumps([_entry(line) for line in network.lines]), encoding="utf-8")
    with (folder / "members.csv").open("w", encoding="utf-8", newline="") as file:
        rows = ((f"member-{member}", month) for member, month in network.joined.items())
        csv.writer(file).writerows([("address", "joined"), *rows])
    source = {
        **{"name": "chat", "decoder": "cloudevents", "from": {"files": "chat"}, "channel": "chat"},
        **{"lateness": "1 hour", "shows": ["delivered", "viewed", "replied"]},
    }
    written = {
        "organisation": {"name": "the members of a network", "zone": str(ZONE)},
        "sources": [source],
        "catalogue": {"files": ["catalogue.json"]},
        "directory": {"files": ["members.csv"], "segments": ["joined"]},
        "targets": _TARGETS,
    }
    return write_settings(folder, written)


def _entry(line: Line) -> dict[str, Any]:
    year, week = week_of(line.at, ZONE)
    return {
        **{"id": message_of(line), "channel": "chat", "sender": f"member-{line.sender}", "sent_at": _iso(line.at)},
        **{"audience": [f"member-{line.receiver}"], "expects": ["reply"]},
        **{"topic": "opening" if line.opens else "conversation", "campaign": f"{line.sender}-{year}-{week}"},
    }


def stream(lines: Iterable[Line]) -> list[bytes]:
    """What happened as CloudEvents, a line each, in order of time: every message is delivered at once, and its receiver's first
    message back, whenever that was, replies to it. Who writes back has seen it: without that, nothing would tell who was not reached."""
    happened: list[tuple[int, bytes]] = []
    for line in lines:
        for action, at in (("delivered", line.at), ("viewed", line.answered), ("replied", line.answered)):
            if at is not None:
                event = {
                    **{"specversion": "1.0", "id": f"{line.number}-{action}", "source": "/chat", "time": _iso(at)},
                    **{"type": f"earshot.{action}", "subject": message_of(line)},
                    "data": {"address": f"member-{line.receiver}"},
                }
                happened.append((at, json.dumps(event).encode() + b"\n"))
    return [body for _, body in sorted(happened, key=lambda each: each[0])]


def compare(network: Network, trip: Trip, *, as_of: int) -> list[Check]:
    """Every message alone and every class, before disclosure; then what is published."""
    return [
        *(_compare_messages(network, trip, indicator, as_of) for indicator in WINDOWS),
        _compare_classes(network, trip, as_of),
        _compare_week(network, trip, as_of),
        _compare_published(network, trip, as_of),
    ]


def _compare_messages(network: Network, trip: Trip, indicator: str, as_of: int) -> Check:
    check = Check(f"{indicator}, every message alone, as of {moment(as_of)}")
    readings, window = message_readings(trip.answers, indicator), WINDOWS[indicator]
    sent = [line for line in network.lines if line.at <= as_of]
    check.hold("messages", len(readings), len(sent))
    for line in sent:
        reading, delay = readings[message_of(line)], delay_within(line, window, until=as_of)
        row = reading.units[0].tolist()
        check.hold(
            message_of(line), (row[State.H], row[State.NOT], row[E], row[D]), (delay is not None, delay is None, 1, 1)
        )
        check.hold(f"{message_of(line)}: settled", reading.settled, line.at + window + LATENESS <= as_of)
        if indicator == "time_to_reach":
            check.hold(f"{message_of(line)}: delay", reading.value, NEVER if delay is None else delay)
    return check


def settled_bundles(network: Network, indicator: str, as_of: int, lines: Sequence[Line] | None = None) -> list[Bundle]:
    """What a sender wrote in a week, once all of it can be judged."""
    chosen = network.lines if lines is None else lines
    found = bundles(chosen, WINDOWS[indicator], until=as_of, zone=ZONE)
    return [bundle for bundle in found.values() if bundle.closes + LATENESS <= as_of]


def _compare_classes(network: Network, trip: Trip, as_of: int) -> Check:
    check = Check(f"all messages, by topic and by month of joining, as of {moment(as_of)}")
    for target in ("response", "reach", "time_to_reach"):
        whole = class_readings(trip.answers, target)["all"]
        _hold_class(check, target, whole, count(settled_bundles(network, target, as_of)))
    for target in ("response", "time_to_reach"):
        by_topic = class_readings(trip.answers, f"{target}_by_topic")
        check.hold("topics", sorted(by_topic), sorted(f"topic={topic}" for topic in network.kinds))
        for topic, lines in network.kinds.items():
            plain = count(settled_bundles(network, target, as_of, lines))
            _hold_class(check, f"{target} of {topic}", by_topic[f"topic={topic}"], plain)
    by_joined = class_readings(trip.answers, "response_by_joined")
    settled = settled_bundles(network, "response", as_of)
    for month in sorted({network.joined[line.receiver] for line in network.lines if line.at <= as_of}):
        plain = count(settled, _joined_in(network, month))
        _hold_class(check, f"response of those who joined in {month}", by_joined[f"joined={month}"], plain)
    return check


def _joined_in(network: Network, month: str) -> Callable[[str], bool]:
    return lambda member: network.joined[member] == month


def _hold_class(check: Check, name: str, reading: Reading, plain: Count) -> None:
    totals = reading.totals
    people = (plain.people, plain.people)
    check.hold(f"{name}: campaigns", len(reading.units), plain.bundles)
    check.hold(f"{name}: audience and deliveries", (int(totals[E]), int(totals[D])), people)
    check.hold(f"{name}: people", int(totals[State.H]), plain.reached)
    check.hold(f"{name}: largest campaign", reading.people, plain.largest)
    share = plain.reached / plain.people if plain.people else None
    check.hold(f"{name}: value", reading.value, plain.median if reading.unit == "seconds" and plain.people else share)


def _compare_week(network: Network, trip: Trip, as_of: int) -> Check:
    """The latest week in which anything has settled, else the current one."""
    check = Check(f"response in the latest week, as of {moment(as_of)}")
    found = bundles(network.lines, WINDOWS["response"], until=as_of, zone=ZONE)
    settled = {key: bundle for key, bundle in found.items() if bundle.closes + LATENESS <= as_of}
    latest = max((week for _, week in settled), default=week_of(as_of, ZONE))
    reading = class_readings(trip.answers, "response_of_a_week")["all"]
    check.hold("week", reading.period, f"{latest[0]}-W{latest[1]:02d}")
    inside = [bundle for (_, week), bundle in settled.items() if week == latest]
    _hold_class(check, "that week", reading, count(inside))
    people = sum(len(bundle.receivers) for (_, week), bundle in found.items() if week == latest)
    check.hold("maturity", reading.maturity, count(inside).people / people if people else None)
    return check


def _compare_published(network: Network, trip: Trip, as_of: int) -> Check:
    """What shows: a group in no campaign of which there are ten people is hidden, and so is every single message; what is hidden shows no
    number."""
    check = Check(f"what is published, as of {moment(as_of)}")
    settled = settled_bundles(network, "response", as_of)
    for reading in trip.snapshot.readings:
        if reading.target == "response_by_joined":
            plain = count(settled, _joined_in(network, reading.segment.removeprefix("joined=")))
            hidden = reading.verdict == "suppressed"
            if 0 < plain.largest < K:  # a larger one may be hidden too, lest a small one be what it lacks to the whole
                check.hold(f"{reading.segment}: hidden", hidden, True)
            check.hold(
                f"{reading.segment}: people", reading.denominator, None if hidden or not plain.people else plain.people
            )
    alone = [reading for reading in trip.snapshot.message_readings if reading.numerator is not None]
    check.hold("single messages that show", len(alone), 0)
    return check
