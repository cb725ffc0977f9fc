"""Kafka's batches, good and bad: every good record comes out, every bad one is a refused record in its place, and nothing raises."""

import struct
import tracemalloc
from typing import Any

import pytest
from crc32c import crc32c
from hypothesis import given, settings
from hypothesis import strategies as st
from kafka.record.memory_records import MemoryRecords, MemoryRecordsBuilder

from collectors.kafka_batch import RECORD_LIMIT, next_batch, records_of
from collectors.kafka_fetched import Budget, Enough, Fetched
from collectors.kafka_inflate import LARGEST
from collectors.source import Record

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
_BODIES = [b'{"number": %d}' % number for number in range(40)]


def batch(
    *bodies: bytes | None, codec: int = 0, base: int = 100, headers: list[tuple[str, bytes]] | None = None
) -> bytes:
    """As a producer makes it and a broker numbers it."""
    builder = MemoryRecordsBuilder(2, codec, 1 << 30)
    for number, body in enumerate(bodies):
        builder.append(timestamp=1_700_000_000_000 + number, key=None, value=body, headers=headers or [])
    builder.close()
    made = bytearray(builder.buffer())
    made[:8] = base.to_bytes(8, "big")
    return bytes(made)


def checked(made: bytes) -> bytes:
    """With the checksum that belongs to it."""
    return made[:17] + struct.pack(">I", crc32c(made[21:])) + made[21:]


def with_codec(made: bytes, codec: int) -> bytes:
    return checked(made[:22] + bytes([codec]) + made[23:])


def read(data: bytes) -> list[Record]:
    position, records = 0, []
    while (found := next_batch(data, position)) is not None:
        position += found.size
        records += list(records_of(found))
    return records


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_every_record_of_a_batch_comes_out_with_its_offset_and_time(codec: int) -> None:
    records = read(batch(*_BODIES, codec=codec) + batch(*_BODIES, codec=codec, base=140))
    assert [record.body for record in records] == _BODIES * 2
    assert [record.offset for record in records] == list(range(100, 180))
    assert [record.received_at for record in records[:2]] == [1_700_000_000_000_000, 1_700_000_000_001_000]


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_it_reads_what_the_client_itself_reads(codec: int) -> None:
    made = batch(b"", None, b"x" * 300, b"y" * 70_000, codec=codec, headers=[("Name", b"value"), ("other", b"")])
    theirs = [
        (record.offset, record.value or b"", record.timestamp * 1000) for record in MemoryRecords(made).next_batch()
    ]
    assert [(record.offset, record.body, record.received_at) for record in read(made)] == theirs
    assert read(made)[0].headers == {"name": "value", "other": ""}


def test_half_a_batch_at_the_end_waits_for_the_next_fetch() -> None:
    whole = batch(*_BODIES)
    assert [record.body for record in read(whole + whole[:-1])] == _BODIES
    assert read(whole[:11]) == []


def test_a_wrong_checksum_refuses_the_batch_and_the_next_is_read() -> None:
    bad = bytearray(batch(*_BODIES))
    bad[-1] ^= 1
    refused, *good = read(bytes(bad) + batch(*_BODIES, base=140))
    assert refused.refused is not None
    assert refused.refused[0] == "damaged_batch"
    assert "offsets 100 to 139" in refused.refused[1]
    assert [record.body for record in good] == _BODIES


@pytest.mark.parametrize("codec", [5, 7])
def test_a_codec_that_nobody_knows_refuses_the_batch(codec: int) -> None:
    (refused,) = read(with_codec(batch(*_BODIES), codec))
    assert refused.refused is not None
    assert refused.refused[0] == "unknown_codec"


@pytest.mark.parametrize("codec", [1, 2, 3, 4])
def test_what_was_never_compressed_in_that_way_is_refused(codec: int) -> None:
    (refused,) = read(with_codec(batch(*_BODIES), codec))
    assert refused.refused is not None
    assert refused.refused[0] in ("damaged_batch", "bomb")


