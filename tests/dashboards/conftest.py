"""A stand-in for Grafana, and ports to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dashboards.publish import Port
from tests.dashboards.grafana_server import ADMIN, Grafana


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    server = Grafana()
    server.state.datasources = [
        {"id": 1, "uid": "loki", "name": "Logs", "type": "loki", "isDefault": True},
        {"id": 2, "uid": "second", "name": "Another", "type": "prometheus", "isDefault": False},
        {"id": 3, "uid": "first", "name": "Prometheus", "type": "prometheus", "isDefault": True},
    ]
    yield server
    server.close()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def port_for(grafana: Grafana, pauses: list[float]) -> Iterator[Callable[..., Port]]:
    opened: list[Port] = []

    def begin(token: str = ADMIN, **more: Any) -> Port:
        opened.append(Port(grafana.url, token, pause=pauses.append, **more))
        return opened[-1]

    yield begin
    for port in opened:
        port.close()
