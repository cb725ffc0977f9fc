"""Which files are read, in which order, and with how many handles."""

import gzip
import os
from pathlib import Path

import pytest

from collectors import file_listing
from tests.collectors.folder_reader import FolderReader, open_files

ENOUGH_LOOKS = 6


@pytest.fixture
def reader(tmp_path: Path) -> FolderReader:
    return FolderReader(tmp_path)


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
    assert len([name for name in open_files() if str(tmp_path) in name]) <= 5
    reader.source.close()
    assert not [name for name in open_files() if str(tmp_path) in name]
