"""What the contract suite runs its sources on: one stage for each kind, where streams are written and lost."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from collectors.cautious import Cautious
from collectors.files import FileSource
from collectors.kafka import KafkaSource
from collectors.memory import MemorySource
from collectors.source import Position, Source
from config.schema import KafkaSettings, Origin
from tests.real.broker import shared_broker
from tests.real.topics import Topics, new_name


class Stage(Protocol):
    """Streams that outlive the sources which read them. Bodies hold no line ends and are never empty."""

    def __init__(self, folder: Path) -> None: ...

    def write(self, stream: str, bodies: Sequence[bytes]) -> None:
        """Append records; the first one of a stream is its own."""

    def lose(self, stream: str) -> None:
        """Take away what the stream holds so far, read or not."""

    def open(self) -> Source:
        """A new source, as a new process has it; not started."""

    def end(self) -> None:
        """Nobody reads or writes here any more."""


class FileStage:
    def __init__(self, folder: Path) -> None:
        self._folder = folder / "streams"
        self._folder.mkdir()
        self._seconds = 1_700_000_000

    def write(self, stream: str, bodies: Sequence[bytes]) -> None:
        path = self._folder / stream
        with path.open("ab") as file:
            file.writelines(body + b"\n" for body in bodies)
        self._date(path)

    def lose(self, stream: str) -> None:
        os.truncate(self._folder / stream, 0)
        self._date(self._folder / stream)

    def open(self) -> FileSource:
        return FileSource("source", self._folder)

    def end(self) -> None:
        """The folder goes with the test."""

    def _date(self, path: Path) -> None:
        self._seconds += 1
        os.utime(path, (self._seconds, self._seconds))


class MemoryStage:
    """A memory source holds its own streams, so that they are given to each new one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: list[MemorySource] = []
        self._written: dict[str, list[bytes]] = {}
        self._lost: dict[str, int] = {}

    def write(self, stream: str, bodies: Sequence[bytes]) -> None:
        self._written.setdefault(stream, []).extend(bodies)
        for source in self._opened:
            for body in bodies:
                source.append(body, stream=stream)

    def lose(self, stream: str) -> None:
        self._lost[stream] = len(self._written[stream])
        for source in self._opened:
            source.lose(self._lost[stream], stream=stream)

    def open(self) -> MemorySource:
        source = MemorySource("source")
        for stream, bodies in self._written.items():
            for body in bodies:
                source.append(body, stream=stream)
            source.lose(self._lost.get(stream, 0), stream=stream)
        self._opened.append(source)
        return source

    def end(self) -> None:
        """It goes with the test."""


class KafkaStage:
    """Topics of a real broker. Each source has a group of its own: only the database says what was read."""

    def __init__(self, folder: Path) -> None:  # noqa: ARG002
        self._topics = Topics(shared_broker().address)
        self._names = {stream: self._topics.create() for stream in ("a", "b", "c")}
        self._opened: list[KafkaSource] = []

    def write(self, stream: str, bodies: Sequence[bytes]) -> None:
        self._topics.write(self._names[stream], bodies)

    def lose(self, stream: str) -> None:
        name = self._names[stream]
        self._topics.truncate(name, self._topics.end(name))

    def open(self) -> KafkaSource:
        settings = KafkaSettings(brokers=(self._topics.address,), security="plaintext", group=new_name("group"))
        origin = Origin(topics=tuple(self._names.values()))
        source = KafkaSource("source", settings, origin, now=lambda: time.time_ns() // 1000, refresh_seconds=1.0)
        self._opened.append(source)
        return source

    def end(self) -> None:
        for source in self._opened:
            source.close()
        self._topics.close()


class CautiousStage(MemoryStage):
    """A memory source handled with care, where nobody has died: it may not be noticed."""

    def open(self) -> Source:  # type: ignore[override]
        return Cautious(super().open(), _NobodyDied())


class _NobodyDied:
    def look(self, position: Position, offset: int) -> int:  # noqa: ARG002
        return 0

    def begin(self, position: Position, offset: int, at_least: int = 0) -> int:  # noqa: ARG002
        return at_least

    def end(self, position: Position) -> None:
        """Nothing is kept."""


STAGES: dict[type[Source], type[Stage]] = {
    Cautious: CautiousStage,
    FileSource: FileStage,
    KafkaSource: KafkaStage,
    MemorySource: MemoryStage,
}
