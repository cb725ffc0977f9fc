"""What a snapshot becomes in series: of each family the samples, labels and value. Serving them is left to `metrics.export`."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from metrics import catalogue
from metrics.catalogue import Series
from metrics.snapshot import (
    REASONS,
    VERDICTS,
    MessageInfo,
    Of,
    PublishedReading,
    Snapshot,
    TargetInfo,
    Unit,
    count_hidden,
)

Labels = tuple[str, ...]
Samples = Iterable[tuple[Labels, float | None]]
Plan = tuple[Series, Samples]
"""A family and its samples; where a value is None there is no sample."""

_READING_VALUES: tuple[tuple[dict[Unit, Series], Callable[[PublishedReading], float | None]], ...] = (
    (catalogue.VALUE, lambda reading: reading.value),
    (catalogue.TARGET_VALUE, lambda reading: reading.target_value),
    (catalogue.LOWER, lambda reading: reading.lower),
    (catalogue.UPPER, lambda reading: reading.upper),
    (catalogue.RAW, lambda reading: reading.raw),
)
_READING_COUNTS: tuple[tuple[Series, Callable[[PublishedReading], float | None]], ...] = (
    (catalogue.NUMERATOR, lambda reading: reading.numerator),
    (catalogue.DENOMINATOR, lambda reading: reading.denominator),
    (catalogue.COARSE, lambda reading: None if reading.numerator is None else float(reading.coarse != "")),
    (catalogue.MATURITY, lambda reading: reading.maturity),
    (catalogue.AT_RISK, lambda reading: reading.at_risk),
    (catalogue.FALLING, lambda reading: reading.falling),
    (catalogue.SETTLED, lambda reading: _seconds(reading.settled_at)),
)
_MESSAGE_VALUES: tuple[tuple[dict[Unit, Series], Callable[[PublishedReading], float | None]], ...] = (
    (catalogue.MESSAGE_VALUE, lambda reading: reading.value),
    (catalogue.MESSAGE_LOWER, lambda reading: reading.lower),
    (catalogue.MESSAGE_UPPER, lambda reading: reading.upper),
)
# What a denominator counts, where that is another word than its own.
_COUNTED: dict[Of, str] = {"amounts": "people", "items": "feedback items"}
# How many series a reading of a target, and one of a message, come to at most.
OF_A_READING = (
    len(_READING_VALUES) + len(_READING_COUNTS) + len(VERDICTS) + len(REASONS) + len(catalogue.EVIDENCE_KINDS) + 1
)
OF_A_MESSAGE_READING = len(_MESSAGE_VALUES) + 1


def reading_labels(reading: PublishedReading) -> Labels:
    return reading.target, reading.indicator, reading.channel, reading.segment


def message_labels(reading: PublishedReading) -> Labels:
    return reading.message or "", reading.indicator, reading.channel


def of_readings(readings: Sequence[PublishedReading]) -> Iterator[Plan]:
    for pair, value in _READING_VALUES:
        yield from _by_unit(pair, readings, reading_labels, value)
    for series, count in _READING_COUNTS:
        yield series, _each(readings, reading_labels, count)
    yield catalogue.READING_INFO, ((_told(one), 1.0) for one in readings if one.denominator is not None)
    yield catalogue.EVIDENCE, (sample for one in readings for sample in _evidence(one))
    yield (
        catalogue.VERDICT,
        (((*reading_labels(one), verdict), float(one.verdict == verdict)) for one in readings for verdict in VERDICTS),
    )
    yield (
        catalogue.REASON,
        (((*reading_labels(one), reason), float(one.reason == reason)) for one in readings for reason in REASONS),
    )


def _told(reading: PublishedReading) -> Labels:
    return *reading_labels(reading), _COUNTED.get(reading.of, reading.of), reading.message or ""


def of_message_readings(readings: Sequence[PublishedReading]) -> Iterator[Plan]:
    for pair, value in _MESSAGE_VALUES:
        yield from _by_unit(pair, readings, message_labels, value)
    yield catalogue.MESSAGE_MATURITY, _each(readings, message_labels, lambda reading: reading.maturity)


def _by_unit(
    pair: dict[Unit, Series],
    readings: Sequence[PublishedReading],
    labels: Callable[[PublishedReading], Labels],
    value: Callable[[PublishedReading], float | None],
) -> Iterator[Plan]:
    for unit, series in pair.items():
        yield series, _each([reading for reading in readings if reading.unit == unit], labels, value)


def _each(
    readings: Sequence[PublishedReading],
    labels: Callable[[PublishedReading], Labels],
    value: Callable[[PublishedReading], float | None],
) -> Samples:
    # Lazily, so that a value of the wrong shape fails inside its own family.
    return ((labels(reading), value(reading)) for reading in readings)


def of_snapshot(snapshot: Snapshot) -> Iterator[Plan]:
    yield catalogue.AS_OF, [((), snapshot.as_of / 1_000_000)]
    hidden, readings = count_hidden(snapshot.readings)
    share = hidden / readings if readings else None
    yield catalogue.SUPPRESSED, [((), share)]


def of_targets(targets: Sequence[TargetInfo]) -> Iterator[Plan]:
    yield catalogue.TARGET_INFO, ((_described(one), 1.0) for one in targets)
    yield catalogue.TARGET_ADVICE, (((one.target, one.what_to_do), 1.0) for one in targets)


def _described(one: TargetInfo) -> Labels:
    named = one.target, one.indicator, one.title, one.target_owner
    return *named, one.severity, one.direction, one.judge, one.period


def of_messages(messages: Sequence[MessageInfo]) -> Iterator[Plan]:
    yield (
        catalogue.MESSAGE_INFO,
        (((one.message, one.channel, one.title, one.topic, one.target_owner), 1.0) for one in messages),
    )
    yield catalogue.MESSAGE_SENT, (((one.message, one.channel), _seconds(one.sent_at)) for one in messages)


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000


def _evidence(reading: PublishedReading) -> Iterator[tuple[Labels, float | None]]:
    """What a share rests on; of what is coarse or no share of people, nothing."""
    parts, people = reading.parts, reading.denominator
    if not people or reading.coarse or reading.numerator is None or reading.unit != "ratio":
        return
    counts = (parts.H, parts.P, parts.S, parts.U)
    for kind, count in zip(catalogue.EVIDENCE_KINDS, counts, strict=True):
        yield (*reading_labels(reading), kind), None if count is None else count / people
