"""What watches over a source of Kafka says how far behind it is, notices a stall, and has the client renewed; and it keeps still where
nothing is wrong."""

import threading
from collections.abc import Mapping, Sequence
from typing import NoReturn

import pytest
from kafka.structs import TopicPartition

from collectors import kafka_watch
from collectors.kafka import KafkaSource
from collectors.kafka_place import Place
from collectors.kafka_watch import RENEWED_SECONDS, TOLD_SECONDS, SourceWatch, Watch
from config.schema import KafkaSettings, Origin

FIRST, SECOND = TopicPartition("topic", 0), TopicPartition("topic", 1)


class Standing(KafkaSource):
    """A source that stands where it is put."""

    def __init__(self) -> None:
        super().__init__("mail", KafkaSettings(), Origin(topics=("topic",)), now=lambda: 0)
        self.reached = {FIRST: 10, SECOND: 10}
        self.held = False
        self.renewed = 0

    def places(self) -> dict[TopicPartition, Place]:
        return {each: Place("topic:id", each.partition, next, next, 1_000_000) for each, next in self.reached.items()}

    @property
    def is_held(self) -> bool:
        return self.held

    def renew(self, why: str) -> None:  # noqa: ARG002
        self.renewed += 1


@pytest.fixture
def source() -> Standing:
    return Standing()


def ends(first: int, second: int) -> object:
    def told(_: Sequence[TopicPartition]) -> Mapping[TopicPartition, int]:
        return {FIRST: first, SECOND: second}

    return told


def watch_for(watch: SourceWatch, seconds: int, first: int, second: int) -> None:
    for second_ in range(0, seconds + 1, 5):
        watch.look(ends(first, second), float(second_), 3_000_000)  # type: ignore[arg-type]


def test_it_says_how_many_records_wait_and_how_old_the_last_one_read_is(source: Standing) -> None:
    watch = SourceWatch(source)
    watch_for(watch, 0, 25, 10)
    assert watch.lags == {("topic", 0): (15, 2.0), ("topic", 1): (0, 0.0)}


def test_a_partition_that_stands_still_while_records_wait_is_a_stall_told_once_and_renewed(source: Standing) -> None:
    watch = SourceWatch(source)
    watch_for(watch, int(TOLD_SECONDS) - 5, 25, 10)
    assert (watch.stalls, source.renewed) == (0, 0)
    watch_for(SourceWatch(source), 0, 25, 10)
    watch = SourceWatch(source)
    watch_for(watch, int(RENEWED_SECONDS) - 5, 25, 10)
    assert (watch.stalls, source.renewed) == (1, 0)
    watch.look(ends(25, 10), RENEWED_SECONDS, 0)  # type: ignore[arg-type]
    watch.look(ends(25, 10), RENEWED_SECONDS + 5, 0)  # type: ignore[arg-type]
    assert (watch.stalls, source.renewed, watch.stalled) == (1, 1, RENEWED_SECONDS + 5)


def test_an_idle_hour_is_no_stall(source: Standing) -> None:
    watch = SourceWatch(source)
    watch_for(watch, 3600, 10, 10)
    assert (watch.stalls, source.renewed, watch.stalled) == (0, 0, 0.0)


def test_what_is_held_on_purpose_is_no_stall(source: Standing) -> None:
    source.held = True
    watch = SourceWatch(source)
    watch_for(watch, 600, 25, 25)
    assert (watch.stalls, source.renewed, watch.stalled) == (0, 0, 0.0)


def test_whoever_moves_however_slowly_is_no_stall(source: Standing) -> None:
    watch = SourceWatch(source)
    for second in range(0, 600, 20):
        source.reached = {FIRST: 10 + second, SECOND: 10 + second}
        watch.look(ends(10_000, 10_000), float(second), 0)  # type: ignore[arg-type]
    assert (watch.stalls, source.renewed) == (0, 0)


def test_a_partition_that_the_group_gave_to_nobody_is_a_stall_and_has_the_client_renewed(source: Standing) -> None:
    watch, other = SourceWatch(source), TopicPartition("topic", 2)
    for now in range(0, int(TOLD_SECONDS), 5):
        watch.look(ends(10, 10), float(now), 0, {other})  # type: ignore[arg-type]
    assert (watch.stalls, source.renewed) == (0, 0)
    watch.look(ends(10, 10), TOLD_SECONDS, 0, {other})  # type: ignore[arg-type]
    watch.look(ends(10, 10), TOLD_SECONDS + 5, 0, {other})  # type: ignore[arg-type]
    assert (watch.stalls, source.renewed, watch.stalled) == (1, 1, TOLD_SECONDS + 5)
    watch.look(ends(10, 10), TOLD_SECONDS + 10, 0)  # type: ignore[arg-type]
    assert watch.stalled == 0
    watch.look(ends(10, 10), TOLD_SECONDS + 15, 0, {other})  # type: ignore[arg-type]
    assert watch.stalled == 0, "it begins anew: somebody had it in between"


def test_a_partition_that_was_ours_and_is_nobodys_now_has_its_time(source: Standing) -> None:
    watch = SourceWatch(source)
    watch_for(watch, 600, 10, 10)
    del source.reached[SECOND]
    watch.look(ends(10, 10), 605.0, 0, {SECOND})  # type: ignore[arg-type]
    assert watch.stalled == 0


def test_a_failure_of_the_client_that_nobody_foresaw_does_not_end_the_watch(
    source: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, tried_again = [0], threading.Event()

    def fail(_: KafkaSettings) -> NoReturn:
        tries[0] += 1
        if tries[0] > 1:
            tried_again.set()
        raise KeyError("group")

    monkeypatch.setattr(kafka_watch, "_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(kafka_watch, "administer", fail)
    watch = Watch([source], KafkaSettings(), lambda: 0, lambda: None)
    watch.start()
    assert tried_again.wait(60)
    watch.stop()
