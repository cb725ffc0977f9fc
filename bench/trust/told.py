"""What experiments hand on: tables for their places in the page, claims with what was found, figures for the next run to compare. How big
an experiment is, too; what is tried is left to the experiments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.real_report import table
from bench.table import Figure


@dataclass(frozen=True)
class Size:
    """`classes` of messages drawn for each setting, `times` of those whose medians are asked for, `companies` drawn, `roads`: simulated
    companies taken down the whole road, over `days`."""

    classes: int
    times: int
    companies: int
    roads: int
    days: int
    teams: int = 40
    people: int = 600


WHOLE = Size(classes=1_000, times=500, companies=150, roads=12, days=110)
QUICK = Size(classes=16, times=6, companies=3, roads=1, days=85, teams=12, people=150)


@dataclass(frozen=True)
class Claim:
    """`found` has to lie from `low` to `high` (both shares); `naive`: what the naive percentage would have done, in words."""

    what: str
    found: float
    low: float = 0.0
    high: float = 1.0
    naive: str = ""

    @property
    def holds(self) -> bool:
        return self.low <= self.found <= self.high

    @property
    def aim(self) -> str:
        if self.low > 0 and self.high < 1:
            return f"{100 * self.low:g} to {100 * self.high:g} %"
        return f"at least {100 * self.low:g} %" if self.low > 0 else f"at most {100 * self.high:g} %"


@dataclass(frozen=True)
class Told:
    """One experiment: `tables` by the name of their place in the page."""

    tables: Mapping[str, str]
    claims: Sequence[Claim] = ()
    figures: Sequence[Figure] = field(default_factory=list)


def together(*parts: Told) -> Told:
    """Experiments of one kind as one."""
    return Told(
        {name: each for part in parts for name, each in part.tables.items()},
        [claim for part in parts for claim in part.claims],
        [figure for part in parts for figure in part.figures],
    )


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def claims_table(claims: Iterable[Claim]) -> str:
    """Every claim with what was found."""
    rows = [
        (claim.what, claim.aim, percent(claim.found), "yes" if claim.holds else "**no**", claim.naive or "-")
        for claim in claims
    ]
    return table(("claim", "should be", "found", "holds", "the naive percentage"), rows)
