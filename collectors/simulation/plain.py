"""The plain company: teams of one kind, in which nothing hides and nothing fails, so that the true reach is known exactly.
What is simulated of everything else is left to `founding`."""

from dataclasses import replace

import numpy as np

from collectors.simulation.company import Company
from collectors.simulation.parameters import Chance, Parameters

_HIDING = ("dead", "blocked", "declared", "proxied", "scanned", "cached", "yahoo", "objects", "shifts", "later")


def make_plain(company: Company, parameters: Parameters) -> Company:
    """The company with everybody in a team, drawn so that no team is one manager's; everybody has a mailbox that works, nobody has
    habits of their own, nobody is away."""
    dice = parameters.dice(Chance.TEAMS, 1)
    nobody = np.zeros(company.size, dtype=np.bool_)
    sizes = parameters.team_sizes()
    return replace(
        company,
        teams=parameters.teams,
        team=dice.permutation(np.repeat(np.arange(len(sizes)), sizes)),
        interest=np.zeros(company.size),
        flags={**company.flags, **dict.fromkeys(_HIDING, nobody), "mailbox": ~nobody},
        leave=replace(company.leave, lasts=np.zeros(company.size, dtype=np.int64)),
    )


def draw_rate(parameters: Parameters, number: int) -> float:
    """The true rate of a message: over all messages `reach` on average, and `spread` its standard deviation."""
    reach, spread = parameters.reach, parameters.spread
    if spread == 0:
        return reach
    weight = reach * (1 - reach) / spread**2 - 1
    return float(parameters.dice(Chance.TEAMS, 2, number).beta(reach * weight, (1 - reach) * weight))
