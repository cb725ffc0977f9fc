"""Rule `agents`: what the class of an agent or a network says. The classes are those of the dated table of `collectors.agents`."""

from collections.abc import Mapping

from metrics.facts import TRACKED
from metrics.machines.evidence import FETCHED, Evidence

VERSION = 1

_PROXIES = frozenset({"apple_proxy"})
_MACHINES = frozenset({"scanner", "crawler", "tool"})
# They scan links, and their proxy of images fetches for readers: a reason on clicks alone.
_SCANNING_NETWORKS = frozenset({"microsoft_network"})


def weigh(kind: str, detail: Mapping[str, str]) -> Evidence | None:
    """None where the class is no reason to think of a machine, as that of caches which fetch when somebody opens."""
    agent = detail.get("agent")
    if agent in _PROXIES and kind in FETCHED:
        return Evidence.PROXY
    if (agent in _MACHINES and kind in TRACKED) or (agent in _SCANNING_NETWORKS and kind == "clicked"):
        return Evidence.SCANNER_LIKELY
    return None
