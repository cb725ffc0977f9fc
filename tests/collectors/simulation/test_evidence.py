"""What the mail system tells of machines: no more than a real one does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from collectors.simulation.simulate import Simulated, simulate
from tests.collectors.simulation.conftest import PARAMETERS
from tests.collectors.simulation.truth_files import read_truth


def posted(root: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((root / "streams" / "email").iterdir()):
        for line in path.read_bytes().split(b"\n")[:-1]:
            try:
                document = json.loads(line)
            except ValueError:
                continue
            yield from document if isinstance(document, list) else [document]


def test_only_the_privacy_proxy_is_flagged(company_folder: Path, simulated: Simulated) -> None:
    assert simulated.events > 0
    opens = [event for event in posted(company_folder) if event.get("event") == "open"]
    assert all(event["sg_machine_open"] == (event["useragent"] == "Mozilla/5.0") for event in opens)
    agents = " ".join({event["useragent"] for event in opens})
    assert "GoogleImageProxy" in agents
    assert "YahooMailProxy" in agents
    clicks = [event for event in posted(company_folder) if event.get("event") == "click"]
    assert clicks
    assert not any("sg_machine_open" in event for event in clicks)


def test_as_cloudevents_no_event_says_what_is_a_machine(tmp_path: Path) -> None:
    simulate(tmp_path, replace(PARAMETERS, people=60, days=20, all_cloudevents=True))
    events = [event for event in posted(tmp_path) if "specversion" in event]
    assert not any("machine" in event["data"] for event in events)
    opened = [event["data"]["agent"] for event in events if event["type"] == "earshot.opened"]
    assert {"apple_proxy", "browser", "google_image_proxy"} <= set(opened)


def test_the_truth_knows_who_stands_behind_openings_and_clicks(company_folder: Path, simulated: Simulated) -> None:
    assert simulated.events > 0
    scanned = 0
    for message in read_truth(company_folder, "messages"):
        everybody, evidence = message["segments"]["all"], message["evidence"]
        shown = everybody["shown"]
        assert sum(evidence["clicked"].values()) <= shown.get("clicked", 0)
        assert evidence["opened"]["proxy"] <= shown.get("opened by machine", 0)
        assert evidence["clicked"]["human"] <= everybody["true"]["clicked"]
        for link in message["links"]:
            assert max(link.values()) <= shown.get("clicked", 0)
        scanned += evidence["clicked"]["scanner"]
    assert scanned > 20


def test_most_clients_that_show_no_images_are_unknown_to_the_directory(
    company_folder: Path, simulated: Simulated
) -> None:
    assert simulated.events > 0
    habits = json.loads((company_folder / "truth" / "parameters.json").read_text(encoding="utf-8"))["habits"]
    assert 0 < habits["declared"] < habits["blocked"] / 2
