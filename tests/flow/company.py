"""A simulated company on disk with a configuration of its own, and the whole road over it, for tests of the flow."""

import csv
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from collectors.decoders import DECODERS
from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import simulate
from config.load import load
from config.progress import Progress
from config.schema import Settings
from metrics.reading import Reading
from roles import Service
from sites import Site
from tests.oracle.compare import compare
from tests.oracle.oracle import Oracle

SHOWS = {name: make({}).shows for name, make in DECODERS.items()}

ODD_ACTIONS = [
    *(
        "queued",
        "sent",
        "delivered",
        "deferred",
        "bounced",
        "rejected",
        "opened",
        "read",
        "clicked",
        "viewed",
        "attended",
    ),
    *("downloaded", "reacted", "unreacted", "replied", "commented", "shared", "acknowledged", "answered", "rated"),
    *("autoreplied", "not_read", "complained"),
]
ODD_DATA: dict[str, list[Any]] = {
    "engaged_seconds": [0, 2.9, 3, 12.5, 59.99, 60, 61, 63, 66.2, 240, 3600],
    "version": ["1", "2", "3"],
    "evidence": ["pixel", "mdn", "server_log"],
    "choice": ["like", "heart"],
    "question": ["q1", "q2"],
    "value": [1, 4.5],
    "agent": ["apple_proxy", "browser", "scanner", "tool", "microsoft_network", "google_image_proxy"],
    "link": ["https://intranet.example.org/a?b=1"],
}

