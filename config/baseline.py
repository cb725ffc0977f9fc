"""A target that goes by one's own past, as operators write it: `last quarter + 0.05`. Which period that is, and what its reading was, is
left to `metrics`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from config.duration import Span, find_span

BaselinePeriod = Literal["week", "month", "quarter"]
ALLOWED = "`last quarter` (or `month`, `week`) with what is to be added or taken away (`last quarter + 0.05`)"

_TEXT = re.compile(r"last\s+(week|month|quarter)(?:\s*([-+\u2212])\s*(\S.*))?", re.ASCII)

# How people say it elsewhere: `+5 points over last quarter`, `5 % on the last month`.
_MEANT = re.compile(r"([-+]?)\s*([\d.,]+)\s*(%|points?|pp)?\s+(?:over|on|above|under|below)\s+(?:the\s+)?last\s+(\w+)")


@dataclass(frozen=True)
class Baseline:
    """The reading of the last whole period as it was published, more or `less` some change: a difference of ratios, or a length
    of time."""

    period: BaselinePeriod
    change: float | Span | None = None
    less: bool = False

    def __str__(self) -> str:
        if self.change is None:
            return f"last {self.period}"
        change = f"{self.change:g}" if isinstance(self.change, float) else str(self.change)
        return f"last {self.period} {'-' if self.less else '+'} {change}"


def parse_baseline(text: str) -> Baseline | None:
    """What a text means; None where it is no such target at all. ValueError, perhaps with a sentence on how to mend it, where
    it is a wrong one."""
    words = " ".join(text.lower().split())
    match = _TEXT.fullmatch(words)
    if match is not None:
        period: BaselinePeriod = match[1]  # type: ignore[assignment]
        return Baseline(period, _change(match[3]), match[2] not in (None, "+")) if match[3] else Baseline(period)
    if "last " not in words:
        return None
    raise ValueError(_suggest(words))


def _change(text: str) -> float | Span:
    span = find_span(text)
    if span is not None:
        return span
    number = re.fullmatch(r"(\d{0,3}(?:\.\d{1,15})?)\s*(%|points?)?", text, re.ASCII)
    if number is None or not number[1]:
        raise ValueError("")
    if number[2] or Decimal(number[1]) > 1:
        raise ValueError(f"Ratios are written from 0 to 1: {_ratio(number[1])}.")
    return float(number[1])


def _ratio(text: str) -> str:
    return f"{Decimal(text.replace(',', '.')).scaleb(-2).normalize():f}"


def _suggest(words: str) -> str:
    meant = _MEANT.fullmatch(words)
    if meant is None or meant[4] not in ("week", "month", "quarter") or not re.fullmatch(r"\d+([.,]\d+)?", meant[2]):
        return ""
    less = meant[1] == "-" or " under " in words or " below " in words
    change = _ratio(meant[2]) if meant[3] or float(meant[2].replace(",", ".")) > 1 else meant[2]
    return f"Write `last {meant[4]} {'-' if less else '+'} {change}`."
