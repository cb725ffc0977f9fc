"""The doors, asked over a real socket."""

import gzip
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

import pytest
from prometheus_client import CollectorRegistry, Gauge

from dashboards.page.app import Answers, make_app
from dashboards.page.landing import STYLE_DIGEST
from dashboards.page.server import Server, start
from metrics.snapshot import Snapshot
from tests.dashboards.page.states import state
from tests.metrics.made_up import SNAPSHOT
from tests.ports import free_port

PATHS = ("/", "/metrics", "/-/healthy", "/-/ready")
each_path = pytest.mark.parametrize("path", PATHS)


@dataclass
class Service:
    """What the doors are told, changeable by a test."""

    snapshot: Snapshot | None = SNAPSHOT
    not_ready: str = ""
    unhealthy: str = ""
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def answers(self) -> Answers:
        return Answers(
            snapshot=lambda: self.snapshot,
            state=lambda: state(not_ready=self.not_ready),
            ready=lambda: self.not_ready,
            healthy=lambda: self.unhealthy,
            registry=self.registry,
        )


@pytest.fixture
def service() -> Service:
    made = Service()
    Gauge("example_ratio", "An example.", registry=made.registry).set(0.5)
    return made


@pytest.fixture
def server(service: Service) -> Iterator[Server]:
    running = start(make_app(service.answers()), "127.0.0.1", 0)
    yield running
    running.close()


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    connection.request(method, path, headers=headers)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, reply.headers, body


@each_path
def test_every_door_answers(server: Server, path: str) -> None:
    status, headers, body = ask(server, path)
    assert status == 200
    assert int(headers["Content-Length"]) == len(body) > 0


@each_path
def test_head_says_what_get_would_without_a_body(server: Server, path: str) -> None:
    _, got, body = ask(server, path)
    status, headers, nothing = ask(server, path, "HEAD")
    assert (status, nothing) == (200, b"")
    assert headers["Content-Length"] == str(len(body))
    assert headers["Content-Type"] == got["Content-Type"]


@each_path
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed_here(server: Server, path: str, method: str) -> None:
    status, headers, _ = ask(server, path, method)
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/metrics/", "/-/", "/..%2f", "/index.html", "/%00"])
def test_elsewhere_is_nothing(server: Server, path: str) -> None:
    status, _, body = ask(server, path)
    assert status == 404
    assert b"the page is at /" in body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_browser_that_asks_for_an_icon_is_told_that_there_is_none(server: Server, method: str) -> None:
    status, headers, body = ask(server, "/favicon.ico", method)
    assert (status, body) == (204, b"")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*PATHS, "/favicon.ico", "/nowhere"])
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    _, headers, _ = ask(server, path)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src '{STYLE_DIGEST}'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] is None


def test_ready_and_healthy_tell_why_not_in_one_line(server: Server, service: Service) -> None:
    service.not_ready = "source intranet is paused:\n112 of 1,000 records"
    status, _, body = ask(server, "/-/ready")
    assert (status, body) == (503, b"source intranet is paused: 112 of 1,000 records\n")
    assert ask(server, "/-/healthy")[0] == 200
    service.unhealthy = "the loop has not moved for 120 s"
    assert ask(server, "/-/healthy")[::2] == (503, b"the loop has not moved for 120 s\n")


def test_the_page_shows_what_is_published_now(server: Server, service: Service) -> None:
    assert b"Of 9 targets" in ask(server, "/")[2]
    service.snapshot = None
    assert b"No readings yet" in ask(server, "/")[2]


def test_a_reader_can_stop_the_page_from_loading_itself_again(server: Server) -> None:
    assert b'http-equiv="refresh"' in ask(server, "/")[2]
    assert b'http-equiv="refresh"' not in ask(server, "/?refresh=off")[2]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        pytest.param("*/*", "text/plain; version=0.0.4", id="the plain format unless asked"),
        pytest.param(
            "application/openmetrics-text; version=1.0.0",
            "application/openmetrics-text; version=1.0.0",
            id="OpenMetrics",
        ),
    ],
)
def test_series_come_in_the_format_that_was_asked_for(server: Server, accept: str, content_type: str) -> None:
    status, headers, body = ask(server, "/metrics", Accept=accept)
    assert status == 200
    assert headers["Content-Type"].startswith(content_type)
    assert b"example_ratio 0.5\n" in body


def test_series_come_packed_where_that_was_asked_for(server: Server) -> None:
    _, headers, body = ask(server, "/metrics", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert b"example_ratio 0.5\n" in gzip.decompress(body)


def test_many_can_ask_at_once(server: Server) -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(ask(server, "/")[0])) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert found == [200] * 16


def test_an_oversized_request_is_refused_and_the_next_one_is_served(server: Server) -> None:
    assert ask(server, "/", **{"X-Long": "a" * 70_000})[0] == 431
    assert ask(server, "/")[0] == 200


def test_after_closing_nobody_listens_and_the_port_is_free_again(service: Service) -> None:
    running = start(make_app(service.answers()), "127.0.0.1", free_port())
    assert ask(running, "/-/healthy")[0] == 200
    running.close()
    running.close()
    with pytest.raises(ConnectionRefusedError):
        ask(running, "/-/healthy")
    again = start(make_app(service.answers()), "127.0.0.1", running.port)
    assert again.port == running.port
    again.close()


def test_closing_ends_well_where_the_loop_turns_before_it_is_woken(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start(make_app(service.answers()), "127.0.0.1", free_port())
    wake = running._server.pull_trigger

    def wake_late() -> None:
        with socket.create_connection((running.host, running.port)):
            time.sleep(0.2)
        wake()

    monkeypatch.setattr(running._server, "pull_trigger", wake_late)
    running.close()
    with pytest.raises(ConnectionRefusedError):
        ask(running, "/-/healthy")


def test_a_port_that_is_taken_is_an_error_at_once(service: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        start(make_app(service.answers()), "127.0.0.1", taken.getsockname()[1])
