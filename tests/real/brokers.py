"""Three nodes that make one real Kafka: each holds every partition, any of them may lead it, and any one may go. A single node is `broker`,
what is done to them is left to `leaders`."""

import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from kafka.admin import KafkaAdminClient
from kafka.structs import TopicPartition

from tests.ports import free_ports
from tests.real.broker import Broker
from tests.real.topics import wait_for

NODES = 3
_COORDINATION = "__consumer_offsets"
_PROPERTIES = {
    "default.replication.factor": str(NODES),
    "min.insync.replicas": "2",
    "offsets.topic.replication.factor": str(NODES),
    "unclean.leader.election.enable": "false",
    "auto.leader.rebalance.enable": "false",  # leadership moves when we say so
    "controlled.shutdown.enable": "true",
}
_PREFERRED = 0


class Brokers:
    """Nodes 1 to 3, by number."""

    def __init__(self, folder: Path) -> None:
        ports, kafka = free_ports(2 * NODES), str(uuid.uuid4())
        voters = ",".join(f"{node}@127.0.0.1:{ports[2 * node - 1]}" for node in range(1, NODES + 1))

        def make(node: int) -> Broker:
            (folder / str(node)).mkdir(parents=True)
            more = {**_PROPERTIES, "node.id": str(node), "controller.quorum.voters": voters}
            return Broker(folder / str(node), more, ports=(ports[2 * node - 2], ports[2 * node - 1]), kafka=kafka)

        with ThreadPoolExecutor(NODES) as pool:
            self.nodes = dict(enumerate(pool.map(make, range(1, NODES + 1)), 1))

    @property
    def address(self) -> str:
        return ",".join(node.address for node in self.nodes.values())

    def start(self) -> "Brokers":
        for node in self.nodes.values():
            node.launch()
        for node in self.nodes.values():
            node.wait()
        return self

    def stop(self) -> None:
        for node in self.nodes.values():
            node.kill()


class Leadership:
    """Who leads the partitions of a topic, as the nodes tell it."""

    def __init__(self, admin: KafkaAdminClient, topic: str) -> None:
        self._admin, self._topic = admin, topic

    def leaders(self) -> dict[int, int]:
        """A partition's node; -1 where it has none."""
        return {number: found["leader_id"] for number, found in self._partitions(self._topic).items()}

    def coordinator(self) -> int:
        """The node that the group of workers asks."""
        found: int = self._partitions(_COORDINATION)[0]["leader_id"]
        return found

    def wait_until_all_hold_all(self) -> None:
        """So that any of them may go next."""
        wait_for(lambda: all(map(self._is_whole, (self._topic, _COORDINATION))))

    def _is_whole(self, topic: str) -> bool:
        return all(len(each["isr_nodes"]) == NODES for each in self._partitions(topic).values())

    def hand_on(self) -> None:
        """Every partition to the node behind its leader, in good order."""
        wanted = {number: leader % NODES + 1 for number, leader in self.leaders().items()}
        order = {
            TopicPartition(self._topic, number): [(node + each - 1) % NODES + 1 for each in range(NODES)]
            for number, node in wanted.items()
        }

        def handed_on() -> bool:
            self._admin.alter_partition_reassignments(order)
            self._admin.elect_leaders(_PREFERRED, {self._topic: sorted(wanted)})
            return self.leaders() == wanted

        wait_for(handed_on)

    def _partitions(self, topic: str) -> Mapping[int, Mapping[str, Any]]:
        (found,) = self._admin.describe_topics([topic])
        return {each["partition_index"]: each for each in found["partitions"]}
