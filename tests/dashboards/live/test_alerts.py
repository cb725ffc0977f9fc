"""The whole road of an alert: a drop in readership arrives as records and ends as one notification at a webhook, through real Prometheus
and Alertmanager, with the right owner and words; a silent intake ends as none."""

import copy
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from collectors.simulation.parameters import Parameters
from config.duration import Span
from config.schema import Settings
from dashboards.generate import HERE
from tests.dashboards.live.company import SECOND, serving
from tests.dashboards.live.stack import Alertmanager, Prometheus, Receiver, Tree, wait_for
from tests.dashboards.rules.promtool import find_program
from tests.flow.company import make_company

OWNER = "Heads of department"
TARGETS: list[dict[str, Any]] = [
    {
        **{"name": "reach", "title": "Everybody hears of what concerns them", "indicator": "reach", "value": "0.80"},
        **{"owner": OWNER, "severity": "critical", "what_to_do": "Ask how they hear of things."},
    },
    {"name": "delivered", "indicator": "delivered", "value": "0.50", "owner": "Mail operations"},
]
_PATIENCE = 180
# By so many seconds what mutes may come later than what it mutes: rules are evaluated group by group.
_GROUP_WAIT = 10


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A company of six teams at which sixty points fewer look since a month and a half before its end, a Wednesday one to two weeks ago."""
    find_program("prometheus")
    today = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    end = today - timedelta(days=7 + (today.weekday() - 2) % 7)
    until = int(end.timestamp()) * SECOND
    parameters = Parameters.of_teams(6, 60, 7, until, reach=0.85, drop=f"60,{end.date() - timedelta(days=45)}")
    people = {"files": ["company/directory/*.csv"], "segments": ["team"]}
    folder = tmp_path_factory.mktemp("company")
    return make_company(folder, parameters, targets=copy.deepcopy(TARGETS), directory=people).settings


def patient(settings: Settings) -> Settings:
    """The same, but no source is silent before three months have passed."""
    sources = tuple(source.model_copy(update={"silent_after": Span(90, "days")}) for source in settings.sources)
    return settings.model_copy(update={"sources": sources})


def quickly(folder: Path) -> list[Path]:
    """The rules as they are, but for the minutes that they wait. They linger, so that a scrape that fails ends no alert; but the one that
    it begins is to mute nobody for long."""
    files = []
    for file in sorted((HERE / "rules").glob("*.yaml")):
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
        for rule in (rule for group in tree["groups"] for rule in group["rules"]):
            if "alert" in rule:
                rule["for"] = "5s"
                if rule["alert"] == "EarshotEvaluatorAbsent":
                    rule["keep_firing_for"] = "2s"
        files.append(folder / file.name)
        files[-1].write_text(yaml.safe_dump(tree), encoding="utf-8")
    return files


def example(receiver: str) -> Tree:
    """The example as it is, but for hours, times and addresses: every receiver is a path of the webhook."""
    tree: Tree = yaml.safe_load((HERE / "alertmanager" / "alertmanager.yml").read_text(encoding="utf-8"))
    for route in _routes(tree["route"]):
        route.pop("active_time_intervals", None)
    tree["route"] |= {"group_wait": f"{_GROUP_WAIT}s", "group_interval": "3s"}
    tree["receivers"] = [
        {"name": each["name"], "webhook_configs": [{"url": f"{receiver}/{each['name']}", "send_resolved": True}]}
        for each in tree["receivers"]
    ]
    tree["global"] = {"resolve_timeout": "10s"}
    return tree


def _routes(route: Tree) -> Iterator[Tree]:
    yield route
    for each in route.get("routes", ()):
        yield from _routes(each)


class Stack(NamedTuple):
    prometheus: Prometheus
    alertmanager: Alertmanager
    receiver: Receiver

    def told(self, audience: str) -> list[tuple[str, Tree]]:
        return [(path, body) for path, body in self.receiver.told() if body["commonLabels"].get("audience") == audience]

    def alerts_of(self, audience: str) -> set[str]:
        """The names of those that it was told."""
        return {body["commonLabels"]["alertname"] for _, body in self.told(audience)}


@pytest.fixture
def stack_of(tmp_path: Path) -> Iterator[Any]:
    """From the addresses of services to a stack that watches them."""
    find_program("prometheus")
    find_program("prometheus-alertmanager", "alertmanager")
    receiver = Receiver()
    opened: list[Any] = []

    def begin(scraped: list[str]) -> Stack:
        alertmanager = Alertmanager(tmp_path / "alertmanager", example(receiver.url))
        opened.append(alertmanager)
        prometheus = Prometheus(tmp_path / "prometheus", scraped, quickly(tmp_path), alertmanager=alertmanager.port)
        opened.append(prometheus)
        return Stack(prometheus, alertmanager, receiver)

    yield begin
    for program in reversed(opened):
        program.close()
    receiver.close()


def test_a_drop_in_readership_ends_as_one_alert_with_its_owner_and_words(settings: Settings, stack_of: Any) -> None:
    with serving(patient(settings)) as (service, port):
        snapshot = service.tick()
        (missed,) = [one for one in snapshot.readings if one.target == "reach"]
        assert missed.verdict == "missed"
        # As if of two replicas: what both say is told once.
        stack: Stack = stack_of([f"127.0.0.1:{port}", f"localhost:{port}"])

        def told() -> list[tuple[str, Tree]]:
            return [(path, body) for path, body in stack.told("lead") if body["commonLabels"]["severity"] != "info"]

        wait_for("a notification for the lead", told, _PATIENCE)
        time.sleep(5)
        assert len(told()) == 1
        path, body = told()[0]
        (alert,) = body["alerts"]
        assert path == "/nobody-named"  # the example has no route of its own for this owner
        assert body["status"] == "firing"
        assert alert["labels"] == {
            **{"alertname": "EarshotTargetMissed", "audience": "lead", "job": "earshot", "severity": "critical"},
            **{"target": "reach", "indicator": "reach", "channel": "all", "segment": "all", "target_owner": OWNER},
        }
        words = alert["annotations"]["description"]
        assert words.startswith("Everybody hears of what concerns them: ")
        assert missed.value is not None
        assert f"{missed.value * 100:.1f} %" in words
        assert "wanted: at least 80.0 %" in words
        assert f"Counted: {missed.denominator} people." in words
        assert f"Owner: {OWNER}." in words
        assert "What to do: Ask how they hear of things." in words
        assert alert["annotations"]["runbook_url"] == "docs/runbooks/EarshotTargetMissed.md"
        assert alert["annotations"]["dashboard_url"].startswith("/d/earshot-indicator?var-target=reach")


def test_a_silent_intake_is_told_to_those_who_run_it_and_mutes_the_lead_s(settings: Settings, stack_of: Any) -> None:
    # The same records, but a week without any is too long: the same reading is missed, and nobody may believe it.
    with serving(settings) as (service, port):
        assert "missed" in {one.verdict for one in service.tick().readings}
        stack: Stack = stack_of([f"127.0.0.1:{port}"])
        wait_for("the miss is known to Alertmanager", lambda: _known(stack, "EarshotTargetMissed"), _PATIENCE)
        known_at = time.monotonic()
        wait_for("those who run it are told", lambda: "EarshotSourceSilent" in stack.alerts_of("operations"), _PATIENCE)
        time.sleep(max(0.0, known_at + 2 * _GROUP_WAIT - time.monotonic()))
        (known,) = _known(stack, "EarshotTargetMissed")
        assert known["status"]["state"] == "suppressed"
        assert stack.told("lead") == []


def _known(stack: Stack, name: str) -> list[Tree]:
    return [alert for alert in stack.alertmanager.alerts() if alert["labels"]["alertname"] == name]
