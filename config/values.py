"""What single values of a configuration may be: durations, ratios, zones, paths, names. The keys they stand under are `config.schema`.

Every scalar of a file arrives as the text that was written, so that the key decides what it means and YAML never does
(`no` for a language, `10:00` for six hundred). Values built in Python are taken as they are.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from config.baseline import ALLOWED as BASELINE
from config.baseline import Baseline, parse_baseline
from config.countries import list_countries, other_names
from config.duration import ALLOWED, Span, find_span, parse_span, suggest_span
from config.problem import choices, did_you_mean

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")


@dataclass(frozen=True)
class Allowed:
    """Stands in a type's annotation and says in plain words what may be written: for problems and for the manual."""

    text: str


class Refused(ValueError):
    """A value that may not stand here. The text, where there is one, says how to mend it."""


class Plain(str):
    """A scalar written without quotes. Only where no key says the type (a decoder's options) does it matter."""


def _name(value: Any) -> Any:
    if not isinstance(value, str) or re.fullmatch(_NAME, value):
        return value
    near = re.sub(r"[^a-z0-9_-]+", "_", value.strip().lower()).strip("_")
    raise Refused(f"Write `{near}`." if re.fullmatch(_NAME, near) else "")


def _span(value: Any) -> Any:
    if not isinstance(value, str):
        # pydantic would make a Span of a mapping.
        if not isinstance(value, Span):
            raise Refused
        return value
    try:
        return parse_span(value)
    except ValueError:
        raise Refused(suggest_span(value)) from None


def _on_the_wall(value: Span) -> Span:
    if value.working:
        raise Refused("Working time is for targets: write it without `working`.")
    return value


def _ratio(value: Any) -> Any:
    """A number from 0 to 1, written as such; percentages are refused with the ratio they mean."""
    if not isinstance(value, str):
        return value
    text = value.strip().removesuffix("%").strip()
    if re.fullmatch(r"\d{0,9}([.,]\d{1,15})?", text, re.ASCII) is None or not text:
        raise Refused
    number = Decimal(text.replace(",", "."))
    if value.strip().endswith("%") or 1 < number <= 100:
        raise Refused(f"Ratios are written from 0 to 1: {number.scaleb(-2)}.")
    if "," in text:
        raise Refused(f"Decimals are written with a point: {number}.")
    if number > 1:
        raise Refused
    return float(number)


def _aim(value: Any) -> Any:
    """A ratio, a length of time, or either by one's own past."""
    if not isinstance(value, str):
        # pydantic would speak of every side of the union.
        if not isinstance(value, int | float | Span | Baseline):
            raise Refused
        return value
    try:
        baseline = parse_baseline(value)
    except ValueError as mend:
        raise Refused(str(mend)) from None
    return _ratio_or_span(value) if baseline is None else baseline


def _ratio_or_span(value: str) -> Any:
    span = find_span(value)
    if span is not None:
        return span
    try:
        return _ratio(value)
    except Refused as refused:
        raise Refused(str(refused) or suggest_span(value)) from None


