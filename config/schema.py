"""Every key an operator may set, with its default. Reading files and joining errors is left to `config.load`;
what only a room can judge (does this indicator exist?) to that room's `check`."""

from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.duration import Span, parse_span


def _span(value: Any) -> Any:
    return parse_span(value) if isinstance(value, str) else value


def _zone(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("a zone of the IANA database, such as `Europe/Paris`") from None
    return value


Duration = Annotated[Span, BeforeValidator(_span)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Channel = Literal["email", "intranet", "chat", "survey"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=True)


class WorkingHours(Part):
    days: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    start: time = time(9)
    end: time = time(17)


class Organisation(Part):
    name: str = "our organisation"
    zone: Zone = ZoneInfo("UTC")
    working_hours: WorkingHours = WorkingHours()
    holidays: tuple[date, ...] = ()


class Files(Part):
    """A directory (every file in it, not below) or a glob."""

    files: Path


class SourceSettings(Part):
    """`shows`: the actions this source is able to show; absent: all that its decoder can. `options`: the decoder's own."""

    name: Name
    decoder: str
    origin: Files = Field(alias="from")
    channel: Channel
    shows: tuple[str, ...] | None = None
    delivered: bool = True
    lateness: Duration = Span(1, "hours")
    options: dict[str, Any] = {}


class CatalogueSettings(Part):
    files: tuple[Path, ...] = ()


class DirectorySettings(Part):
    """`as_of` dates a file that has no date in its name: file name to date. `largest_loss`: refuse a file in which more of the people are gone."""

    files: tuple[Path, ...] = ()
    segments: tuple[str, ...] = ()
    as_of: dict[str, date] = {}
    largest_loss: float = Field(0.2, ge=0, le=1)


class IndicatorSettings(Part):
    """`words_per_minute`: by language, `default` for the others. `topics`, `goals`: the lists messages are tagged from; empty: any."""

    words_per_minute: dict[str, float] = {"default": 238.0}
    topics: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()


class Scope(Part):
    channel: Channel | None = None
    topic: str | None = None
    goal: str | None = None
    purpose: Literal["inform", "persuade", "act", "engage"] | None = None
    setting: Literal["formal", "informal"] | None = None
    owner: str | None = None
    segment: str | None = None


class Target(Part):
    """What a reading should be. `value`: a ratio from 0 to 1, or for indicators in seconds a duration; absent: watched, not judged.
    `direction`, `window`, `judge` absent: the indicator's own."""

    name: Name
    indicator: str
    title: str = ""
    value: float | Duration | None = None
    direction: Literal["at_least", "at_most"] | None = None
    window: Duration | None = None
    period: Annotated[str, Field(pattern=r"^(message|week|month|quarter|rolling [1-9]\d{0,2} days)$")] = (
        "rolling 28 days"
    )
    scope: Scope = Scope()
    by: str | None = None
    judge: Literal["count", "process"] | None = None
    assume: Literal["bounds", "missing_at_random"] = "bounds"
    blind_share: float = Field(0.0, ge=0, lt=1)
    minimum_people: int = Field(0, ge=0)
    owner: str = ""
    severity: Literal["critical", "warning", "info"] = "warning"
    what_to_do: str = ""


class Disclosure(Part):
    k: int = Field(10, ge=5)


class Retention(Part):
    """`late_grace`: how long after a message's last window its times stand; `sets`: how long after it was sent the sets of people do;
    `dead_letters`: how long the bodies of records nobody understood do."""

    late_grace: Duration = Span(7, "days")
    sets: Duration = Span(45, "days")
    dead_letters: Duration = Span(30, "days")


class Page(Part):
    host: str = "127.0.0.1"
    port: int = Field(8750, ge=0, le=65535)
    titles: bool = True
    messages: int = Field(20, ge=0, le=1000)
    series_limit: int = Field(20_000, ge=100)


class Sample(Part):
    """A simulated company to play with; never in production. Present only in the sample configuration."""

    directory: Path
    people: int = Field(600, ge=20, le=1_000_000)
    days: int = Field(60, ge=1, le=400)
    seed: int = 1


class Settings(Part):
    """The whole file. Paths are relative to the folder of the file; `store` absent: SQLite in the data directory."""

    organisation: Organisation = Organisation()
    data: Path = Path("var/data")
    key_file: Path | None = None
    store: str | None = None
    store_file: Path | None = None
    sources: tuple[SourceSettings, ...] = ()
    catalogue: CatalogueSettings = CatalogueSettings()
    directory: DirectorySettings = DirectorySettings()
    indicators: IndicatorSettings = IndicatorSettings()
    targets: tuple[Target, ...] = ()
    disclosure: Disclosure = Disclosure()
    retention: Retention = Retention()
    page: Page = Page()
    evaluate_every: Duration = Span(1, "minutes")
    sample: Sample | None = None
