"""A source on a real Kafka: where it begins, what it does when topics change under it, and whom it trusts."""

import time
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.structs import OffsetAndMetadata, TopicPartition

from collectors.events import BEFORE_START, Gap, Interval
from tests.real.reader import Reading, open_source, system_now
from tests.real.topics import Topics, new_name, wait_for

BODIES = [b"record %d" % number for number in range(50)]


def each_of(interval: Interval) -> tuple[int, int]:
    return interval.start, interval.end


def kinds(gaps: list[Gap]) -> list[tuple[str, int, int]]:
    return [(gap.reason, gap.start, gap.end) for gap in gaps]


def test_a_record_has_its_time_and_its_headers_in_lower_case(topics: Topics) -> None:
    name = topics.create()
    topics.write(
        name, [b"{}"], headers=[("ce_Type", b"earshot.read"), ("Content-Type", b"text/json")], at_ms=1_700_000_000_123
    )
    reading = Reading(open_source(topics.address, name))
    reading.finish()
    ((_, record),) = reading.records
    assert record.received_at == 1_700_000_000_123_000
    assert record.headers == {"ce_type": "earshot.read", "content-type": "text/json"}
    reading.source.close()


def test_batches_in_every_codec_are_read(topics: Topics) -> None:
    name = topics.create()
    for codec in ("gzip", "snappy", "lz4", "zstd"):
        producer = KafkaProducer(bootstrap_servers=topics.address, compression_type=codec, linger_ms=50)
        for number in range(20):
            producer.send(name, b"%s %d" % (codec.encode(), number))
        producer.close()
    reading = Reading(open_source(topics.address, name))
    reading.finish()
    assert len(set(reading.bodies())) == 80
    reading.source.close()


def test_what_the_group_has_committed_is_not_believed(topics: Topics) -> None:
    name, group = topics.create(), new_name("group")
    topics.write(name, BODIES)
    topics.admin.alter_group_offsets(f"{group}-source", {TopicPartition(name, 0): OffsetAndMetadata(40, "", -1)})
    reading = Reading(open_source(topics.address, name, group=group))
    # The broker is told in passing: nobody waits for it.
    reading.until(lambda: topics.committed(f"{group}-source") == {TopicPartition(name, 0): 50})
    assert reading.bodies() == BODIES
    reading.source.close()


def test_a_database_set_back_to_an_older_state_is_read_again_from_there(topics: Topics) -> None:
    name, group = topics.create(), new_name("group")
    topics.write(name, BODIES)
    reading = Reading(open_source(topics.address, name, group=group))
    reading.until(lambda: bool(reading.read))
    reading.finish()
    ((position, (whole,)),) = reading.read.items()
    reading.source.close()
    older = {position: [type(whole)(whole.stream, whole.partition, 0, 30, "0")]}
    again = Reading(open_source(topics.address, name, group=group), older)
    again.finish()
    assert again.bodies() == BODIES[30:]
    assert again.gaps == []
    again.source.close()


def test_records_that_retention_took_before_they_were_read_are_a_gap_told_once(topics: Topics) -> None:
    name = topics.create()
    before = system_now()
    topics.write(name, BODIES[:10])
    first = Reading(open_source(topics.address, name))
    first.finish()
    first.source.close()
    topics.write(name, BODIES[10:30])
    topics.truncate(name, 25)
    second = Reading(open_source(topics.address, name), first.read)
    second.finish()
    assert kinds(second.gaps) == [("retention", 10, 25)]
    (gap,) = second.gaps
    assert gap.after is not None
    assert gap.before is not None
    assert before // 1_000_000 - 1 <= gap.after // 1_000_000 <= gap.before // 1_000_000
    assert second.bodies() == BODIES[25:30]
    second.source.close()
    third = Reading(open_source(topics.address, name), second.read)
    third.finish()
    assert third.gaps == []
    third.source.close()


def test_records_gone_before_anything_was_read_of_their_partition_are_a_gap(topics: Topics) -> None:
    name = topics.create()
    first = Reading(open_source(topics.address, name))
    first.finish()
    first.source.close()
    topics.add_partitions(name, 2)
    wait_for(lambda: len(topics.producer.partitions_for(name)) == 2)
    for partition in range(2):
        topics.write(name, BODIES[:10], partition=partition)
        topics.truncate(name, 5 + partition, partition)
    second = Reading(open_source(topics.address, name), first.read)
    second.until(lambda: len(second.bodies()) == 9)
    assert sorted((gap.partition, gap.start, gap.end) for gap in second.gaps) == [(0, 0, 5), (1, 0, 6)]
    assert all(gap.after is not None and gap.before is not None and gap.after <= gap.before for gap in second.gaps)
    second.source.close()


