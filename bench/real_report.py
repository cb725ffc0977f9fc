"""What was found, as tables: for the terminal, and into their places in docs/real-input.md. The prose around them stands in the page."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.real_road import Check

PAGE = Path(__file__).parents[1] / "docs" / "real-input.md"
_PLACE = re.compile(
    r"(?P<begin><!-- figures: (?P<name>[a-z ]+) -->\n)(?P<text>.*?)(?P<end><!-- end of figures -->)", re.DOTALL
)
_MOST_SHOWN = 5


@dataclass(frozen=True)
class Told:
    """One file's story: `figures` by the name of their place in the page, and what was held against the plain count."""

    figures: Mapping[str, str]
    checks: Sequence[Check]


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(cell: object) -> str:
    text = f"{cell:,}" if isinstance(cell, int) else str(cell)
    return text.replace("|", "\\|")


def percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.2f} %"


def agreement(checks: Iterable[Check]) -> str:
    """Every question asked of both sides."""
    rows = [(check.what, check.compared, len(check.differences)) for check in checks]
    return table(("held against the plain count", "figures", "differences"), rows)


def differences(checks: Iterable[Check]) -> list[str]:
    """The first few of each check's, as lines to read."""
    lines = []
    for check in checks:
        lines += [f"{check.what}: {text}" for text in check.differences[:_MOST_SHOWN]]
        if len(check.differences) > _MOST_SHOWN:
            lines.append(f"{check.what}: and {len(check.differences) - _MOST_SHOWN:,} more")
    return lines


def put_into(page: str, figures: Mapping[str, str], ours: Callable[[str], bool] = lambda _: True) -> str:
    """The page with its figures written anew. `ours`: which places, by name, where another command fills the others. ValueError where it
    has no place for some, or one of ours that nobody fills."""
    places = {found["name"] for found in _PLACE.finditer(page) if ours(found["name"])}
    if places != set(figures):
        raise ValueError(f"figures {sorted(figures)}, places {sorted(places)}")
    return _PLACE.sub(lambda found: f"{found['begin']}{figures.get(found['name'], found['text'])}{found['end']}", page)
