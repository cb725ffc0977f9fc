"""Rule `flags`: what the source itself says of machines."""

from collections.abc import Mapping

from metrics.machines.evidence import FETCHED, Evidence

VERSION = 1


def weigh(kind: str, detail: Mapping[str, str]) -> Evidence | None:
    """None where the source says nothing.

    On openings `yes` is what privacy proxies send (SendGrid's sg_machine_open, Mailgun's apple), which would hide a human's
    opening too; on everything else it is a scanner's, and hides nothing.
    """
    match detail.get("machine"):
        case "yes":
            return Evidence.PROXY if kind in FETCHED else Evidence.SCANNER
        case "likely":
            return Evidence.SCANNER_LIKELY
        case "no":
            return Evidence.HUMAN
    return None
