"""The rules that look at one fact alone: sources' own flags, classes of agents and networks."""

import re
from pathlib import Path

import pytest

from metrics.facts import detail_text
from metrics.machines import RULES_VERSION, Evidence, weigh


@pytest.mark.parametrize(
    ("kind", "machine", "agent", "evidence"),
    [
        pytest.param("opened", "unknown", None, Evidence.HUMAN, id="no word against it is a human's"),
        pytest.param("opened", "no", "apple_proxy", Evidence.HUMAN, id="the source knows better than the agent"),
        pytest.param("opened", "yes", None, Evidence.PROXY, id="a flagged opening hides whether a person looked"),
        pytest.param("opened", "unknown", "apple_proxy", Evidence.PROXY, id="apple's proxy by its agent"),
        pytest.param(
            "opened", "unknown", "google_image_proxy", Evidence.HUMAN, id="google's proxy fetches when people open"
        ),
        pytest.param("opened", "likely", "apple_proxy", Evidence.PROXY, id="a suspicion of a proxy is the proxy"),
        pytest.param("opened", "likely", None, Evidence.SCANNER_LIKELY, id="a likely machine"),
        pytest.param("clicked", "yes", None, Evidence.SCANNER, id="a flagged click is a scanner's and hides nothing"),
        pytest.param("clicked", "unknown", "apple_proxy", Evidence.HUMAN, id="proxies do not click"),
        pytest.param("viewed", "likely", "crawler", Evidence.SCANNER_LIKELY, id="a crawler's view"),
        pytest.param("clicked", "unknown", "scanner", Evidence.SCANNER_LIKELY, id="a scanner's agent on a click"),
        pytest.param("opened", "unknown", "scanner", Evidence.SCANNER_LIKELY, id="a scanner's agent on an opening"),
        pytest.param("clicked", "no", "scanner", Evidence.HUMAN, id="unless the source says that it was none"),
        pytest.param("clicked", "unknown", "tool", Evidence.SCANNER_LIKELY, id="nobody clicks with a command"),
        pytest.param("replied", "unknown", "tool", Evidence.HUMAN, id="whoever replies by a tool replies"),
        pytest.param(
            "clicked", "unknown", "microsoft_network", Evidence.SCANNER_LIKELY, id="Microsoft's network clicks"
        ),
        pytest.param("opened", "unknown", "microsoft_network", Evidence.HUMAN, id="and fetches images for readers"),
        pytest.param("opened", "unknown", "yahoo_mail_proxy", Evidence.HUMAN, id="yahoo's proxy likewise"),
        pytest.param("engaged", "yes", None, Evidence.PROXY, id="seconds that a proxy reports are nobody's"),
    ],
)
def test_evidence_is_weighed_by_flag_agent_and_kind(
    kind: str, machine: str, agent: str | None, evidence: Evidence
) -> None:
    assert weigh(kind, detail_text(machine, agent, untimed=False)) == evidence


def test_the_manual_has_every_rule_in_its_order_and_version() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "indicators.md").read_text(encoding="utf-8")
    section = manual[manual.index("## Machines") : manual.index("## Who cannot be seen")]
    assert re.findall(r"^\| `([a-z]+-\d+)` \|", section, re.MULTILINE) == RULES_VERSION.split()
