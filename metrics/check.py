"""What only this room can say of a configuration: do its indicators and segments exist, are values in their units, can these
sources judge its targets. Shapes and lengths of time are left to `config.check`."""

from collections.abc import Collection, Sequence

from config.baseline import Baseline
from config.duration import Span
from config.problem import Problem, choices, did_you_mean, written
from config.schema import Settings, Target
from metrics.classes import GROUPED_BY
from metrics.indicator import OF_NOBODY, Indicator
from metrics.indicators import INDICATORS
from metrics.modes import check_mode
from metrics.purposes import JUDGED_BY, judges_messages
from metrics.sight import Sight


def check(settings: Settings) -> list[Problem]:
    """Every problem of the targets that can be told from the file alone."""
    problems = _check_gap_of(settings.indicators.gap_of)
    for index, target in enumerate(settings.targets):
        path = f"targets[{index}]"
        indicator = INDICATORS.get(target.indicator)
        if indicator is None:
            problems.append(_unknown_indicator(f"{path}.indicator", target.indicator))
        else:
            problems += _check_values(path, target, indicator)
            problems += _check_window(path, target, indicator)
            problems += _check_period(path, target, indicator)
            problems += _check_subject(path, target, indicator)
            problems += _check_grouped(path, target, indicator)
            problems += _check_purposes(path, target, indicator, settings.targets)
            problems += _check_segments_compared(path, target, indicator, settings.directory.segments)
    problems += _check_plan(settings)
    return problems + check_mode(settings)


def _check_gap_of(name: str) -> list[Problem]:
    """Segments can only be compared by the share of their people who did something about a message."""
    shares = [id for id, each in INDICATORS.items() if each.classify and each.unit == "ratio" and each.method is None]
    if name in shares:
        return []
    no_share = f"`{name}` is no share of the people of a message."
    mend = no_share if name in INDICATORS else did_you_mean(name, shares) or no_share
    return [Problem("indicators.gap_of", written(name), choices(sorted(shares)), mend)]


_WHAT = {
    "items": "feedback items, which keep no author and so belong to no segment of people",
    "messages": "messages, which belong to no segment of people",
    "facts": "facts, also those of people whom nobody knows: they belong to no segment of people",
}


def _check_grouped(path: str, target: Target, indicator: Indicator) -> list[Problem]:
    """What no segment of people has any of; and parts of a segment, which nobody counts."""
    if indicator.of not in _WHAT:
        return _check_crossed(path, target) if not indicator.between_segments else []
    mend = f"`{indicator.id}` counts {_WHAT[indicator.of]}."
    problems = []
    if target.by not in (None, *GROUPED_BY):
        problems.append(Problem(f"{path}.by", written(target.by), choices(GROUPED_BY), mend))
    if target.scope.segment is not None:
        problems.append(Problem(f"{path}.scope.segment", written(target.scope.segment), "nothing", mend))
    return problems


def _check_crossed(path: str, target: Target) -> list[Problem]:
    if target.by in (None, *GROUPED_BY) or target.scope.segment is None:
        return []
    mend = f"`by: {target.by}` tells everybody apart, not the people of one segment: leave one of the two out."
    return [Problem(f"{path}.scope.segment", written(target.scope.segment), "nothing", mend)]


def _check_segments_compared(
    path: str, target: Target, indicator: Indicator, segments: Collection[str]
) -> list[Problem]:
    if not indicator.between_segments:
        return []
    if target.scope.segment is not None:
        mend = f"`{indicator.id}` compares all segments with each other: leave this out."
        return [Problem(f"{path}.scope.segment", written(target.scope.segment), "nothing", mend)]
    if target.by in segments:
        return []
    allowed = choices([f"by: {name}" for name in segments]) if segments else "an attribute of `directory.segments`"
    mend = f"Say which segments `{indicator.id}` is to compare."
    found = "nothing" if target.by is None else written(target.by)
    return [Problem(f"{path}.by", found, allowed, mend, rests_on=("directory.segments",))]


def _unknown_indicator(path: str, name: str) -> Problem:
    return Problem(path, written(name), choices(sorted(INDICATORS)), did_you_mean(name, sorted(INDICATORS)))


def _check_values(path: str, target: Target, indicator: Indicator) -> list[Problem]:
    values = [(f"{path}.value", target.value), *((f"{path}.values", value) for value in target.values.values())]
    return [problem for key, value in values for problem in _check_value(key, value, target, indicator)]


