"""Recording is union, seen from the far end of the road: however a stream is shuffled, repeated, cut and interrupted, readings are
the same to the last bit."""

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.simulation.parameters import Parameters
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("EARSHOT_TEST_KILLS", "12"))
# Each is a whole road: a hundredth of what the ledger's own property tries.
EXAMPLES = max(6, int(os.environ.get("EARSHOT_TEST_EXAMPLES", "0")) // 100)


def readings(company: Company) -> list[str]:
    """Every reading before disclosure, to the last bit of every float."""
    with company.service() as service:
        run_road(service)
        answers = service.evaluation.answer(UNTIL)
    return [f"{reading}" for _, reading in (*answers.readings, *answers.messages)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("plain")
    company = make_company(folder, Parameters(60, 30, 21, UNTIL), retention=KEEP)
    return folder, readings(company)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_stream_shuffled_repeated_and_cut_gives_equal_readings(
    tmp_path_factory: pytest.TempPathFactory, plain: tuple[Path, list[str]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("shuffled")
    company = make_company(folder, Parameters(60, 30, 21, UNTIL), retention=KEEP)
    rng = random.Random(seed)
    for stream in (folder / "company" / "streams").iterdir():
        lines = [line for file in sorted(stream.iterdir()) for line in file.read_bytes().splitlines(keepends=True)]
        for file in stream.iterdir():
            file.unlink()
        many = lines + rng.choices(lines, k=rng.randrange(4 * len(lines)))
        rng.shuffle(many)
        while many:
            cut = rng.randrange(1, len(many) + 1)
            body, many = b"".join(many[:cut]), many[cut:]
            name, packed = f"{rng.randrange(10**9)}.part", rng.random() < 0.3
            (stream / name).write_bytes(gzip.compress(body) if packed else body)
    assert readings(company) == plain[1]


def test_a_service_killed_at_any_moment_resumes_without_loss_or_excess(
    tmp_path: Path, plain: tuple[Path, list[str]]
) -> None:
    company = make_company(tmp_path, Parameters(60, 30, 21, UNTIL), retention=KEEP)
    rng = random.Random(7)
    command = [sys.executable, "-m", "tests.flow.once", str(tmp_path / "earshot.yaml"), str(UNTIL)]
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        time.sleep(rng.uniform(0, 0.7))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
    assert killed > KILLS // 2, "most were killed while they worked"
    assert readings(company) == plain[1]