def test_what_was_gone_before_a_topic_was_ever_looked_at_is_told_once_and_was_not_ours_to_lose(topics: Topics) -> None:
    name = topics.create(partitions=2)
    topics.write(name, BODIES[:10])
    topics.truncate(name, 4)
    reading = Reading(open_source(topics.address, name))
    reading.finish()
    assert reading.bodies() == BODIES[4:10]
    (gone,) = reading.gaps
    assert (gone.partition, gone.start, gone.end, gone.reason, gone.after) == (0, 0, 4, BEFORE_START, None)
    assert gone.before == reading.records[0][1].received_at
    assert [(partition, *map(each_of, read)) for (_, partition), read in sorted(reading.read.items())] == [
        (0, (4, 10)),
        (1, (0, 0)),
    ]
    reading.source.close()
    again = Reading(open_source(topics.address, name), reading.read)
    again.finish()
    assert again.gaps == []
    again.source.close()


def test_retention_that_passes_a_running_source_is_a_gap_and_reading_goes_on(topics: Topics) -> None:
    name = topics.create()
    topics.write(name, BODIES[:10])
    reading = Reading(open_source(topics.address, name))
    reading.finish()
    for _ in range(3):
        reading.step(limit=0)  # held, as while the database is away
    topics.write(name, BODIES[10:30])
    topics.truncate(name, 25)
    topics.write(name, BODIES[30:40])
    reading.until(lambda: BODIES[39] in reading.bodies())
    lost = set(BODIES[:40]) - set(reading.bodies())
    assert lost in (set(), set(BODIES[10:25]))
    assert kinds(reading.gaps) == ([("retention", 10, 25)] if lost else [])
    reading.source.close()


def test_a_topic_made_again_while_nobody_looked_is_a_gap_and_begins_anew(topics: Topics) -> None:
    name = topics.create(partitions=2)
    for partition in range(2):
        topics.write(name, BODIES[:10], partition=partition)
    first = Reading(open_source(topics.address, name))
    first.finish()
    first.source.close()
    topics.remove(name)
    topics.create(name, partitions=2)
    topics.write(name, BODIES[20:40])
    second = Reading(open_source(topics.address, name), first.read)
    second.finish()
    assert second.bodies() == BODIES[20:40]
    assert [(gap.reason, gap.partition) for gap in second.gaps] == [("recreated", 0), ("recreated", 1)]
    assert all(gap.stream.endswith(next(iter(first.read))[0].rpartition(":")[2]) for gap in second.gaps)
    second.source.close()
    third = Reading(open_source(topics.address, name), second.read)
    third.finish()
    assert third.gaps == []
    third.source.close()


def test_a_topic_made_again_under_a_running_source_is_noticed(topics: Topics) -> None:
    name = topics.create()
    topics.write(name, BODIES[:10])
    reading = Reading(open_source(topics.address, name, refresh_seconds=0.5))
    reading.finish()
    topics.remove(name)
    topics.create(name)
    topics.write(name, BODIES[10:40])
    reading.until(lambda: set(BODIES[10:40]) <= set(reading.bodies()) and bool(reading.gaps))
    assert "recreated" in {gap.reason for gap in reading.gaps}
    reading.source.close()


def test_partitions_and_topics_that_come_later_are_read_from_their_beginning(topics: Topics) -> None:
    stem = new_name("grows")
    topics.create(f"{stem}.one")
    reading = Reading(open_source(topics.address, pattern=rf"{stem}\..*", refresh_seconds=0.5))
    reading.finish()
    topics.create(f"{stem}.two")
    topics.add_partitions(f"{stem}.one", 3)
    topics.write(f"{stem}.two", BODIES[:10])
    topics.admin.wait_for_topics([f"{stem}.one"])
    topics.write(f"{stem}.one", BODIES[10:20], partition=2)
    topics.create(f"{stem}x")  # the whole name has to fit
    topics.write(f"{stem}x", [b"not ours"])
    reading.until(lambda: set(BODIES[:20]) <= set(reading.bodies()))
    assert b"not ours" not in reading.bodies()
    reading.source.close()


