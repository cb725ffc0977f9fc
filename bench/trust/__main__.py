"""`make trust`: everything that docs/trust.md claims, tried on companies whose truth is known, and written into that page and into
bench/trust.json. Ends with 1 where a claim does not hold."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.real_report import put_into
from bench.table import write_results
from bench.trust import alarms, amounts, bursts, coverage, falling, forecasts, gaps, teams, times, traces
from bench.trust.coverage import Tell
from bench.trust.told import WHOLE, Size, Told, claims_table
from config.progress import Progress

PAGE = Path(__file__).parents[2] / "docs" / "trust.md"
RESULTS = Path(__file__).parents[1] / "trust.json"
HOLDS, BROKEN = 0, 1
EXPERIMENTS: Sequence[Callable[[Size, Tell], Told]] = (
    coverage.measure,
    coverage.measure_hidden,
    alarms.measure_healthy,
    alarms.measure_drops,
    alarms.measure_unseen,
    teams.measure,
    traces.measure,
    bursts.measure,
    forecasts.measure,
    times.measure,
    amounts.measure,
    gaps.measure,
    falling.measure,
)


def is_ours(place: str) -> bool:
    """What `make noise` found stands on the page too."""
    return not place.startswith("noise ")


def main(arguments: Sequence[str] | None = None, size: Size = WHOLE) -> int:
    """0 where all claims hold, 1 where one does not."""
    parser = argparse.ArgumentParser("python -m bench.trust", description=__doc__)
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="the page to write the tables into")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE", help="the figures as JSON")
    asked = parser.parse_args(arguments)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    progress = Progress()
    told = [measure(size, lambda what, share: progress.report(what, share, 1)) for measure in EXPERIMENTS]
    progress.end()
    claims = [claim for each in told for claim in each.claims]
    tables = {"claims": claims_table(claims)} | {place: text for each in told for place, text in each.tables.items()}
    for place, text in tables.items():
        print(f"\n{place}\n\n{text}", end="")
    asked.page.write_text(put_into(asked.page.read_text(encoding="utf-8"), tables, ours=is_ours), encoding="utf-8")
    write_results([figure for each in told for figure in each.figures], asked.results)
    broken = [claim for claim in claims if not claim.holds]
    print(f"\n{len(claims)} claims, {len(broken)} of them do not hold.")
    return BROKEN if broken else HOLDS


if __name__ == "__main__":
    sys.exit(main())