def _zone(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise Refused(did_you_mean(value, available_timezones())) from None
    return value


def _country(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    country, dash, part = value.partition("-")
    known = list_countries()
    if country not in known:
        names = {name.lower(): code for name, code in other_names().items()}
        code = names.get(country.replace(" ", "").lower())
        raise Refused(f"Did you mean `{code}`?" if code else did_you_mean(country, known))
    if dash and part not in known[country]:
        near = did_you_mean(value, [f"{country}-{name}" for name in known[country]])
        parts = (
            f"Its parts are {choices(known[country])}." if known[country] else f"Write `{country}`: it has no parts."
        )
        raise Refused(near or parts)
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip(), re.ASCII) is None:
        raise Refused
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise Refused("The calendar has no such day.") from None


def _clock(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"(\d\d?):(\d\d)", value.strip(), re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Refused(_clock_meant(value.strip()))
    return time(int(match[1]), int(match[2]))


def _clock_meant(text: str) -> str:
    hour = re.fullmatch(r"(\d\d?)\s*(?:h|am|:00:00)?", text, re.ASCII)
    if hour is not None and int(hour[1]) < 24:
        return f"Write `{int(hour[1]):02d}:00`."
    return "The last minute of a day is `23:59`." if text == "24:00" else ""


def _period(value: Any) -> Any:
    if not isinstance(value, str) or re.fullmatch(
        r"message|week|month|quarter|rolling [1-9]\d{0,2} days", value, re.ASCII
    ):
        return value
    days = re.fullmatch(r"(?:rolling\s+)?([1-9]\d{0,2})\s*(?:d|days?)?", value.strip().lower(), re.ASCII)
    if days is not None:
        raise Refused(f"Write `rolling {days[1]} days`.")
    raise Refused(did_you_mean(value, ("message", "week", "month", "quarter")))


def _path(value: Any) -> Any:
    if isinstance(value, str) and (not value.strip() or not value.isprintable()):
        raise Refused
    if isinstance(value, str) and "://" in value:
        raise Refused("This is a URL, not a path.")
    return value


def _in_folder(value: Path, info: ValidationInfo) -> Path:
    """Relative paths start at the folder of the file, whatever the process's own."""
    folder = (info.context or {}).get("folder")
    return value if folder is None else Path(os.path.normpath(folder / value))


def _as_yaml_means(value: Any) -> Any:
    """Numbers, true and false where nobody but the decoder knows the type: YAML's own meaning (core schema), at every depth."""
    if isinstance(value, Mapping):
        return {str(key): _as_yaml_means(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_yaml_means(inner) for inner in value]
    if not isinstance(value, Plain):
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    if re.fullmatch(r"[-+]?\d{1,18}", value, re.ASCII):
        return int(value)
    if re.fullmatch(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d{1,3})?", value, re.ASCII) and len(value) < 30:
        return float(value)
    return str(value)


NAME = "a short name: lower-case letters, digits, `_` and `-`, a letter first, 63 at most"
PATH = "a path; a relative one starts at the folder of this file"
WALL = "a number and a unit, such as `90 minutes`, `48 hours` or `7 days`"

Channel = Literal["email", "intranet", "chat", "survey"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Name = Annotated[str, Allowed(NAME), BeforeValidator(_name)]
Role = Annotated[str, Allowed("a role or a team, never a person")]
Duration = Annotated[Span, Allowed(ALLOWED), BeforeValidator(_span)]
WallDuration = Annotated[Span, Allowed(WALL), AfterValidator(_on_the_wall), BeforeValidator(_span)]
Ratio = Annotated[
    float, Allowed("a ratio from 0 to 1"), Field(ge=0, le=1, allow_inf_nan=False), BeforeValidator(_ratio)
]
Value = Annotated[
    Ratio | Span | Baseline,
    Allowed(
        f"a ratio from 0 to 1 (`0.80`), for indicators in seconds a length of time (`8 working hours`), or {BASELINE}"
    ),
    BeforeValidator(_aim),
]
Zone = Annotated[ZoneInfo, Allowed("a zone of the IANA database, such as `Europe/Paris`"), BeforeValidator(_zone)]
Day = Annotated[date, Allowed("a day, such as `2026-12-25`"), BeforeValidator(_day)]
Country = Annotated[
    str, Allowed("the code of a country, such as `FR`, or of a part of one, such as `DE-BY`"), BeforeValidator(_country)
]
Clock = Annotated[time, Allowed("a time of day from `00:00` to `23:59`"), BeforeValidator(_clock)]
Period = Annotated[
    str,
    Allowed("`message`, `week`, `month`, `quarter`, or `rolling N days` with N from 1 to 999"),
    BeforeValidator(_period),
]
Where = Annotated[Path, Allowed(PATH), AfterValidator(_in_folder), BeforeValidator(_path)]
Options = Annotated[dict[str, Any], Allowed("a mapping of options"), BeforeValidator(_as_yaml_means)]
