"""One worker of ours beside quixstreams, which reads the same topic in the same run and counts the same: who did what with which message,
each once, safe against a restart. Its counting is left to `counting`, in an environment of its own."""

import json
import subprocess
import tempfile
from pathlib import Path

import msgspec

from bench.kafka_road import open_road
from bench.table import Figure
from config.progress import Progress
from tests.real.topics import new_name

HERE = Path(__file__).parent
PYTHON = HERE.parents[1] / ".cache" / "peer" / "bin" / "python"
RECORDS = 100_000


class _Data(msgspec.Struct):
    address: str = "-"


class _Named(msgspec.Struct):
    data: _Data


_name = msgspec.json.Decoder(_Named).decode


def measure(
    people: int, cache: Path, progress: Progress, *, records: int = RECORDS, rounds: int = 3, python: Path = PYTHON
) -> list[Figure]:
    """Nothing where the servers cannot be had, or the environment `python` is of."""
    if not python.exists():
        progress.report("no quixstreams here: make bench", 1, 1)
        return []
    with open_road(progress) as road:
        if road is None:
            return []
        made = road.fill(people, cache, records, key_of=_person)
        ours, theirs = [], []
        for number in range(rounds):
            progress.report("beside quixstreams", number, rounds)
            ours.append(road.road(made))
            theirs.append(_count(python, road.address, road.topic, made))
    (our_wall, our_cpu), (their_wall, their_cpu) = (map(min, zip(*each, strict=True)) for each in (ours, theirs))
    what = f"as quixstreams counting the same {made:,} CloudEvents with state of its own"
    return [
        Figure("kafka_to_postgresql_vs_peer", their_cpu / our_cpu, "times as fast", f"{what}, by CPU time"),
        Figure("kafka_to_postgresql_vs_peer", their_wall / our_wall, "times as fast", f"{what}, by the clock"),
    ]


def _person(line: bytes) -> bytes:
    """Whoever counts by key needs a person's records together; those that name nobody are in one place."""
    try:
        return _name(line).data.address.encode()
    except ValueError:
        return b"-"


def _count(python: Path, broker: str, topic: str, records: int) -> tuple[float, float]:
    """Seconds by the clock and of CPU. RuntimeError where it has not read every record."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(python), str(HERE / "counting.py"), broker, topic, str(records), new_name("peer"), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or (told := json.loads(done.stdout.splitlines()[-1]))["records"] != records:
        raise RuntimeError(f"quixstreams did not read everything: {done.stdout[-500:]} {done.stderr[-500:]}")
    return told["wall"], told["cpu"]
