"""`python -m tests.real.poison RECORDS`: one record in a hundred is poison, of twelve kinds in turn, and real workers read them all from a
real Kafka into a real PostgreSQL, bombs and a damaged batch besides; then it is counted whether every good event is there and every bad
one a dead letter with its place and reason."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from kafka import KafkaProducer
from sqlalchemy import select

from collectors.kafka_batch import RECORD_LIMIT, next_batch
from metrics.ledger.database import open_database
from metrics.ledger.tables import dead_letter
from tests.real.broker import Broker, needs_kafka, shared_broker
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics, wait_for
from tests.real.tortured import DATABASE, Tortured, event_of

CODECS = ("gzip", "snappy", "lz4", "zstd")
EVERY = 100
MOST_GROWTH = 128 << 20
"""Bytes by which a worker may grow when bombs come."""
_DAMAGED = 10
_PATIENCE_SECONDS = 600.0

Place = tuple[int, int]
"""(partition, offset)"""


def _changed(number: int, **changes: object) -> bytes:
    """The event with other attributes; None takes one away."""
    event = event_of(number) | changes
    return json.dumps({name: value for name, value in event.items() if value is not None}).encode()


def _with_data(number: int, written: str) -> bytes:
    return _changed(number, data="DATA").replace(b'"DATA"', written.encode())


KINDS: dict[str, tuple[str, Callable[[int], bytes | None]]] = {
    "no JSON at all": ("bad_json", lambda number: b"GET /%d HTTP/1.1" % number),
    "cut short": ("bad_json", lambda number: _changed(number)[:-20]),
    "no UTF-8": ("bad_utf8", lambda number: _changed(number).replace(b"/torture", b"/tort\xffure")),
    "nothing, as compaction leaves it": ("empty", lambda _: None),
    "a name twice": ("repeated_name", lambda number: b'{"id": "other", ' + _changed(number)[1:]),
    "too deep": ("too_deep", lambda number: _with_data(number, '{"x":' * 5_000 + "1" + "}" * 5_000)),
    "a number out of range": ("bad_number", lambda number: _with_data(number, '{"value": 1e999}')),
    "too many values": ("too_many_values", lambda number: _with_data(number, f'{{"x": [{"0," * 20_000}0]}}')),
    "a type of nobody's": ("unknown_type", lambda number: _changed(number, type="earshot.smelled")),
    "about nothing": ("no_subject", lambda number: _changed(number, subject=None)),
    "in a century to come": ("time_out_of_range", lambda number: _changed(number, time="2126-11-02T08:15:00Z")),
    "over a megabyte": ("too_large", lambda number: _changed(number, note="x" * RECORD_LIMIT)),
}


class Poisoned:
    """A stream with poison in it. `expected`: the reason of each dead letter by its place."""

    def __init__(self, tortured: Tortured, broker: Broker) -> None:
        self.tortured = tortured
        self.expected: dict[Place, str] = {}
        self._broker = broker
        self._topics = tortured.topics

    def write(self, records: int) -> None:
        """Good events, and one of a hundred poison, all kinds in turn."""
        kinds = list(KINDS.values())
        for number in range(records // EVERY):
            self.tortured.write(EVERY - 1)
            reason, make = kinds[number % len(kinds)]
            self.bury(make(number), reason, number % self.tortured.partitions)

    def bury(self, body: bytes | None, reason: str, partition: int = 0) -> None:
        sent = self._topics.producer.send(self.tortured.topic, body, b"key", partition=partition)
        self._topics.producer.flush()
        self.expected[partition, sent.get(30).offset] = reason

    def damage(self) -> None:
        """A batch at the beginning of the first partition, of which a byte changes on the broker's disk."""
        sent = [self._topics.producer.send(self.tortured.topic, b"{}" * 10, partition=0) for _ in range(_DAMAGED)]
        self._topics.producer.flush()
        assert [each.get(30).offset for each in sent] == list(range(_DAMAGED)), "the topic was not empty"
        (segment,) = (self._broker.folder / "log" / f"{self.tortured.topic}-0").glob("*.log")
        written = segment.read_bytes()
        position = 0
        while (batch := next_batch(written, position)) is not None:
            position += batch.size
            with segment.open("r+b") as file:
                file.seek(position - 1)
                file.write(b"\xff")
            self.expected[0, batch.base] = "damaged_batch"

    def bomb(self, size: int) -> None:
        """In each codec a batch that inflates to so many bytes."""
        for number, codec in enumerate(CODECS):
            producer = KafkaProducer(
                bootstrap_servers=self._topics.address,
                compression_type=codec,
                max_request_size=2 * size,
                request_timeout_ms=120_000,
            )
            partition = number % self.tortured.partitions
            sent = producer.send(self.tortured.topic, bytes(size), partition=partition)
            self.expected[partition, sent.get(120).offset] = "bomb"
            producer.close()

    def letters(self) -> dict[Place, str]:
        """The dead letters that are kept: the reason by place."""
        found: dict[Place, str] = {}
        engine = open_database(self.tortured.server.url(DATABASE))
        with engine.connect() as connection:
            columns = (dead_letter.c.partition, dead_letter.c.offset, dead_letter.c.reason)
            for partition, offset, reason in connection.execute(select(*columns)):
                assert (partition, offset) not in found, "one letter for a place"
                found[partition, offset] = reason
        engine.dispose()
        return found

    def wait_until_read(self, seconds: float = _PATIENCE_SECONDS) -> tuple[int, int, int]:
        """(written, lost, excess) of the good events, once the offsets of all records are known as read."""
        ends = sum(self._topics.end(self.tortured.topic, partition) for partition in range(self.tortured.partitions))
        wait_for(lambda: self.tortured.count_offsets() >= ends, seconds)
        return self.tortured.count()