def _check_value(
    path: str, value: float | Span | Baseline | None, target: Target, indicator: Indicator
) -> list[Problem]:
    amount = value.change if isinstance(value, Baseline) else value
    if amount is None:
        return []
    if isinstance(amount, Span) and indicator.unit == "seconds":
        return _check_clock(path, value, amount, target.window or indicator.window)
    if not isinstance(amount, Span) and indicator.unit == "ratio":
        return []
    before, sign = ("last quarter - ", "-") if isinstance(value, Baseline) else ("", "")
    if indicator.unit == "seconds":
        usual = "1 hour" if sign else indicator.start_target or "8 hours"
        mend = f"`{indicator.id}` is measured in time: write for instance `{before}{usual}`."
        return [Problem(path, written(str(value)), "a length of time", mend)]
    usual = 0.05 if sign else indicator.start_target or 0.5
    mend = f"`{indicator.id}` is a ratio: write for instance `{before}{usual}`."
    return [Problem(path, written(str(value)), "a ratio from 0 to 1", mend)]


def _check_clock(path: str, value: object, amount: Span, window: Span | None) -> list[Problem]:
    if window is None or window.working == amount.working:
        return []
    clock = "working time" if window.working else "time on the wall clock"
    mend = f"Delays run on the clock of the window, which is `{window}`: write the value in the same time, or change the window."
    return [Problem(path, written(str(value)), clock, mend)]


def _check_window(path: str, target: Target, indicator: Indicator) -> list[Problem]:
    if target.window is None:
        return []
    if indicator.over is not None:
        mend = f"`{indicator.id}` is a figure of a whole period, with a window of its own: leave this one out."
        return [Problem(f"{path}.window", written(target.window), "nothing", mend)]
    if indicator.window is not None:
        return []
    mend = f"`{indicator.id}` goes by each message's own due date: leave the window out."
    if indicator.of in OF_NOBODY:
        mend = f"`{indicator.id}` has no window, only a period: leave this one out."
    return [Problem(f"{path}.window", written(target.window), "nothing", mend)]


def _check_period(path: str, target: Target, indicator: Indicator) -> list[Problem]:
    if not indicator.periods or target.period.partition(" ")[0] in indicator.periods:
        return []
    allowed = choices(["rolling 28 days" if period == "rolling" else period for period in indicator.periods])
    mend = f"`{indicator.id}` is a figure of a whole period, not of single messages: write for instance `{indicator.periods[-1]}`."
    return [Problem(f"{path}.period", written(target.period), allowed, mend)]


def _check_subject(path: str, target: Target, indicator: Indicator) -> list[Problem]:
    if not indicator.by_subject or {target.by} & {"goal", "topic"} or target.scope.goal or target.scope.topic:
        return []
    mend = f"`{indicator.id}` is about one goal or topic at a time: write `by: goal`, or a `scope` with one; or ask for `goal_awareness`."
    return [Problem(f"{path}.by", written(target.by or ""), choices(["goal", "topic"]), mend)]


def _check_purposes(path: str, target: Target, indicator: Indicator, targets: Sequence[Target]) -> list[Problem]:
    """Messages are judged by other targets: some have to be there."""
    if not indicator.by_verdict or any(judges_messages(each) and each.indicator in JUDGED_BY for each in targets):
        return []
    mend = f"`{indicator.id}` counts verdicts on single messages: set a target with a value, not broken down, on one of these as well."
    return [Problem(f"{path}.indicator", written(target.indicator), choices(JUDGED_BY), mend)]


def _check_plan(settings: Settings) -> list[Problem]:
    asked = [number for number, target in enumerate(settings.targets) if target.indicator == "topic_balance"]
    if not asked or any(settings.indicators.plan.values()):
        return []
    mend = "`topic_balance` holds reading against a plan: write for instance `plan: {goals: 0.4, products: 0.6}`."
    rests_on = tuple(f"targets[{number}].indicator" for number in asked)
    return [Problem("indicators.plan", "", "topics with their shares", mend, rests_on=rests_on)]


def unshown(settings: Settings, sight: Sight) -> dict[str, str]:
    """By the target's name, for each that no configured source can show at all, a sentence that says so. No problem, since sources come
    later."""
    if settings.mode == "counts":
        return {}  # totals come with the catalogue's entries
    shown = frozenset().union(*sight.kinds.values()) if sight.kinds else frozenset()
    sentences = {}
    for target in settings.targets:
        indicator = INDICATORS.get(target.indicator)
        if indicator is None:
            continue
        kinds = sight.kinds.get(target.scope.channel, frozenset()) if target.scope.channel else shown
        if indicator.needs and not indicator.needs & kinds:
            needs = choices(sorted(indicator.needs))
            sentences[target.name] = f"{target.name}: no source shows {needs}, so `{indicator.id}` cannot be judged."
    return sentences
