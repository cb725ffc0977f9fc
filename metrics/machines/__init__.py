"""The rules that tell people from machines, each with a name and a version; applied when evaluating, so that a better rule needs no replay.
Counting what they find is left to others, what they mean for a reading to the manual (`docs/indicators.md`, "Machines")."""

from functools import lru_cache

from metrics.facts import read_detail
from metrics.machines import agents, bursts, flags, prompt
from metrics.machines.bursts import LINKS
from metrics.machines.evidence import Evidence
from metrics.machines.sightings import Sightings, find_likely

__all__ = ["LINKS", "RULES", "RULES_VERSION", "Evidence", "Sightings", "find_likely", "weigh"]

# In this order: the first that speaks decides, and the last two only ask about what is a human's by the ones before.
RULES = (("flags", flags.VERSION), ("agents", agents.VERSION), ("bursts", bursts.VERSION), ("prompt", prompt.VERSION))
RULES_VERSION = " ".join(f"{name}-{version}" for name, version in RULES)


@lru_cache(maxsize=65_536)
def weigh(kind: str, detail: str) -> Evidence:
    """The evidence in a fact by itself."""
    parts = read_detail(detail)
    told, by_agent = flags.weigh(kind, parts), agents.weigh(kind, parts)
    # A source that suspects a machine, of what a proxy fetched, knows no more than that it was the proxy.
    if told is None or (told == Evidence.SCANNER_LIKELY and by_agent == Evidence.PROXY):
        told = by_agent
    return Evidence.HUMAN if told is None else told
