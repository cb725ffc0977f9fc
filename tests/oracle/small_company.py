"""A company small enough to compute by hand: writes its files and says what the settings are. The figures stand in the tests."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.schema import (
    CatalogueSettings,
    DirectorySettings,
    IndicatorSettings,
    Organisation,
    Origin,
    Settings,
    SourceSettings,
    Target,
)
from tests.oracle.oracle import Oracle
from tests.oracle.reading import OracleReading

SHOWS = {
    "cloudevents": frozenset({"opened", "viewed", "read", "clicked", "replied", "reacted", "acknowledged", "answered"}),
    "sendgrid": frozenset({"queued", "delivered", "deferred", "bounced", "rejected", "opened", "clicked"}),
    "access_log": frozenset({"viewed"}),
}
# A Monday; the company is in UTC and works from 9 to 17.
MONDAY = "2026-11-02"
LONG_AFTER = "2026-11-20T00:00:00Z"


def at(text: str) -> int:
    """Microseconds since 1970 UTC of `2026-11-02T09:00:00Z`."""
    return int(datetime.fromisoformat(text).timestamp() * 1_000_000)


@dataclass
class SmallCompany:
    """`directory`: file name to CSV; `streams`: source to its lines; `entries`: the catalogue."""

    folder: Path
    directory: dict[str, str] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    streams: dict[str, list[str]] = field(default_factory=dict)
    sources: list[SourceSettings] = field(default_factory=list)
    indicators: dict[str, Any] = field(default_factory=dict)
    organisation: dict[str, Any] = field(default_factory=dict)

    def add_source(self, name: str, channel: str, *, decoder: str = "cloudevents", **more: Any) -> None:
        self.streams[name] = []
        self.sources.append(
            SourceSettings.model_validate(
                {"name": name, "decoder": decoder, "from": Origin(files=self.folder / name), "channel": channel, **more}
            )
        )

    def show(self, *actions: str) -> None:
        """The first source shows these."""
        self.sources[0] = self.sources[0].model_copy(update={"shows": actions})

    def send(self, message: str, sent_at: str = f"{MONDAY}T09:00:00Z", **entry: Any) -> None:
        self.entries.append({"id": message, "channel": "email", "audience": "all", "sent_at": sent_at, **entry})

    def tell(
        self, action: str, who: str, when: str | None, *, about: str = "m", source: str = "mail", **data: Any
    ) -> None:
        """An event: `when` is a time of the Monday (`10:00`), a whole moment, or None where the source gives no time."""
        lines = self.streams[source]
        event = {"specversion": "1.0", "id": f"{source}-{len(lines)}", "source": "/test", "type": f"earshot.{action}"}
        received = data.pop("receivedtime", None)
        times = {"time": _moment(when) if when else None, "receivedtime": received}
        data = {"address": f"{who}@example.org", **data}
        lines.append(json.dumps({**event, **times, "subject": about, "data": data}))

    def prove(self, source: str) -> None:
        """Somebody from elsewhere once did everything with something else: what the source claims to show is believed."""
        for action in sorted(SHOWS["cloudevents"] | {"attended"}):
            self.tell(action, "guest", "2026-10-01T08:00:00Z", about="another", source=source)

    def settings(self, targets: Sequence[Mapping[str, Any]]) -> Settings:
        for name, text in self.directory.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        for name, lines in self.streams.items():
            (self.folder / name).mkdir(exist_ok=True)
            (self.folder / name / "lines").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (self.folder / "catalogue.json").write_text(json.dumps(self.entries), encoding="utf-8")
        return Settings(
            organisation=Organisation.model_validate({"zone": ZoneInfo("UTC"), **self.organisation}),
            sources=tuple(self.sources),
            catalogue=CatalogueSettings(files=(self.folder / "catalogue.json",)),
            directory=DirectorySettings(files=(self.folder / "people*.csv",)),
            indicators=IndicatorSettings.model_validate(self.indicators),
            targets=tuple(Target.model_validate({"name": "t", **target}) for target in targets),
        )

    def read(self, now: str = LONG_AFTER, **target: Any) -> list[OracleReading]:
        """The readings of one target."""
        return Oracle(self.settings([target]), shows=SHOWS).readings(at(now))

    def read_one(self, now: str = LONG_AFTER, **target: Any) -> OracleReading:
        (reading,) = self.read(now, **target)
        return reading


def _moment(when: str) -> str:
    return f"{MONDAY}T{when}:00Z" if len(when) == 5 else when


def five_people(folder: Path) -> SmallCompany:
    """Anna, Ben and Cleo in Sales; Dan, whose client blocks images, and Eve in Service. One source of mail."""
    people = (
        "address,ids,department,images,objects\n"
        "anna@example.org,a.one@example.org u1,Sales,,\n"
        "ben@example.org,,Sales,,\n"
        "cleo@example.org,,Sales,,\n"
        "dan@example.org,,Service,blocked,\n"
        "eve@example.org,,Service,,\n"
    )
    company = SmallCompany(folder, {"people.csv": people})
    company.add_source("mail", "email", shows=("delivered", "bounced", "opened", "clicked"))
    company.prove("mail")
    return company


def counts(reading: OracleReading) -> dict[str, int]:
    """Those counts that are not zero."""
    return {name: number for name, number in reading.counts.items() if number}
