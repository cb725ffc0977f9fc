"""Progress of long work, for whoever waits at a terminal; a line now and then where nobody does."""

import logging
import sys
import time
from typing import Any

from tqdm import tqdm

_LOG = logging.getLogger("earshot")
_QUIET_SECONDS = 10.0


class Progress:
    """Told what is being done and how far it has come, as often as you like."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._said = 0.0
        self._on_terminal = sys.stderr.isatty()

    def report(self, what: str, done: float, total: float) -> None:
        """`done` of `total` in whatever unit; the same `what` goes on with the same bar."""
        share = min(max(done / total, 0.0), 1.0) if total > 0 else 1.0
        if not self._on_terminal:
            if time.monotonic() - self._said > _QUIET_SECONDS:
                self._said = time.monotonic()
                _LOG.info("%s: %d %%", what, round(share * 100))
            return
        if self._bar is None or self._bar.desc != f"{what}: ":
            self.end()
            self._bar = tqdm(
                total=100, desc=what, bar_format="{desc}: {percentage:3.0f} % |{bar:40}| {elapsed}", leave=False
            )
        self._bar.update(round(share * 100) - self._bar.n)

    def end(self) -> None:
        """Nothing is under way any more."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
