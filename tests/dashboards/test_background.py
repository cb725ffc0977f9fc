"""Grafana kept in step beside a running service: nobody waits for it, and it is tried until it works."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards.background import Background
from dashboards.publish import Port
from tests.dashboards.grafana_server import ADMIN, Grafana
from tests.dashboards.live.stack import wait_for
from tests.dashboards.test_publish import LETTER, NEWS, WANTED, keep


def test_in_the_background_everything_is_put_there_and_new_messages_are_marked(
    grafana: Grafana, port_for: Callable[..., Port]
) -> None:
    with Background(lambda: Port(grafana.url, ADMIN), replace(WANTED, messages=())) as background:
        background.offer([LETTER])
        wait_for("the first annotation", lambda: len(grafana.state.annotations) == 1)
        background.offer([LETTER, NEWS])
        wait_for("the second annotation", lambda: len(grafana.state.annotations) == 2)
    assert len(grafana.state.dashboards) == 2
    assert keep(port_for()) == []


def test_in_the_background_a_grafana_that_hangs_holds_nobody_up(grafana: Grafana) -> None:
    grafana.state.faults = [600.0] * 20
    began = time.monotonic()
    with Background(lambda: Port(grafana.url, ADMIN), replace(WANTED, messages=())) as background:
        for _ in range(100):
            background.offer([LETTER])
            background.offer([LETTER, NEWS])
        wait_for("it was asked at all", lambda: grafana.state.asked)
    assert time.monotonic() - began < 300.0, "a call under way is not waited for"
    assert grafana.state.dashboards == {}


def test_in_the_background_a_grafana_that_fails_is_told_once_and_tried_again(
    grafana: Grafana, caplog: pytest.LogCaptureFixture
) -> None:
    grafana.state.faults = [401, 401]
    made = Background(lambda: Port(grafana.url, ADMIN), replace(WANTED, messages=()), again_seconds=0.2)
    with made as background:
        background.offer([LETTER])
        wait_for("it was tried until it worked", lambda: len(grafana.state.annotations) == 1)
    assert sum("401" in record.message for record in caplog.records) == 1
