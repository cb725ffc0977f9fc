"""`python -m tests.real.gaps ROUNDS`: a real Kafka loses what a real worker has not read (retention, topics made again), again and again;
then every event is looked for, and each that is not there has to lie in a gap, with its place and its times."""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sqlalchemy import select

from collectors.events import Interval
from collectors.identity import Pseudonymiser, read_key
from metrics.ledger.database import open_database, open_readonly
from metrics.ledger.deltas import unpack_delta
from metrics.ledger.intervals import Position, RecordedGap, read_gaps, read_intervals
from metrics.ledger.tables import delta, person
from tests.real.broker import needs_kafka, shared_broker
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics, wait_for
from tests.real.tortured import DATABASE, PEOPLE, Tortured, event_of

_A_ROUND = 200
_PATIENCE_SECONDS = 300.0

Place = tuple[str, int, int]
"""(stream, partition, offset)"""


class Losing:
    """A stream that loses events before they are read. `lost`: how many there were of each kind of loss."""

    def __init__(self, tortured: Tortured, seed: int) -> None:
        self.tortured = tortured
        self.rounds: Counter[str] = Counter()
        self.place_of: dict[int, Place] = {}
        self.began = time.time_ns() // 1000
        self._topics = tortured.topics
        self._rng = random.Random(seed)
        self._worker: subprocess.Popen[bytes] = tortured.start()
        self.ways: list[tuple[str, Callable[[], None]]] = [
            ("retention, while nobody reads", self._pass_one_away),
            ("retention, while a worker sleeps", self._pass_one_asleep),
            ("topic made again, while nobody reads", self._recreate_for_one_away),
            ("topic made again, under a worker", self._recreate_under_one),
            ("retention, before anything was read", self._pass_one_that_saw_it_empty),
            ("retention, in a partition that came while nobody reads", self._pass_one_that_never_saw_it),
        ]
        self._write()
        self._wait_until_covered()

    def round(self, number: int) -> None:
        what, lose = self.ways[number % len(self.ways)]
        lose()
        self._write()
        self._wait_until_covered()
        self.rounds[what] += 1

    def _stream(self) -> str:
        return f"{self.tortured.topic}:{self._topics.identity(self.tortured.topic)}"

    def _write(self) -> None:
        """Events into every partition; back when the broker holds them, and it is known where."""
        tortured, stream = self.tortured, self._stream()
        sent = {}
        for number in range(tortured.written, tortured.written + _A_ROUND):
            partition, body = number % tortured.partitions, json.dumps(event_of(number)).encode()
            sent[number] = partition, self._topics.producer.send(tortured.topic, body, partition=partition)
        self._topics.producer.flush()
        tortured.written += _A_ROUND
        for number, (partition, future) in sent.items():
            self.place_of[number] = (stream, partition, future.get(30).offset)

    def _wait_until_covered(self) -> None:
        """Until the database knows every offset of the topic as read, or gone."""
        ends = {each: self._topics.end(self.tortured.topic, each) for each in range(self.tortured.partitions)}
        stream = self._stream()
        read: dict[Position, list[Interval]] = {}

        def covered() -> bool:
            nonlocal read
            with open_readonly(self.tortured.server.url(DATABASE)).connect() as connection:
                read = read_intervals(connection, "all")
            return all(
                [(each.start, each.end) for each in read.get((stream, partition), ())] == [(0, end)]
                for partition, end in ends.items()
            )

        try:
            wait_for(covered, _PATIENCE_SECONDS)
        except AssertionError:
            said = self.tortured.told_by(self._worker)
            raise AssertionError(f"after {self.rounds}: {stream} {ends} is not covered by {read}; {said}") from None

    def _truncate(self) -> None:
        for partition in range(self.tortured.partitions):
            start = self._topics.log_start(self.tortured.topic, partition)
            end = self._topics.end(self.tortured.topic, partition)
            self._topics.truncate(
                self.tortured.topic, self._rng.randint(max(start, end - _A_ROUND // 8), end), partition
            )

    def _recreate(self) -> None:
        self._topics.remove(self.tortured.topic)
        self._topics.create(self.tortured.topic, partitions=self.tortured.partitions)

    def _pass_one_away(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        self._end_worker()
        meanwhile()
        self._write()
        self._truncate()
        self._worker = self.tortured.start()

    def _pass_one_asleep(self) -> None:
        self._worker.send_signal(signal.SIGSTOP)
        self._write()
        self._truncate()
        self._worker.send_signal(signal.SIGCONT)

    def _recreate_for_one_away(self) -> None:
        self._end_worker()
        self._write()
        self._recreate()
        self._worker = self.tortured.start()

    def _recreate_under_one(self) -> None:
        self._write()
        self._recreate()

    def _pass_one_that_saw_it_empty(self) -> None:
        self._recreate()
        self._wait_until_covered()
        self._pass_one_away()

    def _pass_one_that_never_saw_it(self) -> None:
        self._pass_one_away(self._add_partition)

    def _add_partition(self) -> None:
        self.tortured.add_partition()
        known, topic = self._topics.producer, self.tortured.topic
        wait_for(lambda: len(known.partitions_for(topic)) == self.tortured.partitions)

    def _end_worker(self) -> None:
        self._worker.kill()
        self._worker.wait()

    def wrong(self) -> list[str]:
        """Events that are gone without a gap, or there although a gap says they are gone; gaps without times. A line each, a few."""
        there = self._present()
        engine = open_database(self.tortured.server.url(DATABASE))
        with engine.connect() as connection:
            gaps = read_gaps(connection)
        engine.dispose()
        hidden = [
            number for number in self.place_of if number not in there and not _lies_in(self.place_of[number], gaps)
        ]
        told = [
            number
            for number in there
            if _lies_in(self.place_of[number], [gap for gap in gaps if gap.gap.reason == "retention"])
        ]
        undated = [
            gap.gap for gap in gaps if not self.began < (gap.gap.after or 0) <= (gap.gap.before or 0) <= gap.recorded_at
        ]
        return [
            *(f"event {number} is gone without a gap: {self.place_of[number]}" for number in hidden[:10]),
            *(f"event {number} is there, and a gap says it is gone: {self.place_of[number]}" for number in told[:10]),
            *(f"a gap without true times: {gap}" for gap in undated[:10]),
        ]

    def found(self) -> dict[str, str]:
        """What there was, as it is reported."""
        there = self._present()
        with open_readonly(self.tortured.server.url(DATABASE)).connect() as connection:
            reasons = Counter(gap.gap.reason for gap in read_gaps(connection))
        return {
            "rounds": ", ".join(f"{count} x {what}" for what, count in self.rounds.items()),
            "events written": f"{self.tortured.written:,}",
            "of them gone before they were read": f"{self.tortured.written - len(there):,}",
            "gaps": ", ".join(f"{count} x {reason}" for reason, count in sorted(reasons.items())),
        }

    def _present(self) -> set[int]:
        """The events whose facts are in the database."""
        pseudonym = Pseudonymiser(read_key(self.tortured.folder / "data" / "earshot.key"))
        engine = open_database(self.tortured.server.url(DATABASE))
        with engine.connect() as connection:
            known = {row.pseudonym: row.number for row in connection.execute(select(person))}
            of = {known.get(bytes.fromhex(pseudonym(f"p{each}@example.org"))): each for each in range(PEOPLE)}
            there = set()
            for payload in connection.execute(select(delta.c.payload)).scalars():
                for reference, *_, codes in unpack_delta(payload).sets:
                    persons = np.frombuffer(codes, "<u8") & np.uint64(0xFFFFFFFF)
                    there |= {int(reference[1:]) * PEOPLE + of[each] for each in persons.tolist()}
        engine.dispose()
        return there


def _lies_in(place: Place, gaps: list[RecordedGap]) -> bool:
    """How much a topic that was made again still held, nobody knows: its gap goes on to its end."""
    stream, partition, offset = place
    return any(
        (gap.gap.stream, gap.gap.partition) == (stream, partition)
        and gap.gap.start <= offset
        and (offset < gap.gap.end or gap.gap.reason == "recreated")
        for gap in gaps
    )


def lose(rounds: int, seed: int) -> tuple[dict[str, str], list[str]]:
    """What was found, and what is wrong with it."""
    programs = find_programs()
    assert programs is not None, "no PostgreSQL here: make setup-dev installs it"
    with tempfile.TemporaryDirectory(prefix="earshot-gaps-") as folder:
        server = Server(programs)
        server.start()
        topics = Topics(shared_broker().address)
        tortured = Tortured(Path(folder), topics, server, partitions=2)
        try:
            losing = Losing(tortured, seed)
            for number in range(rounds):
                losing.round(number)
            return losing.found(), losing.wrong()
        finally:
            tortured.end()
            topics.close()
            server.remove()


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.real.gaps", description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    needs_kafka()
    found, wrong = lose(asked.rounds, asked.seed)
    print("\n".join(f"{what}: {value}" for what, value in found.items()))
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
