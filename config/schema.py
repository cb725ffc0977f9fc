"""Every key an operator may set, with its default and, below it, its meaning (the manual's tables are made of these).

What single values may be stands in `config.values`, reading files and joining errors in `config.load`; what only a room
can judge (does this indicator exist?) is left to that room's `check`.
"""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from config.duration import Span
from config.grafana import Grafana as Grafana
from config.kafka import KafkaSettings as KafkaSettings
from config.kafka import Origin as Origin
from config.kafka import Worker as Worker
from config.lists import CatalogueSettings as CatalogueSettings
from config.lists import DirectorySettings as DirectorySettings
from config.part import Part as Part
from config.store import ALLOWED, check_url
from config.target import Scope as Scope
from config.target import Target as Target
from config.values import (
    Allowed,
    Channel,
    Clock,
    Country,
    Day,
    Duration,
    Name,
    Options,
    Ratio,
    Refused,
    Role,
    WallDuration,
    Weekday,
    Where,
    Zone,
)

USUAL_K = 10  # fewer people than this are a small group, unless two roles agree to less
WORDS_PER_MINUTE = 238.0  # adults reading silently: Brysbaert 2019, 190 studies
Mode = Literal["people", "cells", "counts"]
Speed = Annotated[float, Allowed("a number of words a minute, over 0"), Field(gt=0, le=10_000)]


