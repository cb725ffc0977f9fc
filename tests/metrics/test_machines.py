"""The rules that tell people from machines: sources' own flags."""

import pytest

from metrics.facts import detail_text
from metrics.machines import Evidence, weigh


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
        pytest.param("opened", "likely", None, Evidence.SCANNER_LIKELY, id="a likely machine"),
        pytest.param("clicked", "yes", None, Evidence.SCANNER, id="a flagged click is a scanner's and hides nothing"),
        pytest.param("clicked", "unknown", "apple_proxy", Evidence.HUMAN, id="proxies do not click"),
        pytest.param("viewed", "likely", "crawler", Evidence.SCANNER_LIKELY, id="a crawler's view"),
        pytest.param("engaged", "yes", None, Evidence.PROXY, id="seconds that a proxy reports are nobody's"),
    ],
)
def test_evidence_is_weighed_by_flag_agent_and_kind(
    kind: str, machine: str, agent: str | None, evidence: Evidence
) -> None:
    assert weigh(kind, detail_text(machine, agent, untimed=False)) == evidence
