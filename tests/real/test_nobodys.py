"""Partitions that a group has given to none of its members are found by asking the broker, whatever the client believes."""

from kafka.structs import TopicPartition

from collectors.kafka_watch import find_nobodys
from tests.real.reader import Reading, open_source
from tests.real.topics import Topics, new_name, wait_for


def test_a_partition_that_no_member_was_given_is_found_and_those_that_are_read_are_not(topics: Topics) -> None:
    name, group = topics.create(partitions=2), new_name("group")
    reading = Reading(open_source(topics.address, name, group=group, refresh_seconds=600))
    reading.finish()
    assert find_nobodys(topics.admin, f"{group}-source") == set()
    topics.add_partitions(name, 3)  # and the client does not look for ten minutes
    wait_for(lambda: find_nobodys(topics.admin, f"{group}-source") == {TopicPartition(name, 2)})
    topics.write(name, [b"late"], partition=2)
    reading.step()
    reading.source.renew("it is nobody's")
    reading.until(lambda: b"late" in reading.bodies())
    assert find_nobodys(topics.admin, f"{group}-source") == set()
    reading.source.close()


def test_while_a_group_hands_out_anew_nothing_is_said_of_what_the_newcomer_will_get(topics: Topics) -> None:
    name, group = topics.create(partitions=2), new_name("group")
    reading, newcomer = (Reading(open_source(topics.address, name, group=group, refresh_seconds=600)) for _ in range(2))
    reading.finish()
    newcomer.until(lambda: _state(topics, f"{group}-source") != "Stable")  # and the first one does not look
    assert find_nobodys(topics.admin, f"{group}-source") == set()
    assert _state(topics, f"{group}-source") != "Stable"
    reading.source.close()
    newcomer.source.close()


def _state(topics: Topics, group: str) -> str:
    return str(topics.admin.describe_groups([group])[group]["group_state"])