@pytest.mark.parametrize("limit", [1000, 0], ids=["while it reads", "while it is held"])
def test_what_a_group_hands_out_between_two_polls_is_read(topics: Topics, limit: int) -> None:
    name = topics.create()
    reading = Reading(open_source(topics.address, name, refresh_seconds=0.5, neighbours=249))  # polls of a millisecond
    reading.finish()
    for partitions in (2, 3):
        before = reading.source.rebalances
        topics.add_partitions(name, partitions)
        topics.write(name, [b"%d" % partitions], partition=partitions - 1)
        wait_for(lambda before=before: bool(reading.step(limit)) and reading.source.rebalances > before)  # type: ignore[misc]
        reading.finish()
    assert sorted(reading.bodies()) == [b"2", b"3"]
    reading.source.close()


def test_what_a_transaction_gave_up_is_not_read(topics: Topics) -> None:
    name = topics.create()
    producer = KafkaProducer(bootstrap_servers=topics.address, transactional_id=new_name("tx"), acks="all")
    producer.init_transactions()
    for number, finish in enumerate(
        [producer.commit_transaction, producer.abort_transaction, producer.commit_transaction]
    ):
        producer.begin_transaction()
        for body in BODIES[number * 10 : number * 10 + 10]:
            producer.send(name, body)
        producer.flush()
        finish()
    producer.close()
    reading = Reading(open_source(topics.address, name))
    # The broker marks the end of a transaction in the topic after it has said that it has ended.
    reading.until(lambda: [(each.start, each.end) for read in reading.read.values() for each in read] == [(0, 33)])
    assert reading.bodies() == BODIES[:10] + BODIES[20:30]
    reading.source.close()


def test_a_topic_that_does_not_exist_is_said_by_name(topics: Topics) -> None:
    reading = Reading(open_source(topics.address, "nowhere-at-all"))
    reading.until(lambda: bool(reading.failures))
    assert "nowhere-at-all" in str(reading.failures[0].strerror)
    reading.source.close()


def test_two_members_share_the_partitions_and_one_takes_over_when_the_other_leaves(topics: Topics) -> None:
    name, group = topics.create(partitions=4), new_name("group")
    for partition in range(4):
        topics.write(name, [b"%d %d" % (partition, number) for number in range(10)], partition=partition)
    read: dict[tuple[str, int], list] = {}  # type: ignore[type-arg]
    one = Reading(open_source(topics.address, name, group=group), read)
    one.finish()
    other = Reading(open_source(topics.address, name, group=group), read)

    def both() -> bool:
        one.step()
        other.step()
        return len(one.source.places()) == len(other.source.places()) == 2

    one.until(both)
    other.source.close()
    for partition in range(4):
        topics.write(name, [b"late %d" % partition], partition=partition)
    one.until(lambda: len(one.source.places()) == 4)
    one.finish()
    assert len({body for body in one.bodies() + other.bodies() if body.startswith(b"late")}) == 4
    assert sorted(set(one.bodies())) == sorted(set(one.bodies() + other.bodies()))
    one.source.close()


def test_members_that_are_polled_now_and_then_come_to_share_the_partitions(topics: Topics) -> None:
    name, group = topics.create(partitions=2), new_name("group")
    readings = [Reading(open_source(topics.address, name, group=group, neighbours=249)) for _ in range(2)]

    def shared() -> bool:
        for reading in readings:
            reading.step()
            time.sleep(0.3)  # in which the broker answers
        return all(len(reading.source.places()) == 1 for reading in readings)

    readings[0].until(shared)
    assert len({place for reading in readings for place in reading.source.places()}) == 2, "each has one of its own"
    for reading in readings:
        reading.source.close()


def test_members_with_a_name_that_start_anew_within_their_session_move_nothing(topics: Topics) -> None:
    name, group = topics.create(partitions=3), new_name("group")
    members = ["one", "two", "three"]
    named: dict[str, Any] = {
        "group": group,
        "session": 30,
    }  # so that nobody's runs out, on a machine that does other things too
    readings = {member: Reading(open_source(topics.address, name, **named, member=member)) for member in members}

    def settled() -> bool:
        for reading in readings.values():
            reading.step()
        return all(len(reading.source.places()) == 1 for reading in readings.values())

    readings["one"].until(settled)
    before = {member: reading.source.rebalances for member, reading in readings.items()}
    readings["three"].source.close()
    readings["three"] = Reading(open_source(topics.address, name, **named, member="three"))
    readings["one"].until(settled)
    assert [readings[member].source.rebalances for member in members[:2]] == [before[member] for member in members[:2]]
    for reading in readings.values():
        reading.source.close()