def memory(worker: subprocess.Popen[bytes], which: str) -> int:
    """Bytes: `VmRSS`, what it has now, or `VmHWM`, the most that it ever had."""
    status = Path(f"/proc/{worker.pid}/status").read_text(encoding="utf-8")
    (line,) = [line for line in status.splitlines() if line.startswith(f"{which}:")]
    return int(line.split()[1]) * 1024


def differences(poisoned: Poisoned) -> list[str]:
    """What is wrong with the dead letters, a line each; a few."""
    found, expected = poisoned.letters(), poisoned.expected
    places = sorted(found.keys() | expected.keys())
    wrong = [place for place in places if found.get(place) != expected.get(place)]
    return [f"{place}: {found.get(place)}, and it should be {expected.get(place)}" for place in wrong[:20]]


def poison(records: int, bomb_bytes: int, workers: int = 2) -> tuple[Mapping[str, str], list[str]]:
    """What was found, as it is reported; and what is wrong with it."""
    programs = find_programs()
    assert programs is not None, "no PostgreSQL here: make setup-dev installs it"
    with tempfile.TemporaryDirectory(prefix="earshot-poison-") as folder:
        server = Server(programs)
        server.start()
        broker = shared_broker()
        topics = Topics(broker.address)
        tortured = Tortured(Path(folder), topics, server)
        try:
            poisoned = Poisoned(tortured, broker)
            poisoned.damage()
            began = time.monotonic()
            started = [tortured.start() for _ in range(workers)]
            poisoned.write(records)
            poisoned.wait_until_read()
            before = {worker.pid: memory(worker, "VmRSS") for worker in started}
            poisoned.bomb(bomb_bytes)
            written, lost, excess = poisoned.wait_until_read()
            ended = [tortured.told_by(worker) for worker in started if worker.poll() is not None]
            assert not ended, f"a worker ended by itself, and said: {ended}"
            growth = max(memory(worker, "VmHWM") - before[worker.pid] for worker in started)
            wrong = differences(poisoned)
            if lost or excess:
                wrong.append(f"{lost:,} good events lost, {excess:,} too many")
            if growth > MOST_GROWTH:
                wrong.append(f"a worker grew by {growth / 2**20:.0f} MiB")
            reasons = Counter(poisoned.expected.values())
            found = {
                "good events, all counted once": f"{written:,}",
                "dead letters, each with place and reason": f"{len(poisoned.expected):,}",
                "of them": ", ".join(f"{count:,} {reason}" for reason, count in sorted(reasons.items())),
                "bombs, each of": f"{bomb_bytes >> 20} MiB: {', '.join(CODECS)}",
                "by so much a worker grew at most": f"{growth / 2**20:.0f} MiB",
                "workers": str(workers),
                "seconds": f"{time.monotonic() - began:.0f}",
            }
            return found, wrong
        finally:
            tortured.end()
            topics.close()
            server.remove()


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.real.poison", description=__doc__)
    parser.add_argument("records", type=int, nargs="?", default=100_000)
    parser.add_argument("--bomb", type=int, default=256, metavar="MIB", help="what each bomb inflates to (256)")
    asked = parser.parse_args()
    needs_kafka()
    found, wrong = poison(asked.records, asked.bomb << 20)
    print("\n".join(f"{what}: {value}" for what, value in found.items()))
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
