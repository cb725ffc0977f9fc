"""Every generated file: dashboards for Grafana, rules for Prometheus. They are committed, and a test allows no difference. What stands in
them is left to their own files."""

from collections.abc import Mapping
from pathlib import Path

from dashboards import (
    alerts_of_readings,
    alerts_of_service,
    dialogue,
    groups,
    indicator,
    message,
    overview,
    recordings,
    service,
    trust,
)
from dashboards.board import Board, to_json
from dashboards.rule import Alert, Group, render

HERE = Path(__file__).resolve().parent
BOARDS: tuple[Board, ...] = (
    *(overview.BOARD, indicator.BOARD, message.BOARD, groups.BOARD, dialogue.BOARD, trust.BOARD),
    service.BOARD,
)
ALERTS: tuple[Alert, ...] = (*alerts_of_readings.ALERTS, *alerts_of_service.ALERTS)

_GROUPS = {
    "rules/readings.yaml": Group("earshot-readings", (*recordings.OF_READINGS, *alerts_of_readings.ALERTS)),
    "rules/service.yaml": Group("earshot-service", (*recordings.OF_THE_SERVICE, *alerts_of_service.ALERTS)),
}


def files(labels: Mapping[str, str] | None = None) -> dict[str, str]:
    """Path below the folder to text. `labels`: what every alert carries besides, such as a team."""
    dashboards = {f"grafana/{board.uid.removeprefix('earshot-')}.json": to_json(board) for board in BOARDS}
    return dashboards | {path: render([group], labels or {}) for path, group in _GROUPS.items()}


def different(folder: Path, labels: Mapping[str, str] | None = None) -> list[str]:
    """The paths of the files that are not there, or are not as they would be written."""

    def stands(path: str) -> str:
        file = folder / path
        return file.read_text(encoding="utf-8") if file.exists() else ""

    return [path for path, text in files(labels).items() if stands(path) != text]


def write(folder: Path, labels: Mapping[str, str] | None = None) -> list[str]:
    """The paths of the files that were new or different."""
    texts, changed = files(labels), different(folder, labels)
    for path in changed:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[path], encoding="utf-8")
    return changed
