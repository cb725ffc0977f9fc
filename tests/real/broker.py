"""A real Kafka for tests: one node in KRaft mode, on loopback, in a folder of its own. Several that make one Kafka are left to `brokers`,
topics and what is written into them to `topics`."""

import atexit
import os
import shutil
import struct
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from tests.ports import free_ports

JARS = Path(__file__).parents[2] / ".cache" / "kafka"
_READY_SECONDS = 180.0
_BATCH_HEAD = 12  # first offset and length, which the length does not count

# Short enough that a test sees retention, sessions and restarts; no waiting for members that do not exist.
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
log.dirs={folder}/log
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.retention.ms=-1
log.retention.check.interval.ms=1000
log.segment.delete.delay.ms=1000
log.initial.task.delay.ms=500
log.cleaner.dedupe.buffer.size=16777216
message.max.bytes=20000000
num.network.threads=2
num.io.threads=2
"""


class Broker:
    """A broker that may be killed and started again on the same folder and port. `more`: properties over the usual ones; `users`: of
    SCRAM-SHA-512, name to password. Of one among several: the ports of broker and controller, and `kafka`, which they are."""

    def __init__(
        self,
        folder: Path,
        more: Mapping[str, str] | None = None,
        users: Mapping[str, str] | None = None,
        *,
        ports: tuple[int, int] | None = None,
        kafka: str = "",
    ):
        self.folder = folder
        self.port, controller = ports or free_ports(2)
        self._properties = folder / "server.properties"
        text = _PROPERTIES.format(port=self.port, controller=controller, folder=folder)
        text += "".join(f"{key}={value}\n" for key, value in (more or {}).items())
        self._properties.write_text(text, encoding="utf-8")
        scram = [f"--add-scram=SCRAM-SHA-512=[name={name},password={word}]" for name, word in (users or {}).items()]
        self._java(
            "kafka.tools.StorageTool", "format", "-t", kafka or str(uuid.uuid4()), "-c", str(self._properties), *scram
        )
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def _log(self) -> Path:
        return self.folder / "broker.log"

    def start(self) -> "Broker":
        """Back when it answers."""
        self.launch()
        return self.wait()

    def launch(self) -> None:
        with self._log.open("wb") as out:
            command = ["java", "-Xmx512m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS}/*"]
            self._process = subprocess.Popen(
                [*command, "kafka.Kafka", str(self._properties)], stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )

    def wait(self) -> "Broker":
        """Until it answers."""
        assert self._process is not None
        late = time.monotonic() + _READY_SECONDS
        while b"Kafka Server started" not in self._log.read_bytes():
            if self._process.poll() is not None or time.monotonic() > late:
                raise AssertionError(f"no broker: {self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        return self

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """As by SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self.kill()

    def lose(self, topic: str, before: int, partition: int = 0) -> None:
        """While it is down: the end of a partition's only segment is gone, from the batch that holds this offset on, as after an election
        of somebody who never had it, or with a disk that had not written it."""
        kept = self.folder / "log" / f"{topic}-{partition}"
        (segment,) = kept.glob("*.log")
        held, at = segment.read_bytes(), 0
        while at < len(held):
            first, length = struct.unpack_from(">qi", held, at)
            if first + _last_offset_delta(held, at) >= before:
                break
            at += _BATCH_HEAD + length
        os.truncate(segment, at)
        for other in [*kept.glob("*.index"), *kept.glob("*.timeindex"), *kept.glob("*.snapshot")]:
            other.unlink()
        (self.folder / "log" / ".kafka_cleanshutdown").unlink(missing_ok=True)

    def _java(self, *arguments: str) -> None:
        made: Sequence[str] = ["java", "-cp", f"{JARS}/*", *arguments]
        done = subprocess.run(made, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _last_offset_delta(held: bytes, at: int) -> int:
    """Of a batch of format 2 that begins there."""
    (delta,) = struct.unpack_from(">i", held, at + 23)
    return int(delta)


def why_no_kafka() -> str:
    """ "" where a broker can be had."""
    there = (JARS / "pom.xml").exists() and shutil.which("java") is not None
    return "" if there else "no Kafka here: make setup-dev fetches it where Java and Maven are"


def needs_kafka() -> None:
    """Skip the test that asks, where no broker can be had (in CI that is a failure)."""
    if why := why_no_kafka():
        pytest.skip(why)


@cache
def shared_broker() -> Broker:
    """One for the whole run of tests, which keep out of each other's way by names; started by the first that asks."""
    needs_kafka()
    folder = Path(tempfile.mkdtemp(prefix="earshot-kafka-"))
    broker = Broker(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(broker.stop)
    return broker.start()
