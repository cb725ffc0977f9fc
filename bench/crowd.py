"""A company of many people and many live messages, made for measuring: its files, and what happened to each message. Far plainer than
the simulated company, and as many facts as are asked for in a second a message."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from collectors.events import Event
from collectors.identity import Pseudonymiser
from config.load import load
from config.schema import Settings

NOW = 1_794_996_000_000_000  # Wednesday 18 November 2026, 10:00 UTC
SECOND = 1_000_000
_HOUR, _DAY = 3600, 86_400
_SPREAD_DAYS = 27
VALUES = 10
ATTRIBUTES = ("department", "site", "grade")
_TOPICS = ("brand", "goals", "processes", "products", "benefits", "safety")
_LINKS = 4

# Twelve questions: whole, by attribute, by topic, a message at a time; both judges.
TARGETS: list[dict[str, Any]] = [
    {"name": "delivered", "indicator": "delivered", "value": 0.99},
    {"name": "delivered_by_site", "indicator": "delivered", "value": 0.98, "by": "site"},
    {"name": "reach", "indicator": "reach", "value": 0.8},
    {"name": "reach_by_department", "indicator": "reach", "value": 0.7, "by": "department"},
    {"name": "reach_by_grade", "indicator": "reach", "value": 0.7, "by": "grade"},
    {"name": "reach_on_time", "indicator": "reach_on_time", "value": 0.8, "period": "message"},
    {"name": "time_to_reach", "indicator": "time_to_reach", "value": "8 working hours"},
    {"name": "time_to_reach_by_site", "indicator": "time_to_reach", "value": "12 working hours", "by": "site"},
    {"name": "opened", "indicator": "opened", "value": 0.65, "scope": {"channel": "email"}},
    {"name": "read_by_topic", "indicator": "read", "value": 0.4, "by": "topic"},
    {"name": "acknowledged_by_department", "indicator": "acknowledged", "value": 0.95, "by": "department"},
    {"name": "response_by_site", "indicator": "response", "value": 0.05, "by": "site"},
]


class Act(NamedTuple):
    """What a share of a message's audience does. `hours`: the middle of their delays; `options`: what sets their events apart, each
    with its weight."""

    action: str
    share: float
    hours: float
    options: Sequence[tuple[float, dict[str, Any]]] = ((1.0, {}),)


_MAIL = (
    Act("bounced", 0.008, 0.1),
    Act("delivered", 0.99, 0.1),
    Act("opened", 0.55, 3, ((0.5, {}), (0.3, {"machine": "yes", "agent": "apple_proxy"}), (0.2, {"machine": "no"}))),
    Act("opened", 0.20, 20),
    Act("clicked", 0.12, 5, [(1.0, {"link": f"https://intranet.example.org/{link}"}) for link in range(_LINKS)]),
    Act("viewed", 0.22, 6, ((1.0, {"engaged_seconds": 0.0}),)),
    Act("replied", 0.02, 8),
)
_NEWS = (
    Act("viewed", 0.52, 9, ((1.0, {"engaged_seconds": 0.0}),)),
    Act("attended", 0.10, 9, ((1.0, {"engaged_seconds": 30.0}),)),
    Act("reacted", 0.02, 12, ((0.8, {"choice": "like"}), (0.2, {"choice": "heart"}))),
    Act("commented", 0.01, 12),
)
_ACKNOWLEDGE = Act("acknowledged", 0.6, 15, ((1.0, {"version": "1"}),))


@dataclass(frozen=True)
class Crowd:
    """`people` whom every one of `messages` was meant for."""

    people: int
    messages: int
    seed: int = 1

    @property
    def name(self) -> str:
        return f"{self.people}-people-{self.messages}-messages-seed-{self.seed}"

    def sent_at(self, message: int) -> int:
        """In seconds, spread evenly over office hours of the last weeks."""
        back = (self.messages - message) / self.messages * _SPREAD_DAYS
        return NOW // SECOND - round(back * _DAY)

    def is_mail(self, message: int) -> bool:
        return message % 10 < 7

    def reference(self, message: int) -> str:
        return f"m-{message:04d}"

    def address(self, person: int) -> str:
        return f"p{person:06d}@example.org"

    def login(self, person: int) -> str:
        return f"staff-{person:06d}"


def write_company(crowd: Crowd, folder: Path, targets: Sequence[dict[str, Any]] = TARGETS) -> Settings:
    """Directory, catalogue, empty streams and a configuration; the settings that `load` makes of it."""
    for name in ("directory", "catalogue", "streams/mail", "streams/news"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with (folder / "directory" / "people.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["address", "ids", *ATTRIBUTES])
        codes = np.random.default_rng([crowd.seed, 1]).integers(VALUES, size=(crowd.people, len(ATTRIBUTES)))
        for person, values in enumerate(codes.tolist()):
            named = [f"{name} {value}" for name, value in zip(ATTRIBUTES, values, strict=True)]
            rows.writerow([crowd.address(person), crowd.login(person), *named])
    entries = json.dumps([_entry(crowd, message) for message in range(crowd.messages)])
    (folder / "catalogue" / "messages.json").write_text(entries, encoding="utf-8")
    return write_settings(folder, targets)


def _entry(crowd: Crowd, message: int) -> dict[str, Any]:
    sent = crowd.sent_at(message)
    return {
        "id": crowd.reference(message),
        "title": f"Message {message}",
        "channel": "email" if crowd.is_mail(message) else "intranet",
        "audience": "all",
        "sent_at": _text(sent),
        "topic": _TOPICS[message % len(_TOPICS)],
        "words": 150 + message % 5 * 50,
        "version": "1",
        "expects": [["read"], ["read", "acknowledge"], ["read", "reply"], ["read"]][message % 4],
        **({"due_at": _text(sent + 3 * _DAY)} if message % 4 == 1 else {}),
    }


def _text(seconds: int) -> str:
    return f"{np.datetime64(seconds, 's')}Z"


def write_settings(folder: Path, targets: Sequence[dict[str, Any]]) -> Settings:
    """A configuration beside the files of a company. Nothing of it is forgotten: all messages stay live."""
    sources = [
        {"name": "mail", "decoder": "cloudevents", "from": {"files": "streams/mail"}, "channel": "email"},
        {
            "name": "news",
            "decoder": "cloudevents",
            "from": {"files": "streams/news"},
            "channel": "intranet",
            "delivered": "false",
        },
    ]
    written = {
        "organisation": {"name": "a crowd", "zone": "Europe/Paris"},
        "data": "data",
        "sources": sources,
        "catalogue": {"files": ["catalogue"]},
        "directory": {"files": ["directory"], "segments": list(ATTRIBUTES)},
        "retention": {"late_grace": "60 days", "sets": "120 days"},
        "targets": [{key: _scalar(value) for key, value in target.items()} for target in targets],
    }
    # JSON is YAML; every scalar is a text there, as in a file that people write.
    (folder / "earshot.yaml").write_text(json.dumps(written), encoding="utf-8")
    return read_settings(folder)


def _scalar(value: Any) -> Any:
    return value if isinstance(value, dict) else str(value)


def read_settings(folder: Path) -> Settings:
    """ValueError where the configuration does not load."""
    loaded = load(folder / "earshot.yaml", {})
    if loaded.settings is None:
        raise ValueError("; ".join(map(str, loaded.problems)))
    return loaded.settings


class Happenings:
    """What happened to the messages of a crowd, as events, in order of time."""

    def __init__(self, crowd: Crowd, pseudonym: Pseudonymiser) -> None:
        self._crowd = crowd
        self._by_mail = [pseudonym(crowd.address(person)) for person in range(crowd.people)]
        self._by_login = [pseudonym(crowd.login(person)) for person in range(crowd.people)]

    def of_message(self, message: int, *, share: float = 1.0, salt: int = 0) -> list[Event]:
        """All until NOW. `share`: of the people who act at all, those of whom it is told."""
        crowd, mail = self._crowd, self._crowd.is_mail(message)
        dice = np.random.default_rng([crowd.seed, 2, message, salt])
        acts = [*(_MAIL if mail else _NEWS), *([_ACKNOWLEDGE] if message % 4 == 1 else [])]
        events: list[Event] = []
        for act in acts:
            events += self._events(message, act, act.share * share, dice)
        events.sort(key=_occurred_at)
        return events

    def _events(self, message: int, act: Act, share: float, dice: np.random.Generator) -> Iterator[Event]:
        crowd, mail = self._crowd, self._crowd.is_mail(message)
        person = np.flatnonzero(dice.random(crowd.people) < share)
        seconds = crowd.sent_at(message) + _delays(act, len(person), dice)
        weights = np.array([weight for weight, _ in act.options])
        option = dice.choice(len(weights), len(person), p=weights / weights.sum())
        engaged = np.minimum(np.exp(dice.normal(3.3, 1.0, len(person))), 3000).round(1)
        pseudonyms = self._by_mail if mail else self._by_login
        reference, channel = crowd.reference(message), "email" if mail else "intranet"
        source = "mail" if mail else "news"
        told = seconds <= NOW // SECOND
        name = f"{reference}-{act.action}-{act.hours}"
        columns = zip(person[told].tolist(), seconds[told].tolist(), option[told].tolist(), engaged[told], strict=True)
        for who, at, chosen, attention in columns:
            moment = at * SECOND
            event = Event(act.action, reference, pseudonyms[who], channel, moment, moment + 2 * SECOND, f"{name}-{who}")
            event.source = source
            for field, value in act.options[chosen][1].items():
                setattr(event, field, value)
            if event.engaged_seconds == 0.0:
                event.engaged_seconds = float(attention)
            yield event


def _occurred_at(event: Event) -> int:
    return event.occurred_at or 0


def _delays(act: Act, count: int, dice: np.random.Generator) -> NDArray[np.int64]:
    """Whole seconds: deliveries within minutes, everything else with a long tail."""
    if act.action == "delivered":
        return dice.integers(1, 1200, count)
    return np.exp(dice.normal(np.log(act.hours * _HOUR), 1.3, count)).astype(np.int64) + 5