@pytest.mark.parametrize("codec", [1, 2, 3, 4], ids=["gzip", "snappy", "lz4", "zstd"])
def test_a_bomb_is_refused_in_little_memory(codec: int) -> None:
    made = batch(b"\0" * (LARGEST + 1), codec=codec)
    tracemalloc.start()
    (refused,) = read(made)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.refused is not None
    assert refused.refused[0] == "bomb"
    assert most < 2 * LARGEST + (4 << 20)


def test_a_record_over_the_limit_is_refused_with_its_beginning_and_its_neighbours_come() -> None:
    before, large, after = read(batch(b"1", b"x" * (RECORD_LIMIT + 1), b"2", codec=4))
    assert (before.body, after.body) == (b"1", b"2")
    assert large.refused is not None
    assert large.refused[0] == "too_large"
    assert len(large.body) < 5000


def test_the_format_before_kafka_0_11_is_refused_by_name() -> None:
    builder = MemoryRecordsBuilder(1, 0, 1 << 20)
    builder.append(timestamp=1, key=None, value=b"old")
    builder.close()
    (refused,) = read(bytes(builder.buffer()))
    assert refused.refused is not None
    assert refused.refused[0] == "old_format"


class _Fetch:
    def __init__(self, data: bytes) -> None:
        self._buffer = data


def fetched(data: bytes, offset: int = 100, budget: int = 1 << 20, **more: Any) -> Fetched:
    return Fetched(offset, ("topic", 0), _Fetch(data), budget=Budget(budget), **more)


def test_a_fetch_from_the_middle_of_a_batch_begins_there() -> None:
    bundle = fetched(batch(*_BODIES), 117)
    assert [record.offset for record in bundle.take()] == list(range(117, 140))
    assert bundle.next_fetch_offset == 140


def test_records_are_taken_piece_by_piece_and_the_position_follows() -> None:
    bundle = fetched(batch(*_BODIES) + batch(*_BODIES, base=150))
    assert [record.offset for record in bundle.take(7)] == list(range(100, 107))
    assert bundle.next_fetch_offset == 107
    assert len(bundle.take(50)) == 50
    assert len(bundle.take(50)) == 23
    assert bundle.next_fetch_offset == 190
    assert bundle.take(50) == []
    assert not bundle


def test_when_a_poll_has_taken_its_share_the_rest_waits_for_the_next() -> None:
    budget = Budget(3000)
    bundle = Fetched(100, ("topic", 0), _Fetch(batch(*[b"x" * 100] * 100)), budget=budget)
    first = bundle.take(100)
    assert len(first) == 64
    with pytest.raises(Enough):
        bundle.take(36)
    budget.renew()
    assert len(bundle.take(100)) == 36


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CODECS.values())), st.integers(0, 5000), st.integers(1, 255), st.booleans())
def test_whatever_is_damaged_nothing_raises_and_the_position_gets_on(
    codec: int, at: int, by: int, mended: bool
) -> None:
    bad = bytearray(batch(*_BODIES, codec=codec))
    at = 12 + at % (len(bad) - 12)
    bad[at] ^= by
    data = checked(bytes(bad)) if mended else bytes(bad)
    bundle = fetched(data + batch(b"next", base=140), budget=1 << 30)
    taken = bundle.take()
    assert bundle.next_fetch_offset > 100
    assert all(record.offset >= 100 for record in taken)
    assert not bundle


@pytest.mark.parametrize("limit", [1, 24, 63, 64, 65, 600])
@pytest.mark.parametrize("size", [1, 24, 63, 64, 65, 128, 600])
def test_no_record_is_left_out_wherever_a_batch_and_a_poll_end(size: int, limit: int) -> None:
    bodies = [b"%d" % number for number in range(size)]
    data = b"".join(batch(*bodies, base=100 + size * number) for number in range(3))
    bundle, offsets = fetched(data), []
    while bundle:
        offsets += [record.offset for record in bundle.take(limit)]
    assert offsets == list(range(100, 100 + 3 * size))
    assert bundle.next_fetch_offset == 100 + 3 * size
