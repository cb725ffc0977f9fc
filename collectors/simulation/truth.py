"""The truth beside the streams: who was truly reached, what the sources show of it, and what was done to the lines.
Counts and parameters only; the services under test never read it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.behaviour import Acts, expected_seconds
from collectors.simulation.catalogue import other_references, utc_text
from collectors.simulation.company import ATTRIBUTES, DEPARTMENTS, NEVER, Flags, values
from collectors.simulation.disturbance import DAMAGES, LATE
from collectors.simulation.hours import OFFICE, Times
from collectors.simulation.parameters import DAY, HOUR
from collectors.simulation.plan import Message
from collectors.simulation.traces import SIGN_LIST, STREAM_OF_SIGN, STREAMS, Rows, Sign
from collectors.simulation.world import World

_SHORTEST_READ = 3.0
_SHARE_READ = 0.3


class Truth:
    """Gathers what happens up to the parameters' `until_us`: messages as the timeline tells of them, rows as they are written."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._messages: list[dict[str, Any]] = []
        self.sent: list[Message] = []
        self.injected: dict[str, Counter[str]] = {stream: Counter() for stream in STREAMS}

    def watch(self, message: Message, acts: Acts, rows: Rows) -> None:
        """Take note of a message, unless it is sent only later."""
        until = self._world.parameters.until_us
        if message.sent_at > until:
            return
        self.sent.append(message)
        arrived = rows[(rows["arrival"] <= until) & (rows["damage"] == 0)]
        closes = deadlines(message)
        true = {kind: moments < min(closes[kind], until + 1) for kind, moments in true_moments(message, acts).items()}
        shown = {name: np.isin(acts.people, people) for name, people in _shown(arrived).items()}
        self._messages.append(
            {
                "message": message.id,
                "references": [message.id, *other_references(message)],
                "kind": message.template.name,
                "channel": message.template.channel,
                "sent_at": utc_text(message.sent_at),
                "described": self._world.described(message),
                "effect": round(message.effect, 6),
                "troubled": message.troubled,
                "closes": {kind: utc_text(moment) for kind, moment in closes.items()},
                "outside": len(np.setdiff1d(_people(arrived), acts.people)),
                "segments": {
                    segment: _count(acts, chosen, true, shown) for segment, chosen in self._segments(message, acts)
                },
            }
        )

    def count(self, rows: Rows) -> None:
        """Take note of rows that are written."""
        streams = STREAM_OF_SIGN[rows["sign"]]
        damaged, copied = rows["damage"] > 0, rows["copy"] > 0
        notes = {
            "events": ~damaged,
            "late": ~damaged & ~copied & (rows["arrival"] - rows["at"] >= LATE),
            "doubled": ~damaged & copied,
            "strangers": ~damaged & (rows["person"] >= self._world.company.size),
            "anonymous": ~damaged & (rows["person"] < 0),
            "malformed": damaged,
            **{f"malformed_{name}": rows["damage"] == code for code, name in enumerate(DAMAGES, 1)},
        }
        for name, chosen in notes.items():
            for code, number in enumerate(np.bincount(streams[chosen], minlength=len(STREAMS)).tolist()):
                self.injected[STREAMS[code]][name] += number

    def total(self, name: str) -> int:
        """A note of `injected`, over all streams."""
        return sum(counter[name] for counter in self.injected.values())

    def write(self, folder: Path) -> None:
        """`messages.ndjson`, a line a message; `injected.json`, by stream; `parameters.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(message) + "\n" for message in self._messages)
        (folder / "messages.ndjson").write_text("".join(lines), encoding="utf-8")
        (folder / "injected.json").write_text(json.dumps(self.injected, indent=1) + "\n", encoding="utf-8")
        (folder / "parameters.json").write_text(json.dumps(self._parameters(), indent=1) + "\n", encoding="utf-8")

    def _segments(self, message: Message, acts: Acts) -> Iterator[tuple[str, Flags]]:
        yield "all", np.ones(len(acts.people), dtype=np.bool_)
        for attribute in ATTRIBUTES:
            codes = self._world.company.codes(attribute, message.sent_at)[acts.people]
            for code in np.unique(codes).tolist():
                yield f"{attribute}={values(attribute)[code]}", codes == code

    def _parameters(self) -> dict[str, Any]:
        company, parameters = self._world.company, self._world.parameters
        return {
            "people": parameters.people,
            "days": parameters.days,
            "seed": parameters.seed,
            "until": utc_text(parameters.until_us),
            "departments": [
                {name: getattr(department, name) for name in department.__dataclass_fields__}
                for department in DEPARTMENTS
            ],
            "reorganised": utc_text(company.reorganised_us) if company.reorganised_us != NEVER else None,
            "habits": {name: int(flag.sum()) for name, flag in company.flags.items()},
        }


def deadlines(message: Message) -> dict[str, int]:
    """When each window closes: the starting windows of the published definitions."""
    week = OFFICE.deadline(message.sent_at, 5)
    acknowledged = message.due_at if message.template.acknowledge and message.due_at else week
    closes = dict.fromkeys(("reached", "read", "clicked", "responded"), week)
    return {
        "delivered": message.sent_at + DAY,
        "opened": message.sent_at + 48 * HOUR,
        **closes,
        "acknowledged": acknowledged,
    }


def true_moments(message: Message, acts: Acts) -> dict[str, Times]:
    """When each person of the audience truly did what the windows ask for; NEVER where not. Seen by a source or not."""
    at, met = acts.at, acts.met()
    enough = acts.engaged >= max(_SHORTEST_READ, _SHARE_READ * expected_seconds(message))
    attended = np.where(
        enough & (met < NEVER), np.where(met < NEVER, met, 0) + (acts.engaged * 1e6).astype(np.int64), NEVER
    )
    read = np.minimum.reduce([attended, at["acknowledged"], at["outdated"], at["answered"], at["replied"]])
    standing = np.where(at["unreacted"] < NEVER, NEVER, at["reacted"])
    delivered = np.where(acts.landed(), at["delivered"], NEVER)
    return {
        "delivered": delivered,
        "opened": met,
        "reached": np.minimum.reduce([met, at["acknowledged"], at["outdated"], at["answered"]]),
        "read": read,
        "clicked": at["clicked"],
        "responded": np.minimum.reduce([at["replied"], standing, at["answered"]]),
        "acknowledged": at["acknowledged"],
    }


def shown_as(sign: Sign) -> str:
    """What an event of this sign says, in words that a recount of the streams can use: the action, and what says a machine."""
    return f"{sign.action} by machine" if sign.machine == "yes" else sign.action


def _shown(rows: Rows) -> dict[str, NDArray[np.int32]]:
    """Who is on record for what."""
    found: dict[str, list[NDArray[np.int32]]] = {}
    for code in np.unique(rows["sign"]).tolist():
        people = rows["person"][rows["sign"] == code]
        found.setdefault(shown_as(SIGN_LIST[code]), []).append(people[people >= 0])
    return {name: np.unique(np.concatenate(parts)) for name, parts in sorted(found.items())}


def _people(rows: Rows) -> NDArray[np.int32]:
    people = np.unique(rows["person"])
    return people[people >= 0]


def _count(acts: Acts, chosen: Flags, true: Mapping[str, Flags], shown: Mapping[str, Flags]) -> dict[str, Any]:
    """One segment: `chance` is the true rate that attention was drawn with, the others are people."""
    return {
        "audience": int(chosen.sum()),
        "chance": round(float(acts.chance[chosen].mean()), 6) if chosen.any() else None,
        "true": {kind: int(np.count_nonzero(flags & chosen)) for kind, flags in true.items()},
        "shown": {kind: int(np.count_nonzero(flags & chosen)) for kind, flags in shown.items()},
    }
