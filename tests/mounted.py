"""A folder of files as Kubernetes mounts a ConfigMap or a Secret: each name a link into a folder that is itself a link, which is turned
to a new folder with every change, so that all files change at once."""

import os
from collections.abc import Mapping
from itertools import count
from pathlib import Path


class Mounted:
    """`folder`: where it is mounted."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        self._numbers = count()
        folder.mkdir(parents=True)
        self.change(files)
        for name in files:
            (folder / name).symlink_to(Path("..data") / name)

    def change(self, files: Mapping[str, str]) -> None:
        """All files that there are from now on."""
        latest = self.folder / f"..{next(self._numbers)}"
        latest.mkdir()
        for name, text in files.items():
            (latest / name).write_text(text, encoding="utf-8")
        turned = self.folder / "..data_tmp"
        turned.symlink_to(latest.name)
        os.replace(turned, self.folder / "..data")
