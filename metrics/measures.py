"""What the targets of a configuration want counted: measures of messages, marks of periods, attributes of people, what is read for
it. Counting them is left to `counting`, `marks` and `cells`."""

from config.schema import Settings, Target
from metrics.classes import GROUPED_BY
from metrics.counting import Measure
from metrics.indicators import INDICATORS
from metrics.shelf import Wanted


def measures_of(settings: Settings) -> list[Measure]:
    """What is counted of each message for any target."""
    found = {}
    for target in settings.targets:
        measure = measure_of(target, settings.indicators.gap_of)
        if measure is not None:
            found[measure.key] = measure
    return list(found.values())


def measure_of(target: Target, gap_of: str) -> Measure | None:
    """What is counted of each message for a target; None where it is about no messages one by one."""
    asked = INDICATORS[target.indicator]
    measured = INDICATORS[gap_of] if asked.between_segments else asked
    return Measure(measured, target.window) if measured.classify is not None else None


def marks_of(settings: Settings) -> tuple[str, ...]:
    """What periods ask of messages; a name in braces is one of the configuration's."""
    asked = {mark for target in settings.targets for mark in INDICATORS[target.indicator].marks}
    return tuple(sorted(mark.format_map(vars(settings.indicators)) for mark in asked))


def wanted_of(settings: Settings) -> Wanted:
    """What is read of messages besides what people did."""
    asked = [INDICATORS[target.indicator] for target in settings.targets]
    if any(indicator.between_segments for indicator in asked):
        asked.append(INDICATORS[settings.indicators.gap_of])
    return Wanted(
        answers=any(indicator.answers for indicator in asked),
        attention=any(indicator.attention for indicator in asked),
        apart=frozenset({settings.indicators.alignment_question, settings.indicators.advocacy_question}),
        by_cells=settings.mode == "cells",
    )


def attributes_of(settings: Settings) -> tuple[str, ...]:
    """Directory attributes that some target is broken down by or limited to, and those named as segments."""
    wanted = set(settings.directory.segments)
    for target in settings.targets:
        if target.by is not None and target.by not in GROUPED_BY:
            wanted.add(target.by)
        if target.scope.segment is not None:
            wanted.add(target.scope.segment.partition("=")[0])
    return tuple(sorted(wanted))
