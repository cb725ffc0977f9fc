"""What only the directory can say of a configuration: which segments somebody belongs to, which are one manager's team, how many series the
breakdowns come to. What needs no people is left to `check`."""

from collections.abc import Collection, Mapping

from config.problem import Problem, choices, did_you_mean, written
from config.schema import Settings
from metrics.export import most_series
from metrics.people import People
from metrics.teams import find_teams


def count_series(settings: Settings, values: Mapping[str, Collection[str]]) -> int:
    """How many series the readings of these targets come to at the most. `values`: every attribute of the
    directory with its values; breakdowns by a word of the messages are counted as ten."""
    readings = 0
    for target in settings.targets:
        readings += 1 if target.by is None else len(values.get(target.by, range(10)))
    targets = settings.targets
    indicators = len({target.indicator for target in targets})
    return most_series(readings=readings, targets=len(targets), messages=settings.page.messages, indicators=indicators)


def check_series(settings: Settings, values: Mapping[str, Collection[str]]) -> list[Problem]:
    """Whether all readings, and the messages shown, fit into the limit of series."""
    needed = count_series(settings, values)
    if needed <= settings.page.series_limit:
        return []
    mend = (
        f"These targets come to {needed:,} series: break fewer of them down, show fewer messages, or raise the limit."
    )
    return [Problem("page.series_limit", str(settings.page.series_limit), "room for every reading", mend)]


def check_segments(settings: Settings, values: Mapping[str, Collection[str]]) -> list[Problem]:
    """Segments that nobody in the directory belongs to. `values`: every attribute of the directory with its values."""
    problems = []
    for index, attribute in enumerate(settings.directory.segments):
        if attribute not in values:
            problems.append(_no_attribute(f"directory.segments[{index}]", attribute, values))
    for index, target in enumerate(settings.targets):
        problems += _no_segment(f"targets[{index}].scope.segment", target.scope.segment or "", values)
        for segment in target.values:
            problems += _no_segment(f"targets[{index}].values", segment, values)
    return problems


def _no_segment(path: str, segment: str, values: Mapping[str, Collection[str]]) -> list[Problem]:
    attribute, _, value = segment.partition("=")
    if attribute not in values or value in values[attribute]:
        return []
    known = sorted(values[attribute])
    allowed = choices([f"{attribute}={name}" for name in known[:12]]) if known else "nothing"
    mend = did_you_mean(value, known) or "Nobody in the directory has this value."
    return [Problem(path, written(segment), allowed, mend)]


def check_teams(settings: Settings, people: People, now: int) -> list[Problem]:
    """Segments that are managers' teams at a moment (microseconds)."""
    teams = find_teams(people.roster(now), settings.directory.segments)
    mend = (
        "Nearly every value of it is the team of one manager: figures by it would judge single managers. Take it out, or use an "
        "attribute that several managers share."
    )
    return [
        Problem(f"directory.segments[{number}]", written(attribute), "an attribute that cuts across teams", mend)
        for number, attribute in enumerate(settings.directory.segments)
        if attribute in teams
    ]


def _no_attribute(path: str, attribute: str, values: Mapping[str, Collection[str]]) -> Problem:
    known = sorted(values)
    allowed = choices(known) if known else "an attribute of the directory"
    mend = did_you_mean(attribute, known) or "The directory's files have no such column."
    return Problem(path, written(attribute), allowed, mend)
