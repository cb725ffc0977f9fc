"""A port that a test was given is nobody else's, whether its server listens yet or not."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ports
from tests.ports import free_port, free_ports

ROOT = Path(__file__).parents[1]


def test_ports_asked_for_together_differ_and_none_is_given_again_before_anybody_listens_on_it() -> None:
    found = free_ports(20)
    assert len(set(found)) == 20
    for port in found:
        with pytest.raises(OSError, match="in use"):
            ports._claim(port)


def test_another_process_is_not_given_it_either() -> None:
    asked = f"from tests import ports; ports._claim({free_port()})"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert "in use" in done.stderr


def test_one_that_somebody_listens_on_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        monkeypatch.setattr(ports, "_MOST_CLAIMS", 1)
        free_ports(2)  # its claim is forgotten
        with pytest.raises(OSError, match="in use"):
            ports._claim(taken.getsockname()[1])
