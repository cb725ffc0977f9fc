"""Logs that are renamed, copied, compressed, replaced and removed while they are read."""

import os
from itertools import groupby
from pathlib import Path

import pytest

from collectors import file_listing
from tests.collectors.folder_reader import FolderReader, open_files
from tests.collectors.log_folder import HEADER, LogFolder, lines

ENOUGH_LOOKS = 6


@pytest.fixture
def logs(tmp_path: Path) -> LogFolder:
    return LogFolder(tmp_path)


@pytest.fixture
def reader(tmp_path: Path) -> FolderReader:
    return FolderReader(tmp_path)


def test_half_a_last_line_waits_for_its_end(logs: LogFolder, reader: FolderReader) -> None:
    logs.append(1)
    logs.append_half()
    assert reader.take(ENOUGH_LOOKS) == lines(1, 1)
    logs.append(2)
    assert reader.take() == lines(2, 3)


def test_to_finish_half_a_last_line_is_handed_out_and_whole_once_it_is_completed(
    logs: LogFolder, reader: FolderReader
) -> None:
    logs.append(1)
    logs.append_half()
    reader.restart(finish=True)
    assert reader.take() == [b"line 00001", b"line 00"]
    reader.restart(finish=True)
    assert reader.take() == []
    logs.append(1)
    reader.restart()
    assert reader.take() == [b"line 00002"]


def test_half_a_last_line_of_a_log_that_was_renamed_is_handed_out(logs: LogFolder, reader: FolderReader) -> None:
    logs.append(1)
    logs.append_half()
    reader.take()
    logs.rename()
    assert reader.take(ENOUGH_LOOKS) == [b"line 00"]
    logs.append_late()
    assert reader.take() == [b"line 00 completed", b"line 00002"]


def test_half_a_last_line_beside_a_newer_log_is_handed_out_by_a_later_process(
    logs: LogFolder, reader: FolderReader
) -> None:
    logs.append_half()
    logs.rename()
    logs.append(1)
    assert sorted(reader.take(ENOUGH_LOOKS)) == [b"line 00", b"line 00001"]


@pytest.mark.parametrize("restarts", [pytest.param(False, id="in one process"), pytest.param(True, id="in many")])
def test_a_log_that_is_renamed_and_then_compressed_is_read_once(
    logs: LogFolder, reader: FolderReader, restarts: bool
) -> None:
    for _ in range(4):
        logs.append(10)
        reader.take()
        logs.append(5)
        logs.rename()
        logs.append(3)
        logs.compress(2)
        if restarts:
            reader.restart()
        reader.take()
    assert [record.body for record in reader.records] == lines(1, 72)
    assert reader.gaps == []


def test_a_log_that_is_copied_and_truncated_is_read_once(logs: LogFolder, reader: FolderReader) -> None:
    for _ in range(3):
        logs.append(10, header=True)
        reader.take()
        logs.append(5)
        logs.copy_and_truncate()
        reader.take()
    assert [record.body for record in reader.records if b"line" in record.body[:4]] == lines(1, 45)
    assert reader.gaps == []


def test_half_a_line_in_a_log_that_is_copied_and_truncated_is_no_gap(logs: LogFolder, reader: FolderReader) -> None:
    logs.append(2)
    logs.append_half()
    reader.take()
    logs.copy_and_truncate()
    for _ in range(ENOUGH_LOOKS):
        reader.poll()
    assert reader.gaps == []


def test_a_copy_of_part_of_a_growing_log_is_not_read_again(logs: LogFolder, reader: FolderReader) -> None:
    logs.append(10)
    reader.take()
    (logs.path / "app.log.copy").write_bytes(logs.log.read_bytes())
    logs.append(5)
    assert reader.take(ENOUGH_LOOKS) == lines(11, 15)


def test_a_log_that_is_renamed_out_of_the_glob_is_read_to_its_end(logs: LogFolder) -> None:
    reader = FolderReader(logs.path / "*.log")
    logs.append(5)
    reader.take()
    logs.append(5)
    logs.rename()
    logs.append(5)
    assert reader.take() == lines(6, 15)
    logs.append_late()
    reader.source.start(reader.read)
    assert reader.take() == lines(16, 16)
    assert reader.gaps == []


