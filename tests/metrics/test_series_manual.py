"""docs/series.md says what the catalogue says. Written again by `EARSHOT_GOLDEN=1`."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from metrics import catalogue
from metrics.catalogue import Series
from metrics.snapshot import REASONS, VERDICTS
from metrics.wording import MEANINGS
from metrics.wording import REASONS as SENTENCES

MANUAL = Path(__file__).parents[2] / "docs" / "series.md"

_HEAD = """\
# Series

What `/metrics` serves. This page is written from `metrics/catalogue.py` (`make golden`); do not edit it by hand.

- Readings are computed before they are exported, from what disclosure lets show. **Never add them up or average them**: one
  person stands in many of them. A total is a reading of its own (`segment="all"`, `channel="all"`).
- What is unknown or hidden is absent, never 0 and never NaN; the verdict and the reason say why.
- A label never holds a person. `segment` is `attribute=value`, or `all`.
- A standby, and a service that has no readings yet, serve the service's own series alone.
- Begin every expression with `max without (instance, pod)`: several replicas may serve the same readings.
"""


def series_manual() -> str:
    parts = [
        _HEAD,
        "## Readings, targets and messages\n",
        _table(catalogue.FROM_SNAPSHOT),
        "## The service's own\n",
        _table(catalogue.OF_THE_SERVICE),
        "## A worker's, beside those of its sources above (port 8751)\n",
        _table(catalogue.OF_A_WORKER),
        "## Values of `verdict`\n",
        _rows(("verdict", "series"), ((f"`{one}`", "exactly one of the five is 1") for one in VERDICTS)),
        "## Values of `reason`\n",
        _rows(("reason", "meaning"), ((f"`{one}`", SENTENCES[one]) for one in REASONS)),
        "## Words on the page and the terminal\n",
        _rows(("word", "meaning"), ((word, f"{meaning}.".capitalize()) for word, meaning in MEANINGS.items())),
        "## Other values\n",
        _rows(
            ("label", "values"),
            (
                ("`outcome` of events", _listed(catalogue.OUTCOMES)),
                ("`outcome` of facts", _listed(catalogue.FACT_OUTCOMES)),
                ("`what` of unmatched", _listed(catalogue.UNMATCHED_KINDS)),
                ("`what` of dropped", _listed(catalogue.DROPPED_KINDS)),
            ),
        ),
    ]
    return "\n".join(parts)


def _table(group: Sequence[Series]) -> str:
    rows = (
        (f"`{one.name}`", one.kind, one.unit or "0 or 1", _listed(one.labels) or "none", one.good, one.help)
        for one in group
    )
    return _rows(("series", "kind", "unit", "labels", "good", "meaning"), rows)


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def test_the_manual_of_series_says_what_the_catalogue_says() -> None:
    if os.environ.get("EARSHOT_GOLDEN"):
        MANUAL.write_text(series_manual(), encoding="utf-8")
    assert MANUAL.read_text(encoding="utf-8") == series_manual()
