"""What `helm test` runs in its pod, run here: it is content with a service that is well, and with no other."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.schema import Settings
from dashboards.page.server import start
from front import VERSION, Front, system_clock
from metrics.service_series import ServiceSeries
from sites import Site
from tests.helm.chart import find, objects


@pytest.fixture
def front(tmp_path: Path) -> Front:
    site = Site(Settings(data=tmp_path))
    front = Front(site, system_clock, "")
    ServiceSeries(front.registry, sources=(), reasons=(), version=VERSION, digest=site.digest)
    return front


@pytest.fixture
def address(front: Front) -> Iterator[str]:
    server = start(front.app(), "127.0.0.1", 0)
    yield f"http://{server.host}:{server.port}"
    server.close()


def ask(address: str) -> subprocess.CompletedProcess[str]:
    [container] = find(objects("{}"), "Pod", "earshot-test")["spec"]["containers"]
    python, *arguments = container["command"]
    assert python == "python3"
    script, asked = container["args"]
    assert asked == "http://earshot.communication:8750"
    command = [sys.executable, *arguments, script, address]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_service_that_is_well_passes(address: str) -> None:
    done = ask(address)
    assert (done.returncode, done.stdout.count("answers as it should")) == (0, 4), done.stderr


def test_one_that_is_not_ready_fails(front: Front, address: str) -> None:
    front.trouble = "the database is away"
    done = ask(address)
    assert done.returncode != 0
    assert "503" in done.stderr
