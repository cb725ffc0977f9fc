"""Who or what truly stands behind the openings and clicks on record: the person, a proxy, a scanner. Counts of people only."""

from collections.abc import Mapping

import numpy as np

from collectors.simulation.behaviour import Acts
from collectors.simulation.company import Flags
from collectors.simulation.plan import Message
from collectors.simulation.traces import PROXY, SIGN_LIST, Rows, Sign

BEHIND = ("human", "proxy", "scanner")


def _behind(sign: Sign) -> str:
    if sign.scanned:
        return "scanner"
    return "proxy" if sign.agent == PROXY else "human"


# By the code of a sign.
_SHOWS = {
    (kind, behind): np.array([sign.action == kind and _behind(sign) == behind for sign in SIGN_LIST])
    for kind in ("opened", "clicked")
    for behind in BEHIND
}


def count_evidence(acts: Acts, rows: Rows, closes: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Of the audience, within the windows: a person counts as `human` where any trace is a human's, else under `proxy`, else under
    `scanner`. `missed`: who did it, and of whom no human's trace is on record."""
    counts: dict[str, dict[str, int]] = {}
    for kind in ("opened", "clicked"):
        in_time = rows["at"] < closes[kind]
        left = np.ones(len(acts.people), dtype=np.bool_)
        counts[kind] = {}
        for behind in BEHIND:
            found = left & _people(acts, rows[in_time & _SHOWS[kind, behind][rows["sign"]]])
            counts[kind][behind] = int(found.sum())
            left &= ~found
            if behind == "human":
                missed = int((left & (acts.at[kind] < closes[kind])).sum())
        counts[kind]["missed"] = missed
    return counts


def count_links(message: Message, acts: Acts, rows: Rows) -> list[dict[str, int]]:
    """For each link of a mail, how many people followed it themselves as far as this is on record, and for how many a scanner did."""
    if message.template.channel != "email":
        return []
    clicks = {behind: rows[_SHOWS["clicked", behind][rows["sign"]]] for behind in ("human", "scanner")}
    return [
        {behind: int(_people(acts, some[some["detail"] == link]).sum()) for behind, some in clicks.items()}
        for link in range(message.template.links)
    ]


def _people(acts: Acts, rows: Rows) -> Flags:
    """Who of the audience (sorted) is in the rows."""
    found = np.zeros(len(acts.people), dtype=np.bool_)
    if len(rows) and len(found):
        places = np.minimum(np.searchsorted(acts.people, rows["person"]), len(found) - 1)
        found[places[acts.people[places] == rows["person"]]] = True
    return found