# Every indicator, whole, by segment and by words of messages, in every kind of period, under both questions.
TARGETS: list[dict[str, Any]] = [
    {"name": "delivered", "indicator": "delivered", "value": 0.99},
    {"name": "delivered_by_site", "indicator": "delivered", "by": "site", "period": "month"},
    {"name": "reach", "indicator": "reach", "value": 0.8},
    {"name": "reach_by_department", "indicator": "reach", "value": 0.7, "by": "department"},
    {"name": "reach_by_topic", "indicator": "reach", "by": "topic", "period": "week"},
    {"name": "reach_messages", "indicator": "reach", "period": "message", "value": 0.8},
    {"name": "reach_in_a_day", "indicator": "reach", "window": "24 hours", "judge": "process"},
    {"name": "reach_on_time", "indicator": "reach_on_time", "value": 0.8, "period": "message"},
    {"name": "reach_on_time_class", "indicator": "reach_on_time"},
    {"name": "time_to_reach", "indicator": "time_to_reach", "value": "8 working hours"},
    {"name": "time_to_reach_hours", "indicator": "time_to_reach", "window": "72 hours", "period": "message"},
    {"name": "time_to_reach_by_site", "indicator": "time_to_reach", "by": "site"},
    {"name": "opened", "indicator": "opened", "value": 0.65, "scope": {"channel": "email"}},
    {"name": "opened_random", "indicator": "opened", "assume": "missing_at_random", "by": "department"},
    {"name": "opened_blind", "indicator": "opened", "blind_share": 0.1, "period": "month"},
    {"name": "read", "indicator": "read", "value": 0.4},
    {"name": "read_by_topic", "indicator": "read", "by": "topic", "scope": {"channel": "intranet"}},
    {"name": "read_messages", "indicator": "read", "period": "message"},
    {"name": "acknowledged", "indicator": "acknowledged", "value": 0.95},
    {"name": "acknowledged_by_department", "indicator": "acknowledged", "by": "department"},
    {"name": "addressable", "indicator": "addressable", "value": 0.98},
    {"name": "addressable_by_site", "indicator": "addressable", "by": "site", "period": "month"},
    {"name": "addressable_messages", "indicator": "addressable", "period": "message"},
    {"name": "cascade", "indicator": "cascade", "value": 0.85},
    {"name": "cascade_by_department", "indicator": "cascade", "by": "department", "period": "month"},
    {"name": "cascade_messages", "indicator": "cascade", "period": "message"},
    {"name": "clicked", "indicator": "clicked", "value": 0.1},
    {"name": "clicked_by_topic", "indicator": "clicked", "by": "topic", "period": "month"},
    {"name": "attention", "indicator": "attention", "value": 0.5},
    {"name": "attention_by_site", "indicator": "attention", "by": "site", "period": "month"},
    {"name": "attention_messages", "indicator": "attention", "period": "message", "judge": "process"},
    {"name": "attention_random", "indicator": "attention", "assume": "missing_at_random", "by": "department"},
    {"name": "comprehension", "indicator": "comprehension", "value": 0.7},
    {"name": "comprehension_by_department", "indicator": "comprehension", "by": "department", "period": "month"},
    {"name": "comprehension_messages", "indicator": "comprehension", "period": "message", "judge": "process"},
    {"name": "usefulness", "indicator": "usefulness", "value": 0.7},
    {"name": "usefulness_by_site", "indicator": "usefulness", "by": "site"},
    {"name": "usefulness_messages", "indicator": "usefulness", "period": "message", "judge": "process"},
    {"name": "response", "indicator": "response", "by": "owner", "period": "month"},
    {"name": "detected", "indicator": "detected"},
    {"name": "detected_messages", "indicator": "detected", "period": "message", "scope": {"channel": "email"}},
    {"name": "detected_by_site", "indicator": "detected", "by": "site", "period": "month"},
    {"name": "unmeasurable", "indicator": "unmeasurable", "value": 0.3},
    {"name": "unmeasurable_messages", "indicator": "unmeasurable", "period": "message", "by": "department"},
    {"name": "response_of_a_segment", "indicator": "response", "scope": {"segment": "site=Lyon"}},
    # What messages want done.
    {"name": "action", "indicator": "action", "value": 0.1, "blind_share": 0.05, "period": "rolling 60 days"},
    {"name": "action_by_department", "indicator": "action", "by": "department", "period": "month"},
    {"name": "action_messages", "indicator": "action", "period": "message", "window": "48 hours"},
    {"name": "effect", "indicator": "action_effect", "value": 0.52, "scope": {"purpose": "act"}, "period": "quarter"},
    {
        **{
            "name": "effect_by_department",
            "indicator": "action_effect",
            "by": "department",
            "period": "rolling 60 days",
        },
        "assume": "missing_at_random",
    },
    {"name": "effect_messages", "indicator": "action_effect", "period": "message", "judge": "count"},
    # Messages by their purpose.
    {"name": "purpose", "indicator": "purpose_success", "value": 0.8, "period": "month"},
    {"name": "purpose_by_owner", "indicator": "purpose_success", "by": "owner", "period": "rolling 60 days"},
    {"name": "purpose_by_topic", "indicator": "purpose_success", "by": "topic", "period": "week"},
    {"name": "purpose_of_mail", "indicator": "purpose_success", "scope": {"channel": "email"}, "judge": "process"},
    {"name": "response_of_engaging", "indicator": "response", "value": 0.05, "scope": {"purpose": "engage"}},
    {"name": "comprehension_enough", "indicator": "comprehension", "value": 0.5, "period": "message"},
    # How good the record is, and how much of it can be told.
    {"name": "machine_share", "indicator": "machine_share", "value": 0.5},
    {"name": "machine_share_of_mail", "indicator": "machine_share", "scope": {"channel": "email"}, "period": "week"},
    {"name": "machine_share_by_owner", "indicator": "machine_share", "by": "owner", "period": "month"},
    {"name": "joined", "indicator": "joined", "value": 0.98, "period": "quarter"},
    {"name": "joined_by_chance", "indicator": "joined", "judge": "process"},
    {"name": "joined_by_setting", "indicator": "joined", "by": "setting", "period": "rolling 10 days"},
    {"name": "maturity", "indicator": "maturity", "value": 0.5},
    {"name": "maturity_by_topic", "indicator": "maturity", "by": "topic", "period": "month", "window": "48 hours"},
    {"name": "suppressed", "indicator": "suppressed", "value": 0.1},
    {"name": "suppressed_by_department", "indicator": "suppressed", "by": "department"},
    {"name": "suppressed_of_mail", "indicator": "suppressed", "scope": {"channel": "email"}},
    # Figures of whole periods.
    {"name": "period_reach", "indicator": "period_reach", "by": "department", "period": "month"},
    {"name": "period_reach_lately", "indicator": "period_reach", "judge": "process"},
    {"name": "period_reach_by_topic", "indicator": "period_reach", "by": "topic", "period": "week"},
    {"name": "message_load", "indicator": "message_load", "period": "week"},
    {"name": "message_load_by_site", "indicator": "message_load", "period": "week", "by": "site"},
    {"name": "duplicate_load", "indicator": "duplicate_load", "period": "week"},
    {"name": "duplicate_load_by_site", "indicator": "duplicate_load", "by": "site"},
    {"name": "channel_dependence", "indicator": "channel_dependence", "by": "department"},
    {"name": "out_of_hours", "indicator": "out_of_hours", "period": "month"},
    {"name": "out_of_hours_by_owner", "indicator": "out_of_hours", "by": "owner"},
    {"name": "awareness", "indicator": "awareness", "by": "goal", "period": "quarter"},
    {"name": "awareness_of_topics", "indicator": "awareness", "by": "topic"},
    {"name": "goal_awareness", "indicator": "goal_awareness", "period": "month"},
    {"name": "alignment", "indicator": "alignment", "period": "quarter"},
    {"name": "alignment_by_department", "indicator": "alignment", "by": "department"},
    {"name": "advocacy", "indicator": "advocacy", "by": "site"},
    {"name": "topic_balance", "indicator": "topic_balance", "period": "month"},
    {"name": "participation", "indicator": "participation", "by": "department"},
    {"name": "voice_reach", "indicator": "voice_reach", "period": "month"},
    {"name": "voice_reach_of_a_segment", "indicator": "voice_reach", "scope": {"segment": "site=Lyon"}},
    {"name": "two_way", "indicator": "two_way", "period": "month"},
    {"name": "readability", "indicator": "readability"},
    {"name": "readability_by_owner", "indicator": "readability", "by": "owner", "period": "month"},
    {"name": "readability_messages", "indicator": "readability", "period": "message"},
    # Figures of feedback items, and of differences between segments.
    *(
        {"name": f"{name}_{period.split()[0]}", "indicator": name, "period": period}
        for name in ("time_to_answer", "loop_closure", "actioned", "recognised", "critical_parity")
        for period in ("rolling 60 days", "month", "quarter")
    ),
    {"name": "loop_closure_by_topic", "indicator": "loop_closure", "by": "topic", "period": "rolling 60 days"},
    {"name": "actioned_by_chance", "indicator": "actioned", "judge": "process", "period": "rolling 60 days"},
    {"name": "parity_counted", "indicator": "critical_parity", "judge": "count", "period": "rolling 60 days"},
    {"name": "answer_by_working_time", "indicator": "time_to_answer", "window": "22 working days", "period": "month"},
    {"name": "gap_between_sites", "indicator": "segment_gap", "by": "site", "period": "month"},
    {"name": "gap_between_departments", "indicator": "segment_gap", "by": "department", "value": 0.05},
    {"name": "gap_by_chance", "indicator": "segment_gap", "by": "site", "period": "month", "judge": "process"},
]


