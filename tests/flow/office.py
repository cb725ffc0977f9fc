"""Sixty people and what is told of them, over the whole road: for tests that say by hand who did what."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from config.load import load
from metrics.moments import write_moment
from metrics.snapshot import PublishedReading, Snapshot
from roles import Service
from sites import Site
from tests.flow.company import KEEP, run_road

SENT = 1_793_869_200  # Thursday 5 November 2026, 09:00 UTC
DAY = 86_400
PEOPLE = range(60)


class Office:
    """Half of the people are in Sales. `shows`: what the source of mail and that of pages can show; `objecting`: those who
    do not want to be tracked; `goals`: of the configuration."""

    def __init__(
        self,
        folder: Path,
        *,
        mail: Sequence[str],
        pages: Sequence[str] = (),
        objecting: Collection[int] = (),
        retention: Any = KEEP,
        goals: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._shows = {"email": mail, "intranet": pages}
        self._retention = retention
        self._goals = list(goals)
        self._entries: list[dict[str, Any]] = []
        (folder / "people").mkdir()
        rows = [
            f"p{number}@example.org,{'Sales' if number % 2 else 'Service'},{'true' if number in objecting else ''}"
            for number in PEOPLE
        ]
        (folder / "people" / "all.csv").write_text("\n".join(["address,department,objects", *rows]), encoding="utf-8")
        for channel in self._shows:
            (folder / channel).mkdir()

    def send(self, message: str, *, at: int = SENT, **entry: Any) -> None:
        """A mail to all of them, delivered to all of them."""
        sent_at = write_moment(at * 1_000_000)
        self._entries.append({"id": message, "channel": "email", "audience": "all", "sent_at": sent_at, **entry})
        self.tell("delivered", PEOPLE, about=message, at=at)

    def tell(
        self,
        action: str,
        people: Iterable[int],
        *,
        about: str = "m",
        channel: str = "email",
        at: int = SENT + DAY,
        **data: Any,
    ) -> None:
        """All of these did it at once."""
        with (self._folder / channel / "lines").open("a", encoding="utf-8") as stream:
            for number in people:
                event = {
                    **{"specversion": "1.0", "source": "/t", "type": f"earshot.{action}", "subject": about},
                    **{"id": f"{action}-{about}-{number}-{data}", "time": write_moment(at * 1_000_000)},
                    "data": {"address": f"p{number}@example.org", **data},
                }
                stream.write(json.dumps(event) + "\n")

    def publish(self, targets: Sequence[Mapping[str, Any]], *, now: int = SENT + 15 * DAY) -> Snapshot:
        """What is published of everything told so far."""
        (self._folder / "catalogue.json").write_text(json.dumps(self._entries), encoding="utf-8")
        sources = [
            {
                **{"name": channel, "decoder": "cloudevents", "channel": channel, "from": {"files": channel}},
                **{"shows": list(shows), "delivered": "delivered" in shows},
            }
            for channel, shows in self._shows.items()
        ]
        written = {
            **{"organisation": {"zone": "UTC"}, "data": "data", "sources": sources, "retention": self._retention},
            "indicators": {"goals": self._goals},
            **{
                "catalogue": {"files": ["catalogue.json"]},
                "directory": {"files": ["people"], "segments": ["department"]},
            },
            "targets": [{"name": target["indicator"], **target} for target in targets],
        }
        (self._folder / "earshot.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
        loaded = load(self._folder / "earshot.yaml", {})
        assert loaded.settings is not None, loaded.problems
        with Service(Site(loaded.settings), lambda: now * 1_000_000, finish=True) as service:
            run_road(service)
            return service.evaluation.publish(now * 1_000_000, caught_up=True)


def by_target(snapshot: Snapshot) -> dict[str, PublishedReading]:
    """The readings of everybody, by the name of their target."""
    return {reading.target: reading for reading in snapshot.readings if reading.segment == "all"}
