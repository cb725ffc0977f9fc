"""Figures as people write them: shares, times, ranges, counts, moments. What they mean is left to `metrics.wording`."""

from datetime import UTC, datetime, timedelta, tzinfo

from metrics.snapshot import PublishedReading, TargetInfo, Unit

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def figure(value: float, unit: Unit, beside: float | None = None, *, working: bool = False) -> str:
    """`68.2 %`, `12 min`, `3.5 h` or `7 days`. Where rounding would make it look equal to the figure `beside` it, with more digits.
    `working`: in working time, which is told in hours: a day of it is not as long as a day on the wall."""
    if unit == "ratio":
        return f"{_apart(value * 100, None if beside is None else beside * 100, 1)} %"
    size, sign, digits = _scale(value, working=working)
    text = _apart(value / size, None if beside is None else beside / size, digits)
    # `8 h` is exactly that: a time that is only about as long keeps its digit.
    whole = text.rstrip("0").rstrip(".") if "." in text and float(text) * size == value else text
    return f"{whole} {sign}"


def _apart(value: float, beside: float | None, digits: int) -> str:
    """With so many digits after the point, or up to two more where it would look equal to the figure beside it."""
    for more in range(digits, digits + 3):
        text = f"{value:.{more}f}"
        if beside is None or value == beside or text != f"{beside:.{more}f}":
            break
    return text


def _scale(seconds: float, *, working: bool) -> tuple[int, str, int]:
    """The unit a time is told in, its sign, and how many digits it has after the point."""
    if seconds < _HOUR:
        return _MINUTE, "min", 0
    return (_HOUR, "h", 1) if working or seconds < 2 * _DAY else (_DAY, "days", 1)


def works(target: TargetInfo) -> bool:
    """Whether its times are on the clock of working hours."""
    return target.unit == "seconds" and "working" in target.window


def value_text(reading: PublishedReading, target: TargetInfo) -> str:
    if reading.value is not None:
        coarse = _coarse_word(reading) if reading.unit == "ratio" else ""
        return f"{coarse}{figure(reading.value, reading.unit, reading.target_value, working=works(target))}"
    # From "at once" on: more than half could not be seen, and nobody can say that it was not reached.
    return "not reached" if is_endless(reading) or (reading.unit == "seconds" and reading.lower) else "-"


def is_endless(reading: PublishedReading) -> bool:
    """Whether even the lower end is a time that was not reached, which is published as none."""
    return reading.unit == "seconds" and reading.lower is None and reading.numerator is not None


def range_text(reading: PublishedReading, target: TargetInfo) -> str:
    """`66.1 to 70.3 %`: the unit once where both ends share it."""
    if reading.lower is None:
        return "not reached" if is_endless(reading) else "-"
    lower = figure(reading.lower, reading.unit, reading.target_value, working=works(target))
    if reading.upper is None:
        return f"{lower} or more"
    if reading.upper == reading.lower:
        return lower
    upper = figure(reading.upper, reading.unit, reading.target_value, working=works(target))
    number, _, sign = lower.partition(" ")
    return f"{number} to {upper}" if upper.endswith(" " + sign) else f"{lower} to {upper}"


def target_text(target: TargetInfo, value: float | None = None) -> str:
    """What a reading should be. `value`: of a single reading, where that is not the same for all."""
    direction = "at least" if target.direction == "at_least" else "at most"
    wanted = target.value if value is None else value
    if wanted is None:
        return f"{direction} {target.goes_by}" if target.goes_by else "no target"
    clock = " of working time" if works(target) else ""
    return f"{direction} {figure(wanted, target.unit, working=works(target))}{clock}"


def people_text(reading: PublishedReading) -> str:
    if reading.denominator is None:
        return "-"
    # Of amounts everybody has one: how many people they are is all there is to say.
    of = "" if reading.of in ("people", "amounts") else f" {reading.of}"
    if reading.numerator is None or reading.of == "amounts":
        return f"{reading.denominator:,}{of}"
    return f"{_coarse_word(reading)}{reading.numerator:,} of {reading.denominator:,}{of}"


def often_text(reading: PublishedReading) -> str:
    """How often a person is counted, where that is more than once; else ""."""
    many = reading.messages > 1 and reading.of == "people"
    return f"each once for each of {reading.messages:,} messages" if many else ""


def choice_text(target: TargetInfo) -> str:
    """Which of its messages a target per message shows; else ""."""
    return "of its messages the one that settled last, else the youngest" if target.period == "message" else ""


def _coarse_word(reading: PublishedReading) -> str:
    return {"": "", "at_most": "at most ", "at_least": "at least "}[reading.coarse]


def maturity_text(reading: PublishedReading) -> str:
    # Rounded down: 100 % is said only where every window has closed.
    return "-" if reading.maturity is None else f"{int(reading.maturity * 100)} %"


def count(number: int, noun: str) -> str:
    """`1 day`, `3 days`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def moment_text(microseconds: int, zone: tzinfo) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def age_text(microseconds: int) -> str:
    """How long ago, in one unit: `less than a minute`, `3 minutes`, `5 hours`, `12 days`."""
    seconds = max(microseconds, 0) // 1_000_000
    for size, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size:
            return count(seconds // size, unit)
    return "less than a minute"
