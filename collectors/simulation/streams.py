"""The stream files: a folder a stream, a file a day of arrival, whole lines appended. What the lines say is left to the formats."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from collectors.simulation.as_access_log import access_log_lines
from collectors.simulation.as_cloudevents import cloudevent_lines
from collectors.simulation.as_sendgrid import sendgrid_lines
from collectors.simulation.book import Book
from collectors.simulation.parameters import DAY
from collectors.simulation.traces import STREAM_OF_SIGN, STREAMS, Rows
from collectors.simulation.world import World

Format = Callable[[Rows, Book], Iterator[bytes]]
FOLDER = "streams"
_FORMATS: dict[str, tuple[str, Format]] = {
    "email": ("ndjson", sendgrid_lines),
    "mailbox": ("ndjson", cloudevent_lines),
    "intranet": ("ndjson", cloudevent_lines),
    "portal": ("log", access_log_lines),
    "chat": ("ndjson", cloudevent_lines),
    "survey": ("ndjson", cloudevent_lines),
}
# As Python objects rows take ten times their room.
_SPELT_AT_ONCE = 20_000
_ALIKE: tuple[str, Format] = ("ndjson", cloudevent_lines)


class StreamFiles:
    """Writes rows below `directory`/streams. OSError where the disk refuses."""

    def __init__(self, directory: Path, world: World) -> None:
        self._root = directory / FOLDER
        self._book = Book(world)
        self._formats = dict.fromkeys(STREAMS, _ALIKE) if world.parameters.all_cloudevents else _FORMATS
        for stream in STREAMS:
            (self._root / stream).mkdir(parents=True, exist_ok=True)

    def append(self, rows: Rows) -> None:
        """Rows in the order of arrival, each into the file of its stream and (UTC) day."""
        streams, days = STREAM_OF_SIGN[rows["sign"]], rows["arrival"] // DAY
        for code, stream in enumerate(STREAMS):
            chosen = rows[streams == code]
            for day in np.unique(days[streams == code]).tolist():
                self._write(stream, day, chosen[chosen["arrival"] // DAY == day])

    def _write(self, stream: str, day: int, rows: Rows) -> None:
        suffix, spell = self._formats[stream]
        path = self._root / stream / f"{np.datetime64(day, 'D')}.{suffix}"
        with path.open("ab") as file:
            for begin in range(0, len(rows), _SPELT_AT_ONCE):
                for line in spell(rows[begin : begin + _SPELT_AT_ONCE], self._book):
                    file.write(line + b"\n")

    def mend(self) -> None:
        """Take away the half line that a killed writer left at the end of a stream. Nobody has read it: it had no end."""
        for stream in STREAMS:
            newest = max((self._root / stream).iterdir(), default=None)
            if newest is not None:
                _cut_after_last_line(newest)


def _cut_after_last_line(path: Path) -> None:
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        kept = end
        while kept > 0:
            begin = max(0, kept - 65_536)
            file.seek(begin)
            found = file.read(kept - begin).rfind(b"\n")
            if found >= 0:
                kept = begin + found + 1
                break
            kept = begin
        if kept < end:
            file.truncate(kept)