@dataclass(frozen=True)
class Company:
    settings: Settings
    until_us: int

    def oracle(self, key: bytes | None = None, *, is_past: bool = False) -> Oracle:
        return Oracle(self.settings, shows=SHOWS, key=key, is_past=is_past)

    def service(self, *, as_of: int | None = None) -> Service:
        return Service(Site(self.settings, as_of), lambda: self.until_us, finish=True)


DAY_US = 86_400_000_000
UNTIL = 1_794_996_000_000_000  # Wednesday 18 November 2026, 10:00 UTC
# The command in a process of its own, at the end of the company's history; all that one process of the tests starts go by one clock.
PROGRAM = [sys.executable, "-m", "tests.flow.then", str(UNTIL // 1_000_000 - int(time.time()))]
# Everything of a history stays readable: what is forgotten when is a test of its own.
KEEP = {"sets": "400 days", "late_grace": "200 days"}


def make_company(
    folder: Path, parameters: Parameters, *, amend: Callable[[dict[str, Any]], None] = lambda _: None, **changes: Any
) -> Company:
    """Simulate, and write the configuration beside the streams: that of the sample, with targets of our own. `amend`: changes what is
    written."""
    simulate(folder / "company", parameters)
    _add_lix(folder / "company" / "catalogue" / "messages.yaml")
    sample = (Path(__file__).parents[2] / "config" / "sample.yaml").read_text(encoding="utf-8")
    written = yaml.load(sample, yaml.BaseLoader)  # every scalar as it is written
    if parameters.all_cloudevents:
        for source in written["sources"]:
            source["decoder"] = "cloudevents"
            source.pop("options", None)
    written["indicators"] |= {"plan": {"goals": 0.4, "products": 0.3, "safety": 0.3}}
    amend(written)
    text = yaml.safe_dump({**written, "data": "data", "targets": TARGETS, **changes})
    text = text.replace("../var/sample", "company")
    (folder / "earshot.yaml").write_text(text, encoding="utf-8")
    loaded = load(folder / "earshot.yaml", {})
    assert loaded.settings is not None, loaded.problems
    return Company(loaded.settings, parameters.until_us)


def _add_lix(catalogue: Path) -> None:
    """How hard the messages are to read, which the simulation does not say; of some nobody knows it."""
    entries = yaml.load(catalogue.read_text(encoding="utf-8"), yaml.CSafeLoader)
    for number, entry in enumerate(entries):
        if number % 5:
            entry["lix"] = 30 + number * 7 % 13 / 2
    catalogue.write_text(yaml.dump(entries, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")


def add_odd_events(folder: Path, seed: int, count: int) -> None:
    """What no simulated employee does: every action with every machine flag, with and without times, by random people on random
    messages, into the stream of a source that takes them all."""
    rng = random.Random(seed)
    with (folder / "company" / "directory" / "people.csv").open(encoding="utf-8") as file:
        people = [row["address"] for row in csv.DictReader(file) if row["address"]]
    entries = yaml.safe_load((folder / "company" / "catalogue" / "messages.yaml").read_text(encoding="utf-8"))
    lines = []
    for number in range(count):
        entry = rng.choice(entries)
        sent = datetime.fromisoformat(str(entry["sent_at"])).timestamp()
        event = {
            "specversion": "1.0",
            "id": f"odd-{seed}-{number}",
            "source": "/odd",
            "type": f"earshot.{rng.choice(ODD_ACTIONS)}",
            "subject": entry["id"],
            "data": {
                "address": rng.choice(people),
                "channel": rng.choice(["email", "intranet", "chat"]),
                "machine": rng.choice(["yes", "likely", "no", "unknown"]),
            },
        }
        moment = rng.uniform(sent - 3600, min(sent + 10 * 86_400, UNTIL / 1_000_000 - 60))
        time = datetime.fromtimestamp(moment, UTC).isoformat()
        if rng.random() < 0.8:
            event["time"] = time
        elif rng.random() < 0.5:
            event["receivedtime"] = time
        for key, value in ODD_DATA.items():
            if rng.random() < 0.3:
                event["data"][key] = rng.choice(value)
        lines.append(json.dumps(event))
    (folder / "company" / "streams" / "chat" / f"odd-{seed}.ndjson").write_text(
        "\n".join(lines) + "\n", encoding="utf-8"
    )


def run_road(service: Service) -> None:
    """Read all there is and publish."""
    service.catch_up(Progress(), threading.Event())
    service.tick()


def differences(company: Company, service: Service, now: int, *, key: bytes | None = None) -> list[str]:
    """What the road and the oracle do not agree on: readings of classes, and of every message alone. `key`: that of the pseudonyms,
    where who people are by it matters."""
    answers, oracle = service.evaluation.answer(now), company.oracle(key, is_past=service.site.as_of is not None)
    classes: list[Reading] = [reading for _, reading in answers.readings]
    alone: list[Reading] = [reading for _, reading in answers.messages]
    asked = {(reading.target, reading.message) for reading in alone}
    expected = [one for one in oracle.message_readings(now) if (one.target, one.message) in asked]
    assert len(expected) == len(alone)
    return compare(classes, oracle.readings(now)) + compare(alone, expected)