class WorkingHours(Part):
    """When people work: what a `working hour` and a `working day` are."""

    days: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    """The working days of a week."""
    start: Clock = time(9)
    """When a working day begins."""
    end: Clock = Field(time(17), validate_default=True)
    """When it ends. A working day is as long as the time between."""

    # Both here and not in `config.check`: a clock over other hours than these would never get anywhere.
    @field_validator("days")
    @classmethod
    def _one_day_at_least(cls, days: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if not days:
            raise Refused("Write one day at least: without any, no window in working time would ever close.")
        return days

    @field_validator("end")
    @classmethod
    def _after_its_beginning(cls, end: time, info: ValidationInfo) -> time:
        start = info.data.get("start")
        if start is not None and end <= start:
            raise Refused(f"A working day ends after it begins, and this one begins at {start:%H:%M}.")
        return end


class Organisation(Part):
    """Whom the figures are about."""

    name: str = "our organisation"
    """As pages and reports write it."""
    zone: Zone = ZoneInfo("UTC")
    """Its time zone: where days, weeks and months begin, and what working hours are read in."""
    working_hours: WorkingHours = WorkingHours()
    """When people work."""
    holidays: tuple[Day, ...] = ()
    """Days on which nobody is expected to work, beside those of `holidays_of`."""
    holidays_of: Country | None = None
    """The country whose public holidays are no working days, or a part of it. Absent: only the days of `holidays`."""


class SourceSettings(Part):
    """An outside system that emits records."""

    name: Name
    """What series, dead letters and `resume` call it."""
    decoder: Annotated[str, Allowed("the name of a decoder, such as `cloudevents`")]
    """How its records are read: `cloudevents`, or a vendor's own decoder such as `sendgrid` or `access_log`."""
    origin: Origin = Field(alias="from")
    """Where its records come from."""
    channel: Channel
    """The channel of what it emits, where the record itself says none."""
    shows: tuple[Annotated[str, Allowed("an action, such as `opened`")], ...] | None = None
    """The actions it is able to show. Absent: all that its decoder can. What no source of a channel shows counts as unseen."""
    delivered: bool = True
    """Whether it shows deliveries. If not, everybody in the audience counts as delivered to."""
    lateness: WallDuration = Span(1, "hours")
    """How long after it happened an event may still arrive. Nothing is called missed before that has passed."""
    silent_after: Duration = Span(2, "days", working=True)
    """How long nothing may come in before an alert says that the source is silent; in working time, nights and holidays do not count."""
    options: Options = Field({})
    """The decoder's own options."""


class IndicatorSettings(Part):
    """What indicators share."""

    words_per_minute: dict[str, Speed] = Field({"default": WORDS_PER_MINUTE})
    """Reading speed by language of the message; `default` for the others."""
    topics: tuple[str, ...] = ()
    """The topics a message may have. Empty: any."""
    goals: tuple[str, ...] = ()
    """The goals a message may serve. Empty: any."""
    plan: dict[str, Ratio] = Field({})
    """The share of reading time that each topic should have, for `topic_balance`."""
    alignment_question: str = "role"
    """The id of the question that `alignment` reads: "I know what our goals ask of my work"."""
    advocacy_question: str = "recommend"
    """The id of the question that `advocacy` reads: "Would you recommend us?", 0 to 10."""
    gap_of: Annotated[str, Allowed("the name of an indicator, such as `reach`")] = "reach"
    """The indicator whose differences between segments `segment_gap` measures."""

    @field_validator("words_per_minute")
    @classmethod
    def _keep_a_default(cls, speeds: dict[str, Speed]) -> dict[str, Speed]:
        return {"default": WORDS_PER_MINUTE, **speeds}


class Disclosure(Part):
    """What may show."""

    k: int = Field(USUAL_K, ge=5)
    """Groups of fewer people are hidden. Less than 10 takes two roles: see `lowered_by`."""
    lowered_by: tuple[Role, ...] = ()
    """The two roles that have agreed to a `k` under 10, such as `works council`; never people. It is recorded."""
    epoch: Literal["day"] = "day"
    """How often the figures of groups under 50 people, and of parts of what else is shown, may change: once a `day`."""
    roles_of_few: tuple[Role, ...] = ()
    """Roles that fewer than three people hold. What judges one of them as the owner of messages is hidden."""


class Retention(Part):
    """How long what is kept is kept."""

    late_grace: WallDuration = Span(7, "days")
    """How long after a message's last window its times stand; what arrives later changes nothing."""
    sets: WallDuration = Span(45, "days")
    """How long after a message was sent its sets of people stand; then only published readings remain."""
    dead_letters: WallDuration = Span(30, "days")
    """How long the bodies of records that nobody understood stand, encrypted."""


class Page(Part):
    """The page, `/metrics` and the probes."""

    host: str = "127.0.0.1"
    """The address to listen on. Loopback unless told."""
    port: int = Field(8750, ge=0, le=65535)
    """The port to listen on; 0: any that is free."""
    titles: bool = True
    """Whether titles of messages are shown."""
    messages: int = Field(20, ge=0, le=1000)
    """How many of the latest messages have series of their own."""
    series_limit: int = Field(20_000, ge=100)
    """The most series `/metrics` may have. Detail of messages is dropped first."""


class Sample(Part):
    """A simulated company to play with; never in production. Present only in the sample configuration."""

    directory: Where
    """Where its streams, directory and catalogue are written."""
    people: int = Field(600, ge=20, le=1_000_000)
    """How many people it has."""
    days: int = Field(60, ge=1, le=400)
    """How many days of its past are simulated."""
    seed: int = Field(1, ge=0, le=2**32 - 1)
    """The same seed gives the same company."""


class Settings(Part):
    """The whole file."""

    organisation: Organisation = Organisation()
    """Whom the figures are about."""
    data: Where = Field(Path("var/data"), validate_default=True)
    """The data directory: the embedded database, the key, the lock."""
    key_file: Where | None = None
    """The file with the key of the pseudonyms. Absent: `earshot.key` in the data directory, made when there is none."""
    erasure_key_file: Where | None = None
    """The file with the key of the marks that erased people leave. Absent: `erasure.key` in the data directory, made when there is none."""
    store: Annotated[str, Allowed(ALLOWED), BeforeValidator(check_url)] | None = None
    """The URL of the database. Absent: SQLite in the data directory."""
    store_file: Where | None = None
    """A file that holds the URL of the database, which is a secret where it has a password in it."""
    mode: Mode = "people"
    """What is stored: `people` (sets of pseudonyms), `cells` (sets of tokens that belong to one message, with the cell of each), or
    `counts` (totals that sources counted, and no person at all)."""
    sources: tuple[SourceSettings, ...] = ()
    """The systems that emit records."""
    kafka: KafkaSettings = KafkaSettings()
    """How Kafka is reached, where sources read from topics."""
    catalogue: CatalogueSettings = CatalogueSettings()
    """The messages."""
    directory: DirectorySettings = DirectorySettings()
    """The people."""
    indicators: IndicatorSettings = IndicatorSettings()
    """What indicators share."""
    targets: tuple[Target, ...] = ()
    """What the readings should be."""
    disclosure: Disclosure = Disclosure()
    """What may show."""
    retention: Retention = Retention()
    """How long what is kept is kept."""
    page: Page = Page()
    """The page, `/metrics` and the probes."""
    worker: Worker = Worker()
    """A worker's own series and probes (`collect`)."""
    grafana: Grafana = Grafana()
    """The Grafana that dashboards are put into."""
    evaluate_every: WallDuration = Span(1, "minutes")
    """How often readings are computed."""
    sample: Sample | None = None
    """A simulated company; never in production."""