def test_a_removed_log_is_read_to_its_end_and_then_let_go(logs: LogFolder, reader: FolderReader) -> None:
    logs.append(5)
    reader.poll(2)
    logs.log.unlink()
    assert reader.take(2) == lines(3, 5)
    assert reader.gaps == []
    assert not [name for name in open_files() if str(logs.path) in name]


def test_files_that_begin_alike_are_each_read_in_full(logs: LogFolder, reader: FolderReader) -> None:
    for name in ("a", "b", "c"):
        (logs.path / name).write_bytes(HEADER + f"only in {name}\nand more\n".encode())
    reader.poll(2)
    reader.restart()
    reader.take(ENOUGH_LOOKS)
    only = [record.body for record in reader.records if record.body.startswith(b"only")]
    assert sorted(only) == [b"only in a", b"only in b", b"only in c"]
    assert len({stream for stream, _ in reader.read}) == 3
    reader.restart()
    assert reader.take(ENOUGH_LOOKS) == []


def test_a_file_that_goes_on_where_another_ends_waits_until_blocks_of_its_stream_can_follow_one_another(
    logs: LogFolder, reader: FolderReader
) -> None:
    (logs.path / "long").write_bytes(HEADER + b"only in long\n" * 50)
    reader.take()
    for day, lines_in_it in enumerate((b"x1\n", b"z1\n", b"x1\nx2\n")):
        path = logs.path / f"short.{day}"
        path.write_bytes(HEADER + lines_in_it)
        os.utime(path, (day, day))
    bodies: list[bytes] = []
    for _ in range(ENOUGH_LOOKS):
        blocks = reader.source.poll(100).blocks
        streams = [stream for stream, _ in groupby(block.read.stream for block in blocks)]
        assert len(streams) == len(set(streams))
        bodies += [record.body for block in blocks for record in block.records]
    assert [body for body in bodies if body not in HEADER] == [b"x1", b"z1", b"x2"]


def test_a_new_stream_takes_no_name_that_stands_recorded(logs: LogFolder, reader: FolderReader) -> None:
    for _ in range(2):
        logs.replace(3, header=True)
        reader.take()
    first, second = reader.read
    assert second[0] == f"{first[0]}:2"
    reader.read = {second: reader.read[second]}
    reader.restart()
    logs.replace(3, header=True)
    reader.take()
    assert [stream for stream, _ in reader.read] == [second[0], f"{first[0]}:3"]


def test_a_file_renamed_since_it_was_listed_is_read_after_the_next_look(
    logs: LogFolder, reader: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_listing, "HELD_OPEN", 0)
    logs.append(3)
    (logs.path / "older").write_bytes(b"older\n" * 10)
    os.utime(logs.path / "older", (1, 1))
    reader.poll(5)
    logs.log.rename(logs.path / "renamed")
    assert reader.take()[-3:] == lines(1, 3)
    assert reader.gaps == []


def test_a_shorter_file_that_begins_like_a_longer_one_is_read_in_full(logs: LogFolder, reader: FolderReader) -> None:
    (logs.path / "long").write_bytes(HEADER + b"only in long\n" * 50)
    reader.take()
    (logs.path / "short").write_bytes(HEADER + b"only in short\n")
    assert b"only in short" in reader.take(ENOUGH_LOOKS)


@pytest.mark.parametrize("restarts", [pytest.param(False, id="while it runs"), pytest.param(True, id="between runs")])
def test_other_content_of_the_same_length_in_the_same_file_is_read(
    logs: LogFolder, reader: FolderReader, restarts: bool
) -> None:
    logs.append(3, header=True)
    reader.take()
    logs.replace(3, header=True)
    if restarts:
        reader.restart()
    assert reader.take(ENOUGH_LOOKS)[1:] == lines(4, 6)


def test_a_files_stream_is_named_after_it_and_keeps_the_name_when_it_is_renamed(
    logs: LogFolder, reader: FolderReader
) -> None:
    logs.append(2)
    reader.take()
    logs.rename()
    logs.append_late()
    reader.take()
    ((stream, _),) = reader.read
    assert stream.startswith("app.log:")


def test_a_name_that_is_no_text_gives_a_stream_that_is(tmp_path: Path, reader: FolderReader) -> None:
    (tmp_path / os.fsdecode(b"log-\xff")).write_bytes(b"anna\n")
    assert reader.take() == [b"anna"]
    ((stream, _),) = reader.read
    assert stream.encode().startswith(b"log-?:")
