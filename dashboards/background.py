"""Grafana kept in step while the service runs, in a thread of its own: nobody waits for it, and where it fails the log says so once and it
is tried again. What is put there is left to `keeping`."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

from dashboards.keeping import Keeper, Wanted
from dashboards.publish import GrafanaFailed, Port
from metrics.snapshot import MessageInfo

_LOG = logging.getLogger(__name__)
_AGAIN_SECONDS = 300.0


class Background:
    """Puts everything there once, then an annotation for each message that is new. `open_port`: made anew after every failure. Usable as
    a context."""

    def __init__(self, open_port: Callable[[], Port], wanted: Wanted, *, again_seconds: float = _AGAIN_SECONDS) -> None:
        self._open_port = open_port
        self._wanted = wanted
        self._again_seconds = again_seconds
        self._messages: tuple[MessageInfo, ...] | None = None
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="grafana", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._woken.set()
        # A call under way ends by itself; the service does not wait for Grafana, not even now.
        self._thread.join(timeout=1.0)

    def offer(self, messages: Sequence[MessageInfo]) -> None:
        """The latest messages, as they were just published. Returns at once."""
        if tuple(messages) != self._messages:
            self._messages = tuple(messages)
            self._woken.set()

    def _run(self) -> None:
        said, done, waiting = "", False, None
        while True:
            self._woken.wait(waiting)
            self._woken.clear()
            if self._stopping.is_set():
                return
            try:
                self._keep(done)
                said, done, waiting = "", True, None
            # A thread that dies says nothing more: whatever Grafana answers, the next try may find it mended.
            except Exception as error:  # noqa: BLE001
                sentence = str(error) if isinstance(error, GrafanaFailed) else f"Grafana: {type(error).__name__}"
                if sentence != said:
                    _LOG.warning(
                        "%s Dashboards and annotations are tried again every %.0f s.", sentence, self._again_seconds
                    )
                said, waiting = sentence, self._again_seconds

    def _keep(self, done: bool) -> None:
        port = self._open_port()
        try:
            keeper = Keeper(port)
            messages = self._messages or ()
            changes = keeper.annotate(messages) if done else keeper.keep(replace(self._wanted, messages=messages))
            for change in changes:
                _LOG.info("Grafana: %s", change.what)
        finally:
            port.close()
