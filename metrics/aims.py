"""What a reading should be: the value of its target, of its segment, or by its own past. Judging is left to `targets`."""

from config.baseline import Baseline
from config.duration import Span
from config.schema import Target
from metrics.clock import Clocks
from metrics.history import History
from metrics.indicators import INDICATORS
from metrics.reading import Direction, Reading
from metrics.readings import choose_judge
from metrics.spelling import figure
from metrics.targets import Aim


class Aims:
    """Reads targets, with what was published of their past."""

    def __init__(self, clocks: Clocks, history: History) -> None:
        self._clocks = clocks
        self._history = history

    def of(self, target: Target, reading: Reading) -> Aim:
        """What this reading of a target is held against. A class's target says nothing of one message."""
        indicator = INDICATORS[target.indicator]
        watched = reading.message is not None and target.period != "message"
        value = None if watched else target.values.get(reading.segment, target.value)
        goes_by_its_past = isinstance(value, Baseline)
        resolved, said = (
            self._resolve(target, reading, value) if isinstance(value, Baseline) else (self.fixed(value), "")
        )
        return Aim(
            value=resolved,
            direction=direction_of(target),
            grows=indicator.grows,
            minimum_people=target.minimum_people,
            without="no_baseline" if goes_by_its_past else "no_target",
            said=said,
            by_messages=self._is_between_messages(target, reading),
        )

    def fixed(self, value: float | Span | Baseline | None) -> float | None:
        """A value in the indicator's unit; None where there is none, or none that holds at any time."""
        if isinstance(value, Span):
            return float(value.seconds(self._clocks.working_day_seconds))
        return None if isinstance(value, Baseline) else value

    @staticmethod
    def _is_between_messages(target: Target, reading: Reading) -> bool:
        indicator = INDICATORS[target.indicator]
        return reading.message is None and indicator.by_messages and choose_judge(target, indicator) == "process"

    def _resolve(self, target: Target, reading: Reading, baseline: Baseline) -> tuple[float | None, str]:
        before = self._history.last(target, reading.segment, baseline.period, reading.past)
        if before is None or before.value is None:
            return None, ""
        change = self.fixed(baseline.change) or 0.0
        value = max(0.0, before.value - change if baseline.less else before.value + change)
        if reading.unit == "ratio":
            value = min(1.0, value)
        window = target.window or INDICATORS[target.indicator].window
        working = window is not None and window.working
        was, now = (figure(each, reading.unit, working=working) for each in (before.value, value))
        return value, f"The target, {baseline}, is {now}: it was {was} in {before.period}."


def direction_of(target: Target) -> Direction:
    return target.direction or INDICATORS[target.indicator].direction
