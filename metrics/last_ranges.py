"""What a target can find by the range of its readings that were published last: all there is where no audience is known beforehand.
What is known beforehand is left to `promise`."""

from collections.abc import Iterable, Sequence

from config.schema import Settings, Target
from metrics.detectable import Blindness, size_text
from metrics.indicator import Indicator
from metrics.indicators import INDICATORS
from metrics.readings import choose_judge
from metrics.snapshot import PublishedReading

_BOUNDS, _FOUR_OF_FIVE = 1.960, 0.842  # deviations from a mean: of bounds of 95 %, and below which four of five lie


def promises_by_range(settings: Settings, readings: Sequence[PublishedReading]) -> list[str]:
    """A sentence for each target that judges."""
    judged = judged_targets(settings)
    return [f"{target.name}: {by_range(readings, target, INDICATORS[target.indicator])}" for target in judged]


def judged_targets(settings: Settings) -> list[Target]:
    return [target for target in settings.targets if target.value is not None or target.values]


def last_of(readings: Iterable[PublishedReading], target: Target, indicator: Indicator) -> list[PublishedReading]:
    return [each for each in readings if (each.target, each.indicator) == (target.name, indicator.id)]


def by_range(readings: Iterable[PublishedReading], target: Target, indicator: Indicator) -> str:
    down, judge = (target.direction or indicator.direction) == "at_least", choose_judge(target, indicator)
    what = "drop" if down else "rise"
    found = [find_beyond(each, judge=judge, down=down) for each in last_of(readings, target, indicator)]
    sizes = sorted(size for size in found if size is not None)
    if not sizes:
        return f"How small a {what} it finds is said once it has a reading with a range on the side of the target."
    least, most = (size_text(each, indicator.unit) for each in (sizes[0], sizes[-1]))
    size = least if least == most else f"{least} to {most}, by part"
    return f"Smallest {what} beyond the target found four times of five, judged by {judge}, by the range of its last reading: {size}."


def find_beyond(reading: PublishedReading, *, judge: str, down: bool) -> float | None:
    """How far the truth has to lie beyond a target for the whole range to lie there, if the range stays as wide; by *process* four times of
    five, by *count* whenever it does."""
    end = reading.upper if down else reading.lower
    if end is None or reading.value is None:
        return None
    return abs(end - reading.value) * (1 + (_FOUR_OF_FIVE / _BOUNDS if judge == "process" else 0.0))


def blindness_of(reading: PublishedReading, chance: float) -> Blindness | None:
    """Who could not be seen, and who may have left no trace, as far as the range of a share tells; None where it tells nothing. Where the
    range ends at 100 %, more may be blind. `chance`: the drop that chance alone leaves to find, 0 where it plays no part."""
    hidden, people = (reading.parts.P or 0) + (reading.parts.U or 0), reading.denominator
    if reading.value is None or not reading.upper or not people or hidden >= people:
        return None
    unseen = hidden / people
    possible = reading.value * (1 - unseen) + unseen + chance * _BOUNDS / (_BOUNDS + _FOUR_OF_FIVE)
    return Blindness(unseen, max(0.0, 1 - possible / reading.upper))
