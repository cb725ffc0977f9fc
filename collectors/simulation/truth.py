"""The truth beside the streams: who was truly reached, what the sources show of it, and what was done to the lines.
Counts and parameters only; the services under test never read it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.behaviour import Acts
from collectors.simulation.catalogue import other_references, utc_text
from collectors.simulation.company import DEPARTMENTS, NEVER, Flags
from collectors.simulation.deliveries import Deliveries
from collectors.simulation.disturbance import DAMAGES, LATE
from collectors.simulation.evidence import count_evidence, count_links
from collectors.simulation.item_truth import true_items
from collectors.simulation.periods import Periods
from collectors.simulation.plan import EFFECT_SPREAD, Message
from collectors.simulation.tally import (
    count_action,
    count_answers,
    count_attention,
    count_cascade,
    count_segment,
    deadlines,
    half_reached,
    segments_of,
    shown_people,
    true_moments,
)
from collectors.simulation.traces import ABOUT_MESSAGES, STREAM_OF_SIGN, STREAMS, Rows
from collectors.simulation.world import World


class Truth:
    """Gathers what happens up to the parameters' `until_us`: messages as the timeline tells of them, rows as they are written."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._messages: list[dict[str, Any]] = []
        self._deliveries, self._periods = Deliveries(), Periods(world)
        self.sent: list[Message] = []
        self.injected: dict[str, Counter[str]] = {stream: Counter() for stream in STREAMS}

    def watch(self, message: Message, acts: Acts, rows: Rows) -> None:
        """Take note of a message, unless it is sent only later."""
        until = self._world.parameters.until_us
        if message.sent_at > until:
            return
        self.sent.append(message)
        arrived = rows[(rows["arrival"] <= until) & (rows["damage"] == 0) & ABOUT_MESSAGES[rows["sign"]]]
        closes = deadlines(message)
        moments = true_moments(message, acts)
        true = {kind: when < min(closes[kind], until + 1) for kind, when in moments.items()}
        shown = {name: np.isin(acts.people, people) for name, people in shown_people(arrived).items()}
        company = self._world.company
        segments = dict(segments_of(company, message, acts.people))
        if self._world.described(message) != "nowhere":
            self._periods.watch(message, acts, true["reached"])
        answered = min(closes["answered"], until + 1)
        self._messages.append(
            {
                **self._describe(message),
                "closes": {kind: utc_text(moment) for kind, moment in closes.items()},
                "outside": len(np.setdiff1d(_people(arrived), acts.people)),
                "segments": {name: count_segment(acts, chosen, true, shown) for name, chosen in segments.items()},
                "on_leave": int(company.on_leave(message.sent_at)[acts.people].sum()),
                "deliveries": self._deliveries.count(message, acts, until + 1),
                "evidence": count_evidence(
                    acts, arrived, {kind: min(moment, until + 1) for kind, moment in closes.items()}
                ),
                "links": count_links(message, acts, arrived),
                "questions": [count_answers(given, segments, answered) for given in self._world.answers(message, acts)],
                "half_reached_seconds": {
                    name: half_reached(moments["reached"][chosen], message.sent_at, min(closes["reached"], until + 1))
                    for name, chosen in segments.items()
                },
                **self._count_more(message, acts, segments, closes),
            }
        )

    def _count_more(
        self, message: Message, acts: Acts, segments: dict[str, Flags], closes: dict[str, int]
    ) -> dict[str, Any]:
        """What only some kinds of messages have."""
        found: dict[str, Any] = {}
        before = min(closes["reached"], self._world.parameters.until_us + 1)
        if message.has_page:
            found["attention"] = {
                name: count_attention(message, acts, chosen, before) for name, chosen in segments.items()
            }
        if message.template.is_cascade:
            found["cascade"] = count_cascade(self._world.company, message, acts, segments)
        if message.template.action:
            acted = self._world.acted(message, acts)
            found["action"] = {
                "reference": message.action_id,
                **count_action(message.template, acts, acted, before),
            }
        return found

    def _describe(self, message: Message) -> dict[str, Any]:
        template = message.template
        return {
            "message": message.id,
            "references": [message.id, *other_references(message)],
            "kind": template.name,
            "channel": template.channel,
            **{name: getattr(template, name) for name in ("topic", "goal", "purpose", "setting", "owner", "urgent")},
            "sent_at": utc_text(message.sent_at),
            "described": self._world.described(message),
            "words": message.words,
            **{name: getattr(message, name) for name in ("campaign", "content_id")},
            "reminder_of": message.reminder_of.id if message.reminder_of else None,
            "effect": round(message.effect, 6),
            "troubled": message.troubled,
        }

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
        """`messages.ndjson`, a line a message; `items.ndjson`, a line an item; `periods.ndjson`, a line a week, month or quarter;
        `injected.json`, by stream; `parameters.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, entries in (
            ("messages", self._messages),
            ("items", true_items(self._world)),
            ("periods", self._periods.describe()),
        ):
            lines = (json.dumps(entry) + "\n" for entry in entries)
            (folder / f"{name}.ndjson").write_text("".join(lines), encoding="utf-8")
        (folder / "injected.json").write_text(json.dumps(self.injected, indent=1) + "\n", encoding="utf-8")
        (folder / "parameters.json").write_text(json.dumps(self._parameters(), indent=1) + "\n", encoding="utf-8")

    def _parameters(self) -> dict[str, Any]:
        company, parameters = self._world.company, self._world.parameters
        return {
            "people": parameters.people,
            "days": parameters.days,
            "seed": parameters.seed,
            "until": utc_text(parameters.until_us),
            "drop": parameters.drop or None,
            "teams": dict(zip(company.values("team"), parameters.team_sizes(), strict=True)),
            "effect_spread": 0.0 if parameters.teams else EFFECT_SPREAD,
            **({"reach": parameters.reach, "spread": parameters.spread} if parameters.teams else {}),
            "departments": [
                {name: getattr(department, name) for name in department.__dataclass_fields__}
                for department in DEPARTMENTS
            ],
            "changes": [utc_text(moment) for moment in company.changes_us],
            "reorganised": utc_text(company.reorganised_us) if company.reorganised_us != NEVER else None,
            "habits": {name: int(flag.sum()) for name, flag in company.flags.items()},
        }


def _people(rows: Rows) -> NDArray[np.int32]:
    people = np.unique(rows["person"])
    return people[people >= 0]
