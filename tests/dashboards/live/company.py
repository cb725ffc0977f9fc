"""A real service on a simulated company, listening on a port, and its series as if they had stood for days."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from config.schema import Settings
from dashboards.page.server import start
from front import Clock, system_clock
from roles import Service
from sites import Site
from tests.dashboards.live.stack import ask_text
from tests.flow.company import run_road

SAMPLE = Path(__file__).parents[3] / "config" / "sample.yaml"
SECOND = 1_000_000
# What the dashboards on trust and on messages ask for, and no target of the sample.
WATCHED = ("machine_share", "unmeasurable", "joined", "maturity", "suppressed", "detected", "clicked")
# A month of so small a company has too few feedback items to show.
# Times that nobody keeps to, so that one is missed, whole and in its parts.
DIALOGUE = (("time_to_answer", "1 hours"), ("loop_closure", "0.80"), ("actioned", "0.35"), ("recognised", "0.90"))
STEP_SECONDS, STEPS = 4 * 3600, 12


def sample_targets() -> list[dict[str, Any]]:
    """Those of the shipped sample, and indicators that the dashboards on trust, messages and dialogue ask for."""
    targets: list[dict[str, Any]] = yaml.load(SAMPLE.read_text(encoding="utf-8"), yaml.BaseLoader)["targets"]
    watched = [{"name": name, "indicator": name, "value": "0.5"} for name in WATCHED]
    lately = [
        {"name": f"{name}_lately", "indicator": name, "value": value, "period": "rolling 60 days"}
        for name, value in DIALOGUE
    ]
    load = {
        "name": "load_at_once",
        "indicator": "message_load",
        "value": "1 minutes",
        "period": "week",
        "by": "department",
    }
    return [*targets, *watched, *lately, load]


@contextmanager
def serving(settings: Settings, clock: Clock = system_clock) -> Iterator[tuple[Service, int]]:
    """The service after everything was read and published, and its port."""
    with Service(Site(settings), clock, finish=True) as service:
        run_road(service)
        server = start(service.front.app(), "127.0.0.1", 0)
        try:
            yield service, server.port
        finally:
            server.close()


def write_history(port: int, file: Path, end: int) -> list[int]:
    """What the service serves now, as if it had been scraped every few hours of the last days; the moments, in seconds."""
    moments = [end - STEP_SECONDS * steps for steps in range(STEPS, 0, -1)]
    lines = [line for line in ask_text(f"http://127.0.0.1:{port}/metrics").splitlines() if not line.startswith("#")]
    with file.open("w", encoding="utf-8") as history:
        for line in lines:
            series, _, value = line.rpartition(" ")
            name, _, labels = series.rstrip("}").partition("{")
            of = ",".join(filter(None, (labels.rstrip(","), 'job="earshot"', 'instance="earlier:8750"')))
            history.writelines(f"{name}{{{of}}} {value} {moment}\n" for moment in moments)
        history.write("# EOF\n")
    return moments
