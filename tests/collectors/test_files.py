"""Logs that are renamed, copied, compressed, replaced and removed while they are read."""

import gzip
import os
from pathlib import Path

import pytest

from collectors import file_listing
from tests.collectors.folder_reader import FolderReader
from tests.collectors.log_folder import HEADER, LogFolder

ENOUGH_LOOKS = 6


@pytest.fixture
def logs(tmp_path: Path) -> LogFolder:
    return LogFolder(tmp_path)


@pytest.fixture
def reader(tmp_path: Path) -> FolderReader:
    return FolderReader(tmp_path)


def lines(first: int, last: int) -> list[bytes]:
    return [b"line %05d" % number for number in range(first, last + 1)]


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
    assert not [name for name in _open_files() if str(logs.path) in name]


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


def test_what_is_truncated_before_it_was_read_is_a_gap_up_to_the_last_modification(
    logs: LogFolder, reader: FolderReader
) -> None:
    logs.append(10)
    reader.poll(4)
    modified = logs.log.stat().st_mtime_ns // 1000
    logs.truncate()
    logs.append(2)
    assert reader.take(ENOUGH_LOOKS) == lines(11, 12)
    (gap,) = reader.gaps
    assert (gap.start, gap.end, gap.before) == (44, 110, modified)


def test_what_vanishes_before_it_was_read_is_a_gap(
    logs: LogFolder, reader: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_listing, "HELD_OPEN", 0)
    logs.append(10)
    (logs.path / "older").write_bytes(b"older\n" * 10)
    os.utime(logs.path / "older", (1, 1))
    reader.poll(4)
    logs.remove(0)
    logs.log.unlink()
    reader.take(ENOUGH_LOOKS)
    assert [(gap.reason, gap.start, gap.end) for gap in reader.gaps] == [("vanished", 0, 110)]


def test_what_vanishes_and_comes_back_is_read_after_all(
    logs: LogFolder, reader: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_listing, "HELD_OPEN", 0)
    logs.append(10)
    reader.poll(4)
    content = logs.log.read_bytes()
    reader.source.close()
    logs.log.unlink()
    reader.take(ENOUGH_LOOKS)
    assert len(reader.gaps) == 1
    (logs.path / "restored").write_bytes(content)
    assert reader.take() == lines(5, 10)


def test_the_oldest_file_is_read_first(tmp_path: Path, reader: FolderReader) -> None:
    for name, day in (("a", 3), ("b", 1), ("c", 2)):
        (tmp_path / name).write_bytes(f"{name}\n".encode())
        os.utime(tmp_path / name, (day, day))
    assert reader.take() == [b"b", b"c", b"a"]


def test_hidden_files_and_folders_below_are_not_read_and_one_file_of_many_names_once(
    tmp_path: Path, reader: FolderReader
) -> None:
    (tmp_path / ".app.log.swp").write_bytes(b"hidden\n")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "log").write_bytes(b"below\n")
    (tmp_path / "log").write_bytes(b"anna\n")
    (tmp_path / "current").symlink_to("log")
    (tmp_path / "hard").hardlink_to(tmp_path / "log")
    (tmp_path / "nowhere").symlink_to("absent")
    os.mkfifo(tmp_path / "pipe")
    assert reader.take(ENOUGH_LOOKS) == [b"anna"]


def test_a_glob_and_a_single_path_find_their_files(tmp_path: Path) -> None:
    for name in ("a.log", "b.log", "c.txt"):
        (tmp_path / name).write_bytes(f"{name}\n".encode())
    assert sorted(FolderReader(tmp_path / "*.log").take()) == [b"a.log", b"b.log"]
    assert FolderReader(tmp_path / "c.txt").take() == [b"c.txt"]


def test_a_folder_may_come_later(tmp_path: Path) -> None:
    reader = FolderReader(tmp_path / "later")
    assert reader.take() == []
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "log").write_bytes(b"anna\n")
    assert reader.take() == [b"anna"]


def test_a_folder_of_many_files_needs_few_handles(
    tmp_path: Path, reader: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_listing, "HELD_OPEN", 5)
    for number in range(200):
        content = b"line %d\n" % number
        (tmp_path / f"log.{number}").write_bytes(gzip.compress(content) if number % 2 else content)
    assert len(reader.take()) == 200
    assert len([name for name in _open_files() if str(tmp_path) in name]) <= 5
    reader.source.close()
    assert not [name for name in _open_files() if str(tmp_path) in name]


def _open_files() -> list[str]:
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            found.append(os.readlink(handle))
        except OSError:
            continue
    return found
