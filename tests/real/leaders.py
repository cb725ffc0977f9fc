"""`python -m tests.real.leaders LENGTH`: eight workers of one group on a Kafka of three nodes and a real PostgreSQL, while leadership moves
from node to node and workers come, sleep and go together; then what was lost is counted."""

import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.real.broker import Broker
from tests.real.brokers import NODES, Brokers, Leadership
from tests.real.cluster import ask as ask_worker
from tests.real.disturbing import Disturbing, Way
from tests.real.groups import count_rebalances
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics, wait_for
from tests.real.torture import as_table, ask, go_through, is_well
from tests.real.tortured import SESSION_SECONDS, Tortured, some_seconds

WORKERS, PARTITIONS = 8, 16
_SLEEPERS = 3
_NODE_SESSION_SECONDS = 2  # as `broker` sets it


class Moving(Disturbing):
    """Of nodes that lead, and of all workers at once. `rounds`: how often the group was put together anew until eight workers that started
    together shared the partitions, each time."""

    def __init__(self, tortured: Tortured, brokers: Brokers, seed: int) -> None:
        ways: list[Way] = [
            (3, "a leader killed, started again", self._kill_leader),
            (2, "a leader asleep until another led, then awake again", self._put_leader_to_sleep),
            (2, "a leader ended in good order, started again", self._end_leader),
            (2, "leadership of every partition handed on", self._hand_on),
            (2, "the node that the group asks killed, started again", self._kill_coordinator),
            (2, f"{WORKERS} workers killed, {WORKERS} started at once", self._start_all_at_once),
            (2, f"{_SLEEPERS} workers asleep past their session, then awake again", self._put_workers_to_sleep),
        ]
        super().__init__(tortured, seed, ways, workers=WORKERS)
        self.rounds: list[int] = []
        self._brokers = brokers
        self._leadership = Leadership(tortured.topics.admin, tortured.topic)

    def wait_until_shared(self) -> None:
        """Until every worker has partitions of its own."""
        workers = self.living()
        wait_for(lambda: all(self._told(worker.pid, "earshot_lag_records") for worker in workers))

    def _kill_leader(self) -> None:
        partition, node = self._leader()
        node.kill()
        self._come_back(partition, node)

    def _end_leader(self) -> None:
        partition, node = self._leader()
        node.signal(signal.SIGTERM)
        self._come_back(partition, node)

    def _put_leader_to_sleep(self) -> None:
        partition, node = self._leader()
        node.signal(signal.SIGSTOP)
        try:
            time.sleep(_NODE_SESSION_SECONDS)
            self._wait_for_another(partition, node)
        finally:
            node.signal(signal.SIGCONT)
        self._leadership.wait_until_all_hold_all()

    def _kill_coordinator(self) -> None:
        node = self._brokers.nodes[self._leadership.coordinator()]
        node.kill()
        wait_for(lambda: self._brokers.nodes.get(self._leadership.coordinator()) not in (None, node))
        self._start_again(node)

    def _hand_on(self) -> None:
        self._leadership.hand_on()

    def _start_all_at_once(self) -> None:
        before = self._count_rebalances()
        for worker in self.living():
            worker.kill()
            worker.wait()
        self._fill_up()
        self.wait_until_shared()
        self.rounds.append(self._count_rebalances() - before)

    def _put_workers_to_sleep(self) -> None:
        asleep = self._rng.sample(self.living(), _SLEEPERS)
        for worker in asleep:
            worker.send_signal(signal.SIGSTOP)
        time.sleep(SESSION_SECONDS + 2)
        for worker in asleep:
            worker.send_signal(signal.SIGCONT)

    def _leader(self) -> tuple[int, Broker]:
        """A partition, and the node that leads it."""
        partition = self._rng.randrange(PARTITIONS)
        return partition, self._brokers.nodes[self._leadership.leaders()[partition]]

    def _wait_for_another(self, partition: int, node: Broker) -> None:
        wait_for(lambda: self._brokers.nodes.get(self._leadership.leaders()[partition]) not in (None, node))

    def _come_back(self, partition: int, node: Broker) -> None:
        self._wait_for_another(partition, node)
        self._start_again(node)

    def _start_again(self, node: Broker) -> None:
        time.sleep(some_seconds(self._rng, 5))
        node.stop()  # where it is still ending in good order
        node.start()
        self._leadership.wait_until_all_hold_all()

    def _count_rebalances(self) -> int:
        return count_rebalances(self._tortured.topics.address, self._tortured.group)

    def _told(self, pid: int, series: str) -> list[float]:
        """A worker's values of a series."""
        lines = ask_worker(self._tortured.ports[pid], "/metrics").splitlines()
        return [float(line.split()[-1]) for line in lines if line.startswith(series)]


def move(length: int, minutes: float, seed: int) -> dict[str, str]:
    """What was found, as it is reported."""
    programs = find_programs()
    assert programs is not None, "no PostgreSQL here: make setup-dev installs it"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="earshot-leaders-")))
        server = Server(programs)
        stack.callback(server.remove)
        server.start()
        brokers = Brokers(folder / "kafka")
        stack.callback(brokers.stop)
        topics = Topics(brokers.start().address, replicas=NODES)
        stack.callback(topics.close)
        tortured = Tortured(folder, topics, server, partitions=PARTITIONS)
        stack.callback(tortured.end)
        run = Moving(tortured, brokers, seed)
        found = go_through(tortured, run, length, minutes)
        return found | {
            f"of these, until {WORKERS} that started at once shared": ", ".join(map(str, run.rounds)),
            "longest that the brokers took no event, in seconds": f"{tortured.longest_write:.0f}",
            "seed": str(seed),
        }


def main() -> int:
    asked = ask("python -m tests.real.leaders", __doc__)
    found = move(asked.length, asked.minutes, asked.seed)
    print(as_table(found))
    return 0 if is_well(found) else 1


if __name__ == "__main__":
    sys.exit(main())
