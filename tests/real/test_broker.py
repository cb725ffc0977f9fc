"""The broker that the tests start is a real one: what is written stands, what is cut is gone, a topic made again is another one."""

from tests.real.topics import Topics


def test_a_topic_holds_what_is_written_and_loses_what_is_cut(topics: Topics) -> None:
    name = topics.create(partitions=2)
    topics.write(name, [b"one", b"two", b"three"], partition=1)
    assert [topics.end(name, partition) for partition in range(2)] == [0, 3]
    topics.truncate(name, 2, partition=1)
    assert topics.log_start(name, 1) == 2


def test_a_topic_that_is_made_again_has_another_id(topics: Topics) -> None:
    name = topics.create()
    first = topics.identity(name)
    topics.remove(name)
    topics.create(name)
    assert topics.identity(name) != first
