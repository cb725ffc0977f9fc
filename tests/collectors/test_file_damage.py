"""Files that are damaged, hostile, unreadable or too large: what can be read is read, and the rest is told."""

import gzip
import os
import random
import tracemalloc
import zlib
from pathlib import Path

import pytest

from collectors.file_content import open_handle
from tests.collectors.folder_reader import FolderReader

ENOUGH_LOOKS = 6
NOISE = random.Random(7)
LINES = [
    b"line %05d of a log that compresses badly: %s" % (number, NOISE.randbytes(20).hex().encode())
    for number in range(5000)
]
CONTENT = b"".join(line + b"\n" for line in LINES)
PACKED = gzip.compress(CONTENT)


@pytest.fixture
def reader(tmp_path: Path) -> FolderReader:
    return FolderReader(tmp_path)


def test_a_gzip_file_cut_short_gives_what_can_be_read_and_a_dead_letter_and_a_gap(
    tmp_path: Path, reader: FolderReader
) -> None:
    (tmp_path / "log.gz").write_bytes(PACKED[: len(PACKED) // 2])
    read = reader.take(ENOUGH_LOOKS)
    assert 1000 < len(read) < 4000
    assert read == LINES[: len(read)]
    ((reason, body),) = reader.refused()
    assert reason == "damaged"
    assert LINES[len(read)].startswith(body)
    ((gap_reason, start),) = [(gap.reason, gap.start) for gap in reader.gaps]
    assert (gap_reason, start) == ("damaged", sum(len(line) + 1 for line in read) + len(body))


def test_a_damaged_gzip_file_is_not_read_again_and_tells_the_same_again(tmp_path: Path, reader: FolderReader) -> None:
    (tmp_path / "log.gz").write_bytes(PACKED[: len(PACKED) // 2])
    reader.take(ENOUGH_LOOKS)
    (told, gap) = (reader.records[-1], reader.gaps[-1])
    reader.restart()
    assert reader.take(ENOUGH_LOOKS) == []
    assert (reader.records[-1], reader.gaps[-1]) == (told, gap)
    assert len(reader.read) == 1


def test_a_gzip_file_that_is_still_being_written_is_no_damage(tmp_path: Path, reader: FolderReader) -> None:
    path = tmp_path / "log.gz"
    read = []
    for part in range(1, 9):
        path.write_bytes(PACKED[: len(PACKED) * part // 8])
        os.utime(path, (part, part))
        read += reader.take()
    assert read == LINES
    assert (reader.refused(), reader.gaps) == ([], [])


def test_a_gzip_file_completed_after_all_is_read_on_and_its_cut_line_whole(
    tmp_path: Path, reader: FolderReader
) -> None:
    (tmp_path / "log.gz").write_bytes(PACKED[:50_000])
    first = reader.take(ENOUGH_LOOKS)
    reader.restart()
    (tmp_path / "log.gz").write_bytes(PACKED)
    assert first + reader.take() == LINES


def test_damage_in_the_middle_of_a_gzip_file_costs_what_follows_it(tmp_path: Path, reader: FolderReader) -> None:
    half = len(PACKED) // 2
    (tmp_path / "log.gz").write_bytes(PACKED[:half] + bytes(1000) + PACKED[half + 1000 :])
    (tmp_path / "other").write_bytes(b"other\n")
    read = reader.take(ENOUGH_LOOKS)
    assert b"other" in read
    assert len(read) > 1000
    # What the damage turned into other bytes may have been refused for other reasons before.
    assert [reason for reason, _ in reader.refused()][-1] == "damaged"
    assert [gap.reason for gap in reader.gaps] == ["damaged"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x1f\x8b", id="two bytes of a gzip file"),
        pytest.param(b"\x1f\x8b\x08" + NOISE.randbytes(500), id="a gzip file of noise"),
    ],
)
def test_a_gzip_file_none_of_which_can_be_read_is_a_dead_letter(
    tmp_path: Path, reader: FolderReader, content: bytes
) -> None:
    (tmp_path / "log.gz").write_bytes(content)
    reader.take(ENOUGH_LOOKS)
    assert [reason for reason, _ in reader.refused()] == ["damaged"]


def test_a_gzip_file_of_several_members_and_padding_is_read_whole(tmp_path: Path, reader: FolderReader) -> None:
    members = [gzip.compress(line + b"\n") for line in LINES[:50]]
    (tmp_path / "log.gz").write_bytes(b"".join(members) + bytes(512))
    assert reader.take(ENOUGH_LOOKS) == LINES[:50]
    assert (reader.refused(), reader.gaps) == ([], [])


def test_the_last_line_of_a_gzip_file_needs_no_end(tmp_path: Path, reader: FolderReader) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(b"anna\nben"))
    assert reader.take() == [b"anna", b"ben"]
    reader.restart()
    assert reader.take() == []


def test_a_block_of_a_gzip_file_can_be_cut_behind_what_was_inflated_since(tmp_path: Path, reader: FolderReader) -> None:
    (tmp_path / "log.gz").write_bytes(PACKED)
    (block,) = reader.source.poll(1000).blocks
    read = reader.source.cut(block, 4)
    assert [record.body for record in reader.source.poll(2).blocks[0].records] == LINES[1000:1002]
    reader.read = {(read.stream, 0): [read]}
    reader.restart()
    assert reader.take() == LINES[4:]


def test_a_gzip_file_is_known_by_its_content_and_not_by_its_name(tmp_path: Path, reader: FolderReader) -> None:
    (tmp_path / "log").write_bytes(gzip.compress(b"packed\n"))
    (tmp_path / "log.gz").write_bytes(b"plain\n")
    assert sorted(reader.take()) == [b"packed", b"plain"]


def test_an_original_that_stays_beside_its_gzip_file_is_read_once(tmp_path: Path, reader: FolderReader) -> None:
    (tmp_path / "log").write_bytes(CONTENT)
    (tmp_path / "log.gz").write_bytes(PACKED)
    assert reader.take(ENOUGH_LOOKS) == LINES


def test_a_gzip_bomb_costs_little_memory_and_one_dead_letter(tmp_path: Path, reader: FolderReader) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(80))
    bomb += packer.compress(b"\nanna\n") + packer.flush()
    (tmp_path / "bomb.gz").write_bytes(bomb)
    tracemalloc.start()
    try:
        assert reader.take() == [b"anna"]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(reason, len(body)) for reason, body in reader.refused()] == [("too_large", 1025)]
    assert peak < 30_000_000
    assert reader.polls > 4


@pytest.mark.parametrize("head", [b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\x00", b"BZh91AY&SY"])
def test_another_compression_is_one_dead_letter_and_not_thousands(
    tmp_path: Path, reader: FolderReader, head: bytes
) -> None:
    (tmp_path / "log.1").write_bytes(head + NOISE.randbytes(50_000))
    (tmp_path / "log").write_bytes(b"anna\n")
    assert reader.take(ENOUGH_LOOKS) == [b"anna"]
    assert reader.refused() == [("compression", b"")]
    assert reader.gaps == []


def test_a_file_that_cannot_be_opened_is_one_dead_letter_until_it_can(
    tmp_path: Path, reader: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_bytes(b"anna\n")
    (tmp_path / "log").write_bytes(b"ben\n")

    def refuse(path: Path, key: tuple[int, int]) -> int:
        if path.name == "secret":
            raise PermissionError(13, "Permission denied", str(path))
        return open_handle(path, key)

    # The tests may run as one who may read everything.
    monkeypatch.setattr("collectors.file.open_handle", refuse)
    assert reader.take(ENOUGH_LOOKS) == [b"ben"]
    (record,) = [record for record in reader.records if record.refused]
    assert record.refused == ("unreadable", "a file that cannot be read: Permission denied")
    monkeypatch.undo()
    assert reader.take() == [b"anna"]
    assert reader.take(ENOUGH_LOOKS) == []


@pytest.mark.parametrize(
    ("length", "is_refused"),
    [pytest.param(1024, False, id="at the limit"), pytest.param(1025, True, id="a byte over the limit")],
)
def test_a_line_over_the_limit_is_refused_with_its_beginning_and_the_next_one_read(
    tmp_path: Path, reader: FolderReader, length: int, is_refused: bool
) -> None:
    long = b"x" * length
    (tmp_path / "log").write_bytes(b"first\n" + long + b"\nlast\n")
    assert reader.take() == ([b"first", b"last"] if is_refused else [b"first", long, b"last"])
    assert reader.refused() == ([("too_large", long)] if is_refused else [])


def test_a_huge_line_is_passed_in_steps_and_over_a_restart(tmp_path: Path) -> None:
    reader = FolderReader(tmp_path, record_limit=1000)
    path = tmp_path / "log"
    path.write_bytes(b"first\n" + b"x" * 40_000_000)
    reader.poll()
    reader.restart()
    reader.take()
    with path.open("ab") as more:
        more.write(b"x" * 100 + b"\nlast\n")
    reader.restart()
    reader.take()
    assert [record.body[:5] for record in reader.records] == [b"first", b"xxxxx", b"last"]
    assert [reason for reason, _ in reader.refused()] == ["too_large"]


def test_a_long_line_that_has_not_ended_yet_is_refused_once_it_is_too_long(
    tmp_path: Path, reader: FolderReader
) -> None:
    path = tmp_path / "log"
    for _ in range(5):
        with path.open("ab") as more:
            more.write(b"x" * 1000)
        assert reader.take() == []
    assert [reason for reason, _ in reader.refused()] == ["too_large"]
    with path.open("ab") as more:
        more.write(b"\nanna\n")
    assert reader.take() == [b"anna"]


def test_any_bytes_at_all_stop_nothing(tmp_path: Path, reader: FolderReader) -> None:
    for number in range(30):
        (tmp_path / f"noise.{number}").write_bytes(NOISE.randbytes(3000))
    (tmp_path / "log").write_bytes(b"anna\n")
    assert b"anna" in reader.take(ENOUGH_LOOKS)
