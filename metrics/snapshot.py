"""The one published snapshot: what every reader sees (page, series, `readings`, reports). Already coarsened; nothing here
names a person. Computing it is left to `metrics.evaluate`, rendering to `metrics.export`, keeping it to `metrics.ledger`."""

from collections.abc import Iterable
from typing import Literal

import msgspec

Verdict = Literal["met", "missed", "undetermined", "immature", "suppressed"]
VERDICTS: tuple[Verdict, ...] = ("met", "missed", "undetermined", "immature", "suppressed")

Reason = Literal[
    "", "no_data", "no_audience", "no_value", "not_applicable", "no_target", "no_baseline", "too_few", "gap", "before_start",
    "one_message", "straddles", "chance", "window_open", "not_settled", "hidden",
]  # fmt: skip
REASONS: tuple[Reason, ...] = (
    "no_data", "no_audience", "no_value", "not_applicable", "no_target", "no_baseline", "too_few", "gap", "before_start",
    "one_message", "straddles", "chance", "window_open", "not_settled", "hidden",
)  # fmt: skip

Unit = Literal["ratio", "seconds"]
Of = Literal["people", "deliveries", "items", "amounts", "messages", "facts", "readings"]
"""What a denominator counts; amounts: everybody has one."""
Coarse = Literal["", "at_most", "at_least"]


class Parts(msgspec.Struct, frozen=True):
    """People behind a reading, as published; None where hidden or not defined. For a class, sums over its messages."""

    E: int | None = None
    D: int | None = None
    H: int | None = None
    P: int | None = None
    S: int | None = None
    U: int | None = None


class Ahead(msgspec.Struct, frozen=True):
    """Where a reading will end, as ratios: the range holds in 90 %. By how many `earlier` messages, and the share of them that it would
    have `covered`; `message`: of which young one, "" where it is the whole class."""

    value: float
    lower: float
    upper: float
    earlier: int
    covered: float
    message: str = ""


class PublishedReading(msgspec.Struct, frozen=True):
    """A reading after disclosure, with its verdict. Exactly one of `message` and `period` is set.

    Ratios from 0 to 1, or seconds (`unit`). `lower` and `upper` are those of the target's question (`judge`);
    None with an upper bound means "not reached" for times. `coarse`: how `numerator` is to be read, which is None where the value is
    no share of the `denominator` (a mean, a difference); `of`: what both of them count.
    `settle`: what would settle an undetermined one, `target_from`: where its target comes from if that is not plain, in words.
    `rules`: the version of the rules on machines that judged it, all of them where they were several.
    `note`: what else is to be said, in words.
    `stands_since`: the day (ISO) whose figures these are, where newer ones would tell of a few people; "" where they are of `as_of`.
    `settled_at`: microseconds since 1970 UTC, of a single message that is ready to be judged.
    `falling`: against its own history; `at_risk`: its young messages will probably miss the target; None where nobody can tell.
    """

    target: str
    indicator: str
    unit: Unit
    channel: str
    segment: str
    message: str | None
    period: str | None
    value: float | None
    numerator: int | None
    denominator: int | None
    lower: float | None
    upper: float | None
    raw: float | None
    coarse: Coarse
    maturity: float | None
    verdict: Verdict
    reason: Reason
    parts: Parts = Parts()
    target_value: float | None = None
    messages: int = 0
    settle: str = ""
    rules: str = ""
    target_from: str = ""
    falling: bool | None = None
    at_risk: bool | None = None
    ahead: Ahead | None = None
    of: Of = "people"
    note: str = ""
    settled_at: int | None = None
    stands_since: str = ""


class TargetInfo(msgspec.Struct, frozen=True):
    """`value`: None where it is watched, and where it `goes_by` its own past, in words."""

    target: str
    indicator: str
    unit: Unit
    title: str
    target_owner: str
    severity: str
    direction: str
    judge: str
    period: str
    window: str
    value: float | None
    what_to_do: str
    assume: str = "bounds"
    goes_by: str = ""


class MessageInfo(msgspec.Struct, frozen=True):
    """One of the latest messages. `title` is empty where titles are switched off."""

    message: str
    title: str
    channel: str
    topic: str
    target_owner: str
    sent_at: int


class Versions(msgspec.Struct, frozen=True):
    rules: str
    catalogue: str
    configuration: str


class Remembered(msgspec.Struct, frozen=True):
    """Of whom figures were shown lately, so that the next ones are held against them: the units (each by its messages), and the values of
    an attribute ("" with the value "" is everybody). `key` names what takes its place: target, then period or message, and word;
    `day`: the last on which they were shown. `figures`: what was told of each value's count, the least and the most, and of how many;
    `erased`: how many people had been erased by then."""

    key: tuple[str, str, str]
    day: str
    measure: str
    units: tuple[tuple[str, ...], ...]
    attribute: str
    values: tuple[str, ...]
    figures: tuple[tuple[int, int, int], ...] = ()
    erased: int = 0


class Snapshot(msgspec.Struct, frozen=True):
    """`as_of`: microseconds since 1970 UTC. `readings`: of every target, whole and by segment; `message_readings`: of the
    latest messages, each indicator once, whole audience (their `target` is the target they were computed for, or "").
    `epoch`: the day it belongs to; `remembered`: state of disclosure, for nobody to read."""

    as_of: int
    versions: Versions
    targets: tuple[TargetInfo, ...]
    readings: tuple[PublishedReading, ...]
    messages: tuple[MessageInfo, ...] = ()
    message_readings: tuple[PublishedReading, ...] = ()
    notes: tuple[str, ...] = ()
    epoch: str = ""
    remembered: tuple[Remembered, ...] = ()


def count_hidden(readings: Iterable[PublishedReading]) -> tuple[int, int]:
    """How many of these readings are hidden, and how many they are; without those that say just this."""
    others = [reading for reading in readings if reading.of != "readings"]
    return sum(reading.verdict == "suppressed" for reading in others), len(others)


def encode(snapshot: Snapshot) -> bytes:
    return msgspec.json.encode(snapshot)


def decode(body: bytes) -> Snapshot:
    """ValueError (msgspec.ValidationError) where it was written by another version of the service."""
    return msgspec.json.decode(body, type=Snapshot)
