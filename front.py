"""What one process shows of a site, and whether it is well: page, series and probes. What runs there is left to `roles.py` and
`replica.py` (docs/decisions/0006-files-that-join.md)."""

import time
from collections.abc import Callable, Iterable, Mapping
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from dashboards.page.app import Answers, make_app
from dashboards.page.state import ServiceState, SourceState
from metrics.cli import DEFINITIONS
from metrics.export import new_registry
from metrics.intake_record import SourceRecord
from metrics.snapshot import Snapshot
from sites import Site

VERSION = "0.1.0"
_STUCK_SECONDS = 120.0

Clock = Callable[[], int]
"""Microseconds since 1970 UTC."""


def system_clock() -> int:
    return time.time_ns() // 1000


class Shown:
    """What a server serves: `app`, which another may take the place of while it listens."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start_response)


class Front:
    """Told by whoever works: `snapshot`, `sources` and `unmatched`, and `trouble`, why it does not serve what it should."""

    def __init__(self, site: Site, clock: Clock, trouble: str) -> None:
        self._site = site
        self._clock = clock
        self._beat = time.monotonic()
        self.trouble = trouble
        self.snapshot: Snapshot | None = None
        self.sources: tuple[SourceState, ...] = ()
        self.unmatched: int | None = None
        self.registry = new_registry()

    def move(self) -> None:
        """Something was got done."""
        self._beat = time.monotonic()

    def show_sources(
        self, records: Mapping[str, SourceRecord], *, failing: Mapping[str, str], pending: Mapping[str, int | None]
    ) -> None:
        self.sources = tuple(
            SourceState(
                name=source.name,
                channel=source.channel,
                failing=failing.get(source.name, ""),
                waiting=pending.get(source.name),
                declared_seconds=source.lateness.seconds(0),
                **vars(records[source.name]),
            )
            for source in self._site.settings.sources
        )

    def ready(self) -> str:
        """ "" where it serves what it should, else why not."""
        paused = [source.name for source in self.sources if source.paused]
        return self.trouble or (f"paused: {', '.join(paused)}" if paused else "")

    def healthy(self) -> str:
        """ "" where work goes on, else why not."""
        silent = time.monotonic() - self._beat
        return f"nothing has moved for {silent:.0f} seconds" if silent > _STUCK_SECONDS else ""

    def app(self) -> WSGIApplication:
        """The page, the series and the probes."""
        answers = Answers(
            snapshot=lambda: self.snapshot,
            state=self._state,
            ready=self.ready,
            healthy=self.healthy,
            registry=self.registry,
        )
        return make_app(answers)

    def _state(self) -> ServiceState:
        settings = self._site.settings
        return ServiceState(
            organisation=settings.organisation.name,
            version=VERSION,
            now=self._clock(),
            minimum_people=settings.disclosure.k,
            zone=settings.organisation.zone,
            not_ready=self.ready(),
            sources=self.sources,
            unmatched=self.unmatched,
            definitions=DEFINITIONS,
        )
