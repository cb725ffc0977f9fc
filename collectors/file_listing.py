"""Which files there are to read, and which of them stay open. What is in them is left to `file_stream`."""

import glob
import os
import stat
from pathlib import Path

from collectors.file import STILL, File, Listed
from collectors.file_content import FileKey

# Files held open, the newest: these are the ones that are renamed or removed while still being written.
HELD_OPEN = 64


def list_files(path: Path) -> list[Listed]:
    """The regular files in a directory (not hidden, not below), or those that a glob finds; links are followed.
    Nothing where the directory is absent. May raise OSError."""
    if path.is_dir():
        found = [entry.path for entry in os.scandir(path) if not entry.name.startswith(".")]
    else:
        found = glob.glob(str(path), recursive=True)
    listed = []
    for name in sorted(found):
        try:
            at = os.stat(name)
        except OSError:
            continue  # gone since it was listed, or a link to nowhere: no file to read
        if stat.S_ISREG(at.st_mode):
            listed.append(Listed(Path(name), (at.st_dev, at.st_ino), at.st_size, at.st_mtime_ns))
    return listed


class Listing:
    """The files of one source, by device and inode."""

    def __init__(self, path: Path) -> None:
        self.files: dict[FileKey, File] = {}
        self._path = path
        self._names: set[Path] = set()
        self._held: set[FileKey] = set()

    def look(self) -> list[File]:
        """Notice what is new, changed and gone; the files that ask for something to be done, oldest modification first.
        May raise OSError where the directory cannot be read: then nothing has been noticed."""
        listed = {one.key: one for one in list_files(self._path)}
        for key, one in listed.items():
            file = self.files.get(key)
            if file is None:
                self.files[key] = File(one)
            else:
                file.gone = False
                file.update(one)
        for key in self.files.keys() - listed.keys():
            self._miss(self.files[key])
        self._hold_newest()
        names = {one.path for one in listed.values()}
        renamed, self._names = names != self._names, names
        asking = [file for file in self.files.values() if _asks(file, renamed)]
        for file in asking:
            file.settled = False
        return sorted(asking, key=lambda file: (file.modified_ns, str(file.path)))

    def release(self, file: File) -> None:
        """Close a file that is read to its end, unless it is one to hold open."""
        if file.key not in self._held:
            file.close()

    def close(self) -> None:
        for file in self.files.values():
            file.close()

    def _miss(self, file: File) -> None:
        seen = file.look_again()
        if seen is None:
            file.lose("vanished")
            file.close()
            del self.files[file.key]
        else:
            file.gone = True
            file.update(seen)

    def _hold_newest(self) -> None:
        newest = sorted(self.files.values(), key=lambda file: file.modified_ns, reverse=True)
        self._held = {file.key for file in newest[:HELD_OPEN]}
        for file in newest[:HELD_OPEN]:
            try:
                file.open()
            except OSError:
                continue  # told when its turn to be read comes
        for file in newest[HELD_OPEN:]:
            if file.settled:
                file.close()


def _asks(file: File, renamed: bool) -> bool:
    """Whether there is something to do. What was unsure is decided once it stood still long enough; where it was left
    open even then, only new names can tell more. Permission may be given without a trace in what a look shows."""
    if not file.settled or file.refused == "unreadable":
        return True
    return file.is_unsure() and (file.still == STILL or (renamed and file.still > STILL))
