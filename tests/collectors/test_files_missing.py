"""Files that are truncated, replaced or gone before they were read, and those that only seem to be."""

import os
from pathlib import Path

import pytest

from collectors import file_listing, files
from tests.collectors.folder_reader import FolderReader
from tests.collectors.log_folder import LogFolder, lines

ENOUGH_LOOKS = 6


@pytest.fixture
def logs(tmp_path: Path) -> LogFolder:
    return LogFolder(tmp_path)


@pytest.fixture
def reader(tmp_path: Path) -> FolderReader:
    return FolderReader(tmp_path)


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


def test_what_vanishes_after_it_was_handed_out_but_before_it_was_recorded_is_a_gap(
    logs: LogFolder, reader: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_listing, "HELD_OPEN", 0)
    logs.append(10)
    assert reader.take() == lines(1, 10)
    logs.log.unlink()
    assert reader.take(ENOUGH_LOOKS) == []
    reader.source.start({})
    assert reader.take(ENOUGH_LOOKS) == []
    assert [(gap.start, gap.end) for gap in reader.gaps] == [(0, 110)]


def test_a_file_that_one_look_missed_is_no_gap(
    logs: LogFolder, reader: FolderReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_listing, "HELD_OPEN", 0)
    monkeypatch.setattr(files, "POLLS_A_LOOK", 1)
    logs.append(10)
    (logs.path / "older").write_bytes(b"older\n" * 10)
    os.utime(logs.path / "older", (1, 1))
    reader.poll(4)
    with monkeypatch.context() as renaming:
        # A folder is not listed in one moment: who is renamed meanwhile may be seen under neither name.
        renaming.setattr(file_listing, "list_files", lambda _: [])
        assert not reader.poll()
    assert reader.take(ENOUGH_LOOKS) == lines(1, 10)
    assert reader.gaps == []


def test_a_file_replaced_before_it_was_read_is_known_by_what_it_holds_now(
    logs: LogFolder, reader: FolderReader
) -> None:
    logs.append(3)
    reader.poll(0)
    logs.replace(3, header=False)
    assert reader.take(ENOUGH_LOOKS) == lines(4, 6)
    reader.restart()
    assert reader.take(ENOUGH_LOOKS) == []


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
