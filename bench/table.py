"""What a bench measured, as people read it and as the next run compares it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """`relative_to`: what the value is a ratio to, or the aim it is held against."""

    name: str
    value: float
    unit: str
    relative_to: str


def print_table(figures: Sequence[Figure]) -> str:
    """One line a figure."""
    width = max(len(figure.name) for figure in figures)
    return "\n".join(
        f"{figure.name:{width}}  {figure.value:>14,.{3 if figure.value < 100 else 0}f} {figure.unit:<14} {figure.relative_to}"
        for figure in figures
    )


def write_results(figures: Sequence[Figure], file: Path) -> None:
    """As JSON, a list of name, value, unit and what it is relative to."""
    rows = [{**asdict(figure), "value": round(figure.value, 4)} for figure in figures]
    file.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
