"""The rules that tell people from machines, each with a name and a version; applied when evaluating, so that a better
rule needs no replay. Sources' own flags and classes of agents for now; bursts come with the other indicators."""

from enum import IntEnum

from metrics.facts import read_detail

RULES_VERSION = "source-flags-1"

# What a mail client fetches by itself: a flag on one of these hides whether a person looked as well.
_OPENS = frozenset({"opened", "engaged"})
_PROXIES = frozenset({"apple_proxy"})


class Evidence(IntEnum):
    """What one fact says of its person, best first."""

    HUMAN = 0
    PROXY = 1
    SCANNER_LIKELY = 2
    SCANNER = 3


def weigh(kind: str, detail: str) -> Evidence:
    """The evidence in a fact. Source: indicators.md, section 4, rules 1 and 2.

    On opens `yes` is what privacy proxies send (SendGrid's sg_machine_open, Mailgun's apple), which would hide a human's
    opening too; on everything else it is a scanner's, and hides nothing.
    """
    parts = read_detail(detail)
    machine = parts.get("machine", "unknown")
    if kind in _OPENS and (machine == "yes" or (parts.get("agent") in _PROXIES and machine != "no")):
        return Evidence.PROXY
    if machine == "yes":
        return Evidence.SCANNER
    if machine == "likely":
        return Evidence.SCANNER_LIKELY
    return Evidence.HUMAN
